package highs

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"

	"example.org/busbar/internal/foreign"
	"example.org/busbar/lp"
)

// childEnv marks a process that serves one solve.
const childEnv = "BUSBAR_HIGHS_CHILD"

func init() { foreign.Serve(childEnv, serve) }

// child is the one solve of this process.
type child struct {
	lib    *library
	h      uintptr
	out    *foreign.Writer
	outMu  sync.Mutex
	stop   atomic.Bool
	cols   int
	mip    bool
	quiet  bool      // no progress wanted
	deaf   bool      // no soft stop either: nothing is listened to
	last   time.Time // of the progress line last sent
	items  callbackItems
	grumps []string // warnings and errors of the log, the last few
}

// callbackItems are the offsets of numbers in HiGHS's callback data, asked
// from the library so that its layout may change.
type callbackItems struct {
	logType, nodes, primal, dual, gap uintptr
}

func serve() error {
	out, err := foreign.TakeStdout()
	if err != nil {
		return err
	}
	c := &child{out: foreign.NewWriter(out)}
	in := foreign.NewReader(os.Stdin)
	var req request
	if err := in.Decode(&req); err != nil {
		return fmt.Errorf("highs: reading the request: %w", err)
	}
	if c.lib, err = open(req.Libraries); err != nil {
		return c.send(&message{Failure: err.Error(), Missing: true})
	}
	if req.Probe {
		return c.send(&message{Info: c.probe()})
	}
	if req.Many > 0 {
		return c.many(in, req.Many)
	}
	p, err := readProblem(in, &req)
	if err != nil {
		return fmt.Errorf("highs: reading the problem: %w", err)
	}
	go c.watch(in)
	return c.solve(&req, p)
}

// watch waits for the parent's wish to stop, or its end.
func (c *child) watch(in io.ByteReader) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			os.Exit(3)
		}
		if b == softStop {
			c.stop.Store(true)
		}
	}
}

func (c *child) send(m *message, arrays ...[]float64) error {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if err := c.out.Encode(m); err != nil {
		return err
	}
	for _, a := range arrays {
		if err := foreign.WriteArray(c.out, a); err != nil {
			return err
		}
	}
	return c.out.Flush()
}

func (c *child) solve(req *request, p *lp.Problem) error {
	l := c.lib
	c.h = l.create()
	c.cols, c.mip, c.quiet = p.Cols(), req.Integer, !req.Progress
	if refused := c.setOptions(req); refused != "" {
		return c.send(&message{Failure: refused})
	}
	if code := c.pass(p); code == runError {
		return c.send(&message{Failure: "HiGHS refused the problem: " + c.lastWords()})
	}
	if req.start != nil {
		l.setSolution(c.h, first(req.start), nil, nil, nil)
	}
	rows := p.Rows()
	// The library has its own copy: give the arrays back before the solve.
	*p = lp.Problem{}
	req.start = nil
	if !c.deaf {
		runtime.GC()
		c.listen()
	}
	run := l.run(c.h)
	a := &answer{Algorithm: req.Algorithm, Model: int(l.status(c.h)), Run: int(run), Bound: math.NaN()}
	for _, name := range []string{"simplex_iteration_count", "ipm_iteration_count", "qp_iteration_count"} {
		var n int32
		if l.intInfo(c.h, name, &n) == 0 && n > 0 {
			a.Iterations += int(n)
		}
	}
	if c.mip {
		l.doubleInfo(c.h, "mip_dual_bound", &a.Bound)
	}
	a.Note = c.lastWords()
	var point int32
	l.intInfo(c.h, "primal_solution_status", &point)
	if point == pointNone || c.mip && point != pointFeasible {
		return c.send(&message{Answer: a})
	}
	x, y := make([]float64, c.cols), make([]float64, rows)
	zero := make([]float64, max(rows, c.cols))
	l.solution(c.h, first(x), first(zero), first(zero), first(y))
	return c.send(&message{Answer: a, X: len(x), Y: len(y)}, x, y)
}

// setOptions returns why the solve can't be done as asked, "" if it can.
// Options that this version doesn't know are left alone: they are refinements.
func (c *child) setOptions(req *request) string {
	l, h := c.lib, c.h
	// The log is wanted on the callback. HiPO gives it its own only where the
	// console, which leads nowhere, has it too.
	l.setBool(h, "output_flag", 1)
	console := int32(0)
	if req.Progress && req.Algorithm == HiPO {
		console = 1
	}
	l.setBool(h, "log_to_console", console)
	quadratic := req.QNonzeros > 0
	if quadratic && req.Algorithm == Simplex {
		req.Algorithm = activeSet
	}
	if req.Algorithm != "" && l.setString(h, "solver", req.Algorithm) == runError {
		// HiGHS would take another solver without a word.
		if !req.OrOther {
			return fmt.Sprintf("%s is not to be had: the library highs_extras must lie beside %s; `make deps` puts both there", req.Algorithm, l.path)
		}
		req.Algorithm = activeSet
		l.setString(h, "solver", activeSet)
	}
	l.setString(h, "run_crossover", map[bool]string{true: "on", false: "off"}[req.Crossover])
	if req.TimeLimit > 0 {
		l.setDouble(h, "time_limit", req.TimeLimit)
	}
	if req.Threads > 0 {
		l.setInt(h, "threads", int32(req.Threads))
	}
	l.setDouble(h, "mip_rel_gap", req.Gap)
	// HiGHS takes nothing below 1e-10 here.
	tolerance := math.Max(req.Tolerance, 1e-10)
	for _, name := range []string{
		"primal_feasibility_tolerance", "dual_feasibility_tolerance", "primal_residual_tolerance",
		"dual_residual_tolerance", "optimality_tolerance", "ipm_optimality_tolerance", "mip_feasibility_tolerance",
	} {
		l.setDouble(h, name, tolerance)
	}
	// By default entries up to 1e-9 are dropped without a word; this is the
	// least it takes.
	l.setDouble(h, "small_matrix_value", 1e-12)
	// The active-set method adds this to Q's diagonal: the default of 1e-7
	// costs as much accuracy; without any a singular Q ends wrong.
	l.setDouble(h, "qp_regularization_value", 1e-10)
	return ""
}

func (c *child) pass(p *lp.Problem) int32 {
	starts := func(a []int64) []int32 {
		out := make([]int32, len(a))
		for i, v := range a {
			out[i] = int32(v)
		}
		return out
	}
	var integrality []int32
	if p.Integer != nil {
		integrality = make([]int32, len(p.Integer))
		for j, b := range p.Integer {
			if b {
				integrality[j] = typeInteger
			}
		}
	}
	inf := c.lib.infinity(c.h)
	for _, a := range [][]float64{p.ColLower, p.ColUpper, p.RowLower, p.RowUpper} {
		for i, v := range a {
			if math.IsInf(v, 0) {
				a[i] = math.Copysign(inf, v)
			}
		}
	}
	start, qStart := starts(p.Start), starts(p.QStart)
	return c.lib.passModel(c.h, int32(p.Cols()), int32(p.Rows()), int32(p.Nonzeros()), int32(len(p.QValue)),
		formatColumns, hessianLower, minimise, p.Offset,
		first(p.Cost), first(p.ColLower), first(p.ColUpper), first(p.RowLower), first(p.RowUpper),
		first(start), first(p.Index), first(p.Value),
		first(qStart), first(p.QIndex), first(p.QValue), first(integrality))
}

// listen registers the callback: stops, progress, log and incumbents.
func (c *child) listen() {
	c.items = c.findItems()
	c.lib.setCallback(c.h, purego.NewCallback(c.called), 0)
	kinds := []int32{callbackLogging, callbackSimplexInterrupt, callbackInteriorInterrupt}
	if c.mip {
		kinds = append(kinds, callbackMIPImproved, callbackMIPLogging, callbackMIPInterrupt)
	}
	for _, k := range kinds {
		c.lib.startCallback(c.h, k)
	}
}

func (c *child) findItems() callbackItems {
	// The library answers with the address of the item inside the struct.
	var data [64]uint64
	base := unsafe.Pointer(&data[0])
	offset := func(name string) uintptr {
		at := uintptr(c.lib.callbackItem(base, name))
		if off := at - uintptr(base); off < unsafe.Sizeof(data) {
			return off
		}
		return 0
	}
	return callbackItems{
		logType: offset("log_type"),
		nodes:   offset("mip_node_count"),
		primal:  offset("mip_primal_bound"),
		dual:    offset("mip_dual_bound"),
		gap:     offset("mip_gap"),
	}
}

// called is HiGHS's callback. in is the address of the flag to interrupt, the
// first field of its struct. It may come from any thread of the library, one
// at a time.
func (c *child) called(kind int32, text *byte, out unsafe.Pointer, in *int32, _ uintptr) uintptr {
	switch kind {
	case callbackLogging:
		c.logged(foreign.Text(text), *(*int32)(unsafe.Add(out, c.items.logType)))
	case callbackMIPImproved:
		if x := c.lib.callbackItem(out, "mip_solution"); x != nil {
			// Sent at once, so that it outlives this process.
			c.send(&message{X: c.cols}, unsafe.Slice((*float64)(x), c.cols))
		}
	case callbackMIPLogging:
		c.progress(&lp.Progress{
			Phase:     "mip",
			Iteration: int(*(*int64)(unsafe.Add(out, c.items.nodes))),
			Primal:    *(*float64)(unsafe.Add(out, c.items.primal)),
			Dual:      *(*float64)(unsafe.Add(out, c.items.dual)),
			Gap:       *(*float64)(unsafe.Add(out, c.items.gap)),
			PInf:      math.NaN(), DInf: math.NaN(),
		})
	default:
		if c.stop.Load() && in != nil {
			*in = 1
		}
	}
	return 0
}

func (c *child) logged(text string, kind int32) {
	if kind >= logWarning {
		if text = strings.TrimSpace(text); text != "" {
			if len(c.grumps) == 5 {
				c.grumps = c.grumps[1:]
			}
			c.grumps = append(c.grumps, strings.Join(strings.Fields(text), " "))
		}
		return
	}
	if c.quiet || c.mip {
		return
	}
	for line := range strings.Lines(text) {
		if pr, ok := parseLog(line); ok {
			c.progress(&pr)
		}
	}
}

// progressEvery keeps the pipe calm: HiGHS may iterate thousands of times a
// second.
const progressEvery = 100 * time.Millisecond

func (c *child) progress(pr *lp.Progress) {
	if c.quiet || time.Since(c.last) < progressEvery {
		return
	}
	c.last = time.Now()
	c.send(&message{Progress: pr})
}

func (c *child) lastWords() string { return strings.Join(c.grumps, "; ") }
