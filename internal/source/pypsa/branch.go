package pypsa

import (
	"fmt"
	"math"
	"slices"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// branch is a Line or Transformer on its way to a primitive.Line.
type branch struct {
	t        *Table
	i        int
	from, to int32   // rows of buses
	x, r     float64 // effective, per unit of 1 MVA
	tap      float64
	size     float64 // s_nom, of a type where there is one
	shift    primitive.Series
}

const degree = math.Pi / 180

// lineTypes and transformerTypes are the standard ones and the folder's own.
func (b *builder) lineType(name string) (lineType, bool) {
	t := b.table("LineType")
	if i, ok := t.index[name]; ok {
		return lineType{t.number(i, "r_per_length"), t.number(i, "x_per_length"), t.number(i, "c_per_length"), t.number(i, "f_nom")}, true
	}
	k, ok := standardLines[name]
	return k, ok
}

func (b *builder) transformerType(name string) (transformerType, bool) {
	t := b.table("TransformerType")
	if i, ok := t.index[name]; ok {
		return transformerType{t.number(i, "s_nom"), t.number(i, "vsc"), t.number(i, "vscr"), t.number(i, "phase_shift"), t.number(i, "tap_neutral"), t.number(i, "tap_step"),
			t.number(i, "pfe"), t.number(i, "i0"), t.number(i, "tap_side")}, true
	}
	k, ok := standardTransformers[name]
	return k, ok
}

// impedance is a branch's x and r in per unit, types included.
func (b *builder) impedance(k *branch) {
	t, i := k.t, k.i
	x, r := t.number(i, "x"), t.number(i, "r")
	k.size, k.tap = t.number(i, "s_nom"), 1
	kind := t.text(i, "type")
	parallel := t.number(i, "num_parallel")
	if kind != "" && !(parallel > 0) {
		b.wrong(t, i, "num_parallel", "pypsa-value", "read %g, want a number above 0", parallel)
		return
	}
	if t.Name == "Line" {
		if kind != "" {
			l, ok := b.lineType(kind)
			if !ok {
				b.wrong(t, i, "type", "unknown-type", "read %q, which is no standard line type and not in line_types.csv", kind)
			}
			length := t.number(i, "length")
			x, r = l.x*length/parallel, l.r*length/parallel
		}
		buses := b.table("Bus")
		v := buses.number(int(k.from), "v_nom")
		k.x, k.r = x/(v*v), r/(v*v)
		return
	}
	k.tap, k.shift = t.number(i, "tap_ratio"), t.at(i, "phase_shift")
	if kind != "" {
		y, ok := b.transformerType(kind)
		if !ok {
			b.wrong(t, i, "type", "unknown-type", "read %q, which is no standard transformer type and not in transformer_types.csv", kind)
		}
		r = y.vscr / 100
		x = math.Sqrt(math.Pow(y.vsc/100, 2)-r*r) / parallel
		r /= parallel
		k.size = y.size
		t.set(i, "s_nom", y.size)
		k.tap = 1 + (t.number(i, "tap_position")-y.neutral)*y.step/100
		if _, series := t.series["phase_shift"][i]; !series {
			k.shift = primitive.Const(y.shift)
		}
	}
	if !(k.size > 0) {
		b.wrong(t, i, "s_nom", "pypsa-value", "read %g; a transformer's x and r are per unit of it, so it must be above 0", k.size)
		return
	}
	k.x, k.r = x/k.size*k.tap, r/k.size*k.tap
}

// sets are buses joined in groups, each named by its first bus.
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) of(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join reports whether two buses were in different groups.
func (s sets) join(e *branch) bool {
	x, y := s.of(e.from), s.of(e.to)
	s[max(x, y)] = min(x, y)
	return x != y
}

// branches: Lines and Transformers are lines, whose X is a reactance in an AC
// sub-network and a resistance in any other.
func (b *builder) branches() {
	var all []branch
	for _, c := range []string{"Line", "Transformer"} {
		t := b.table(c)
		for i := range t.Names {
			if !t.flag(i, "active") {
				continue
			}
			if b.bus(t, i, "bus0") == primitive.None || b.bus(t, i, "bus1") == primitive.None {
				continue
			}
			rows := b.table("Bus").index
			k := branch{t: t, i: i, from: int32(rows[t.text(i, "bus0")]), to: int32(rows[t.text(i, "bus1")])}
			if k.from == k.to {
				b.wrong(t, i, "bus1", "pypsa-value", "it begins and ends at %q", t.text(i, "bus0"))
			}
			b.impedance(&k)
			all = append(all, k)
		}
	}
	if len(b.problems) > 0 {
		return
	}
	buses := b.table("Bus")
	grids := newSets(len(buses.Names))
	for k := range all {
		grids.join(&all[k])
	}
	driven := newSets(len(buses.Names))
	for k := range all {
		e := &all[k]
		if buses.text(int(grids.of(e.from)), "carrier") != "AC" {
			e.x = e.r
		}
		if e.x != 0 && !math.IsInf(e.x, 0) {
			driven.join(e)
		}
	}
	var lines []int32
	index := map[string]int32{}
	for k := range all {
		e := &all[k]
		t, i := e.t, e.i
		x := e.x
		if x == 0 {
			if !driven.join(e) {
				b.wrong(t, i, "x", "zero-reactance", "it closes a cycle, and its reactance (in a direct current grid its resistance) is 0; any other number fits")
			}
			x = inf // in no cycle: nothing depends on it
		}
		asset, alive := b.asset(t, i), b.alive(t, i)
		l := primitive.Line{Tag: b.tag(asset, ""), From: b.grid[e.from], To: b.grid[e.to], X: x, Alive: alive}
		l.Bound = b.size(t, i, asset, "s_nom", "MVA", alive)
		most := t.at(i, "s_max_pu")
		l.Bound.Min, l.Bound.Max = scaled(most, -1), most
		if !every(most, func(v float64) bool { return v >= 0 }) {
			b.wrong(t, i, "s_max_pu", "pypsa-bounds", "a value of 0 or more fits")
		}
		if c := l.Bound.Capacity; c != primitive.None && !t.flag(i, "s_nom_extendable") {
			b.m.Capacities[c].Existing = e.size
		}
		if t.Name == "Transformer" {
			l.Shift = scaled(e.shift, degree)
			l.ShiftMin, l.ShiftMax = t.number(i, "phase_shift_min")*degree, t.number(i, "phase_shift_max")*degree
			if l.ShiftMin >= l.ShiftMax {
				l.ShiftMin, l.ShiftMax = 0, 0
			}
		}
		b.angle(e, &l)
		index[t.Name+" "+t.Names[i]] = int32(len(b.m.Lines))
		b.out.lines[Asset{t.Name, b.named(t.Names[i])}] = int32(len(b.m.Lines))
		lines = append(lines, int32(len(b.m.Lines)))
		b.m.Lines = append(b.m.Lines, l)
	}
	if len(b.problems) > 0 {
		return
	}
	b.losses(all, lines)
	b.outages(all, index)
}

// angle: v_ang_max holds for transformers, and lines that carry AC.
func (b *builder) angle(e *branch, l *primitive.Line) {
	most := e.t.number(e.i, "v_ang_max")
	if math.IsInf(most, 1) || e.t.Name == "Line" && b.carrier(e.t, e.i) != "AC" {
		return
	}
	if !(most > 0) {
		b.wrong(e.t, e.i, "v_ang_max", "pypsa-value", "read %g, want degrees above 0", most)
	}
	l.AngleMin, l.AngleMax = -most*degree, most*degree
}

// carrier is an asset's carrier, or that of its bus where it says none.
func (b *builder) carrier(t *Table, i int) string {
	if c := t.text(i, "carrier"); c != "" {
		return c
	}
	bus := ""
	switch t.Name {
	case "Line", "Link":
		bus = t.text(i, "bus0")
	case "Store":
		bus = t.text(i, "bus")
	}
	if k, ok := b.table("Bus").index[bus]; ok {
		return b.table("Bus").text(k, "carrier")
	}
	return ""
}

func (b *builder) losses(all []branch, lines []int32) {
	o := b.o.Losses
	if o.Tangents == 0 && !o.Secants {
		return
	}
	reach := make([]float64, len(all))
	for k, e := range all {
		s := e.size
		if e.t.flag(e.i, "s_nom_extendable") {
			s = e.t.number(e.i, "s_nom_max")
		}
		reach[k] = s * largest(e.t.at(e.i, "s_max_pu"))
		if math.IsInf(reach[k], 0) || math.IsNaN(reach[k]) {
			b.wrong(e.t, e.i, "s_nom_max", "pypsa-value", "losses need a finite largest flow, and s_nom_max is %g", s)
			return
		}
	}
	for _, c := range []string{"Line", "Transformer"} {
		var r, far []float64
		var at []int32
		for k, e := range all {
			if e.t.Name == c {
				r, far, at = append(r, e.r), append(far, reach[k]), append(at, lines[k])
			}
		}
		if len(at) == 0 {
			continue
		}
		var cuts [][]float64
		if o.Secants {
			var err error
			if cuts, err = formulate.Secants(r, far, o.Atol, o.Rtol, o.Most); err != nil {
				b.problem(b.table(c).where(""), 1, 1, "pypsa-option", "%v", err)
				return
			}
		}
		for k, l := range at {
			b.m.Lines[l].Loss = &primitive.LineLoss{R: r[k], Tangents: o.Tangents}
			if o.Secants {
				b.m.Lines[l].Loss.Secants = cuts[k]
			}
		}
	}
}

// outages: those asked for, but for a branch that alone joins its ends: PyPSA
// divides by 1 less its own factor, which is 1 but for rounding.
func (b *builder) outages(all []branch, index map[string]int32) {
	var lost []int // positions in all
	alive := make([][]bool, len(all))
	for k := range all {
		alive[k] = b.alive(all[k].t, all[k].i)
		if b.o.AllBranches {
			lost = append(lost, k)
		}
	}
	for _, name := range b.o.Outages {
		k := slices.IndexFunc(all, func(e branch) bool { return e.t.Name == "Line" && e.t.Names[e.i] == name })
		if k < 0 {
			k = slices.IndexFunc(all, func(e branch) bool { return e.t.Names[e.i] == name })
		}
		if k < 0 {
			b.problem(b.table("Line").where(""), 1, 1, "pypsa-option", "entry_args.branch_outages names %q, which is no active line or transformer", name)
			continue
		}
		lost = append(lost, k)
	}
	for _, k := range lost {
		e := &all[k]
		some, every := b.radial(all, alive, k)
		if every {
			b.out.Notes = append(b.out.Notes, fmt.Sprintf("the outage of %s %s is left out: nothing else joins %s and %s, and PyPSA's factors for it are rounding noise",
				e.t.Name, b.named(e.t.Names[e.i]), e.t.text(e.i, "bus0"), e.t.text(e.i, "bus1")))
			continue
		}
		b.m.Outages = append(b.m.Outages, primitive.Outage{Line: index[e.t.Name+" "+e.t.Names[e.i]], Radial: some})
	}
}

// radial reports whether a branch alone joins its ends, in some of the periods in
// which it exists, and in every one.
func (b *builder) radial(all []branch, alive [][]bool, lost int) (some, every bool) {
	e := &all[lost]
	every = true
	for p := range max(1, len(b.Periods)) {
		if !lives(alive[lost], p) {
			continue
		}
		rest := newSets(len(b.table("Bus").Names))
		for k := range all {
			if k != lost && lives(alive[k], p) {
				rest.join(&all[k])
			}
		}
		alone := rest.of(e.from) != rest.of(e.to)
		some, every = some || alone, every && alone
	}
	return some, every
}
