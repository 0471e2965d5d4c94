package export

import (
	"math"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

const degree = math.Pi / 180

// lines writes Lines, and Transformers where a phase is shifted. All voltages
// are 1, so that x is in rad per MW.
func (k *maker) lines() {
	names := make([]string, len(k.m.Lines))
	rows := make([]*row, len(k.m.Lines))
	for i := range k.m.Lines {
		l := &k.m.Lines[i]
		shifts := !zero(l.Shift) || l.ShiftMin < l.ShiftMax
		component := "Line"
		if shifts || k.lineKind(l) {
			component = "Transformer"
		}
		r := k.add(component, k.label(l.Asset, l.Part))
		rows[i], names[i] = r, r.name
		r.put("bus0", k.bus[l.From])
		r.put("bus1", k.bus[l.To])
		if k.coarse(l.Grid) {
			k.problem(l.Asset, l.Part, "a line on steps of several ticks")
		}
		carrier := k.lineCarriers[i]
		if carrier == "" && component == "Line" {
			carrier = "AC"
		}
		if carrier != "" {
			r.put("carrier", carrier)
		}
		if component == "Line" {
			r.unless(0, "length", k.lineLengths[i])
		} else if k.lineLengths[i] != 0 {
			k.problem(l.Asset, l.Part, "a limit on sizes takes it as a Line, and its phase is shifted")
		}
		k.lives(r, l.Alive, l.Asset, l.Part)
		share := k.size(r, "s_nom", l.Bound, l.Alive, 1)
		if !equal(l.Bound.Min, scaled(l.Bound.Max, -1), k.ticks) {
			k.problem(l.Asset, l.Part, "what it carries backwards differs from what it carries forwards")
		}
		r.vary(1, "s_max_pu", scaled(l.Bound.Max, share))
		base := 1.0 // of x and r
		if component == "Transformer" {
			if c := l.Bound.Capacity; c != primitive.None && k.buildable(c) {
				r.number("s_nom", 1)
			} else if base = k.fixedSize(l.Bound); !(base > 0) || !finite(base) {
				k.problem(l.Asset, l.Part, "a transformer of size %g; its x and r are per unit of it", base)
				base = 1
			}
		}
		r.number("x", l.X*base)
		if math.IsInf(l.X, 0) {
			r.number("x", math.Inf(1))
		}
		if l.Loss != nil {
			r.number("r", l.Loss.R*base)
		}
		if shifts {
			r.vary(0, "phase_shift", scaled(l.Shift, 1/degree))
			r.unless(0, "phase_shift_min", l.ShiftMin/degree)
			r.unless(0, "phase_shift_max", l.ShiftMax/degree)
		}
		k.angle(l, r, component, carrier)
	}
	k.losses(rows)
	k.outages(names)
}

// lineKind reports whether a line without a shift was a transformer: its
// losses and angles are then told of that class.
func (k *maker) lineKind(l *primitive.Line) bool {
	return l.Asset >= 0 && k.m.Assets[l.Asset].Kind == "Transformer" && k.fixedSize(l.Bound) > 0 && (l.Bound.Capacity == primitive.None || !k.buildable(l.Bound.Capacity))
}

func (k *maker) angle(l *primitive.Line, r *row, component, carrier string) {
	low, high := l.AngleMin, l.AngleMax
	if low == 0 && high == 0 || math.IsInf(low, -1) && math.IsInf(high, 1) || math.IsInf(l.X, 0) {
		return
	}
	if low != -high {
		k.problem(l.Asset, l.Part, "the angle between its ends has different limits either way")
		return
	}
	if component == "Line" && carrier != "AC" {
		k.problem(l.Asset, l.Part, "a limit on its angle beside one on its size")
	}
	r.number("v_ang_max", high/degree)
}

// losses finds the option that gives every line its tangents or secants.
func (k *maker) losses(rows []*row) {
	tangents := -1
	byClass := map[string][]int{}
	cuts := false
	for i := range k.m.Lines {
		l := &k.m.Lines[i]
		if l.Loss == nil {
			continue
		}
		byClass[rows[i].component] = append(byClass[rows[i].component], i)
		cuts = cuts || len(l.Loss.Secants) > 0
		if l.Loss.Tangents > 0 && l.Loss.R != 0 {
			if tangents >= 0 && tangents != l.Loss.Tangents {
				k.problem(l.Asset, l.Part, "its losses have %d tangents, those of another line %d", l.Loss.Tangents, tangents)
			}
			tangents = l.Loss.Tangents
		}
	}
	for i := range k.m.Lines {
		if l := &k.m.Lines[i]; l.Loss != nil && l.Loss.R != 0 {
			if c := l.Bound.Capacity; c != primitive.None && k.buildable(c) && math.IsInf(k.m.Capacities[c].Max, 1) {
				k.problem(l.Asset, l.Part, "losses need a largest size")
			}
		}
	}
	switch {
	case cuts && tangents > 0:
		k.problem(-1, "losses", "some lines have tangents and some secants")
	case tangents > 0:
		k.options.Optimize["transmission_losses"] = tangents
	case cuts:
		k.secants(byClass)
	}
}

// secants finds the tolerances from the breakpoints: the first is 2
// sqrt(atol/R), and their growth gives rtol.
func (k *maker) secants(byClass map[string][]int) {
	atol, growth := math.NaN(), math.Inf(1)
	longest := 0
	for _, lines := range byClass {
		for _, i := range lines {
			l := k.m.Lines[i].Loss
			if l.R == 0 || len(l.Secants) < 2 {
				continue
			}
			if math.IsNaN(atol) {
				atol = l.R * l.Secants[1] * l.Secants[1] / 4
			}
			longest = max(longest, len(l.Secants))
			for n := 2; n < len(l.Secants); n++ {
				growth = math.Min(growth, l.Secants[n]/l.Secants[n-1])
			}
		}
	}
	if math.IsNaN(atol) {
		return
	}
	// growth = 1 + 2 (rtol + sqrt(rtol + rtol^2)); where k/(k-1) was larger any
	// smaller rtol gives the same.
	rtol := 0.1
	if g := (growth - 1) / 2; finite(g) {
		rtol = g * g / (1 + 2*g)
	}
	for _, a := range []float64{round(atol), atol} {
		for _, b := range []float64{round(rtol), rtol, rtol / 2, 0} {
			if k.cutAlike(byClass, a, b, longest+1) {
				k.options.Optimize["transmission_losses"] = map[string]any{"mode": "secants", "atol": a, "rtol": b, "max_segments": max(20, longest+1)}
				return
			}
		}
	}
	k.problem(-1, "losses", "no tolerances of PyPSA's secants give the breakpoints of its lines")
}

// round drops the last digits, which a root left.
func round(v float64) float64 {
	scale := math.Pow(10, 11-math.Ceil(math.Log10(math.Abs(v)+1e-300)))
	return math.Round(v*scale) / scale
}

// cutAlike reports whether tolerances give every line its breakpoints.
func (k *maker) cutAlike(byClass map[string][]int, atol, rtol float64, longest int) bool {
	for _, lines := range byClass {
		var r, far []float64
		for _, i := range lines {
			l := &k.m.Lines[i]
			size := k.fixedSize(l.Bound)
			if c := l.Bound.Capacity; c != primitive.None && k.buildable(c) {
				size = k.m.Capacities[c].Existing + k.m.Capacities[c].Max
			} else if c == primitive.None {
				size = 1
			}
			r, far = append(r, l.Loss.R), append(far, size*l.Bound.Coef*most(l.Bound.Max))
		}
		cuts, err := formulate.Secants(r, far, atol, rtol, max(20, longest))
		if err != nil {
			return false
		}
		for n, i := range lines {
			have := k.m.Lines[i].Loss.Secants
			if r[n] == 0 {
				continue
			}
			if len(have) != len(cuts[n]) {
				return false
			}
			for p, v := range have {
				if math.Abs(v-cuts[n][p]) > 1e-9*(1+math.Abs(v)) {
					return false
				}
			}
		}
	}
	return true
}

// outages asks for the entry point that survives them.
func (k *maker) outages(names []string) {
	if len(k.m.Outages) == 0 {
		return
	}
	var out []string
	for _, o := range k.m.Outages {
		l := &k.m.Lines[o.Line]
		if o.Monitored != nil {
			k.problem(l.Asset, l.Part, "an outage of which only some lines are watched")
		}
		out = append(out, names[o.Line])
	}
	k.options.Entry = "security_constrained"
	k.options.Args["branch_outages"] = out
}
