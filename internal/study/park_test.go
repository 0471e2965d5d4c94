package study

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.org/busbar/internal/example"
	"example.org/busbar/internal/run"
	"example.org/busbar/lp"
)

// park writes the Oudomxay park with some more studies into a folder.
func park(t *testing.T, studies map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "park")
	if err := example.Write(dir, "oudomxay"); err != nil {
		t.Fatal(err)
	}
	for name, body := range studies {
		if err := os.WriteFile(filepath.Join(dir, "studies", name+".yaml"), []byte("study: "+name+"\n"+body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// solved is one run with its tables.
type solved struct {
	*Result
	t        *testing.T
	folder   *run.Folder
	figures  map[string]float64 // group/name[asset]
	built    map[string]float64 // asset.part
	money    []run.Money
	balances []run.Balance
	flows    []run.Flow
}

func request(t *testing.T, dir, name string) Request {
	return Request{
		Dir: dir, Study: name, Out: filepath.Join(t.TempDir(), "run"), Solver: "auto",
		Version: "test", Now: time.Now, Peak: func() float64 { return 0 }, Say: t.Logf,
		LP: lp.Options{},
	}
}

func runs(t *testing.T, dir, name string) []*Result {
	t.Helper()
	results, err := Run(context.Background(), request(t, dir, name))
	if err != nil {
		if p, ok := err.(Problems); ok {
			for _, one := range p {
				t.Error(one)
			}
		}
		t.Fatal(err)
	}
	return results
}

// optimal runs a study that must be proved optimal.
func optimal(t *testing.T, dir, name string) *solved {
	t.Helper()
	r := runs(t, dir, name)[0]
	if r.Solver != "native" { // the park's studies have no integers
		t.Errorf("answered by %s, not by the native solver", r.Solver)
	}
	return open(t, r)
}

func open(t *testing.T, r *Result) *solved {
	t.Helper()
	if r.Status != "optimal" || !r.Certificate.OK {
		t.Fatalf("ended %s, certificate %v", r.Status, r.Certificate)
	}
	f, err := run.Open(*r.Run)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(); err != nil {
		t.Fatal(err)
	}
	s := &solved{Result: r, t: t, folder: f, figures: map[string]float64{}, built: map[string]float64{}}
	for _, v := range table[run.Figure](t, f, "figures") {
		key := v.Group + "/" + v.Name
		if v.Asset != "" {
			key += "[" + v.Asset + "]"
		}
		s.figures[key] = v.Value
	}
	for _, c := range table[run.Capacity](t, f, "capacities") {
		s.built[c.Asset+"."+c.Part] = c.Built
	}
	s.money = table[run.Money](t, f, "money")
	s.balances = table[run.Balance](t, f, "balances")
	s.flows = table[run.Flow](t, f, "flows")
	s.laws()
	return s
}

func table[T any](t *testing.T, f *run.Folder, name string) []T {
	t.Helper()
	rows, err := run.Read[T](f, name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// laws holds of every run: money sums to the objective, every bus with a
// balance closes, flows and balances tell the same.
func (s *solved) laws() {
	s.t.Helper()
	total, volume := 0.0, 0.0
	for _, m := range s.money {
		total += m.Amount
		volume += math.Abs(m.Amount)
	}
	if math.Abs(total-*s.Objective) > 1e-6*(1+volume) {
		s.t.Errorf("money sums to %.9g, the objective is %.9g", total, *s.Objective)
	}
	account := map[string]bool{}
	system, err := s.folder.System()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range system.Commodities {
		account[c.ID] = c.Balance == "account"
	}
	net, turnover := map[string]float64{}, map[string]float64{}
	for _, b := range s.balances {
		net[b.Bus] += b.In - b.Out
		turnover[b.Bus] += b.In + b.Out
	}
	for _, b := range s.balances {
		if v := net[b.Bus]; !account[b.Commodity] && math.Abs(v) > 1e-6*(1+turnover[b.Bus]) {
			s.t.Errorf("%s does not close: %g of %g", b.Bus, v, turnover[b.Bus])
			net[b.Bus] = 0
		}
	}
	hourly := map[string]float64{}
	for _, f := range s.flows {
		hourly[f.Bus] += f.Amount
	}
	for bus, v := range hourly {
		if !account[busCommodity(s.balances, bus)] && math.Abs(v) > 1e-6*(1+turnover[bus]) {
			s.t.Errorf("the hours of %s do not close: %g", bus, v)
		}
	}
}

func busCommodity(rows []run.Balance, bus string) string {
	for _, b := range rows {
		if b.Bus == bus {
			return b.Commodity
		}
	}
	return ""
}

// amount is a year's net flow of an asset into the buses of a commodity.
func (s *solved) amount(asset, commodity string) float64 {
	sum := 0.0
	for _, b := range s.balances {
		if b.Asset == asset && b.Commodity == commodity {
			sum += b.In - b.Out
		}
	}
	return sum
}

// near fails unless got is within a share of want.
func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if !(math.Abs(got-want) <= share*math.Abs(want)) {
		t.Errorf("%s is %.6g, want %.6g", what, got, want)
	}
}

const weeks = "representative: {weeks: 6}\n"

// The park by representative weeks, against the hand.
func TestParkByHand(t *testing.T) {
	dir := park(t, map[string]string{"w": "from: base\n" + weeks})
	s := optimal(t, dir, "w")
	// 500 kt tapped: alumina 1.92 t/t, power 13.5 MWh/t, CO2 3.664 x 0.415 t/t.
	metal := s.amount("potlines", "liquid_aluminium")
	near(t, "metal tapped", metal, 500e3, 1e-6)
	near(t, "alumina", -s.amount("potlines", "alumina"), 960e3, 1e-6)
	near(t, "power of the potlines", -s.amount("potlines", "electricity"), 6.75e6, 1e-6)
	near(t, "CO2 of the potlines", s.amount("potlines", "co2"), 500e3*3.664*0.415, 1e-6) // 0.760 Mt
	near(t, "ingot", s.figures["metal/amount[aluminium]"], 500e3*(1-0.006), 1e-6)
	// About 0.78 Mt direct (facts I1): potlines and casthouse, without the
	// anode plant's furnace.
	near(t, "direct CO2", s.amount("potlines", "co2")+s.amount("casthouse", "co2"), 0.78e6, 0.03)
	// What does not fit: a share above what the year holds.
	if a, h := s.figures["green/annual_energy_ratio"], s.figures["green/share_same_hour"]; !(h < a) {
		t.Errorf("share in the same hour %g, on the year %g", h, a)
	}
	// Cost per tonne: the parts are the whole.
	parts := 0.0
	for key, v := range s.figures {
		if len(key) > 20 && key[:20] == "cost/per_t_by_asset[" {
			parts += v
		}
	}
	near(t, "sum of the cost per tonne", parts, s.figures["cost/per_t"], 1e-9)
	near(t, "cost per tonne", s.figures["cost/per_t"], (*s.Objective+2630*497e3)/497e3, 1e-9)
}

// Facts K1: 2 GW of sun makes 47.7 % of the year's energy of a flat 788 MW,
// and a lower share in the same hour.
func TestTwoGigawattsOfSun(t *testing.T) {
	green(t, "2 GW of sun", `
  sun: {kind: solar, at: park, capacity: 2 GW, availability: "series/weather.csv#sun"}
`, 0.477, 0.477, 0.36, 0.02)
}

// Facts K2: 1 GW of northern wind and 1 GW of sun make 39 to 54 %.
func TestWindAndSun(t *testing.T) {
	green(t, "1 GW of wind and 1 GW of sun", `
  sun: {kind: solar, at: park, capacity: 1 GW, availability: "series/weather.csv#sun"}
  wind: {kind: wind, at: park, availability: "series/weather.csv#wind", capacity: 1 GW}
`, 0.39, 0.54, 0, 1)
}

// green runs fixed plants beside an open import and a process that takes 788 MW
// flat, and checks both shares; the one in the same hour by a loop of its own.
func green(t *testing.T, what, plants string, low, high, direct, slack float64) {
	t.Helper()
	dir := park(t, nil)
	system := `
system: ` + what + `
years: [2030]
weather: 2019
offset: "+07:00"
commodities: {electricity: {unit: MWh}, metal: {unit: t}}
places: {park: {name: Park}}
assets:` + plants + `
  smelter: {kind: unit, at: park, activity: electricity, capacity: 788 MW, min: 100 %, ports: [{commodity: electricity, ratio: -1}, {commodity: metal, ratio: 0.07 t/MWh}]}
  sold: {kind: sale, at: park, commodity: metal, price: 2000 USD/t}
  grid: {kind: grid_import, at: park, price: 60 USD/MWh, max: 1 GW}
  curtail: {kind: grid_export, at: park, price: 0 USD/MWh, max: 1}
`
	system = system[:len(system)-len("  curtail: {kind: grid_export, at: park, price: 0 USD/MWh, max: 1}\n")]
	if err := os.WriteFile(filepath.Join(dir, "system.yaml"), []byte(system), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "studies")); err != nil {
		t.Fatal(err)
	}
	s := optimal(t, dir, "base")
	could, met, load := 0.0, 0.0, 0.0
	rates := make([]float64, 8760)
	for _, a := range table[run.Available](t, s.folder, "available") {
		rates[a.Step] += a.Rate
	}
	for _, r := range rates {
		could += r
		met += math.Min(r, 788)
		load += 788
	}
	if ratio := could / load; ratio < low-5e-4 || ratio > high+5e-4 {
		t.Errorf("%s could make %.4f of the year's energy, want %.3f to %.3f", what, ratio, low, high)
	}
	near(t, what+": share in the same hour", s.figures["green/share_same_hour"], met/load, 1e-6)
	if direct > 0 && math.Abs(met/load-direct) > slack {
		t.Errorf("%s meets %.3f in the same hour, want about %.2f (K1)", what, met/load, direct)
	}
	if !(met < could) {
		t.Errorf("%s meets %g in the same hour, not less than the year's %g", what, met, could)
	}
}

// A dry year with what base built costs no less than one planned for, and has
// base's capacities.
func TestDryYear(t *testing.T) {
	dir := park(t, map[string]string{
		"w-base":  "from: base\n" + weeks,
		"w-dry":   "from: dry-year\nbuilds: w-base\n" + weeks,
		"w-aware": "from: dry-year-aware\n" + weeks,
	})
	dry, aware := optimal(t, dir, "w-dry"), optimal(t, dir, "w-aware")
	base := optimal(t, dir, "w-base")
	for part, v := range base.built {
		if math.Abs(dry.built[part]-v) > 1e-9 {
			t.Errorf("%s: base built %.12g, the dry year has %.12g", part, v, dry.built[part])
		}
	}
	if *dry.Objective < *aware.Objective-1e-6*math.Abs(*aware.Objective) {
		t.Errorf("the dry year costs %.9g unplanned, %.9g planned for", *dry.Objective, *aware.Objective)
	}
}

// A wider band of modulation at no cost never costs more.
func TestWiderModulation(t *testing.T) {
	dir := park(t, map[string]string{"w-mod": "from: modulation\nrepresentative: {weeks: 3}\n"})
	last := math.Inf(1)
	for _, r := range runs(t, dir, "w-mod") {
		s := open(t, r)
		if *s.Objective > last+1e-6*math.Abs(last) {
			t.Errorf("%s costs %.9g, more than %.9g with a narrower band", r.Point, *s.Objective, last)
		}
		last = *s.Objective
	}
}

// Without a line to anyone the park cannot run, and the run says why.
func TestIslandIsExplained(t *testing.T) {
	dir := park(t, map[string]string{"w-island": "from: island\nrepresentative: {weeks: 3}\n"})
	r := runs(t, dir, "w-island")[0]
	if r.Status == "optimal" {
		t.Skip("the park carries itself with this weather")
	}
	if r.Status != "infeasible" || !r.Certificate.OK || r.Conflict == nil || len(r.Conflict.Lines) == 0 {
		t.Fatalf("ended %s, certificate %v, conflict %v", r.Status, r.Certificate, r.Conflict)
	}
	t.Log(r.Conflict.Lines)
}

// Every other study of the example by representative weeks.
func TestEveryStudy(t *testing.T) {
	names := []string{"recontract", "yunnan-dry", "hourly-green-90", "flexible-potline"}
	studies := map[string]string{}
	for _, n := range names {
		studies["w-"+n] = fmt.Sprintf("from: %s\nrepresentative: {weeks: 4}\n", n)
	}
	dir := park(t, studies)
	for _, n := range names {
		t.Run(n, func(t *testing.T) {
			s := optimal(t, dir, "w-"+n)
			if n == "hourly-green-90" {
				used, taken := s.amount("green_use", "electricity"), -s.amount("potlines", "electricity")
				if used < 0.9*taken*(1-1e-6) {
					t.Errorf("green power used %g of %g", used, taken)
				}
			}
		})
	}
}
