package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"example.org/busbar/internal/foreign"
	"example.org/busbar/lp"
)

// ErrNoLibrary is wrapped by the error of a solve or probe for which no HiGHS
// library could be opened.
var ErrNoLibrary = errors.New("no HiGHS library found")

// onStart, in tests, learns the child's process number.
var onStart func(pid int)

func startChild() (*foreign.Child, error) {
	proc, err := foreign.Start(childEnv, "busbar-highs")
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if onStart != nil {
		onStart(proc.PID())
	}
	return proc, nil
}

// runChild has one problem solved. It returns an answer, also for one that was
// stopped, or an error.
func runChild(ctx context.Context, req *request, p *lp.Problem, limit time.Duration, progress func(lp.Progress)) (*answer, error) {
	if ctx.Err() != nil {
		return &answer{Bound: math.NaN(), status: stopStatus(ctx.Err())}, nil
	}
	proc, err := startChild()
	if err != nil {
		return nil, err
	}
	sent := make(chan struct{})
	go func() {
		// Where the child is gone this fails; the reader tells.
		writeProblem(foreign.NewWriter(proc.Stdin), req, p)
		close(sent)
	}()

	var (
		got      *answer
		failure  error
		best     []float64 // a MIP's incumbent
		finished = make(chan struct{})
	)
	go func() {
		defer close(finished)
		r := foreign.NewReader(proc.Stdout)
		for {
			var m message
			if err := r.Decode(&m); err != nil {
				return
			}
			x, y := make([]float64, m.X), make([]float64, m.Y)
			if foreign.ReadArray(r, x) != nil || foreign.ReadArray(r, y) != nil {
				return
			}
			switch {
			case m.Failure != "":
				failure = refusal(m)
			case m.Answer != nil:
				got = m.Answer
				if m.X > 0 || m.Y > 0 || hasPoint(m.Answer, p) {
					got.x, got.y = x, y
				}
			case m.Progress != nil:
				progress(*m.Progress)
			case m.X > 0:
				best = x
			}
		}
	}()

	stopped := await(ctx, proc, limit, sent, finished)
	how := proc.End()
	switch {
	case failure != nil:
		return nil, failure
	case got != nil:
		got.status = statusOf(got, stopped)
		if got.x == nil && best != nil && (got.status == lp.Limit || got.status == lp.Cancelled || got.status == lp.Unknown) {
			got.x = best
		}
		return got, nil
	case stopped != lp.Unknown:
		return &answer{Bound: math.NaN(), status: stopped, x: best, Note: "HiGHS did not stop when asked and was killed"}, nil
	}
	return nil, crash(how)
}

// await returns when the child has said all it will say: by itself, or after a
// stop, which it names, softly and then by force.
func await(ctx context.Context, proc *foreign.Child, limit time.Duration, sent, finished <-chan struct{}) lp.Status {
	var deadline <-chan time.Time
	if limit > 0 {
		t := time.NewTimer(limit)
		defer t.Stop()
		deadline = t.C
	}
	stopped := lp.Limit
	select {
	case <-finished:
		return lp.Unknown
	case <-ctx.Done():
		stopped = stopStatus(ctx.Err())
	case <-deadline:
	}
	select {
	case <-sent:
		proc.Stdin.Write([]byte{softStop})
		select {
		case <-finished:
			return stopped
		case <-time.After(grace):
		}
	default: // still taking the problem: nothing to lose
	}
	proc.Kill()
	<-finished
	return stopped
}

func stopStatus(err error) lp.Status {
	if errors.Is(err, context.DeadlineExceeded) {
		return lp.Limit
	}
	return lp.Cancelled
}

// hasPoint says that a problem without rows and columns was solved: its point
// is there and empty.
func hasPoint(a *answer, p *lp.Problem) bool {
	return p.Cols() == 0 && (a.Model == modelOptimal || a.Model == modelEmpty)
}

// statusOf translates HiGHS's model status. stopped is the reason why the
// parent asked for a stop, lp.Unknown if it didn't.
func statusOf(a *answer, stopped lp.Status) lp.Status {
	switch a.Model {
	case modelOptimal, modelEmpty:
		return lp.Optimal
	case modelInfeasible:
		return lp.Infeasible
	case modelUnbounded:
		return lp.Unbounded
	case modelEither:
		// The proof that follows tells which; unbounded says to look for both.
		return lp.Unbounded
	case modelTimeLimit, modelIterations, modelSolutions, modelInterrupted:
		if stopped != lp.Unknown {
			return stopped
		}
		return lp.Limit
	}
	if stopped != lp.Unknown {
		return stopped
	}
	if a.Run == runError && a.Note == "" {
		a.Note = "HiGHS ended with an error"
	}
	return lp.Unknown
}

func refusal(m message) error {
	if m.Missing {
		return fmt.Errorf("highs: %w (%s); `make deps` brings it, BUSBAR_HIGHS names one elsewhere", ErrNoLibrary, m.Failure)
	}
	return fmt.Errorf("highs: %s", m.Failure)
}

// crash says that the process ended without an answer, and how.
func crash(how string) error {
	return fmt.Errorf("highs: the process that holds the library died (%s); the problem and the program are unharmed, another solver may do", how)
}
