package powerflow

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// Hour is an hour of a linear power flow, checked by an AC power flow. Numbers
// that were not had, where it did not converge, are null.
type Hour struct {
	Snapshot   string     `json:"snapshot"`
	Converged  bool       `json:"converged"`
	Why        string     `json:"why,omitempty"`   // where it did not
	Reach      *Reach     `json:"reach,omitempty"` // how far it can be loaded, where it was looked for
	Iterations int        `json:"iterations"`
	Mismatch   *float64   `json:"mismatch"`  // MVA, the largest left
	Losses     *float64   `json:"losses"`    // MW in branches
	DCLosses   float64    `json:"dc_losses"` // MW that the linear power flow takes to be lost in them
	Slack      *float64   `json:"slack"`     // MW that are given beyond what the linear power flow asks for
	Lowest     *Voltage   `json:"lowest"`
	Highest    *Voltage   `json:"highest"`
	Outside    []Voltage  `json:"outside"`   // buses outside their limits, the worst first
	Overloads  []Overload `json:"overloads"` // branches above their rate, the worst first
	Limited    []string   `json:"limited"`   // buses that hold a limit of reactive power, not their voltage
}

// collapsed is a voltage, p.u., below which no grid is run: Newton's method has
// found the other root of its equations.
const collapsed = 0.5

// Start gives every bus the angle that follows from its island's slack and what
// each branch's angle from From to To drops by (rad), a good start where there
// are phase shifts.
func (n *Network) Start(drop []float64) {
	at := make([][]int, len(n.Buses))
	for i := range n.Branches {
		b := &n.Branches[i]
		at[b.From], at[b.To] = append(at[b.From], i), append(at[b.To], i)
	}
	known := make([]bool, len(n.Buses))
	for i := range n.Buses {
		if n.Buses[i].Kind != Slack || known[i] {
			continue
		}
		known[i] = true
		queue := []int{i}
		for k := 0; k < len(queue); k++ {
			here := queue[k]
			for _, e := range at[here] {
				other, by := n.Branches[e].To, drop[e]
				if other == here {
					other, by = n.Branches[e].From, -by
				}
				if !known[other] {
					known[other] = true
					n.Buses[other].Angle = n.Buses[here].Angle - by
					queue = append(queue, other)
				}
			}
		}
	}
}

// Voltage is the voltage of a bus.
type Voltage struct {
	Bus     string  `json:"bus"`
	Voltage float64 `json:"voltage"` // p.u.

	beyond float64
}

// Overload is a branch above its rate.
type Overload struct {
	Branch  string  `json:"branch"`
	From    string  `json:"from"`
	To      string  `json:"to"`
	Loading float64 `json:"loading"` // share of the rate
}

// Check solves a network and says what its linear power flow left out. The
// Result is nil where it did not converge, or at voltages that no grid is run
// at. An error is one of Solve's, but for
// *NotConverged, which the Hour tells.
func Check(n *Network, snapshot string, o Options) (*Hour, *Result, error) {
	h := &Hour{Snapshot: snapshot, Outside: []Voltage{}, Overloads: []Overload{}, Limited: []string{}}
	for i := range n.Branches {
		h.DCLosses += n.Branches[i].DCLoss
	}
	alone := "" // where only slacks hold a voltage
	if !slices.ContainsFunc(n.Buses, func(b Bus) bool { return b.Kind == PV }) && len(n.Buses) > 2 {
		alone = "; only the slacks hold a voltage, where generators should (control PV)"
	}
	r, err := Solve(n, o)
	var no *NotConverged
	if errors.As(err, &no) {
		h.Why, h.Iterations = no.Error()+alone, no.Iterations
		if !math.IsNaN(no.Mismatch) && !math.IsInf(no.Mismatch, 0) {
			h.Mismatch = &no.Mismatch
		}
		return h, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for i, v := range r.V {
		if v < collapsed {
			h.Why, h.Iterations = fmt.Sprintf("the AC power flow ends at %.2f p.u. at bus %s, where no grid is run%s", v, n.Buses[i].Name, alone), r.Iterations
			return h, nil, nil
		}
	}
	left := r.Mismatch[len(r.Mismatch)-1] * n.Base
	loss, slack := real(r.Loss), 0.0
	h.Converged, h.Iterations, h.Mismatch, h.Losses, h.Slack = true, r.Iterations, &left, &loss, &slack
	for i := range n.Buses {
		b := &n.Buses[i]
		v := Voltage{Bus: b.Name, Voltage: r.V[i]}
		if h.Lowest == nil || v.Voltage < h.Lowest.Voltage {
			h.Lowest = &v
		}
		if h.Highest == nil || v.Voltage > h.Highest.Voltage {
			h.Highest = &v
		}
		if b.VMin != 0 || b.VMax != 0 {
			v.beyond = math.Max(b.VMin-v.Voltage, v.Voltage-b.VMax)
			if v.beyond > 1e-6 {
				h.Outside = append(h.Outside, v)
			}
		}
		slack += real(r.S[i]) - b.P // 0 at others, or their share
	}
	for i := range n.Branches {
		if share, ok := r.Loading(n, i); ok && share > 1+1e-6 {
			h.Overloads = append(h.Overloads, Overload{n.Branches[i].Name, n.Buses[n.Branches[i].From].Name, n.Buses[n.Branches[i].To].Name, share})
		}
	}
	for _, i := range r.Limited {
		h.Limited = append(h.Limited, n.Buses[i].Name)
	}
	slices.SortStableFunc(h.Outside, func(a, b Voltage) int { return order(b.beyond, a.beyond) })
	slices.SortStableFunc(h.Overloads, func(a, b Overload) int { return order(b.Loading, a.Loading) })
	return h, r, nil
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Loading is the larger flow at a branch's ends as a share of its rate; ok is
// false where it has none.
func (r *Result) Loading(n *Network, branch int) (share float64, ok bool) {
	rate := n.Branches[branch].Rate
	if !(rate > 0) || math.IsInf(rate, 1) {
		return 0, false
	}
	return math.Max(cmplx.Abs(r.From[branch]), cmplx.Abs(r.To[branch])) / rate, true
}
