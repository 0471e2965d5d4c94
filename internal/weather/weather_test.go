package weather_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/series"
	"example.org/busbar/internal/weather"
)

func generate(t *testing.T, seed uint64, makers []weather.Maker, years ...weather.Year) *weather.Weather {
	t.Helper()
	w, err := weather.Generate(weather.Spec{Seed: seed, Offset: weather.Laos, Years: years, Series: makers})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func find(t *testing.T, w *weather.Weather, name string) []float64 {
	t.Helper()
	for _, s := range w.Series {
		if s.Name == name {
			return s.Values
		}
	}
	t.Fatalf("no series %s", name)
	return nil
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

// monthMeans are the means of a year's hours by month.
func monthMeans(w *weather.Weather, x []float64) (m [12]float64) {
	var n [12]float64
	for h, stamp := range w.Stamps {
		m[stamp.Month()-1] += x[h]
		n[stamp.Month()-1]++
	}
	for i := range m {
		m[i] /= n[i]
	}
	return m
}

// The published annual means, and the months in proportion to the shapes asked
// for: August has 13 % of the cascade's year (facts-D5), 0.13 x 0.46 x 8760 /
// 744 = 0.7041 of its capacity, January 6 %, 0.3250.
func TestMeansAreMet(t *testing.T) {
	w := generate(t, 1, weather.Oudomxay(), weather.TypicalYear(2030))
	for name, want := range map[string]float64{"sun": 0.188, "wind": 0.18, "nam_ou": 0.46, "inflow": 1, "load": 1} {
		if got := mean(find(t, w, name)); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s has mean %.9f; want %g", name, got, want)
		}
	}
	river := monthMeans(w, find(t, w, "nam_ou"))
	if math.Abs(river[7]-0.13*0.46*8760/744) > 1e-6 || math.Abs(river[0]-0.06*0.46*8760/744) > 1e-6 {
		t.Errorf("Nam Ou has %.6f in August and %.6f in January; want 0.7041 and 0.3250", river[7], river[0])
	}
	// facts-D5: sun 15 to 24 %, best February to May, low June to August.
	sun := monthMeans(w, find(t, w, "sun"))
	if low, high := slices.Min(sun[:]), slices.Max(sun[:]); low < 0.145 || high > 0.245 || low != sun[6] || high != sun[3] {
		t.Errorf("sun by month %.3f", sun)
	}
	// The shape is met exactly: June and July are as 16 to 15.
	if math.Abs(sun[5]/sun[6]-16.0/15) > 1e-5 {
		t.Errorf("June is %.6f of July; want 16/15", sun[5]/sun[6])
	}
	w = generate(t, 1, weather.Sekong(), weather.TypicalYear(2028))
	if got := mean(find(t, w, "wind")); math.Abs(got-0.32) > 1e-6 || len(w.Stamps) != 8784 {
		t.Errorf("Sekong's wind has mean %.9f over %d h", got, len(w.Stamps))
	}
}

// 2 GW of sun make 2000 x 0.188 x 8760 = 3.294 TWh, 47.7 % of 6.9 TWh
// (facts-K1), and less in the same hour: a line of 788 MW takes no more than
// that. facts-K1 has about 36 % from another synthetic year.
func TestSunAgainstAFlatLine(t *testing.T) {
	sun := find(t, generate(t, 1, weather.Oudomxay(), weather.TypicalYear(2030)), "sun")
	const line = 6.9e6 / 8760
	year, hour := 0.0, 0.0
	for _, v := range sun {
		year += 2000 * v / 6.9e6
		hour += math.Min(line, 2000*v) / 6.9e6
	}
	if math.Abs(year-0.477) > 0.001 || hour < 0.33 || hour > 0.39 {
		t.Errorf("%.3f of the year's energy, %.3f in the same hour", year, hour)
	}
}

// Oudomxay's longitude of 102 E puts noon at 12:12 of +07:00. With cos H =
// -tan(lat) tan(declination) the sun is up from 5:36 to 18:52 on 21 June (13.3
// h) and from 6:48 to 17:32 on 21 December (10.7 h).
func TestSunRisesAndSets(t *testing.T) {
	w := generate(t, 3, weather.Oudomxay()[:1], weather.TypicalYear(2030))
	sun := w.Series[0].Values
	check := func(day time.Time, from, to int) {
		first := (day.YearDay() - 1) * 24
		for h := range 24 {
			if up := h >= from && h <= to; (sun[first+h] > 0) != up {
				t.Errorf("%s %d h: sun %g", day.Format(time.DateOnly), h, sun[first+h])
			}
		}
	}
	check(time.Date(2030, 6, 21, 0, 0, 0, 0, time.UTC), 5, 18)
	check(time.Date(2030, 12, 21, 0, 0, 0, 0, time.UTC), 6, 17)
	for h, v := range sun {
		if v < 0 || v > 1 || v > 0 && (h%24 < 5 || h%24 > 19) {
			t.Fatalf("hour %d has %g", h, v)
		}
	}
}

// correlation of two series.
func correlation(a, b []float64) float64 {
	ma, mb, ab, aa, bb := mean(a), mean(b), 0.0, 0.0, 0.0
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	return ab / math.Sqrt(aa*bb)
}

// anomalies are the days' means less those of the month around.
func anomalies(x []float64) []float64 {
	days := make([]float64, len(x)/24)
	for d := range days {
		days[d] = mean(x[24*d : 24*d+24])
	}
	out := make([]float64, len(days))
	for d := range days {
		out[d] = days[d] - mean(days[max(0, d-15):min(len(days), d+16)])
	}
	return out
}

// Measured in Yunnan's series of 2020: wind 0.97 from hour to hour and 0.52
// between the days' anomalies (a province; one site has less), sun's days 0.67,
// sun and wind 0.32. Bounds are wide: it is one drawn year.
func TestVariability(t *testing.T) {
	w := generate(t, 1, weather.Oudomxay(), weather.TypicalYear(2030))
	sun, wind, river := find(t, w, "sun"), find(t, w, "wind"), find(t, w, "inflow")
	lag := func(x []float64, n int) float64 { return correlation(x[n:], x[:len(x)-n]) }
	for _, c := range []struct {
		what           string
		got, low, high float64
	}{
		{"wind, hour to hour", lag(wind, 1), 0.85, 0.98},
		{"wind, day to day", lag(anomalies(wind), 1), 0.3, 0.7},
		{"sun, day to day", lag(anomalies(sun), 1), 0.3, 0.8},
		{"river, day to day", lag(anomalies(river), 1), 0.7, 0.98},
		{"sun and wind", correlation(anomalies(sun), anomalies(wind)), 0.15, 0.45},
		{"sun and river", correlation(anomalies(sun), anomalies(river)), -0.4, 0},
		{"sun and load", correlation(anomalies(sun), anomalies(find(t, w, "load"))), 0, 0.4},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: correlation %.2f; want %g to %g", c.what, c.got, c.low, c.high)
		}
	}
	// A river rises fast and falls slowly: its largest rise in a day is several
	// times its largest fall, and it falls on most days.
	rise, fall, falling := 0.0, 0.0, 0
	for d := 1; d < 365; d++ {
		step := math.Log(river[24*d] / river[24*d-24])
		rise, fall = math.Max(rise, step), math.Max(fall, -step)
		if step < 0 {
			falling++
		}
	}
	if rise < 2*fall || falling < 200 {
		t.Errorf("the river rises by up to %.2f, falls by up to %.2f and on %d days", rise, fall, falling)
	}
}

// The one-in-ten dry year: exp(-1.28155 x 0.13 - 0.13^2/2) = 0.83941.
func TestDryYear(t *testing.T) {
	dry := weather.DryYear(1992, 0.1)
	if math.Abs(dry.Water-0.83941) > 1e-5 || dry.Sun <= 1 {
		t.Errorf("water %.5f, sun %.5f; want 0.83941 and more than 1", dry.Water, dry.Sun)
	}
	w := generate(t, 1, weather.Oudomxay(), dry)
	if got, want := mean(find(t, w, "nam_ou")), 0.46*dry.Water; math.Abs(got-want) > 1e-6 {
		t.Errorf("Nam Ou has mean %.6f; want %.6f", got, want)
	}
	// Yunnan sells less in a dry year, and asks more.
	usual := generate(t, 1, weather.Oudomxay(), weather.TypicalYear(1992))
	if find(t, w, "yunnan_import")[0] >= find(t, usual, "yunnan_import")[0] || find(t, w, "yunnan_price")[0] <= find(t, usual, "yunnan_price")[0] {
		t.Error("Yunnan's offer is no worse in the dry year")
	}
}

// 4000 drawn years have the distribution that the package states.
func TestDrawnYears(t *testing.T) {
	var water, sun []float64
	sum := 0.0
	for n := range 4000 {
		y := weather.DrawYear(5, 1+n)
		sum += y.Water / 4000
		water, sun = append(water, math.Log(y.Water)), append(sun, math.Log(y.Sun))
	}
	m, squares := mean(water), 0.0
	for _, v := range water {
		squares += (v - m) * (v - m) / 4000
	}
	if sigma, c := math.Sqrt(squares), correlation(water, sun); math.Abs(sum-1) > 0.01 || math.Abs(sigma-0.13) > 0.006 || math.Abs(c+0.4) > 0.06 {
		t.Errorf("water has mean %.3f and sigma %.3f, correlation with sun %.2f; want 1, 0.13, -0.4", sum, sigma, c)
	}
}

// Whatever the seed and year: means are met, shares stay shares, nothing is
// below 0, even in wet years with irregular months.
func TestLaws(t *testing.T) {
	draws := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		seed, number := draws.Uint64(), 1950+draws.IntN(110)
		year := weather.DrawYear(seed, number)
		w := generate(t, seed, weather.Oudomxay(), year)
		for i, want := range []float64{0.188 * year.Sun, 0.18 * year.Wind, 0.46 * year.Water, year.Water} {
			s := w.Series[i]
			if got := mean(s.Values); math.Abs(got-want) > 1e-6 {
				t.Fatalf("seed %d, %d: %s has mean %.9f; want %.9f", seed, number, s.Name, got, want)
			}
			if slices.Min(s.Values) < 0 || s.Name != "inflow" && slices.Max(s.Values) > 1 {
				t.Fatalf("seed %d, %d: %s goes from %g to %g", seed, number, s.Name, slices.Min(s.Values), slices.Max(s.Values))
			}
		}
	}
}

// The bytes of a seed, on every machine. Whoever changes them raises Version.
const wantHash = "2c20fcac14ad8f9d31d1270390e8a61eb82380d88b9f4a33cd833c746f0dfea5"

func TestSameSeedSameBytes(t *testing.T) {
	bytesOf := func(seed uint64) []byte {
		var b bytes.Buffer
		if err := generate(t, seed, weather.Oudomxay(), weather.DryYear(1992, 0.1), weather.TypicalYear(2030)).WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	one := bytesOf(1)
	if got := fmt.Sprintf("%x", sha256.Sum256(one)); got != wantHash || weather.Version != 1 {
		t.Errorf("version %d, seed 1: %s; want version 1, %s", weather.Version, got, wantHash)
	}
	if bytes.Equal(one, bytesOf(2)) {
		t.Error("two seeds give the same weather")
	}
	// A series is the same whatever stands beside it.
	alone := generate(t, 1, weather.Oudomxay()[1:2], weather.TypicalYear(2030))
	among := generate(t, 1, weather.Oudomxay(), weather.TypicalYear(2030))
	if !slices.Equal(alone.Series[0].Values, find(t, among, "wind")) {
		t.Error("wind alone differs from wind among others")
	}
}

// What is written is read back: two years in one file, one of them asked for.
func TestWrittenIsRead(t *testing.T) {
	w := generate(t, 1, weather.Oudomxay(), weather.DryYear(1992, 0.1), weather.TypicalYear(2030))
	var b bytes.Buffer
	if err := w.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	table, err := series.Read("series/weather.csv", b.Bytes(), series.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := clock.New(clock.Spec{Year: 2030, Offset: "+07:00"})
	if err != nil {
		t.Fatal(err)
	}
	column, err := table.Find("nam_ou")
	if err != nil {
		t.Fatal(err)
	}
	made := find(t, w, "nam_ou")
	for weatherYear, want := range map[int][]float64{
		0:    made[8784:],
		1992: slices.Concat(made[:59*24], made[60*24:8784]), // without 29 February
	} {
		a, err := series.Align(table, c, weatherYear)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Values(column), want) {
			t.Errorf("weather year %d is read otherwise than it was written", weatherYear)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	sun := weather.Oudomxay()[0].(weather.Sun)
	tooMuch, badShape, badName := sun, sun, sun
	tooMuch.CF = 0.6
	badShape.Shape[3] = 0
	badName.Name = "sun [1]"
	wet := weather.Oudomxay()[2].(weather.River)
	wet.Mean = 1.2
	usual := []weather.Year{weather.TypicalYear(2030)}
	for say, spec := range map[string]weather.Spec{
		"0 years of 1":     {Series: []weather.Maker{sun}},
		"of 0 series":      {Years: usual},
		"out of reach":     {Years: usual, Series: []weather.Maker{tooMuch}},
		"month 4":          {Years: usual, Series: []weather.Maker{badShape}},
		"name \"sun [1]\"": {Years: usual, Series: []weather.Maker{badName}},
		"comes twice":      {Years: usual, Series: []weather.Maker{sun, sun}},
		"annual mean":      {Years: usual, Series: []weather.Maker{wet}},
		"rising order":     {Years: []weather.Year{usual[0], usual[0]}, Series: []weather.Maker{sun}},
	} {
		if _, err := weather.Generate(spec); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%v; want an error saying %q", err, say)
		}
	}
}

func TestDescribe(t *testing.T) {
	text := weather.Spec{Seed: 7, Years: []weather.Year{weather.DryYear(1992, 0.1)}, Series: weather.Oudomxay()}.Describe()
	for _, say := range []string{"version 1 with seed 7", "not measured", "1992: water 0.839", "| sun | 1 | Sun at 20.69 N", "mean 0.188"} {
		if !strings.Contains(text, say) {
			t.Errorf("%q is missing from\n%s", say, text)
		}
	}
}
