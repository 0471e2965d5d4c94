package highs

import (
	"example.org/busbar/internal/foreign"
	"example.org/busbar/lp"
)

// A solve crosses two pipes. To the child: a request (gob), the problem's
// arrays raw, then a byte to ask for a soft stop; the end of the pipe ends the
// child. From the child: messages (gob), some followed by raw arrays. Both ends
// are the same program on the same machine, so arrays go as memory has them.

// request says what to do; its arrays follow.
type request struct {
	Libraries []string // where to look, in order
	Probe     bool     // only say what the library is
	Many      int      // so many requests follow, each with its problem; all are read, then solved

	Algorithm string
	OrOther   bool    // another will do where Algorithm is not to be had
	TimeLimit float64 // seconds, 0: none
	Gap       float64
	Threads   int
	Tolerance float64
	Crossover bool
	Progress  bool

	Rows, Cols, Nonzeros, QNonzeros int
	Offset                          float64
	Integer, Start                  bool

	start []float64
}

// softStop is the byte that asks the child to stop and tell its best point.
const softStop = 's'

// message is what the child says. Arrays of the given lengths follow it raw.
type message struct {
	Progress *lp.Progress
	Answer   *answer
	Failure  string // the solve can't be done; the text is for the user
	Missing  bool   // Failure: no library could be opened
	Info     *Info

	X, Y int // with Answer, or alone: a MIP's new incumbent
}

// answer is how a solve ended.
type answer struct {
	Algorithm  string // as run
	Model      int    // HiGHS's model status
	Run        int    // HiGHS's return code
	Iterations int
	Bound      float64
	Note       string

	status lp.Status
	x, y   []float64
}

// writeProblem sends req and the arrays of p.
func writeProblem(w *foreign.Writer, req *request, p *lp.Problem) error {
	head := *req
	head.Rows, head.Cols, head.Nonzeros, head.QNonzeros = p.Rows(), p.Cols(), p.Nonzeros(), len(p.QValue)
	head.Offset, head.Integer, head.Start = p.Offset, p.IsMIP(), req.start != nil
	if err := w.Encode(&head); err != nil {
		return err
	}
	for _, a := range [][]float64{p.Cost, p.ColLower, p.ColUpper, p.RowLower, p.RowUpper, p.Value} {
		if err := foreign.WriteArray(w, a); err != nil {
			return err
		}
	}
	foreign.WriteArray(w, p.Start)
	foreign.WriteArray(w, p.Index)
	if head.QNonzeros > 0 {
		foreign.WriteArray(w, p.QStart)
		foreign.WriteArray(w, p.QIndex)
		foreign.WriteArray(w, p.QValue)
	}
	if head.Integer {
		foreign.WriteArray(w, p.Integer)
	}
	if head.Start {
		foreign.WriteArray(w, req.start)
	}
	return w.Flush()
}

// readProblem reads the arrays that follow head.
func readProblem(r *foreign.Reader, head *request) (p *lp.Problem, err error) {
	p = &lp.Problem{Offset: head.Offset}
	floats := func(to *[]float64, n int) {
		if err == nil {
			*to = make([]float64, n)
			err = foreign.ReadArray(r, *to)
		}
	}
	starts := func(to *[]int64, n int) {
		if err == nil {
			*to = make([]int64, n)
			err = foreign.ReadArray(r, *to)
		}
	}
	indices := func(to *[]int32, n int) {
		if err == nil {
			*to = make([]int32, n)
			err = foreign.ReadArray(r, *to)
		}
	}
	floats(&p.Cost, head.Cols)
	floats(&p.ColLower, head.Cols)
	floats(&p.ColUpper, head.Cols)
	floats(&p.RowLower, head.Rows)
	floats(&p.RowUpper, head.Rows)
	floats(&p.Value, head.Nonzeros)
	starts(&p.Start, head.Cols+1)
	indices(&p.Index, head.Nonzeros)
	if head.QNonzeros > 0 {
		starts(&p.QStart, head.Cols+1)
		indices(&p.QIndex, head.QNonzeros)
		floats(&p.QValue, head.QNonzeros)
	}
	if head.Integer && err == nil {
		p.Integer = make([]bool, head.Cols)
		err = foreign.ReadArray(r, p.Integer)
	}
	if head.Start {
		floats(&head.start, head.Cols)
	}
	return p, err
}
