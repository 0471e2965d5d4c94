package pypsa

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// converted writes a case as an exported folder, with its options.
func converted(t *testing.T, dir string) (folder string, o Options) {
	t.Helper()
	o, problems := ReadOptions(filepath.Join(dir, "expected.json"), nil)
	n, more := ReadFolder(filepath.Join(dir, "network"))
	if problems = append(problems, more...); len(problems) > 0 {
		t.Fatal(problems)
	}
	out, problems := Convert(n, o)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	folder = filepath.Join(t.TempDir(), "out")
	if _, err := out.Write(folder); err != nil {
		t.Fatal(err)
	}
	return folder, o
}

// again reads an exported folder as any network, with the options it comes with.
func again(t *testing.T, folder string) (*Network, Options) {
	t.Helper()
	n, problems := ReadFolder(folder)
	o := Options{Entry: "optimize"}
	if file := filepath.Join(folder, "options.json"); len(problems) == 0 {
		if _, err := os.Stat(file); err == nil {
			o, problems = ReadOptions(file, nil)
		}
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return n, o
}

// A network, exported from its primitives and read again, has the objective it
// had: to 1e-9 between two vertices, to 1e-6 of PyPSA's.
func TestRoundTrip(t *testing.T) {
	root := shared.Path(t, "cases/pypsa")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	solver, near := "highs:simplex", 1e-9
	if _, err := highs.Probe(); err != nil {
		t.Logf("no HiGHS: interior points, compared to 1e-6 (%v)", err)
		solver, near = "auto", 1e-6
	}
	seen := 0
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if !IsFolder(filepath.Join(dir, "network")) {
			continue // scenarios, which no CSV folder holds
		}
		seen++
		t.Run(e.Name(), func(t *testing.T) {
			folder, o := converted(t, dir)
			n, p := again(t, folder)
			if len(n.Snapshots) > 1000 || len(n.table("Generator").Names) > 200 || o.Entry == "rolling_horizon" {
				// make check-pypsa solves these; here the problem is built.
				if _, problems := Build(n, p); len(problems) > 0 {
					t.Fatal(problems)
				}
				return
			}
			text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
			var want expected
			if err == nil {
				err = json.Unmarshal(text, &want)
			}
			if err != nil {
				t.Fatal(err)
			}
			one := func(n *Network, o Options, by string) *Answer {
				a, problems, err := Solve(context.Background(), n, o, With(by, lp.Options{Gap: 1e-7}))
				if err != nil || len(problems) > 0 || a.Solution.X == nil {
					t.Fatal(problems, err)
				}
				return a
			}
			a := one(n, p, solver)
			if a.Problem.IsMIP() || a.Problem.IsQP() {
				if got := a.Solution.Objective; math.Abs(got-want.Objective) > 1e-6*(1+math.Abs(want.Objective)) {
					t.Errorf("objective %.12g, PyPSA's %.12g", got, want.Objective)
				}
				return
			}
			before, problems := ReadFolder(filepath.Join(dir, "network"))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			b := one(before, o, solver)
			got, was := a.Solution.Objective, b.Solution.Objective
			if math.Abs(got-was) > near*(1+math.Abs(was)) || math.Abs(got-want.Objective) > 1e-6*(1+math.Abs(want.Objective)) {
				t.Errorf("objective %.12g, before %.12g, PyPSA's %.12g", got, was, want.Objective)
			}
		})
	}
	if seen < 80 {
		t.Errorf("only %d networks seen", seen)
	}
}

// Five networks through PyPSA itself, where bench/.env holds it.
func TestThroughPyPSA(t *testing.T) {
	root := shared.Path(t, "cases/pypsa")
	env := os.Getenv("BUSBAR_PYPSA")
	if env == "" {
		env = "../../../bench/.env"
	}
	env, err := filepath.Abs(env)
	if err != nil {
		t.Fatal(err)
	}
	python, err := exec.LookPath("python3")
	if _, missing := os.Stat(filepath.Join(env, "pypsa")); missing != nil || err != nil {
		t.Skip("no PyPSA in bench/.env (or $BUSBAR_PYPSA); make check-pypsa brings it and walks all networks")
	}
	args := []string{"../../../bench/pypsa/check.py", "--solve"}
	want := map[string]float64{}
	for _, name := range []string{"storage-unit-cyclic", "losses-transformer", "multi-period-growth-limit", "uc-ramps", "operational-limit"} {
		dir := filepath.Join(root, name)
		folder, _ := converted(t, dir)
		text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
		var e expected
		if err == nil {
			err = json.Unmarshal(text, &e)
		}
		if err != nil {
			t.Fatal(err)
		}
		want[folder] = e.Objective
		args = append(args, folder)
	}
	cmd := exec.Command(python, args...)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+env)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]float64
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for folder, v := range want {
		if math.Abs(got[folder]-v) > 1e-6*(1+math.Abs(v)) {
			t.Errorf("PyPSA's objective %.10g, should be %.10g", got[folder], v)
		}
	}
}
