package matpower

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/busbar/internal/powerflow"
	"example.org/busbar/internal/shared"
)

// The IEEE 14 bus system's solved voltages stand in its case's own columns Vm and
// Va, as its archive has them (three and four digits; bus 4's and others differ
// from the exact solution by up to 2e-3 p.u. and 0.03 degrees). With the
// archive's dispatch its losses are 13.39 MW and bus 1 gives 232.4 MW.
func TestIEEE14(t *testing.T) {
	s := solveFile(t, "case14.m", Matpower)
	n := s.PowerFlow(s.ix, s.sol.X)
	bus := s.Case.matrix("bus")
	for i := range n.Buses { // the archive's dispatch and a flat start
		n.Buses[i].P, n.Buses[i].Angle = -bus.at(i, busPd), 0
		if n.Buses[i].Kind == powerflow.PQ {
			n.Buses[i].V = 1
		}
	}
	n.Buses[1].P += 40
	r, err := powerflow.Solve(n, powerflow.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n.Buses {
		near(t, "voltage of bus "+n.Buses[i].Name, r.V[i], bus.at(i, busVm), 2e-3)
		near(t, "angle of bus "+n.Buses[i].Name, r.Angle[i]/degree, bus.at(i, busVa), 0.03)
	}
	near(t, "losses", real(r.Loss), 13.39, 0.01)
	near(t, "bus 1", real(r.S[0]), 232.4, 0.05)
	near(t, "reactive power of bus 1", imag(r.S[0]), -16.5, 0.5)
	near(t, "reactive power of bus 8", imag(r.S[7]), 17.4, 0.3)
}

// Every PGLib case's DC optimum, checked: what converges, in how many steps.
// Energy is kept in those that do.
func TestPGLibAC(t *testing.T) {
	dir := shared.Path(t, "data/reference/pglib-opf")
	files, err := filepath.Glob(filepath.Join(dir, "*.m"))
	if err != nil || len(files) != 14 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".m")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := solveText(t, name, string(text), Matpower, "auto")
		h, r, err := powerflow.Check(s.PowerFlow(s.ix, s.sol.X), "", powerflow.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r == nil {
			t.Logf("%-26s %s", name, h.Why)
			continue
		}
		t.Logf("%-26s %2d iterations, losses %8.2f MW, voltages %.4f to %.4f, %3d outside, %3d overloads", name, h.Iterations, *h.Losses, h.Lowest.Voltage, h.Highest.Voltage, len(h.Outside), len(h.Overloads))
		var all complex128
		for i := range r.S {
			all += r.S[i]
		}
		if d := all - r.Loss - r.Shunt; math.Hypot(real(d), imag(d)) > 1e-6*math.Abs(real(all))+1e-3 {
			t.Errorf("%s: injected %g, lost %g, in shunts %g", name, all, r.Loss, r.Shunt)
		}
		near(t, name+": what the slack gives beyond the dispatch", *h.Slack, *h.Losses, math.Abs(real(r.Shunt))+1e-3*(1+*h.Losses))
	}
}
