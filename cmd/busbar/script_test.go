package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the transcripts of testdata/script over the real command
// line. Beside testscript's own commands they have
//
//	exits CODE busbar ARGS...     runs it and expects that exit code
//	json [FILE] PATH OP VALUE     of the one JSON object on stdout (or in a
//	                              file), and nothing else: .a.0.b
//	                              is TEXT, ~ NUMBER (relative 1e-6), < NUMBER,
//	                              like null|number|string|bool|list|object,
//	                              keys A B C... (exactly these, in this order),
//	                              len N
//	interrupts SECONDS CODE ARGS  starts busbar, sends an interrupt to its whole
//	                              process group once it solves, and expects the
//	                              end within so many seconds, with that code
//	hard ROWS COLS FILE           writes a MIP that no solver ends soon
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("BUSBAR_HIGHS", highsFolder())
			e.Setenv("BUSBAR_NETCDF", netcdfFile())
			e.Setenv("TERM", "xterm-256color")
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "highs":
				return highsFolder() != "", nil
			case "netcdf":
				return netcdfFile() != "", nil
			case "signals":
				return runtime.GOOS != "windows", nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"json":       jsonHolds,
			"interrupts": interrupts,
			"hard":       hard,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var e *exec.ExitError
		if !errors.As(err, &e) {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// object is a JSON object with its keys in the order of the text.
type object struct {
	keys   []string
	values map[string]any
}

// decode reads one value; numbers stay text.
func decode(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := &object{values: map[string]any{}}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			if o.values[k.(string)], err = decode(d); err != nil {
				return nil, err
			}
			o.keys = append(o.keys, k.(string))
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		all := []any{}
		for d.More() {
			v, err := decode(d)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		_, err = d.Token()
		return all, err
	}
	return t, nil
}

func jsonHolds(ts *testscript.TestScript, neg bool, args []string) {
	file := "stdout"
	if len(args) > 0 && !strings.HasPrefix(args[0], ".") {
		file, args = args[0], args[1:]
	}
	if len(args) < 3 {
		ts.Fatalf("usage: json [FILE] PATH OP VALUE")
	}
	text := ts.ReadFile(file)
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := decode(d)
	if err != nil {
		ts.Fatalf("%s is no JSON: %v: %s", file, err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		ts.Fatalf("%s holds more than one JSON value: %s", file, text)
	}
	path, op, want := args[0], args[1], args[2:]
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
		switch in := v.(type) {
		case *object:
			if !slices.Contains(in.keys, step) {
				ts.Fatalf("%s: no %q among %v", path, step, in.keys)
			}
			v = in.values[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(in) {
				ts.Fatalf("%s: no item %s of %d", path, step, len(in))
			}
			v = in[i]
		default:
			ts.Fatalf("%s: %v has no %s", path, v, step)
		}
	}
	holds := false
	switch op {
	case "is":
		holds = fmt.Sprint(v) == strings.Join(want, " ")
	case "~", "<":
		n, ok := v.(json.Number)
		if !ok {
			ts.Fatalf("%s is %v, want a number", path, v)
		}
		got, err := n.Float64()
		ts.Check(err)
		w, err := strconv.ParseFloat(want[0], 64)
		ts.Check(err)
		holds = op == "<" && got < w || op == "~" && math.Abs(got-w) <= 1e-6*(1+math.Abs(w))
	case "like":
		holds = like(v) == want[0]
	case "keys":
		o, ok := v.(*object)
		holds = ok && slices.Equal(o.keys, want)
		if ok {
			v = o.keys
		}
	case "len":
		all, ok := v.([]any)
		holds = ok && strconv.Itoa(len(all)) == want[0]
		if ok {
			v = len(all)
		}
	default:
		ts.Fatalf("unknown comparison %s", op)
	}
	if holds == neg {
		ts.Fatalf("%s is %v, want it to be %s %s (negated: %v)\n%s", path, v, op, strings.Join(want, " "), neg, text)
	}
}

func like(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case json.Number:
		return "number"
	case string:
		return "string"
	case bool:
		return "bool"
	case []any:
		return "list"
	}
	return "object"
}

// watched is a stream that tells when it holds a word.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	word string
	seen chan struct{}
	once sync.Once
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if strings.Contains(w.text.String(), w.word) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(p), nil
}

func interrupts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupts SECONDS CODE ARGS")
	}
	most, err := strconv.ParseFloat(args[0], 64)
	ts.Check(err)
	// testscript's Exec can't be signalled as a group, as a terminal would.
	bin := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "busbar")); err == nil {
			bin = filepath.Join(dir, "busbar")
			break
		}
	}
	c := exec.Command(bin, args[2:]...)
	c.Dir = ts.Getenv("WORK")
	c.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"), "BUSBAR_HIGHS="+ts.Getenv("BUSBAR_HIGHS"))
	var out bytes.Buffer
	errs := &watched{word: " nonzeros; ", seen: make(chan struct{})}
	c.Stdout, c.Stderr = &out, errs
	ownGroup(c)
	ts.Check(c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-errs.seen:
	case err := <-ended:
		ts.Fatalf("ended before it solved: %v\n%s", err, &errs.text)
	case <-time.After(2 * time.Minute):
		_ = c.Process.Kill()
		ts.Fatalf("did not begin to solve:\n%s", &errs.text)
	}
	select {
	case err := <-ended:
		ts.Fatalf("ended before it could be interrupted: %v\n%s", err, &errs.text)
	case <-time.After(700 * time.Millisecond):
	}
	start := time.Now()
	interruptGroup(c)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = c.Process.Kill()
		ts.Fatalf("goes on a minute after the interrupt")
	}
	took := time.Since(start).Seconds()
	ts.Logf("ended %.2f s after the interrupt", took)
	if took > most {
		ts.Fatalf("ended %.2f s after the interrupt, want %g", took, most)
	}
	if got := strconv.Itoa(c.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("exit code %s, want %s\n%s", got, args[1], &errs.text)
	}
	ts.Check(os.WriteFile(ts.MkAbs("out.json"), out.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("err.txt"), errs.text.Bytes(), 0o644))
}

// hard writes a market split problem (Cornuejols and Dawande 1998): equality
// knapsacks with random coefficients up to 99 and half their sum on the right.
// Branch and bound goes through nearly all of the 2^COLS points.
func hard(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: hard ROWS COLS FILE")
	}
	m, err := strconv.Atoi(args[0])
	ts.Check(err)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	b.WriteString("NAME split\nROWS\n N cost\n")
	for i := range m {
		fmt.Fprintf(&b, " E r%d\n", i)
	}
	b.WriteString("COLUMNS\n")
	seed, sum := uint32(1), make([]int, m)
	for j := range n {
		fmt.Fprintf(&b, " MARKER 'MARKER' 'INTORG'\n")
		for i := range m {
			seed = seed*1664525 + 1013904223
			a := int(seed>>16) % 100
			sum[i] += a
			fmt.Fprintf(&b, " x%d r%d %d\n", j, i, a)
		}
		fmt.Fprintf(&b, " MARKER 'MARKER' 'INTEND'\n")
	}
	for i := range m { // deviations, which cost 1 each
		fmt.Fprintf(&b, " p%d cost 1 r%d 1\n n%d cost 1 r%d -1\n", i, i, i, i)
	}
	b.WriteString("RHS\n")
	for i := range m {
		fmt.Fprintf(&b, " rhs r%d %d\n", i, sum[i]/2)
	}
	b.WriteString("BOUNDS\n")
	for j := range n {
		fmt.Fprintf(&b, " UP bnd x%d 1\n", j)
	}
	b.WriteString("ENDATA\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(b.String()), 0o644))
}
