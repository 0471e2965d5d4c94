package highs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"example.org/busbar/lp"
)

// ErrNoLibrary is wrapped by the error of a solve or probe for which no HiGHS
// library could be opened.
var ErrNoLibrary = errors.New("no HiGHS library found")

// process is one child and the pipes to it.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	stderr tail
}

// onStart, in tests, learns the child's process number.
var onStart func(pid int)

func startChild() (*process, error) {
	exe := "/proc/self/exe" // still this program where its file was replaced
	if runtime.GOOS != "linux" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("highs: finding the program to start again: %w", err)
		}
	}
	p := &process{cmd: exec.Command(exe)}
	p.cmd.Args = []string{"busbar-highs"}
	p.cmd.Env = append(os.Environ(), childEnv+"=1")
	p.cmd.Stderr = &p.stderr
	// A grandchild that held standard error open must not hold Wait.
	p.cmd.WaitDelay = time.Second
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if p.stdout, err = p.cmd.StdoutPipe(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("highs: starting the process that holds the library: %w", err)
	}
	if onStart != nil {
		onStart(p.cmd.Process.Pid)
	}
	return p, nil
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
		newWireWriter(proc.stdin).writeProblem(req, p)
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
		r := newWireReader(proc.stdout)
		for {
			var m message
			if err := r.dec.Decode(&m); err != nil {
				return
			}
			x, err := readArray[float64](r, m.X)
			if err != nil {
				return
			}
			y, err := readArray[float64](r, m.Y)
			if err != nil {
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

	stopped := proc.await(ctx, limit, sent, finished)
	proc.stdin.Close()
	waitErr := proc.cmd.Wait()
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
	return nil, crash(waitErr, &proc.stderr)
}

// await returns when the child has said all it will say: by itself, or after a
// stop, which it names, softly and then by force.
func (proc *process) await(ctx context.Context, limit time.Duration, sent, finished <-chan struct{}) lp.Status {
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
		proc.stdin.Write([]byte{softStop})
		select {
		case <-finished:
			return stopped
		case <-time.After(grace):
		}
	default: // still taking the problem: nothing to lose
	}
	proc.cmd.Process.Kill()
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
func crash(waitErr error, stderr *tail) error {
	how := "it ended without an answer"
	if waitErr != nil {
		how = waitErr.Error()
	}
	if last := stderr.lastLine(); last != "" {
		how += "; its last words: " + last
	}
	return fmt.Errorf("highs: the process that holds the library died (%s); the problem and the program are unharmed, another solver may do", how)
}

// tail keeps the last bytes written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 4096

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if len(t.buf) > tailBytes {
		t.buf = append([]byte(nil), t.buf[len(t.buf)-tailBytes:]...)
	}
	return len(b), nil
}

// lastLine returns the first line of a Go crash or else the last line.
func (t *tail) lastLine() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.buf)), "\n")
	for _, l := range lines {
		if strings.HasPrefix(l, "SIG") || strings.HasPrefix(l, "panic:") || strings.HasPrefix(l, "fatal error:") {
			return l
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}
