package powerflow

import (
	"math"
	"math/cmplx"
	"slices"
)

// entry is an off-diagonal entry of the admittance matrix.
type entry struct {
	to int
	y  complex128
}

// newton is an iteration at hand.
type newton struct {
	n         *Network
	kind      []Kind
	given     []float64 // active power that a bus injects, p.u.
	held      []float64 // reactive power that a bus of kind PQ injects, p.u.
	limited   []int8    // -1 at its least, +1 at its most reactive power, 0 free
	v, angle  []float64
	diagonal  []complex128
	rows      [][]entry // admittances between buses
	p, q      []float64 // injected by the voltages at hand, p.u.
	f         *factor
	iteration int
	mismatch  []float64
}

func newNewton(n *Network) *newton {
	m := len(n.Buses)
	s := &newton{
		n: n, kind: make([]Kind, m), given: make([]float64, m), held: make([]float64, m), limited: make([]int8, m), v: make([]float64, m), angle: make([]float64, m),
		diagonal: make([]complex128, m), rows: make([][]entry, m), p: make([]float64, m), q: make([]float64, m),
	}
	for i := range n.Buses {
		b := &n.Buses[i]
		s.kind[i], s.given[i], s.held[i], s.v[i], s.angle[i] = b.Kind, b.P/n.Base, b.Q/n.Base, b.V, b.Angle
		s.diagonal[i] = complex(b.Gs, b.Bs) / complex(n.Base, 0)
	}
	add := func(i, k int, y complex128) {
		for e := range s.rows[i] {
			if s.rows[i][e].to == k {
				s.rows[i][e].y += y
				return
			}
		}
		s.rows[i] = append(s.rows[i], entry{k, y})
	}
	for i := range n.Branches {
		b := &n.Branches[i]
		s.diagonal[b.From] += b.FF
		s.diagonal[b.To] += b.TT
		add(b.From, b.To, b.FT)
		add(b.To, b.From, b.TF)
	}
	// Slacks keep their place, as rows that say "no change".
	neighbours := make([][]int, m)
	for i := range s.rows {
		for _, e := range s.rows[i] {
			neighbours[i] = append(neighbours[i], e.to)
		}
	}
	s.f = newFactor(neighbours)
	return s
}

// inject computes what voltages inject:
//
//	P_i = V_i sum_k V_k (G_ik cos(d_i - d_k) + B_ik sin(d_i - d_k))
//	Q_i = V_i sum_k V_k (G_ik sin(d_i - d_k) - B_ik cos(d_i - d_k))
func (s *newton) inject() {
	for i := range s.rows {
		vi := s.v[i]
		p, q := real(s.diagonal[i])*vi*vi, -imag(s.diagonal[i])*vi*vi
		for _, e := range s.rows[i] {
			sin, cos := math.Sincos(s.angle[i] - s.angle[e.to])
			vv := vi * s.v[e.to]
			p += vv * (real(e.y)*cos + imag(e.y)*sin)
			q += vv * (real(e.y)*sin - imag(e.y)*cos)
		}
		s.p[i], s.q[i] = p, q
	}
}

// worst is the largest mismatch, its bus, and whether it is reactive.
func (s *newton) worst() (size float64, bus int, reactive bool) {
	bus = -1
	for i := range s.kind {
		if s.kind[i] == Slack {
			continue
		}
		if d := math.Abs(s.given[i] - s.p[i]); !(d <= size) {
			size, bus, reactive = d, i, false
		}
		if s.kind[i] == PQ {
			if d := math.Abs(s.held[i] - s.q[i]); !(d <= size) {
				size, bus, reactive = d, i, true
			}
		}
	}
	return size, bus, reactive
}

// failed describes where an iteration stands.
func (s *newton) failed(why string) error {
	size, bus, reactive := s.worst()
	e := &NotConverged{Iterations: s.iteration, Bus: s.n.Buses[max(bus, 0)].Name, What: "active", Mismatch: size * s.n.Base, Why: why}
	if reactive {
		e.What = "reactive"
	}
	return e
}

// run iterates from the voltages at hand, by whole steps; where these do not
// converge, once more from there by steps that are halved (up to five times)
// while they make the mismatch worse.
func (s *newton) run(o Options) error {
	v, angle := slices.Clone(s.v), slices.Clone(s.angle)
	err := s.iterate(o, false)
	if err != nil {
		whole := err
		copy(s.v, v)
		copy(s.angle, angle)
		if err = s.iterate(o, true); err != nil {
			return whole
		}
	}
	return err
}

func (s *newton) iterate(o Options, damped bool) error {
	s.inject()
	size, _, _ := s.worst()
	s.mismatch = append(s.mismatch, size)
	step := make([][2]float64, len(s.kind))
	v, angle := make([]float64, len(s.v)), make([]float64, len(s.v))
	for k := 0; size > o.Tolerance || math.IsNaN(size); k++ {
		if k == o.Most {
			return s.failed("")
		}
		s.jacobian()
		if bad := s.f.factorise(); bad >= 0 {
			return s.failed("the equations have no step at bus " + s.n.Buses[bad].Name + ": a voltage collapse, or nothing holds a voltage near it")
		}
		for i := range step {
			step[i] = [2]float64{}
			if s.kind[i] != Slack {
				step[i][0] = s.given[i] - s.p[i]
				if s.kind[i] == PQ {
					step[i][1] = s.held[i] - s.q[i]
				}
			}
		}
		s.f.solve(step)
		s.iteration++
		copy(v, s.v)
		copy(angle, s.angle)
		share, next := 1.0, 0.0
		for try := 0; ; try++ {
			ok := true
			for i := range step {
				s.angle[i] = angle[i] + share*step[i][0]
				s.v[i] = v[i] * (1 + share*step[i][1])
				ok = ok && s.v[i] > 0
			}
			s.inject()
			next, _, _ = s.worst()
			if ok && (next < size || !damped) || try == 5 {
				break
			}
			share /= 2
		}
		size = next
		s.mismatch = append(s.mismatch, size)
		if math.IsNaN(size) || math.IsInf(size, 0) {
			copy(s.v, v)
			copy(s.angle, angle)
			s.inject()
			return s.failed("its last step left the numbers")
		}
	}
	return nil
}

// jacobian fills the factor with what a change of angles and of voltages (dV/V)
// changes of P and Q. With H, N, M, L the parts of each block:
//
//	H_ik = V_i V_k (G_ik sin - B_ik cos)     H_ii = -Q_i - B_ii V_i^2
//	N_ik = V_i V_k (G_ik cos + B_ik sin)     N_ii =  P_i + G_ii V_i^2
//	M_ik = -N_ik                             M_ii =  P_i - G_ii V_i^2
//	L_ik =  H_ik                             L_ii =  Q_i - B_ii V_i^2
//
// What a bus holds does not change: its row is that of the identity.
func (s *newton) jacobian() {
	s.f.clear()
	for i := range s.rows {
		if s.kind[i] == Slack {
			s.f.set(i, i, block{1, 0, 0, 1})
			continue
		}
		vi := s.v[i]
		g, b := real(s.diagonal[i])*vi*vi, imag(s.diagonal[i])*vi*vi
		d := block{-s.q[i] - b, s.p[i] + g, s.p[i] - g, s.q[i] - b}
		if s.kind[i] == PV {
			d[1], d[2], d[3] = 0, 0, 1
		}
		s.f.set(i, i, d)
		for _, e := range s.rows[i] {
			k := e.to
			if s.kind[k] == Slack {
				continue
			}
			sin, cos := math.Sincos(s.angle[i] - s.angle[k])
			vv := vi * s.v[k]
			h := vv * (real(e.y)*sin - imag(e.y)*cos)
			n := vv * (real(e.y)*cos + imag(e.y)*sin)
			o := block{h, n, -n, h}
			if s.kind[k] == PV {
				o[1], o[3] = 0, 0
			}
			if s.kind[i] == PV {
				o[2], o[3] = 0, 0
			}
			s.f.set(i, k, o)
		}
	}
}

// limit turns PV buses beyond a limit of reactive power into PQ buses that hold
// it, and back those that would hold their voltage within it; each goes back
// once. It reports whether anything changed.
func (s *newton) limit(tolerance float64, back []bool) bool {
	changed := false
	for i := range s.kind {
		b := &s.n.Buses[i]
		if b.Kind != PV {
			continue
		}
		least, most := b.QMin/s.n.Base, b.QMax/s.n.Base
		switch {
		case s.limited[i] == 0 && s.q[i] > most+10*tolerance:
			s.kind[i], s.held[i], s.limited[i], changed = PQ, most, 1, true
		case s.limited[i] == 0 && s.q[i] < least-10*tolerance:
			s.kind[i], s.held[i], s.limited[i], changed = PQ, least, -1, true
		case !back[i] && (s.limited[i] > 0 && s.v[i] > b.V+1e-9 || s.limited[i] < 0 && s.v[i] < b.V-1e-9):
			s.kind[i], s.v[i], s.limited[i], changed = PV, b.V, 0, true
			back[i] = true
		}
	}
	return changed
}

// spread lets each island's buses give, by their shares, what its slack gives
// beyond what it was asked for; the slack alone where no bus has a share. It
// reports whether anything was left to spread.
func (s *newton) spread(slack []int, tolerance float64) bool {
	shares := make([]float64, len(s.kind))
	for i := range s.kind {
		shares[slack[i]] += s.n.Buses[i].Share
	}
	changed := false
	extra := make([]float64, len(s.kind))
	for i := range s.kind {
		if s.kind[i] == Slack && shares[i] > 0 {
			extra[i] = s.p[i] - s.given[i]
			changed = changed || math.Abs(extra[i]) > tolerance
		}
	}
	if changed {
		for i := range s.kind {
			if e := extra[slack[i]]; e != 0 {
				s.given[i] += e * s.n.Buses[i].Share / shares[slack[i]]
			}
		}
	}
	return changed
}

func (s *newton) result() *Result {
	base := complex(s.n.Base, 0)
	r := &Result{V: s.v, Angle: s.angle, Iterations: s.iteration, Mismatch: s.mismatch}
	v := make([]complex128, len(s.v))
	for i := range s.v {
		v[i] = cmplx.Rect(s.v[i], s.angle[i])
		r.S = append(r.S, complex(s.p[i], s.q[i])*base)
		b := &s.n.Buses[i]
		r.Shunt += complex(b.Gs, -b.Bs) * complex(s.v[i]*s.v[i], 0)
		if s.limited[i] != 0 {
			r.Limited = append(r.Limited, i)
		}
	}
	for i := range s.n.Branches {
		b := &s.n.Branches[i]
		from := v[b.From] * cmplx.Conj(b.FF*v[b.From]+b.FT*v[b.To]) * base
		to := v[b.To] * cmplx.Conj(b.TF*v[b.From]+b.TT*v[b.To]) * base
		r.From, r.To = append(r.From, from), append(r.To, to)
		r.Loss += from + to
	}
	return r
}
