package study

import (
	"context"
	"math"
	"path/filepath"
	"testing"
	"time"

	"example.org/busbar/internal/rolling"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/shared/networks"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/lp"
)

// The windows of a study are those of the network that it was made of: every
// network of the suite that builds nothing, asked for in windows that it was not
// made for, has window by window the objective that the network has as it is, and
// the same joined plan.
func TestWindowsOfNetworks(t *testing.T) {
	tried := 0
	networks.Walk(t, func(t *testing.T, c *networks.Case) {
		n, count := c.Network, len(c.Network.Snapshots)
		if count < 6 || count > 200 || len(n.Periods)+len(n.Scenarios) > 0 || c.Name == "scigrid-de" {
			return // one window, periods, futures; or long, of what others have too
		}
		o := pypsa.Options{Entry: "rolling_horizon", Horizon: count / 2, Overlap: count / 5}
		r, problems, err := ImportNetwork(n, o)
		if err != nil {
			t.Logf("not imported: %v", err)
			return
		}
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		tried++
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		defer stop()
		want, problems, err := pypsa.Solve(ctx, n, o, pypsa.With("auto", lp.Options{Gap: 1e-8}))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		dir := filepath.Join(t.TempDir(), "made")
		if err := r.Write(dir); err != nil {
			t.Fatal(err)
		}
		plan := len(want.Windows) == len(rolling.Windows(count, o.Horizon, o.Overlap))
		objective := math.NaN()
		if plan {
			objective = want.Solution.Objective
		}
		got := solves(t, dir, objective)
		if !agree(got.Windows, want.Windows) {
			t.Errorf("windows %.9g; the network's are %.9g", got.Windows, want.Windows)
		}
		if !plan {
			if got.Objective != nil || got.Status != Status(want.Solution, want.Certificate) {
				t.Errorf("%s; the network's end %s", got.Status, Status(want.Solution, want.Certificate))
			}
			return
		}
		whole, problems, err := want.Joined()
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if !agree([]float64{*got.Total}, []float64{whole.Solution.Objective}) {
			t.Errorf("together %.9g; the network's come to %.9g", *got.Total, whole.Solution.Objective)
		}
		money(t, got)
	})
	if tried < 35 && !t.Skipped() {
		t.Errorf("only %d networks tried", tried)
	}
}

// money checks that the tables hold what the windows come to together.
func money(t *testing.T, r *Result) {
	t.Helper()
	f, err := run.Open(*r.Run)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := run.Read[run.Money](f, "money")
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, m := range rows {
		sum += m.Amount
	}
	if !agree([]float64{sum}, []float64{*r.Total}) {
		t.Errorf("the accounts hold %.9g, the windows come to %.9g", sum, *r.Total)
	}
}
