package account_test

import (
	"context"
	"math"
	"testing"
	"time"

	"example.org/busbar/internal/account"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/shared/networks"
	"example.org/busbar/internal/source/pypsa"
	"example.org/busbar/lp"
)

// Whatever a network holds (commitment, modules, curves, squares, losses,
// periods), the money in its accounts is the objective, and every bus closes.
func TestAccountsOfNetworks(t *testing.T) {
	networks.Walk(t, func(t *testing.T, c *networks.Case) {
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		defer stop()
		a, problems, err := pypsa.Solve(ctx, c.Network, c.Options, pypsa.With("auto", lp.Options{}))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if c.Options.Entry == "mga" {
			return // its objective is no money
		}
		tables := account.Of(c.Network.System(a.Model), a.Model, a.Index, a.Solution)
		sum, volume := 0.0, 1.0
		for _, m := range tables.Money {
			sum += m.Amount
			volume += math.Abs(m.Amount)
		}
		if off := math.Abs(sum - a.Solution.Objective); off > 1e-6*(1+math.Abs(a.Solution.Objective)) && off > 1e-9*volume {
			t.Errorf("the accounts hold %.10g, the objective is %.10g", sum, a.Solution.Objective)
		}
		closed(t, tables)
	})
}

// closed checks that what flows into a bus in a step flows out of it.
func closed(t *testing.T, tables *run.Tables) {
	t.Helper()
	type at struct {
		bus  string
		step int32
	}
	sum, volume := map[at]float64{}, map[string]float64{}
	for _, f := range tables.Flows {
		sum[at{f.Bus, f.Step}] += f.Rate
		volume[f.Bus] = math.Max(volume[f.Bus], math.Abs(f.Rate))
	}
	for k, v := range sum {
		if math.Abs(v) > 1e-6*(1+volume[k.bus]) {
			t.Errorf("%s in step %d is left with %g", k.bus, k.step, v)
			return
		}
	}
}
