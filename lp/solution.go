package lp

import "time"

// Status is what a solver says of a problem. It is a claim until the
// certificate confirms it.
type Status uint8

// The claims a solver may make.
const (
	Unknown Status = iota // ended without an answer
	Optimal
	Infeasible
	Unbounded
	Limit     // stopped at a time, iteration or node limit; X may hold the best point
	Cancelled // stopped by the caller
)

var statusNames = [...]string{"unknown", "optimal", "infeasible", "unbounded", "limit", "cancelled"}

func (s Status) String() string { return statusNames[s] }

// Solution is a solver's answer. Slices are nil where the solver has none.
//
// Signs: y_i = d objective / d right-hand side of row i (for the minimisation
// as stored in Problem), z = c + Qx - A'y.
type Solution struct {
	Status    Status
	X         []float64 // primal point, one a column
	Y         []float64 // row duals, one a row; nil for a MIP
	Objective float64   // c0 + c'X + X'QX/2
	Bound     float64   // MIP: best proven lower bound as the solver claims it; NaN if none

	// FarkasRay proves infeasibility: y such that no x within its bounds
	// satisfies y'Ax within the row bounds weighted by y. One a row.
	FarkasRay []float64
	// PrimalRay, with X feasible, proves unboundedness: a direction of descent
	// that no bound or row stops. One a column.
	PrimalRay []float64

	Solver     string // what ran, e.g. "highs:hipo"
	Iterations int
	Seconds    float64
	Note       string // what the solver said where it did not end as asked
}

// Options steer any solver.
type Options struct {
	Algorithm string        // solver's own name of a method; "" lets it choose
	TimeLimit time.Duration // 0: none
	Gap       float64       // MIP relative gap; 0: 1e-4
	Threads   int           // 0: all cores
	Tolerance float64       // 0: 1e-8, relative
	Crossover bool          // ask an interior point for a vertex
	Progress  func(Progress)
	Warm      *Solution // a nearby solution to start from; may be ignored
	Rough     bool      // Warm is put together of what is known, and in part a guess
	Hint      *Hint     // structure known to the caller; may be ignored
}

// Hint tells a solver what the builder knows of the structure. It never
// changes the answer beyond the tolerance.
type Hint struct {
	// RowTime and ColTime give each row and column its place in time (hours
	// from the start), -1 for those that link all times (capacities, limits).
	RowTime, ColTime []int32
	// RowSeries and ColSeries number what each row and column stands for: those
	// of one number are the same thing at different times. Nil: not known.
	RowSeries, ColSeries []int32
}

// Progress is one line of a solver's log.
type Progress struct {
	Text      string // said once, such as the ranges of the coefficients; the rest is then of no account
	Solver    string
	Phase     string // "presolve", "simplex", "ipm", "mip" ...
	Iteration int
	Primal    float64 // objective, NaN where unknown
	Dual      float64
	PInf      float64 // relative primal infeasibility
	DInf      float64 // relative dual infeasibility
	Gap       float64 // relative
	Elapsed   time.Duration
	Left      time.Duration // estimate; 0 where unknown
}
