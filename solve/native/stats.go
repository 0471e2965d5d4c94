package native

import (
	"math"
	"sync"
	"time"

	"example.org/busbar/lp"
)

// Stats is what one solve took. Sizes are those of the problem that presolve
// leaves; where more than one problem is solved on the way (a second round, a
// proof of infeasibility), they are those of the first and the rest is the sum.
// Times are of the wall clock.
type Stats struct {
	Rows, Cols, Nonzeros int // after presolve

	Entries int     // values of the factor
	Flops   float64 // multiplications and additions of one factorisation
	Fronts  int     // where there are lanes, of eight stretches each
	Lanes   bool    // stretches of time are eliminated eight at a time

	Memory float64 // bytes that the factor, the matrix and all vectors take, known before the first iteration

	Ranges lp.Ranges // of the problem as it was given; see lp.WidestRow

	Iterations, Factorisations int
	Solves                     int // with the factor, refinement included
	Refinements                int
	Coarse                     int // iterations on a coarser clock, for a start; their work is in the times below and nowhere else
	Restarts                   int // a start that was given did not lead on

	Presolve, Scale, Order, Symbolic, Factor, Solve time.Duration
	Certify                                         time.Duration // the certificate, asked at the end of the path or later
	Total                                           time.Duration

	// Bytes is the least traffic with memory of all solves with the factor and
	// all vector loops, every array a loop touches counted once a loop.
	Bytes float64
}

// Rest is the time outside the named phases: the vector loops of the path, the
// set-up of its arrays, the undoing of presolve.
func (s *Stats) Rest() time.Duration {
	return s.Total - s.Presolve - s.Scale - s.Order - s.Symbolic - s.Factor - s.Solve - s.Certify
}

// presolved notes a problem that presolve has made.
func (s *Stats) presolved(q *lp.Problem, took time.Duration) {
	s.Presolve += took
	if s.Rows+s.Cols == 0 {
		s.Rows, s.Cols, s.Nonzeros = q.Rows(), q.Cols(), q.Nonzeros()
	}
}

// add notes a run of the interior point.
func (s *Stats) add(r *ipm) {
	t := &r.stats
	if s.Entries == 0 {
		s.Entries, s.Flops, s.Fronts, s.Lanes = t.entries, t.flops, t.fronts, t.lanes
	}
	s.Iterations += r.iter
	s.Factorisations += t.factorisations
	s.Restarts += t.restarts
	s.Solves += t.solves
	s.Refinements += t.refinements
	s.Order += t.timeOrder
	s.Symbolic += t.timeAnalyse
	s.Factor += t.timeFactor
	s.Solve += t.timeSolve
	s.Bytes += r.traffic()
}

// coarse notes a run on a coarser clock.
func (s *Stats) coarse(r *ipm) {
	t := &r.stats
	s.Coarse += r.iter
	s.Order += t.timeOrder
	s.Symbolic += t.timeAnalyse
	s.Factor += t.timeFactor
	s.Solve += t.timeSolve
}

// traffic counts what a run must at least have moved: a solve reads the factor
// forward and backward (value and row) and the right-hand side twice; the loops
// of an iteration touch 20 arrays over the variables and 12 over the bounds, those
// of a corrector 9 and 9, and the matrix is read by columns and by rows for the
// residuals of the point, of the affine direction and of every refinement.
func (r *ipm) traffic() float64 {
	v, b, matrix := 8*float64(r.f.n+r.f.m), 8*float64(r.count), r.f.byCol.bytes()+r.f.byRow.bytes()
	solve := 2*(8*float64(r.k.size.entries)+4*float64(r.k.size.rows)) + 4*v
	iter := float64(r.iter)
	correctors := math.Max(0, float64(r.stats.solves-r.stats.refinements)-iter)
	products := 2*iter + float64(r.stats.refinements)
	return float64(r.stats.solves)*solve + iter*(20*v+12*b) + correctors*(9*v+9*b) + products*matrix
}

// KernelRate measures the multiplications and additions a second that the
// dense kernel reaches on blocks of 64 x 64, on one thread.
func KernelRate() float64 {
	const n = 64
	f := &factor{sign: make([]int8, n), dinv: make([]float64, n)}
	panel, update := make([]float64, 2*n*n), make([]float64, n*n)
	for j := range n {
		f.sign[j] = 1
	}
	fill := func() {
		for k := range panel {
			panel[k] = 0.01
		}
		for j := range n {
			panel[j*2*n+j] = 100
		}
		clear(update)
	}
	// Columns n x n below a triangle: n(u^2 + u n + n^2/3) with u = n.
	flops := float64(n) * (n*n + n*n + n*n/3.0)
	best := 0.0
	for range 5 {
		var spent time.Duration
		rounds := 0
		for spent < 5*time.Millisecond {
			fill()
			t := time.Now()
			f.dense(panel, 2*n, n, 0, update, n, &workspace{})
			spent += time.Since(t)
			rounds++
		}
		best = math.Max(best, flops*float64(rounds)/spent.Seconds())
	}
	return best
}

// Bandwidth measures the bytes a second that as many threads read and write
// together in x += a*y over arrays much larger than any cache.
func Bandwidth(threads int) float64 {
	const n = 1 << 22 // a thread; 64 MiB in two arrays
	threads = max(1, threads)
	x, y := make([]float64, n*threads), make([]float64, n*threads)
	best := 0.0
	for range 4 {
		t := time.Now()
		var wait sync.WaitGroup
		for q := range threads {
			wait.Go(func() { axpy(x[q*n:(q+1)*n], y[q*n:(q+1)*n], 0.5) })
		}
		wait.Wait()
		best = math.Max(best, 24*float64(len(x))/time.Since(t).Seconds())
	}
	return best
}
