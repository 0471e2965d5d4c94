package example_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/example"
	"example.org/busbar/internal/study"
)

// brief are what makes studies of a year by the hour short: few days for the park, a
// month, with its contracts by the month, for export. What is not here runs as it
// is.
func brief(name, study string) string {
	switch {
	case name == "oudomxay" && study == "weeks":
		return "representative: {weeks: null, days: 3}\n"
	case name == "oudomxay":
		return "representative: {days: 3}\n"
	case name == "vietnam-laos" && (strings.HasPrefix(study, "export") || study == "together"):
		return "years: null\nfirst_day: 2030-03-01\nlast_day: 2030-03-28\n"
	}
	return ""
}

// solved elsewhere, in full: TestSekongAlumina and TestSekongMetal solve, and hold to
// the same, each study of sekong; mekong has a test of its own.
var elsewhere = map[string]bool{"sekong": true, "mekong": true}

// Every study of every example is proved optimal, or proved infeasible and the
// conflict named; every balance closes to 1e-6.
func TestEveryStudy(t *testing.T) {
	for _, e := range example.Names() {
		name := e[0]
		if elsewhere[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), name)
			if err := example.Write(dir, name); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "studies", "*.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var studies []string
			for _, f := range files {
				studies = append(studies, strings.TrimSuffix(filepath.Base(f), ".yaml"))
			}
			if len(studies) == 0 {
				studies = []string{""}
			}
			for _, s := range studies {
				asked := s
				if short := brief(name, s); short != "" {
					asked = "brief-" + s
					body := "study: " + asked + "\nfrom: " + s + "\n" + short
					if name == "oudomxay" && s == "dry-year" { // what base builds, by the same few days
						body += "builds: brief-base\n"
					}
					if err := os.WriteFile(filepath.Join(dir, "studies", asked+".yaml"), []byte(body), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				for _, r := range points(t, dir, asked) {
					proved(t, name+" "+asked+" "+r.Point, r)
				}
			}
		})
	}
}

// proved holds a result to what every study of an example owes.
func proved(t *testing.T, name string, r *study.Result) {
	t.Helper()
	if r.Status != "infeasible" {
		read(t, name, r)
		return
	}
	if !r.Certificate.OK || r.Conflict == nil || len(r.Conflict.Parts) == 0 || len(r.Conflict.Lines) == 0 {
		t.Errorf("%s is infeasible, certificate %v, conflict %v", name, r.Certificate, r.Conflict)
	}
}

// Facts-K15: CBAM charges a tonne of aluminium for direct emissions only. With 90 %
// green power in every hour the park buys less than half of the carbon with its
// power, and what is charged stays the same.
func TestGreenPowerLeavesCBAM(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "park")
	if err := example.Write(dir, "oudomxay"); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"base", "hourly-green-90"} {
		body := "study: brief-" + s + "\nfrom: " + s + "\nrepresentative: {days: 3}\n"
		if err := os.WriteFile(filepath.Join(dir, "studies", "brief-"+s+".yaml"), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	grey, green := solve(t, dir, "brief-base"), solve(t, dir, "brief-hourly-green-90")
	near(t, "direct CO2 a tonne", green.figures["carbon/direct_per_t"], grey.figures["carbon/direct_per_t"], 1e-6)
	if a, b := grey.of("", "co2_indirect"), green.of("", "co2_indirect"); !(b < a/2) {
		t.Errorf("power brings %g t of CO2, and %g t where 90 %% is green", a, b)
	}
}
