package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"example.org/busbar/internal/run"
	"example.org/busbar/internal/study"
	"example.org/busbar/lp"
)

func everyVerb(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		everyVerb(sub, visit)
	}
}

// Help teaches: every verb says in a sentence what it is for, at length what it
// does, and shows it used, with flags that are there.
func TestEveryVerbHelps(t *testing.T) {
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard}
	root := a.root()
	everyVerb(root, func(c *cobra.Command) {
		if c.Hidden || c.Name() == "help" {
			return
		}
		path := c.CommandPath()
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short help %q, want a phrase without a full stop", path, c.Short)
		}
		if c.Long == "" || !strings.Contains(c.Long, ".") {
			t.Errorf("%s: no long help", path)
		}
		for _, line := range strings.Split(c.Long, "\n") {
			if len(line) > 100 {
				t.Errorf("%s: a line of help has %d letters", path, len(line))
			}
		}
		if c.HasSubCommands() && c != root {
			return // shown by those it holds
		}
		if !strings.Contains(c.Example, "busbar") {
			t.Errorf("%s: no example", path)
		}
		for _, line := range strings.Split(c.Example, "\n") {
			parses(t, root, path, line)
		}
		var out bytes.Buffer
		if code := Main(append(strings.Fields(path)[1:], "--help"), strings.NewReader(""), &out, io.Discard); code != 0 {
			t.Errorf("%s --help exits with %d", path, code)
		}
		if c.Example != "" && !strings.Contains(out.String(), strings.TrimRight(c.Example, "\n")) {
			t.Errorf("%s --help does not show the example", path)
		}
	})
}

// parses reads a line of an example as the command line would.
func parses(t *testing.T, root *cobra.Command, path, line string) {
	t.Helper()
	_, rest, ok := strings.Cut(strings.TrimSpace(line), "busbar ")
	if !ok {
		return
	}
	rest, _, _ = strings.Cut(rest, "  ") // a remark
	rest, _, _ = strings.Cut(rest, " >")
	rest, _, _ = strings.Cut(rest, " |")
	words := strings.Fields(strings.TrimSuffix(rest, ")"))
	c, args, err := root.Find(words)
	if err != nil {
		t.Errorf("%s: example %q: %v", path, line, err)
		return
	}
	if err := c.ParseFlags(args); err != nil {
		t.Errorf("%s: example %q: %v", path, line, err)
		return
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		t.Errorf("%s: example %q: %v", path, line, err)
	}
}

// Verbs that may print JSON call the flag alike.
func TestJSONIsOneFlag(t *testing.T) {
	verbs := 0
	everyVerb((&app{}).root(), func(c *cobra.Command) {
		f := c.LocalFlags().Lookup("json")
		if f == nil {
			return
		}
		verbs++
		if f.Shorthand != "" || f.DefValue != "false" || !strings.HasPrefix(f.Usage, "print one JSON object") {
			t.Errorf("%s: --json is said to %q", c.CommandPath(), f.Usage)
		}
	})
	if verbs < 3 {
		t.Errorf("%d verbs print JSON", verbs)
	}
}

// docs/command-line.md lists what --json prints, field by field in order.
func TestDocOfJSON(t *testing.T) {
	data, err := os.ReadFile("../../docs/command-line.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\|").FindAllStringSubmatch(string(data), -1) {
		documented = append(documented, m[1])
	}
	var printed []string
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		o, ok := v.(*object)
		if !ok {
			return
		}
		for _, k := range o.keys {
			printed = append(printed, prefix+k)
			walk(prefix+k+".", o.values[k])
		}
	}
	var out bytes.Buffer
	if err := (&app{out: &out}).printJSON(study.Result{Outcome: run.Outcome{Certificate: &lp.Certificate{Note: "x"}}, Point: "x", Conflict: nil}); err != nil {
		t.Fatal(err)
	}
	v, err := decode(json.NewDecoder(&out))
	if err != nil {
		t.Fatal(err)
	}
	walk("", v)
	printed = append(printed, "conflict", "problems")
	if !slices.Equal(documented, printed) {
		t.Errorf("documented\n%v\nprinted\n%v", documented, printed)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[refused]()) {
		if name := f.Tag.Get("json"); !slices.Contains(documented, name) {
			t.Errorf("bad input has %s, which is not documented", name)
		}
	}
	for code, what := range map[int]string{exitDone: "done", exitFault: "fault", exitBadInput: "bad input", exitNoSolution: "infeasible", exitStopped: "limit", exitUnproved: "unproved"} {
		if !regexp.MustCompile(fmt.Sprintf("(?m)^\\| %d \\| .*%s", code, what)).Match(data) {
			t.Errorf("exit code %d (%s) is not documented", code, what)
		}
	}
}

// The word for every end has its exit code.
func TestExitCodes(t *testing.T) {
	for status, want := range map[string]int{
		"optimal": 0, "bad-input": 2, "infeasible": 3, "unbounded": 3, "limit": 4, "cancelled": 4, "unproved": 5, "": 5,
	} {
		if got := exitOf(status); got != want {
			t.Errorf("%q exits with %d, want %d", status, got, want)
		}
	}
}

func TestTimeLimit(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90": 90 * time.Second, "1.5": 1500 * time.Millisecond, "90s": 90 * time.Second, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute,
		"soon": -1, "": -1, "NaN": -1, "1e300": -1, "10 m": -1, "5 s x": -1,
	} {
		var d seconds
		err := d.Set(text)
		if (err != nil) != (want < 0) || err == nil && time.Duration(d) != want {
			t.Errorf("--time-limit %q: %v, %v; want %v", text, time.Duration(d), err, want)
		}
	}
}

// On a terminal one line is rewritten and cleared at the end; elsewhere a line
// is printed now and then, without escapes.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, terminal: true}
	p.show(lp.Progress{Solver: "highs:ipx", Phase: "ipm", Iteration: 7, Primal: 1.5e6, Gap: 1e-3, Elapsed: 12 * time.Second, Left: 20 * time.Second})
	p.done()
	want := "\r\x1b[Khighs:ipx     ipm       iter      7  objective   1.500000e+06  gap  1.0e-03    12.0 s, about 20 s left\r\x1b[K"
	if out.String() != want {
		t.Errorf("on a terminal %q, want %q", &out, want)
	}
	out.Reset()
	p = &progress{w: &out, every: time.Hour, last: time.Now()}
	p.show(lp.Progress{Solver: "native"})
	if out.Len() > 0 {
		t.Errorf("a line too soon: %q", &out)
	}
	// What is said once waits until the work proves long.
	p.show(lp.Progress{Solver: "native", Text: "ranges: matrix [1e-02, 3e+03]"})
	if out.Len() > 0 {
		t.Errorf("said too soon: %q", &out)
	}
	p.last = time.Now().Add(-2 * time.Hour)
	p.show(lp.Progress{Solver: "native", Phase: "ipm", Iteration: 3})
	p.done()
	if want := "native: ranges: matrix [1e-02, 3e+03]\nnative        ipm       iter      3     0.0 s\n"; out.String() != want {
		t.Errorf("elsewhere %q, want %q", &out, want)
	}
}

// A fault of Busbar's never shows as a panic.
func TestPanicIsAFault(t *testing.T) {
	var errs bytes.Buffer
	code := Main([]string{"run", "\x00"}, strings.NewReader(""), panics{}, &errs)
	if code != exitBadInput && code != exitFault {
		t.Errorf("exit code %d", code)
	}
	if code := Main([]string{"--help"}, strings.NewReader(""), panics{}, &errs); code != exitFault {
		t.Errorf("exit code %d after a panic, want 1", code)
	}
	if !strings.Contains(errs.String(), "busbar: a fault of Busbar's, please report it: no more paper") {
		t.Errorf("it says %q", &errs)
	}
}

type panics struct{}

func (panics) Write([]byte) (int, error) { panic("no more paper") }
