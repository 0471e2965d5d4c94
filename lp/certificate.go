package lp

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// CertTolerance is what primal, dual and gap of a certificate may reach.
const CertTolerance = 1e-6

// The kinds of a certificate.
const (
	KindKKT      = "kkt"      // LP, convex QP: optimality conditions hold
	KindMIP      = "mip"      // integers fixed, the LP that remains proved; the bound is the solver's claim
	KindFarkas   = "farkas"   // infeasible, the ray checked
	KindRay      = "ray"      // unbounded, the point and the ray checked
	KindClaim    = "claim"    // only the solver says so
	KindSequence = "sequence" // several problems: the worst of the parts
)

// Certificate judges a solution by the original problem. Absent numbers are
// NaN in Go and null in JSON.
//
// For x and y, with z = c + Qx - A'y and every sum compensated:
//
//	primal = largest violation of a row side b or column bound b, each divided
//	         by 1 + |b| + sum_j |a_ij x_j| (a column bound has no such sum)
//	dual   = largest part of z_j or y_i that pushes against an infinite bound,
//	         z_j divided by 1 + |c_j| + sum_i |a_ij y_i|, y_i by 1 + |y_i|
//	         (the slack's own column)
//	D      = c0 - x'Qx/2 + the finite sides weighted by y and z
//	gap    = |P - D| / (1 + |P|),  P = c0 + c'x + x'Qx/2
//
// For farkas, with z = -A'y and D as above without c, and y_i = 0 where it pushes
// against an infinite side: dual is the part of z
// that pushes against an infinite bound, divided by sum_i |a_ij y_i|, or what was
// left out of y divided by its largest entry; gap is
// (dual + 1e-15) x (sum of the sizes of the terms of D) / D, the share of the
// contradiction D > 0 that inexact numbers could explain.
//
// For ray, with direction d, and d_j = 0 where it leaves a bound: primal is the
// point's; dual is the part of A d or Qd that leaves the feasible cone, divided by
// sum_j |a_ij d_j|, or what was left out of d divided by its largest entry; gap is (dual + 1e-15) x sum_j |c_j d_j| / -c'd.
type Certificate struct {
	Kind      string
	Primal    float64
	Dual      float64
	Gap       float64
	Objective float64 // P as recomputed here
	OK        bool
	Worst     *Worst // the worst row or column bound; nil where nothing is violated

	// Of a mip: the lower bound and whose claim it is.
	Bound   float64
	BoundBy string

	Note string // why not ok, where a number doesn't say it
}

// Worst is the row or column that sets Certificate.Primal.
type Worst struct {
	What      string  `json:"what"` // "row" or "column"
	Index     int     `json:"index"`
	Name      string  `json:"name"`
	Violation float64 `json:"violation"` // in the row's or column's own unit
}

func newCertificate(kind string) Certificate {
	nan := math.NaN()
	return Certificate{Kind: kind, Primal: nan, Dual: nan, Gap: nan, Objective: nan, Bound: nan}
}

func (c *Certificate) judge() {
	c.OK = c.Primal <= CertTolerance && c.Dual <= CertTolerance && c.Gap <= CertTolerance
}

// Certify judges sol by p's own data and nothing else. It never panics on a
// malformed solution: that is not ok, and Note says why. A MIP's point needs
// the fixed LP solved: see CertifyMIP; here it is a claim.
func Certify(p *Problem, sol *Solution) Certificate {
	if err := p.Validate(); err != nil {
		return claim(err.Error())
	}
	if sol == nil {
		return claim("no solution")
	}
	switch {
	case sol.Status == Infeasible:
		return certifyInfeasible(p, sol)
	case sol.Status == Unbounded:
		return certifyUnbounded(p, sol)
	case sol.X == nil && p.Cols() > 0:
		return claim(fmt.Sprintf("the solver ended %s without a point", sol.Status))
	}
	if note := checkVector("X", sol.X, p.Cols()); note != "" {
		return claim(note)
	}
	if p.IsMIP() {
		c := claim("integers: certified only by solving again with the integers fixed")
		m := primalOf(p, sol.X)
		c.Primal, c.Worst, c.Objective = m.primal, m.worst, m.objective
		c.Bound, c.BoundBy = sol.Bound, sol.Solver
		return c
	}
	if note := checkVector("Y", sol.Y, p.Rows()); note != "" {
		c := claim(note)
		m := primalOf(p, sol.X)
		c.Primal, c.Worst, c.Objective = m.primal, m.worst, m.objective
		return c
	}
	return certifyKKT(p, sol.X, sol.Y)
}

// CertifyMIP rounds and fixes the integers of sol, has the LP (or QP) that
// remains solved by resolve, and certifies that. It returns the solution so
// polished: X with whole integers, Y the duals of the fixed problem, Status
// and Bound as sol's. Where the certificate is not ok the polished solution is
// nil unless resolve gave a point. Solutions without a point (infeasible,
// unbounded) go the way of Certify.
func CertifyMIP(ctx context.Context, p *Problem, sol *Solution, resolve func(context.Context, *Problem) (*Solution, error)) (Certificate, *Solution, error) {
	if !p.IsMIP() || sol == nil || sol.X == nil || sol.Status == Infeasible || sol.Status == Unbounded {
		return Certify(p, sol), sol, nil
	}
	if c := Certify(p, sol); math.IsNaN(c.Primal) {
		return c, nil, nil
	}
	fixed := p.FixIntegers(sol.X)
	lpSol, err := resolve(ctx, fixed)
	if err != nil {
		return claim("the LP with the integers fixed was not solved"), nil, err
	}
	if lpSol != nil && len(lpSol.X) == p.Cols() {
		for j, b := range p.Integer {
			if b { // a solver may miss a fixed bound by its tolerance
				lpSol.X[j] = fixed.ColLower[j]
			}
		}
	}
	c := Certify(fixed, lpSol)
	if c.Kind != KindKKT {
		out := claim(fmt.Sprintf("with the integers rounded and fixed: %s", c))
		out.Bound, out.BoundBy = sol.Bound, sol.Solver
		return out, nil, nil
	}
	// Rounding may have left a column's own bounds, which fixing replaced.
	if m := primalOf(p, lpSol.X); worse(m.primal, c.Primal) {
		c.Primal, c.Worst = m.primal, m.worst
	}
	c.Kind = KindMIP
	c.Bound, c.BoundBy = sol.Bound, sol.Solver
	c.judge()
	polished := *sol
	polished.X, polished.Y, polished.Objective = lpSol.X, lpSol.Y, c.Objective
	return c, &polished, nil
}

// FixIntegers returns p with every integer column fixed at its rounded value
// in x and no integrality left. The matrix is shared, the bounds are new.
func (p *Problem) FixIntegers(x []float64) *Problem {
	q := *p
	q.ColLower = append([]float64(nil), p.ColLower...)
	q.ColUpper = append([]float64(nil), p.ColUpper...)
	q.Integer = nil
	for j, b := range p.Integer {
		if b {
			v := math.Round(x[j])
			q.ColLower[j], q.ColUpper[j] = v, v
		}
	}
	return &q
}

// Sequence joins the certificates of the parts of one answer: the worst of
// each number, ok only if every part is.
func Sequence(parts ...Certificate) Certificate {
	c := newCertificate(KindSequence)
	c.OK = len(parts) > 0
	for i, part := range parts {
		c.OK = c.OK && part.OK
		if i == 0 || worse(part.Primal, c.Primal) {
			c.Primal, c.Worst = part.Primal, part.Worst
		}
		if i == 0 || worse(part.Dual, c.Dual) {
			c.Dual = part.Dual
		}
		if i == 0 || worse(part.Gap, c.Gap) {
			c.Gap = part.Gap
		}
		if !part.OK && c.Note == "" {
			c.Note = fmt.Sprintf("part %d: %s", i+1, part.reason())
		}
	}
	return c
}

// reason says in a few words why c is not ok.
func (c Certificate) reason() string {
	if c.Note != "" {
		return c.Note
	}
	return fmt.Sprintf("%s; at most %.0e each would do", c.numbers(), CertTolerance)
}

// numbers lists those that are there.
func (c Certificate) numbers() string {
	var s []string
	for _, n := range []struct {
		name string
		v    float64
	}{{"primal", c.Primal}, {"dual", c.Dual}, {"gap", c.Gap}} {
		if n.v == n.v {
			s = append(s, fmt.Sprintf("%s %.1e", n.name, n.v))
		}
	}
	return strings.Join(s, ", ")
}

// String is one line for a log.
func (c Certificate) String() string {
	if c.OK {
		return fmt.Sprintf("%s ok: %s", c.Kind, c.numbers())
	}
	s := fmt.Sprintf("%s not ok: %s", c.Kind, c.reason())
	if c.Worst != nil {
		s += fmt.Sprintf("; worst %s %s by %.3g", c.Worst.What, c.Worst.Name, c.Worst.Violation)
	}
	return s
}

type certificateJSON struct {
	Kind      string   `json:"kind"`
	Primal    *float64 `json:"primal"`
	Dual      *float64 `json:"dual"`
	Gap       *float64 `json:"gap"`
	Objective *float64 `json:"objective"`
	OK        bool     `json:"ok"`
	Worst     *Worst   `json:"worst"`
	Bound     *float64 `json:"bound"`
	BoundBy   *string  `json:"bound_by"`
	Note      string   `json:"note,omitempty"`
}

// MarshalJSON writes absent numbers as null.
func (c Certificate) MarshalJSON() ([]byte, error) {
	out := certificateJSON{
		Kind: c.Kind, OK: c.OK, Note: c.Note, Worst: c.Worst,
		Primal: orNull(c.Primal), Dual: orNull(c.Dual), Gap: orNull(c.Gap),
		Objective: orNull(c.Objective), Bound: orNull(c.Bound),
	}
	if c.BoundBy != "" {
		out.BoundBy = &c.BoundBy
	}
	if c.Worst != nil && !finite(c.Worst.Violation) {
		w := *c.Worst
		w.Violation = math.MaxFloat64
		out.Worst = &w
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Certificate) UnmarshalJSON(b []byte) error {
	var in certificateJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*c = Certificate{
		Kind: in.Kind, OK: in.OK, Note: in.Note, Worst: in.Worst,
		Primal: orNaN(in.Primal), Dual: orNaN(in.Dual), Gap: orNaN(in.Gap),
		Objective: orNaN(in.Objective), Bound: orNaN(in.Bound),
	}
	if in.BoundBy != nil {
		c.BoundBy = *in.BoundBy
	}
	return nil
}

func orNull(v float64) *float64 {
	if !finite(v) {
		return nil
	}
	return &v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func claim(note string) Certificate {
	c := newCertificate(KindClaim)
	c.Note = note
	return c
}

// checkVector says what is wrong with a vector of a solution, "" if nothing.
func checkVector(name string, v []float64, want int) string {
	if len(v) != want {
		return fmt.Sprintf("%s has %d entries, %d would fit", name, len(v), want)
	}
	for i, a := range v {
		if !finite(a) {
			return fmt.Sprintf("%s[%d] is %v, a finite number would fit", name, i, a)
		}
	}
	return ""
}

// worse reports whether v replaces the largest value so far; NaN is worst of
// all and stays.
func worse(v, worst float64) bool { return v > worst || v != v }

// sum is a compensated sum of numbers and products (Ogita, Rump and Oishi,
// "Accurate sum and dot product", 2005): as exact as twice the precision.
type sum struct{ s, c float64 }

func (a *sum) add(x float64) {
	t := a.s + x
	z := t - a.s
	a.c += (a.s - (t - z)) + (x - z)
	a.s = t
}

func (a *sum) addProduct(x, y float64) {
	p := float64(x * y) // the conversion forbids fusing with what follows
	e := math.FMA(x, y, -p)
	a.add(p)
	a.c += e
}

func (a *sum) value() float64 { return a.s + a.c }

// activity is one row's a_i x and sum_j |a_ij x_j|.
type activity struct {
	sum
	size float64
}

// activities returns A x by rows.
func activities(p *Problem, x []float64) []activity {
	act := make([]activity, p.Rows())
	for j, xj := range x {
		if xj == 0 {
			continue
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			a := &act[p.Index[k]]
			a.addProduct(p.Value[k], xj)
			a.size += math.Abs(p.Value[k] * xj)
		}
	}
	return act
}

// hessianTimes returns Qx by columns, nil for an LP.
func hessianTimes(p *Problem, x []float64) []sum {
	if !p.IsQP() {
		return nil
	}
	qx := make([]sum, len(x))
	for j := range x {
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
			i := p.QIndex[k]
			qx[i].addProduct(p.QValue[k], x[j])
			if int(i) != j {
				qx[j].addProduct(p.QValue[k], x[i])
			}
		}
	}
	return qx
}

type primalMeasure struct {
	primal    float64
	worst     *Worst
	objective float64
}

// primalOf measures the rows, bounds, integrality and objective at x.
func primalOf(p *Problem, x []float64) primalMeasure {
	m := violations(p, x, activities(p, x))
	m.objective = p.Objective(x)
	return m
}

func violations(p *Problem, x []float64, act []activity) primalMeasure {
	var v violation
	for i := range act {
		a, size := act[i].value(), act[i].size
		v.side("row", i, p.RowLower[i]-a, 1+math.Abs(p.RowLower[i])+size)
		v.side("row", i, a-p.RowUpper[i], 1+math.Abs(p.RowUpper[i])+size)
	}
	for j, xj := range x {
		v.side("column", j, p.ColLower[j]-xj, 1+math.Abs(p.ColLower[j]))
		v.side("column", j, xj-p.ColUpper[j], 1+math.Abs(p.ColUpper[j]))
	}
	for j, b := range p.Integer {
		if b {
			v.side("column", j, math.Abs(x[j]-math.Round(x[j])), 1)
		}
	}
	m := primalMeasure{primal: v.relative}
	if v.what != "" {
		m.worst = &Worst{What: v.what, Index: v.index, Violation: v.absolute}
		if v.what == "row" {
			m.worst.Name = p.RowName(v.index)
		} else {
			m.worst.Name = p.ColName(v.index)
		}
	}
	return m
}

type violation struct {
	relative, absolute float64
	what               string
	index              int
}

func (v *violation) side(what string, index int, by, scale float64) {
	if by <= 0 { // satisfied; also an infinite bound, whose scale is infinite
		return
	}
	if r := by / scale; worse(r, v.relative) {
		*v = violation{r, by, what, index}
	}
}

func certifyKKT(p *Problem, x, y []float64) Certificate {
	c := newCertificate(KindKKT)
	act := make([]activity, p.Rows())
	qx := hessianTimes(p, x)
	var primalObj, dualObj sum
	primalObj.add(p.Offset)
	dualObj.add(p.Offset)
	dual := 0.0
	for j, xj := range x {
		cost := p.Cost[j]
		primalObj.addProduct(cost, xj)
		z := sum{s: cost}
		size := 1 + math.Abs(cost)
		if qx != nil {
			q := qx[j].value()
			z.add(q)
			primalObj.addProduct(q/2, xj)
			dualObj.addProduct(-q/2, xj)
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			i, v := p.Index[k], p.Value[k]
			a := &act[i]
			a.addProduct(v, xj)
			a.size += math.Abs(v * xj)
			z.addProduct(-v, y[i])
			size += math.Abs(v * y[i])
		}
		if r := push(&dualObj, z.value(), p.ColLower[j], p.ColUpper[j]) / size; worse(r, dual) {
			dual = r
		}
	}
	for i, yi := range y {
		if r := push(&dualObj, yi, p.RowLower[i], p.RowUpper[i]) / (1 + math.Abs(yi)); worse(r, dual) {
			dual = r
		}
	}
	m := violations(p, x, act)
	c.Primal, c.Worst = m.primal, m.worst
	c.Dual = dual
	c.Objective = primalObj.value()
	c.Gap = math.Abs(c.Objective-dualObj.value()) / (1 + math.Abs(c.Objective))
	c.judge()
	return c
}

// push adds a multiplier's share to a dual objective and returns the part of
// it that pushes against an infinite bound. A positive multiplier holds the
// lower side, a negative one the upper.
func push(d *sum, m, lower, upper float64) float64 {
	side := lower
	if m < 0 {
		side = upper
	}
	switch {
	case m == 0:
		return 0
	case math.IsInf(side, 0):
		return math.Abs(m)
	}
	d.addProduct(m, side)
	return 0
}

// proofRounding stands for the rounding of compensated sums in the checks of
// rays, so that a margin of nothing never counts as a proof.
const proofRounding = 1e-15

func certifyInfeasible(p *Problem, sol *Solution) Certificate {
	c := newCertificate(KindFarkas)
	if row, col := p.Crossed(); row >= 0 || col >= 0 {
		w := &Worst{What: "row", Index: row}
		lower, upper := p.RowLower, p.RowUpper
		if row < 0 {
			w.What, w.Index = "column", col
			lower, upper = p.ColLower, p.ColUpper
			w.Name = p.ColName(col)
		} else {
			w.Name = p.RowName(row)
		}
		w.Violation = lower[w.Index] - upper[w.Index]
		c.Worst, c.Dual, c.Gap, c.OK = w, 0, 0, true
		c.Note = "lower bound above upper bound"
		return c
	}
	if sol.FarkasRay == nil {
		return claim("the solver gave no proof of infeasibility")
	}
	y := sol.FarkasRay
	if note := checkVector("FarkasRay", y, p.Rows()); note != "" {
		return claim(note)
	}
	largest := 0.0
	for _, yi := range y {
		largest = math.Max(largest, math.Abs(yi))
	}
	if largest == 0 {
		return claim("the proof of infeasibility is all zeros")
	}
	var d sum
	terms, dual := 0.0, 0.0
	// What pushes against an infinite side of a row is left out of the proof. To
	// weigh it against the largest multiplier alone would not do: that may belong to
	// a row which has no part in the contradiction.
	y = append([]float64(nil), y...)
	for i, yi := range y {
		if yi > 0 && math.IsInf(p.RowLower[i], 0) || yi < 0 && math.IsInf(p.RowUpper[i], 0) {
			dual = math.Max(dual, math.Abs(yi)/largest)
			y[i] = 0
		}
	}
	weigh := func(m, lower, upper, size float64) {
		if stray := push(&d, m, lower, upper); stray != 0 {
			if r := stray / size; worse(r, dual) {
				dual = r
			}
			return
		}
		switch {
		case m > 0:
			terms += math.Abs(m * lower)
		case m < 0:
			terms += math.Abs(m * upper)
		}
	}
	for j := range p.Cost {
		var z sum
		size := 0.0
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			m := y[p.Index[k]]
			z.addProduct(-p.Value[k], m)
			size += math.Abs(p.Value[k] * m)
		}
		weigh(z.value(), p.ColLower[j], p.ColUpper[j], size)
	}
	for i, yi := range y {
		weigh(yi, p.RowLower[i], p.RowUpper[i], largest)
	}
	c.Dual = dual
	c.Gap = share(dual, terms, d.value())
	c.Primal = 0
	c.judge()
	c.Primal = math.NaN()
	if !c.OK {
		c.Note = fmt.Sprintf("the proof of infeasibility fails: off by %.1e, contradiction %.1e of %.1e", dual, d.value(), terms)
	}
	return c
}

func certifyUnbounded(p *Problem, sol *Solution) Certificate {
	c := newCertificate(KindRay)
	if sol.X == nil || sol.PrimalRay == nil {
		return claim("the solver gave no point and direction to prove that nothing bounds the objective")
	}
	for _, v := range []struct {
		name string
		v    []float64
	}{{"X", sol.X}, {"PrimalRay", sol.PrimalRay}} {
		if note := checkVector(v.name, v.v, p.Cols()); note != "" {
			return claim(note)
		}
	}
	m := primalOf(p, sol.X)
	c.Primal, c.Worst = m.primal, m.worst
	d := sol.PrimalRay
	largest := 0.0
	for _, dj := range d {
		largest = math.Max(largest, math.Abs(dj))
	}
	if largest == 0 {
		return claim("the direction of descent is all zeros")
	}
	dual := 0.0
	leaves := func(v, lower, upper float64) bool {
		return (v < 0 && !math.IsInf(lower, 0)) || (v > 0 && !math.IsInf(upper, 0))
	}
	leave := func(v, lower, upper, size float64) {
		if leaves(v, lower, upper) {
			if r := math.Abs(v) / size; worse(r, dual) {
				dual = r
			}
		}
	}
	// As with the multipliers of a Farkas ray, what leaves a bound has no part in
	// the proof.
	d = append([]float64(nil), d...)
	for j, dj := range d {
		if leaves(dj, p.ColLower[j], p.ColUpper[j]) {
			dual = math.Max(dual, math.Abs(dj)/largest)
			d[j] = 0
		}
	}
	act := activities(p, d)
	for i := range act {
		leave(act[i].value(), p.RowLower[i], p.RowUpper[i], act[i].size)
	}
	var descent sum
	terms := 0.0
	for j, dj := range d {
		descent.addProduct(-p.Cost[j], dj)
		terms += math.Abs(p.Cost[j] * dj)
	}
	if p.IsQP() {
		largestQ := 0.0
		for _, v := range p.QValue {
			largestQ = math.Max(largestQ, math.Abs(v))
		}
		for _, q := range hessianTimes(p, d) {
			leave(q.value(), 0, 0, largestQ*largest)
		}
	}
	c.Dual = dual
	c.Gap = share(dual, terms, descent.value())
	c.judge()
	if !c.OK {
		c.Note = fmt.Sprintf("the proof of unboundedness fails: point off by %.1e, direction by %.1e, descent %.1e of %.1e",
			c.Primal, dual, descent.value(), terms)
	}
	return c
}

// share is the part of a margin that inexact numbers could explain; +Inf
// where there is no margin.
func share(off, terms, margin float64) float64 {
	if !(margin > 0) {
		return Inf
	}
	return (off + proofRounding) * terms / margin
}
