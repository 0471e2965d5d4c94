// Package powerflow solves the AC power flow of one hour: what voltages hold a
// grid's given injections, what flows, what is lost.
//
// What enters: buses with what they inject, branches as two-ports, which buses
// hold their voltage, and the slack that gives what the others leave open. What
// leaves: voltages, injections, flows at both ends of every branch, losses,
// which generators reached a limit of reactive power, how the iteration went;
// or why it did not converge, with the largest mismatch and its bus.
//
// Powers are in MW and MVAr, positive into the bus; admittances in per unit of
// Network.Base; angles in rad. The method is Newton's in polar coordinates
// (Tinney and Hart 1967), each step solved by a sparse factorisation in blocks
// of two.
package powerflow

import (
	"fmt"
	"math"
	"math/cmplx"
)

// Kind says what a bus holds.
type Kind uint8

// The kinds of buses.
const (
	PQ    Kind = iota // both powers
	PV                // active power and voltage
	Slack             // voltage and angle
)

// Bus is a node. What its shunt takes is not part of P and Q.
type Bus struct {
	Name       string
	Kind       Kind
	P, Q       float64 // injected: generation less demand; Q not read at PV, P and Q not at a slack
	Gs, Bs     float64 // shunt: MW taken and MVAr given at 1 p.u.
	V, Angle   float64 // p.u. and rad: held where the kind says so, else where the iteration starts
	QMin, QMax float64 // MVAr injected by a PV bus, read with Options.Limits; infinite: none
	Share      float64 // of what the slack would give beyond its P, relative to others in its island; read with Options.Spread
	VMin, VMax float64 // p.u. that its voltage is compared with; both 0: nothing
}

// Branch is a two-port between buses: I_from = FF V_from + FT V_to, I_to = TF
// V_from + TT V_to.
type Branch struct {
	Name           string
	From, To       int // positions in Buses
	FF, FT, TF, TT complex128
	Rate           float64 // MVA that its flows are compared with; 0: nothing
	DC             float64 // MW that the linear power flow sends through it
	DCLoss         float64 // MW that it takes to be lost
}

// Pi makes the two-port of a series admittance between two shunts, behind ideal
// transformers at either end (a: tap at from, b: tap at to; phi: by how much the
// from side's angle is ahead):
//
//	FF = (ys + yf)/a^2                FT = -ys/(a b e^(-j phi))
//	TF = -ys/(a b e^(j phi))          TT = (ys + yt)/b^2
func Pi(ys, yf, yt complex128, a, b, phi float64) Branch {
	turn := cmplx.Rect(a*b, phi)
	return Branch{
		FF: (ys + yf) / complex(a*a, 0), FT: -ys / cmplx.Conj(turn),
		TF: -ys / turn, TT: (ys + yt) / complex(b*b, 0),
	}
}

// Network is what a power flow is solved of. Each island needs one slack.
type Network struct {
	Base     float64 // MVA
	Buses    []Bus
	Branches []Branch
}

// Options bound the iteration. The zero value stands for what is usual.
type Options struct {
	Tolerance float64 // largest mismatch, p.u.; 0: 1e-8
	Most      int     // iterations; 0: 30
	Spread    bool    // buses give what is lost by their Share, not the slack alone
	Limits    bool    // a PV bus whose reactive power leaves its limits becomes PQ at the limit
}

// Result is a solved power flow.
type Result struct {
	V, Angle   []float64    // by bus: p.u., rad
	S          []complex128 // by bus: injected by generation less demand, MVA
	From, To   []complex128 // by branch: MVA that flow into it at either end
	Loss       complex128   // MVA: all branches; of shunts at buses see Shunt
	Shunt      complex128   // MVA taken by shunts at buses
	Limited    []int        // buses that hold a limit of reactive power instead of their voltage
	Iterations int          // of Newton's method, over all rounds
	Mismatch   []float64    // p.u., largest before each iteration and after the last
}

// NotConverged says how far an iteration came.
type NotConverged struct {
	Iterations int
	Bus        string  // where the mismatch is largest
	What       string  // active or reactive
	Mismatch   float64 // MW or MVAr
	Why        string  // "" where the iterations ran out
}

func (e *NotConverged) Error() string {
	s := fmt.Sprintf("the AC power flow does not converge: after %d iterations %.4g %s of %s power are unbalanced at bus %s", e.Iterations, e.Mismatch, map[string]string{"active": "MW", "reactive": "MVAr"}[e.What], e.What, e.Bus)
	if e.Why != "" {
		s += " (" + e.Why + ")"
	}
	return s
}

// Solve solves a network's power flow. An error is a *NotConverged, or says what
// of the network makes no sense.
func Solve(n *Network, o Options) (*Result, error) {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if o.Most == 0 {
		o.Most = 30
	}
	island, err := check(n)
	if err != nil {
		return nil, err
	}
	s := newNewton(n)
	if err := s.run(o); err != nil {
		return nil, err
	}
	// Limits of reactive power: buses beyond theirs hold the limit, those that
	// would hold their voltage within it again do so, each once. What is lost is
	// spread until the slack gives no more than its share.
	back := make([]bool, len(n.Buses))
	for round := 0; round < 2*len(n.Buses)+50; round++ {
		changed := o.Limits && s.limit(o.Tolerance, back)
		if o.Spread {
			changed = s.spread(island, 10*o.Tolerance) || changed
		}
		if !changed {
			break
		}
		if err := s.run(o); err != nil {
			return nil, err
		}
	}
	return s.result(), nil
}

// check reports a network that can't be solved as it is, or returns the bus of
// each bus's slack.
func check(n *Network) ([]int, error) {
	if !(n.Base > 0) || math.IsInf(n.Base, 1) {
		return nil, fmt.Errorf("the base is %g MVA, and must be above 0", n.Base)
	}
	island := make([]int, len(n.Buses))
	for i := range island {
		island[i] = i
	}
	of := func(i int) int {
		for island[i] != i {
			island[i] = island[island[i]]
			i = island[i]
		}
		return i
	}
	for i := range n.Branches {
		b := &n.Branches[i]
		for _, y := range []complex128{b.FF, b.FT, b.TF, b.TT} {
			if cmplx.IsNaN(y) || cmplx.IsInf(y) {
				return nil, fmt.Errorf("branch %s has an admittance of %g; its impedance must not be 0", b.Name, y)
			}
		}
		if b.From == b.To {
			return nil, fmt.Errorf("branch %s begins and ends at bus %s", b.Name, n.Buses[b.From].Name)
		}
		island[of(b.From)] = of(b.To)
	}
	slack := make([]int, len(n.Buses))
	for i := range slack {
		slack[i] = -1
	}
	for i := range n.Buses {
		b := &n.Buses[i]
		for _, v := range []float64{b.P, b.Q, b.Gs, b.Bs, b.Angle, b.Share} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("bus %s has a power, shunt, angle or share of %g", b.Name, v)
			}
		}
		if b.Share < 0 {
			return nil, fmt.Errorf("bus %s has a share of %g, and it may not be negative", b.Name, b.Share)
		}
		if !(b.V > 0) || math.IsInf(b.V, 1) {
			return nil, fmt.Errorf("bus %s has a voltage of %g p.u., and must have one above 0", b.Name, b.V)
		}
		if b.Kind == Slack {
			k := of(i)
			if slack[k] >= 0 {
				return nil, fmt.Errorf("buses %s and %s of one island are both slack; one fits", n.Buses[slack[k]].Name, b.Name)
			}
			slack[k] = i
		}
	}
	each := make([]int, len(n.Buses))
	for i := range n.Buses {
		if each[i] = slack[of(i)]; each[i] < 0 {
			return nil, fmt.Errorf("the island of bus %s has no slack that would give what is lost", n.Buses[i].Name)
		}
	}
	return each, nil
}
