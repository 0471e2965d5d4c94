package realpark

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/shared"
	"example.org/busbar/internal/study"
)

// park writes the workspace.
func park(t *testing.T) string {
	t.Helper()
	data := shared.Path(t, "data")
	for _, file := range []string{"profiles/china-south/solar_cf.csv", "profiles/china-south/onwind_cf.csv",
		"hydro/pownet-laos/laos_hydro_daily_MW_2016.csv", "demand/pownet-laos/laos_load_export_hourly_2016.csv"} {
		shared.Path(t, "data/"+file)
	}
	dir := filepath.Join(t.TempDir(), "park")
	if err := Write(data, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// column reads one column of a series file that was written.
func column(t *testing.T, file string, index int) (stamps []time.Time, values []float64) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		cells := strings.Split(line, ",")
		at, err := time.Parse("2006-01-02T15:04-07:00", cells[0])
		if err != nil {
			t.Fatal(err)
		}
		v, err := strconv.ParseFloat(cells[index], 64)
		if err != nil {
			t.Fatal(err)
		}
		stamps, values = append(stamps, at), append(values, v)
	}
	return stamps, values
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %g, want %g +- %g", what, got, want, tolerance)
	}
}

func TestSeries(t *testing.T) {
	dir := filepath.Join(park(t), "series")

	// The sun of Yunnan (101.7 E) is highest at 12 + (105 - 101.7)/15 = 12.22 of
	// Lao time; the equation of time cancels over the year.
	stamps, sun := column(t, filepath.Join(dir, "yunnan-2020.csv"), 1)
	if len(sun) != 8784 {
		t.Fatalf("%d hours of 2020, want 366 x 24 = 8784", len(sun))
	}
	sum, moment := 0.0, 0.0
	for i, at := range stamps {
		sum += sun[i]
		moment += sun[i] * (float64(at.UTC().Add(7*time.Hour).Hour()) + 0.5)
	}
	near(t, "the sun's centre in the day", moment/sum, 12.22, 0.15)
	// Means of the source's columns Yunnan, by hand: 1209.2225 and 1017.2098 over 8784.
	near(t, "the sun's mean", sum/8784, 0.137662, 1e-5)
	_, wind := column(t, filepath.Join(dir, "yunnan-2020.csv"), 2)
	sum = 0
	for _, v := range wind {
		sum += v
	}
	near(t, "the wind's mean", sum/8784, 0.115803, 1e-5)

	// Nam Ou 2, 5 and 6 gave 0.39387 + 0.54451 + 0.86145 = 1.79983 TWh with 540
	// MW; 600 MW give 600/540 of it. Water: m3/s x 86,400 s = 0.0864 Mm3 a day.
	_, share := column(t, filepath.Join(dir, "nam-ou-2016.csv"), 1)
	_, inflow := column(t, filepath.Join(dir, "nam-ou-2016.csv"), 2)
	byShare, byWater := 0.0, 0.0
	for i := range share {
		byShare += share[i] * 600 * 24 / 1e6
		byWater += inflow[i] * 0.0864 * 600 / 1e6
	}
	near(t, "Nam Ou's TWh by its share", byShare, 1.79983*600/540, 1e-4)
	near(t, "Nam Ou's TWh by its water", byWater, 1.79983*600/540, 1e-4)

	// The twelve nodes used 394.7 of 4,647.8 GWh in 2016; of 11,400 GWh that is
	// 968 GWh.
	_, load := column(t, filepath.Join(dir, "north-2016.csv"), 1)
	sum = 0
	for _, v := range load {
		sum += v / 1e3
	}
	near(t, "the north's GWh", sum, 394.7/4647.8*11400, 0.5)
}

// Both years solve by representative weeks, proved; the real one says which
// year each series is of, and is not called synthetic.
func TestRunsByWeeks(t *testing.T) {
	if testing.Short() {
		t.Skip("solves two studies of the park")
	}
	dir := park(t)
	for _, name := range []string{"weeks", "real-weeks"} {
		results, err := study.Run(context.Background(), study.Request{
			Dir: dir, Study: name, Out: filepath.Join(dir, "runs", name), Solver: "native",
			Version: "test", Now: time.Now, Peak: func() float64 { return 0 }, Say: t.Logf,
		})
		if err != nil {
			t.Fatal(err)
		}
		one := results[0]
		if one.Status != "optimal" || one.Certificate == nil || !one.Certificate.OK {
			t.Fatalf("%s ended %s, %v", name, one.Status, one.Certificate)
		}
		notes := strings.Join(one.Manifest.Notes, "\n")
		real := name == "real-weeks"
		if one.Manifest.Synthetic == real {
			t.Errorf("%s: synthetic is %v", name, one.Manifest.Synthetic)
		}
		for _, say := range []string{"yunnan-2020.csv: weather year 2020", "nam-ou-2016.csv: weather year 2016", "north-2016.csv: weather year 2016"} {
			if strings.Contains(notes, say) != real {
				t.Errorf("%s: notes say %q: %v", name, say, !real)
			}
		}
	}
}
