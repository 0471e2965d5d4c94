package solve

import (
	"context"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
	"example.org/busbar/solve/highs"
)

// needHiGHS skips where the library is not there: `make deps` brings it.
func needHiGHS(t testing.TB) {
	t.Helper()
	if _, err := highs.Probe(); errors.Is(err, highs.ErrNoLibrary) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// imprecise are the problems whose published optimum, of an early MINOS run, is
// known to be off in the fifth to seventh digit (Koch, "The final NETLIB-LP
// results", 2004; pilot87 by 1.3e-6, as a duality gap of 1e-12 shows).
var imprecise = map[string]bool{"pilot": true, "pilot87": true, "nesm": true, "greenbeb": true}

// e226's published optimum leaves out the constant that its objective has as a
// right-hand side of -7.113.
var withoutConstant = map[string]bool{"e226": true}

// Every Netlib problem at hand ends certified, at its published optimum, by HiGHS
// and by the native solver without help.
func TestNetlib(t *testing.T) {
	needHiGHS(t)
	for _, solver := range []string{"highs", "native"} {
		t.Run(solver, func(t *testing.T) { netlib(t, solver) })
	}
}

func netlib(t *testing.T, solver string) {
	dir := shared.Path(t, "data/reference/netlib")
	f, err := os.Open(filepath.Join(dir, "netlib-optima.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 47 {
		t.Fatalf("%d problems listed, want 46", len(rows)-1)
	}
	t.Logf("%-10s %6s %6s %8s %18s %9s %8s %8s %8s %6s %s", "problem", "rows", "cols", "nonzeros", "objective", "off by", "primal", "dual", "gap", "s", "solver")
	for _, row := range rows[1:] {
		name := strings.TrimSuffix(row[0], ".mps.gz")
		want, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		p, err := lp.OpenMPS(filepath.Join(dir, row[0]))
		if err != nil {
			t.Error(err)
			continue
		}
		sol, cert, err := Run(context.Background(), p, solver, lp.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		objective := sol.Objective
		if withoutConstant[name] {
			objective -= p.Offset
		} else if p.Offset != 0 {
			t.Errorf("%s has the constant %v, which the test doesn't know of", name, p.Offset)
		}
		off := math.Abs(objective-want) / math.Abs(want)
		t.Logf("%-10s %6d %6d %8d %18.10e %9.1e %8.1e %8.1e %8.1e %6.2f %s", name, p.Rows(), p.Cols(), p.Nonzeros(), sol.Objective, off, cert.Primal, cert.Dual, cert.Gap, sol.Seconds, sol.Solver)
		tolerance := 1e-6
		if imprecise[name] {
			tolerance = 1e-3
		}
		if sol.Status != lp.Optimal || !cert.OK || cert.Kind != lp.KindKKT || off > tolerance {
			t.Errorf("%s: %s, objective %.10e, published %.10e, %s (%s)", name, sol.Status, sol.Objective, want, cert, sol.Note)
		}
	}
}
