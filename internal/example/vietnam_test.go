package example_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/busbar/internal/example"
)

// vietnam writes the example with more studies, by name.
func vietnam(t *testing.T, studies map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vietnam-laos")
	if err := example.Write(dir, "vietnam-laos"); err != nil {
		t.Fatal(err)
	}
	for name, body := range studies {
		if err := os.WriteFile(filepath.Join(dir, "studies", name+".yaml"), []byte("study: "+name+"\n"+body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Facts-K5: 425 vehicles a day, both ways, are 212.5 loaded trucks of 28 t: 2.17 Mt
// a year. 20 Mt are 1,957 loaded trucks and 3,914 crossings a day.
func TestCoalThroughTheGate(t *testing.T) {
	dir := vietnam(t, nil)
	a := solve(t, dir, "coal-today")
	coal := -a.of("coal_export", "coal")
	near(t, "coal of today's gate", coal, 425./2*28*365, 1e-6)
	within(t, "Mt", coal/1e6, 2.1, 2.25)
	near(t, "crossings a day", a.of("la_lay_gate", "crossings")/365, 425, 1e-6)
	// One vehicle more is half a truck: 80 USD/t less 10 % duty, 45 for the coal and
	// 160 km at 0.07, 15.8 USD/t.
	near(t, "worth of a passing", a.figures["price/mean crossings@la_lay"], (80*0.9-45-160*0.07)*28/2, 1e-6)

	r := points(t, dir, "coal-20mt-gate")[0]
	if r.Status != "infeasible" || !r.Certificate.OK || r.Conflict == nil {
		t.Fatalf("20 Mt through the gate of today end %s, %v", r.Status, r.Certificate)
	}
	told := strings.Join(r.Conflict.Lines, " ")
	for _, want := range []string{"la_lay_gate", "coal_export", "crossings"} {
		if !strings.Contains(told, want) {
			t.Errorf("the conflict does not name %s: %s", want, told)
		}
	}

	all := points(t, dir, "coal-trucks")
	a = read(t, "coal-trucks", all[len(all)-1])
	near(t, "coal", -a.of("coal_export", "coal"), 20e6, 1e-6)
	within(t, "loaded trucks a day", a.of("coal_trucks_gate", "trucks")/365, 1950, 1960)
	within(t, "crossings a day", a.of("la_lay_gate", "crossings")/365, 3900, 4000)
}

// Facts-K6 on solved studies: coal by trucks alone and by the whole belt alone, at
// two volumes each. Both costs are straight lines; where they meet is
//
//	capital of the belt a year / (160 km x (truck's rate - belt's rate))
//
// 160 km of 6.133 MUSD/km are 981.3 MUSD, 115.27 a year at 10 % over 20 years; or
// 460 MUSD for all of it, 54.03 a year. The belt runs for 0.03 USD/t km (0.04 in the
// dear case), and carries at most 20 Mt.
func TestBeltBreaksEven(t *testing.T) {
	const volumes = "sweep:\n  assets.coal_export.limits: [{year_min: 4 Mt, year_max: 4 Mt}, {year_min: 20 Mt, year_max: 20 Mt}]\n"
	studies := map[string]string{}
	for _, rate := range []string{"0.07", "0.10"} {
		studies["trucks-"+rate[2:]] = fmt.Sprintf("from: coal-trucks\nset: {assets.coal_trucks_laos.rate: %s USD/t/km, assets.coal_trucks_vietnam.rate: %[1]s USD/t/km}\n", rate) + volumes
	}
	for _, reading := range []string{"75", "160"} {
		for _, rate := range []string{"0.03", "0.04"} {
			studies["belt-"+reading+"-"+rate[2:]] = fmt.Sprintf("from: coal-belt-%s\nset: {assets.belt_laos.rate: %s USD/t/km, assets.belt_vietnam.rate: %[2]s USD/t/km}\n", reading, rate) + volumes
		}
	}
	dir := vietnam(t, studies)
	line := func(name string) (at4, perMt float64) {
		p := points(t, dir, name)
		a, b := read(t, name, p[0]).objective, read(t, name, p[1]).objective
		return a, (b - a) / 16
	}
	for _, c := range []struct {
		trucks, belt string
		want         float64 // Mt by hand
		ever         bool
	}{
		{"trucks-07", "belt-75-03", 18.01, true},
		{"trucks-10", "belt-75-03", 10.29, true},
		{"trucks-07", "belt-160-03", 8.442, true},
		{"trucks-10", "belt-160-03", 4.824, true},
		{"trucks-07", "belt-75-04", 24.01, false}, // more than it carries: never
		{"trucks-07", "belt-160-04", 11.26, true},
	} {
		truck4, truck := line(c.trucks)
		belt4, belt := line(c.belt)
		even := 4 + (belt4-truck4)/(truck-belt)
		near(t, c.belt+" against "+c.trucks, even, c.want, 1e-3)
		// At 20 Mt, the most it carries, the belt is cheaper or never is.
		if cheaper := belt4+16*belt < truck4+16*truck; cheaper != c.ever {
			t.Errorf("%s against %s: the belt is cheaper at 20 Mt: %v", c.belt, c.trucks, cheaper)
		}
	}
}

// Facts-K7, day by day: 18 days of 3.3 ML are 59.4 ML. With the Thai crossings shut
// from 4 March 70 % of supply is lacking and the stock ends after 18 / 0.7 = 25.7 days:
// on the 26th day 0.286 of a day's 2.31 ML goes unserved, then all of it until the
// 42nd: 42 x 2.31 - 59.4 = 37.62 ML. The Vietnamese port shut for as long lacks 42 x
// 0.99 = 41.6 ML, which the stock has.
func TestFuelCrisis(t *testing.T) {
	dir := vietnam(t, nil)
	a := solve(t, dir, "crossing-closed")
	shed := a.unserved(t, "diesel_use", "gasoline_use")
	first, total := time.Time{}, 0.0
	for day, v := range shed {
		total += v
		if v > 1 && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	closed := time.Date(2030, 3, 4, 0, 0, 0, 0, time.UTC)
	if got := first.Sub(closed).Hours()/24 + 1; got != 26 {
		t.Errorf("it runs dry on day %g (%s)", got, first)
	}
	near(t, "unserved", total, 42*2310-59.4e3, 1e-6)
	near(t, "unserved on day 26", shed[closed.AddDate(0, 0, 25)], 26*2310-59.4e3, 1e-3)
	near(t, "unserved on day 42", shed[closed.AddDate(0, 0, 41)], 2310, 1e-6)
	within(t, "unserved the day after", shed[closed.AddDate(0, 0, 42)], -1e-6, 1)

	none := func(a answer, what string) {
		t.Helper()
		within(t, "unserved "+what, a.of("diesel_use", "diesel")+a.of("gasoline_use", "gasoline"), -3300*365-1, -3300*365+1)
	}
	none(solve(t, dir, "port-closed"), "with the port closed")
	none(solve(t, dir, "pipeline-closed"), "with the pipeline")

	// 15 days of stock lack (42 x 0.7 - 15) x 3.3 = 47.52 ML; 30 days are 0.6 more than
	// 42 x 0.7 = 29.4, and 90 days more than enough.
	p := points(t, dir, "reserve")
	a = read(t, "15 days", p[0])
	total = 0
	for _, v := range a.unserved(t, "diesel_use", "gasoline_use") {
		total += v
	}
	near(t, "unserved with 15 days", total, (42*0.7-15)*3300, 1e-6)
	thirty, ninety := read(t, "30 days", p[1]), read(t, "90 days", p[2])
	none(thirty, "with 30 days")
	none(ninety, "with 90 days")
	// 60 days more of tanks, 198,000 m3 at 200 USD/m3 over 30 years at 8 %, and of
	// stock held at 60 USD/m3 a year, less what the crisis takes out of it for a while.
	if more := ninety.objective - thirty.objective; more < 198e3*200*0.0888 || more > 198e3*(200*0.0889+60) {
		t.Errorf("60 days more cost %g", more)
	}
}

// 70 % by the Thai crossings and 30 % from Vietnam (facts-F S142), as long as the two
// cost what they do; the pipeline is not built. With fuel at Hon La cheaper by what
// its sponsor expects it is.
func TestFuelInAUsualYear(t *testing.T) {
	dir := vietnam(t, nil)
	a := solve(t, dir, "fuel")
	use := 3300. * 365
	near(t, "by the Thai crossings", a.of("thai_diesel", "diesel")+a.of("thai_gasoline", "gasoline"), 0.7*use, 1e-4)
	near(t, "from Vietnam", a.of("viet_diesel", "diesel")+a.of("viet_gasoline", "gasoline"), 0.3*use, 1e-4)
	near(t, "lorries of 18 m3", a.of("thai_diesel_road", "trucks")+a.of("thai_gasoline_road", "trucks"), 0.7*use/18, 1e-4)
	within(t, "through the pipe", a.of("pipe_diesel", "diesel")+a.of("pipe_gasoline", "gasoline"), -1e-3, 1e-3)
	piped := 0.0
	for _, b := range solve(t, dir, "pipeline").balances {
		if strings.HasPrefix(b.Asset, "pipe_") && b.Place == "khammouane" {
			piped += b.In
		}
	}
	// A line must earn 316.7 USD/(m3/a) at 12 % over 30 years, 39.3 USD/m3. By the Thai
	// way fuel costs 35 more than its price, by the pipe 17: it saves 36 + 18 on
	// diesel and 72 + 18 on gasoline, so all that the Thai way carried comes by pipe.
	near(t, "by pipe", piped, 0.7*use, 0.01)
}

// Facts-K8: the ceiling of 6.95 c, flat nominal, is worth 5.61 c over 25 years at 2.5 %
// and 8 % real; were it indexed, 6.95. A month tells, for the price is the same all
// year.
func TestCeilingPrice(t *testing.T) {
	const march = "years: null\nfirst_day: 2030-03-01\nlast_day: 2030-03-31\n"
	dir := vietnam(t, map[string]string{"flat": "from: export\n" + march, "indexed": "from: export-indexed\n" + march})
	for _, c := range []struct {
		study      string
		wind, coal float64 // USD/MWh
	}{{"flat", 56.1, 56.6}, {"indexed", 69.5, 70.2}} {
		a := solve(t, dir, c.study)
		for asset, want := range map[string]float64{"ppa_monsoon": c.wind, "ppa_xekaman_1": c.wind, "ppa_coal": c.coal} {
			near(t, c.study+" price of "+asset, a.earns(asset)/-a.of(asset, "electricity"), want, 1e-3)
		}
	}
}

// In April of a dry year what must be delivered leaves the south short; where the
// south comes first it is not.
func TestDryApril(t *testing.T) {
	const april = "years: null\nfirst_day: 2030-04-01\nlast_day: 2030-04-30\n"
	dir := vietnam(t, map[string]string{
		"usual": "from: export\n" + april, "dry": "from: export-dry\n" + april, "home": "from: export-dry-home-first\n" + april,
	})
	short := func(name string) (unserved, bought float64) {
		a := solve(t, dir, name)
		for _, v := range a.unserved(t, "south_load") {
			unserved += v
		}
		return unserved, a.of("import_egat", "electricity")
	}
	usual, _ := short("usual")
	dry, thai := short("dry")
	home, less := short("home")
	if !(dry > 5*usual && dry > 10e3 && home < 1 && less < thai/2) {
		t.Errorf("unserved %g MWh in a usual April, %g in a dry one, %g with the south first; bought %g and %g", usual, dry, home, thai, less)
	}
}
