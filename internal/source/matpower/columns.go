package matpower

import "math"

// Column is one line of a matrix's table: the one truth from which defaults,
// checks and docs/matpower.md come.
type Column struct {
	Name    string
	Unit    string
	Default float64 // where the matrix has fewer columns
	Needed  bool    // every row must have it
	Any     bool    // may be infinite
	DC      string  // what it becomes in the DC optimal power flow; empty: nothing
	AC      string  // what it becomes in the AC power flow; empty: nothing
}

// used reports whether anything depends on a column.
func (c *Column) used() bool { return c.DC != "" || c.AC != "" }

// Shape is a matrix of a case, row by row one bus, generator or branch.
type Shape struct {
	Name, Doc string
	Columns   []Column
	Open      bool // numbers may follow the columns: a cost's coefficients or points
}

// The columns of each matrix, in order (MATPOWER's caseformat and idx_*
// functions).
const (
	busNumber = iota
	busType
	busPd
	busQd
	busGs
	busBs
	busArea
	busVm
	busVa
	busKV
	busZone
	busVmax
	busVmin
)

const (
	genBus = iota
	genPg
	genQg
	genQmax
	genQmin
	genVg
	genBase
	genStatus
	genPmax
	genPmin
)

const (
	branchFrom = iota
	branchTo
	branchR
	branchX
	branchB
	branchRateA
	branchRateB
	branchRateC
	branchRatio
	branchShift
	branchStatus
	branchAngmin
	branchAngmax
)

const (
	costModel = iota
	costStartup
	costShutdown
	costN
	costFirst
)

const (
	dcFrom = iota
	dcTo
	dcStatus
	dcPf
	dcPt
	dcQf
	dcQt
	dcVf
	dcVt
	dcPmin
	dcPmax
	dcQminF
	dcQmaxF
	dcQminT
	dcQmaxT
	dcLoss0
	dcLoss1
)

var inf = math.Inf(1)

func must(name, unit, dc, ac string) Column {
	return Column{Name: name, Unit: unit, Needed: true, DC: dc, AC: ac}
}

func anySize(c Column) Column {
	c.Any = true
	return c
}

func plain(names ...string) []Column {
	var all []Column
	for _, n := range names {
		all = append(all, Column{Name: n, Any: true})
	}
	return all
}

func neededPlain(names ...string) []Column {
	all := plain(names...)
	for i := range all {
		all[i].Needed = true
	}
	return all
}

func join(parts ...[]Column) []Column {
	var all []Column
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func costColumns(dc string) []Column {
	return []Column{
		must("model", "", "1: the piecewise linear "+dc+"; 2: the polynomial", ""),
		{Name: "startup", Unit: "USD", Needed: true, Any: true},
		{Name: "shutdown", Unit: "USD", Needed: true, Any: true},
		must("ncost", "", "how many coefficients, or points, follow", ""),
	}
}

// Shapes are the matrices that are read.
var Shapes = []Shape{
	{Name: "bus", Doc: "A bus.", Columns: join([]Column{
		must("bus_i", "", "Bus.Name", "Bus.Name"),
		must("type", "", "3: where angles are counted from; 4: the bus and what stands at it is left out", "PQ, PV or slack"),
		must("Pd", "MW", "Demand.Amount", "injection"),
		must("Qd", "MVAr", "", "injection"),
		must("Gs", "MW at 1 p.u.", "Demand.Amount", "shunt"),
		must("Bs", "MVAr at 1 p.u.", "", "shunt"),
	}, neededPlain("area"), []Column{
		must("Vm", "p.u.", "", "where the iteration starts"),
		must("Va", "degree", "of a bus of type 3: its angle", "of a bus of type 3: its angle"),
		must("baseKV", "kV", "", ""),
	}, neededPlain("zone"), []Column{
		anySize(must("Vmax", "p.u.", "", "what a voltage is compared with")),
		anySize(must("Vmin", "p.u.", "", "what a voltage is compared with")),
	}, plain("lam_P", "lam_Q", "mu_Vmax", "mu_Vmin"))},
	{Name: "gen", Doc: "A generator, or with Pmin below 0 a load that can be dispatched.", Columns: join([]Column{
		must("bus", "", "Unit.Ports", "where it injects"),
		must("Pg", "MW", "", "power factor of a load that can be dispatched"),
		must("Qg", "MVAr", "", "the same; of a generator at a PQ bus what it gives"),
		anySize(must("Qmax", "MVAr", "", "limit of a PV bus")),
		anySize(must("Qmin", "MVAr", "", "limit of a PV bus")),
		must("Vg", "p.u.", "", "voltage of a PV or slack bus"),
	}, neededPlain("mBase"), []Column{
		must("status", "", "in service where above 0", "in service where above 0"),
		anySize(must("Pmax", "MW", "Unit.Bound.Max", "")),
		anySize(must("Pmin", "MW", "Unit.Bound.Min", "")),
	}, plain("Pc1", "Pc2", "Qc1min", "Qc1max", "Qc2min", "Qc2max", "ramp_agc", "ramp_10", "ramp_30", "ramp_q", "apf", "mu_Pmax", "mu_Pmin", "mu_Qmax", "mu_Qmin"))},
	{Name: "branch", Doc: "A line or a transformer.", Columns: join([]Column{
		must("fbus", "", "Line.From", "from"),
		must("tbus", "", "Line.To", "to"),
		must("r", "p.u.", "with --dc powermodels: Line.X", "series admittance"),
		must("x", "p.u.", "Line.X", "series admittance"),
		must("b", "p.u.", "", "charging, half at each end"),
		anySize(must("rateA", "MVA", "Line.Bound; 0: none", "what a flow is compared with")),
	}, neededPlain("rateB", "rateC"), []Column{
		must("ratio", "1", "times Line.X; 0: 1", "tap at fbus; 0: 1"),
		must("angle", "degree", "Line.Shift", "phase shift at fbus"),
		must("status", "", "in service where above 0", "in service where above 0"),
		{Name: "angmin", Unit: "degree", Default: -360, Any: true, DC: "Line.AngleMin; -360 or less, or 0 with angmax 0: none"},
		{Name: "angmax", Unit: "degree", Default: 360, Any: true, DC: "Line.AngleMax; 360 or more, or 0 with angmin 0: none"},
	}, plain("Pf", "Qf", "Pt", "Qt", "mu_Sf", "mu_St", "mu_angmin", "mu_angmax"))},
	{Name: "gencost", Doc: "The cost of a generator's active power, in the order of gen. Rows after those of all generators are costs of reactive power, which have no place in either power flow.", Columns: costColumns("cost, Unit.Curves"), Open: true},
	{Name: "dcline", Doc: "A direct current line, as MATPOWER has it with `toggle_dcline` on: what is taken at fbus, less loss0 + loss1 x that, arrives at tbus.", Columns: join([]Column{
		must("fbus", "", "Unit.Ports, ratio -1", "where it takes"),
		must("tbus", "", "Unit.Ports, ratio 1 - loss1", "where it brings"),
		must("status", "", "in service where above 0", "in service where above 0"),
	}, neededPlain("Pf", "Pt", "Qf", "Qt"), []Column{
		must("Vf", "p.u.", "", "voltage of a bus that is made PV"),
		must("Vt", "p.u.", "", "voltage of a bus that is made PV"),
		anySize(must("Pmin", "MW", "Unit.Bound.Min; below 0 of what arrives", "")),
		anySize(must("Pmax", "MW", "Unit.Bound.Max; below 0 of what arrives", "")),
		anySize(must("QminF", "MVAr", "", "limit of a PV bus")),
		anySize(must("QmaxF", "MVAr", "", "limit of a PV bus")),
		anySize(must("QminT", "MVAr", "", "limit of a PV bus")),
		anySize(must("QmaxT", "MVAr", "", "limit of a PV bus")),
		must("loss0", "MW", "Demand.Amount at tbus", "loss"),
		must("loss1", "1", "ratio of the port at tbus", "loss"),
	}, plain("mu_Pmin", "mu_Pmax", "mu_QminF", "mu_QmaxF", "mu_QminT", "mu_QmaxT"))},
	{Name: "dclinecost", Doc: "The cost of what a direct current line takes at fbus, in the order of dcline; without it there is none.", Columns: costColumns("cost, Unit.Curves"), Open: true},
}

// shape finds a matrix's table.
func shape(name string) *Shape {
	for i := range Shapes {
		if Shapes[i].Name == name {
			return &Shapes[i]
		}
	}
	return nil
}

// extend are fields with which MATPOWER itself extends a problem, without being
// told to: leaving them out would change the answer.
var extend = map[string]string{
	"A": "a linear constraint", "l": "bounds of a linear constraint", "u": "bounds of a linear constraint",
	"N": "a cost", "H": "a cost", "Cw": "a cost", "fparm": "a cost",
	"zl": "bounds of variables", "zu": "bounds of variables", "z0": "variables",
	"userfcn": "a function", "user_constraints": "a constraint",
}
