package pypsa

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"example.org/busbar/internal/powerflow"
	"example.org/busbar/internal/shared"
	"example.org/busbar/lp"
)

func within(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s is %.9g, PyPSA has %.9g", what, got, want)
	}
}

// shapes has a transformer of every sort (a type with its tap and iron losses, a
// T with a tap at side 1 and a phase shift, a pi), lines with and without a type,
// a shunt, and generators that hold voltages.
func shapes() fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range map[string]string{
		"network.csv":          "name,pypsa_version\nshapes,1.4.0\n",
		"snapshots.csv":        ",snapshot,objective,stores,generators\n0,2030-01-01 00:00:00,1,1,1\n1,2030-01-01 01:00:00,1,1,1\n",
		"buses.csv":            "name,v_nom,v_mag_pu_set,v_mag_pu_min,v_mag_pu_max\nA,380,1.02,0.95,1.05\nB,110,1,0.99,1.015\nC,110,1.01,0.95,1.05\n",
		"generators.csv":       "name,bus,p_nom,marginal_cost,control,p_set\ng2,C,30,10,PV,30\ng1,A,500,50,Slack,\n",
		"loads.csv":            "name,bus,q_set\nb,B,20\nc,C,0\n",
		"loads-p_set.csv":      ",b,c\n0,60,50\n1,30,20\n",
		"loads-q_set.csv":      ",c\n0,10\n1,5\n",
		"lines.csv":            "name,bus0,bus1,type,length,num_parallel,r,x,b,g,s_nom\ntyped,B,C,305-AL1/39-ST1A 110.0,40,2,0,0,0,0,100\nplain,C,B,,0,1,2,12,0.0001,0.000001,100\n",
		"transformers.csv":     "name,bus0,bus1,type,x,r,g,b,s_nom,tap_ratio,tap_side,tap_position,phase_shift,model\nT1,A,B,160 MVA 380/110 kV,0,0,0,0,160,1,0,-2,0,t\nT2,A,C,,0.12,0.004,0.001,-0.02,200,1.04,1,0,3,t\nT3,A,C,,0.1,0.003,0.002,-0.01,100,0.98,0,0,0,pi\n",
		"shunt_impedances.csv": "name,bus,g,b\ns,C,0.0001,0.001\n",
	} {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func solved(t *testing.T, n *Network) *Answer {
	t.Helper()
	a, problems, err := Solve(context.Background(), n, Options{}, With("auto", lp.Options{}))
	if err != nil || len(problems) > 0 || a.Solution.X == nil {
		t.Fatal(problems, err)
	}
	return a
}

// Voltages and flows that n.pf() of PyPSA 1.4.0 gives for the same network, with
// g1 at 0 and g2 at 30 MW: what the slack is asked for does not matter.
func TestPowerFlowAsPyPSA(t *testing.T) {
	n := Read(shapes())
	if found := n.take(); len(found) > 0 {
		t.Fatal(found)
	}
	a := solved(t, n)
	want := []struct {
		v, angle [3]float64
		branches map[string][4]float64 // p0, q0, p1, q1
		slack    complex128
	}{{
		[3]float64{1.02, 1.01876771, 1.01}, [3]float64{0, -2.3693613, -2.2368687},
		map[string][4]float64{
			"typed": {-0.221776, 12.828981, 0.252606, -15.584426}, "plain": {0.893017, -9.69138, -0.867097, 8.527114},
			"T1": {59.053493, 45.246921, -58.911127, -41.356095}, "T2": {-19.079954, 85.853731, 19.420178, -77.626877}, "T3": {42.086944, 32.157452, -41.800123, -28.556351},
		}, 82.060483 + 163.258104i,
	}, {
		[3]float64{1.02, 1.01946735, 1.01}, [3]float64{0, -1.4323405, -1.4497697},
		map[string][4]float64{
			"typed": {4.081698, 12.893286, -4.048116, -15.639709}, "plain": {-1.864635, -9.947015, 1.891766, 8.789098},
			"T1": {36.083448, 43.990444, -35.973464, -41.682385}, "T2": {-41.701193, 87.065098, 42.071878, -77.924155}, "T3": {27.652423, 32.12597, -27.393447, -29.453068},
		}, 22.034678 + 163.181512i,
	}}
	for s, w := range want {
		net, err := a.PowerFlow(s, false)
		if err != nil {
			t.Fatal(err)
		}
		h, r, err := powerflow.Check(net, n.Snapshots[s].Label, powerflow.Options{})
		if err != nil || r == nil {
			t.Fatal(err, h)
		}
		for i := range w.v {
			within(t, "voltage at "+net.Buses[i].Name, r.V[i], w.v[i], 1e-7)
			within(t, "angle at "+net.Buses[i].Name, r.Angle[i]/degree, w.angle[i], 1e-6)
		}
		for i := range net.Branches {
			b := w.branches[net.Branches[i].Name]
			for k, v := range []float64{real(r.From[i]), imag(r.From[i]), real(r.To[i]), imag(r.To[i])} {
				within(t, net.Branches[i].Name+[...]string{" p0", " q0", " p1", " q1"}[k], v, b[k], 2e-6)
			}
		}
		within(t, "p of the slack", real(r.S[0]), real(w.slack), 2e-6)
		within(t, "q of the slack", imag(r.S[0]), imag(w.slack), 2e-6)
		// The optimum asked the slack for 110 - 30 and 50 - 30 MW.
		within(t, "what it gives beyond", *h.Slack, real(w.slack)-[...]float64{80, 20}[s], 2e-6)
		if len(h.Outside) != 1 || h.Outside[0].Bus != "B" {
			t.Errorf("outside their limits are %v, want B above 1.015", h.Outside)
		}
	}
}

// Voltages and flows of n.pf() for scigrid-de, every generator holding 1 p.u. and
// giving the same share of its p_nom: PyPSA 1.4.0 with generators.control = "PV"
// and p_set = p_nom times the load over all p_nom.
func TestPowerFlowOfGermany(t *testing.T) {
	dir := shared.Path(t, "cases/pypsa/scigrid-de/network")
	n, found := ReadFolder(filepath.FromSlash(dir))
	if len(found) > 0 {
		t.Fatal(found)
	}
	for s, want := range map[int]struct {
		loss, low, high float64
		lowest, highest string
		voltage         map[string][2]float64
		flows           map[string][4]float64
	}{
		0: {888.956786778524, 0.9983313524385427, 1.0045923658186242, "334", "292",
			map[string][2]float64{"2": {1.0000149272448304, -9.507469419441303}, "100": {1.0016378882912231, -29.43469882801807}, "404_220kV": {1, -50.232866803438746}},
			map[string][4]float64{"1": {422.5138345455298, -62.82460474307936, -412.72861389414436, 103.6689065737986}, "504": {-69.93020244593798, 4.7560352703721875, 69.93575906749491, -12.30078930443155}, "2 (Transformer)": {-970.17235274634, 23.842916181601243, 970.1723527463399, 23.245821931931722}}},
		8: {657.3951562389834, 0.9989773454073784, 1.0046584303358517, "68", "292",
			map[string][2]float64{"2": {1.000012371337312, -7.118366467119825}, "100": {1.0016562723819964, -24.01762052177934}, "404_220kV": {1, -41.94542131047207}},
			map[string][4]float64{"1": {309.6745855157401, -52.07960138407043, -304.39391440933895, 70.32607966411872}, "504": {-60.57318451172175, 3.6091618840033517, 60.57735356488126, -11.165293978994264}, "2 (Transformer)": {-760.0449191481595, 14.694175771465837, 760.0449191481595, 14.199319217993503}}},
	} {
		g := newACGrid(n, Options{}, s, true)
		load, size := 0.0, 0.0
		loads, gens := n.table("Load"), n.table("Generator")
		for i := range loads.Names {
			p := loads.at(i, "p_set")
			load += p.At(s)
			g.of(loads, i).P -= p.At(s)
		}
		for i := range gens.Names {
			size += gens.number(i, "p_nom")
		}
		for i := range gens.Names {
			g.of(gens, i).P += gens.number(i, "p_nom") * load / size
		}
		for k := range g.branches {
			g.net.Branches = append(g.net.Branches, g.branch(&g.branches[k], 0))
		}
		h, r, err := powerflow.Check(g.net, "", powerflow.Options{})
		if err != nil || r == nil {
			t.Fatal(err, h)
		}
		within(t, "losses", *h.Losses, want.loss, 1e-5)
		within(t, "lowest voltage", h.Lowest.Voltage, want.low, 1e-8)
		within(t, "highest voltage", h.Highest.Voltage, want.high, 1e-8)
		if h.Lowest.Bus != want.lowest || h.Highest.Bus != want.highest {
			t.Errorf("lowest at %s and highest at %s, PyPSA at %s and %s", h.Lowest.Bus, h.Highest.Bus, want.lowest, want.highest)
		}
		seen := 0
		for i := range g.net.Buses {
			if v, ok := want.voltage[g.net.Buses[i].Name]; ok {
				seen++
				within(t, "voltage", r.V[i], v[0], 1e-8)
				within(t, "angle", r.Angle[i]/degree, v[1], 1e-6)
			}
		}
		for i := range g.net.Branches {
			if b, ok := want.flows[g.net.Branches[i].Name]; ok {
				seen++
				for k, v := range []float64{real(r.From[i]), imag(r.From[i]), real(r.To[i]), imag(r.To[i])} {
					within(t, "flow of "+g.net.Branches[i].Name, v, b[k], 1e-5)
				}
			}
		}
		if seen != 6 {
			t.Errorf("%d of 6 buses and branches found", seen)
		}
		t.Logf("snapshot %d: %d iterations, losses %.6f MW", s, h.Iterations, *h.Losses)
	}
}

// Of the network of two grids only the alternating current one is checked, and a
// network without one says so.
func TestPowerFlowOfWhat(t *testing.T) {
	dir := shared.Path(t, "cases/pypsa/shipped-ac-dc-meshed/network")
	n, found := ReadFolder(filepath.FromSlash(dir))
	if len(found) > 0 {
		t.Fatal(found)
	}
	net, err := solved(t, n).PowerFlow(0, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Buses {
		if name := net.Buses[i].Name; strings.HasSuffix(name, "DC") {
			t.Errorf("%s is a bus of direct current", name)
		}
	}
	sum := 0.0
	for i := range net.Buses {
		sum += net.Buses[i].P
	}
	within(t, "sum of injections without losses", sum, 0, 1e-6)
	f := small()
	f["lines.csv"].Data = []byte("name,bus0,bus1,x,s_nom\n")
	f["loads.csv"].Data = []byte("name,bus\nl,a\n")
	f["transformers.csv"].Data = []byte("name,bus0,bus1,x,s_nom\n")
	alone := Read(f)
	if found := alone.take(); len(found) > 0 {
		t.Fatal(found)
	}
	if _, err := solved(t, alone).PowerFlow(1, false); err == nil || !strings.Contains(err.Error(), "no line or transformer joins buses of carrier AC in snapshot 2") {
		t.Errorf("it says %v", err)
	}
}

// The same network with what is lost shared by dispatch: n.pf(distribute_slack=
// True) of PyPSA 1.4.0, whose weights are p_set, here 80 and 30, then 20 and 30.
func TestSpreadAsPyPSA(t *testing.T) {
	n := Read(shapes())
	if found := n.take(); len(found) > 0 {
		t.Fatal(found)
	}
	a := solved(t, n)
	for s, want := range []struct {
		b, angleB, angleC, p0, q0, given float64
	}{
		{1.01876206, -2.3635653, -2.2279512, -0.307888, 12.841469, 30.561869 + 81.498318 - 110},
		{1.019454, -1.4197405, -1.4304029, 3.894298, 12.91821, 31.220815 + 20.813877 - 50},
	} {
		net, err := a.PowerFlow(s, false)
		if err != nil {
			t.Fatal(err)
		}
		h, r, err := powerflow.Check(net, "", powerflow.Options{Spread: true})
		if err != nil || r == nil {
			t.Fatal(err, h)
		}
		within(t, "voltage at B", r.V[1], want.b, 1e-7)
		within(t, "angle at B", r.Angle[1]/degree, want.angleB, 1e-6)
		within(t, "angle at C", r.Angle[2]/degree, want.angleC, 1e-6)
		within(t, "typed p0", real(r.From[0]), want.p0, 2e-6)
		within(t, "typed q0", imag(r.From[0]), want.q0, 2e-6)
		within(t, "given beyond the dispatch", *h.Slack, want.given, 2e-6)
	}
}
