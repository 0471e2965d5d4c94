package matpower

import (
	"flag"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
)

// What MATLAB would read from the same text.
func TestReads(t *testing.T) {
	const text = "\ufeff% a head\r\n%{\nblock, function mpc = not_this\n%{\nin a block\n%}\n%}\n" + `
function mpc = odd() % a remark
mpc.version = "2"; mpc.baseMVA = 1e2
mpc.bus = [1, 3, -.5, 5., 1.5E+1, 1d-1, ... rest of the line
  1 1 0 345 1 Inf -Inf; 2 1 +10 0 0 0 1 1 0 345 1 1.1 .9 % a remark ] of a row

]; mpc.gen = [], mpc.branch = [ ];
mpc.gencost = [
];
mpc.bus_name = {'it''s'; "Bus ""2"""};
mpc.areas = [1 1];
mpc.gentype = {'NG', 'UN' 5};
mpc.extra.deep = 3;
end
`
	c, problems := Read("odd.m", text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.Name != "odd" || c.Base != 100 {
		t.Errorf("read %q with %g MVA", c.Name, c.Base)
	}
	want := [][]float64{{1, 3, -0.5, 5, 15, 0.1, 1, 1, 0, 345, 1, math.Inf(1), math.Inf(-1)}, {2, 1, 10, 0, 0, 0, 1, 1, 0, 345, 1, 1.1, 0.9}}
	bus := c.matrix("bus")
	if len(bus.Rows) != len(want) {
		t.Fatalf("%d rows of bus", len(bus.Rows))
	}
	for i := range want {
		for k, v := range want[i] {
			if bus.at(i, k) != v {
				t.Errorf("row %d column %d is %g, want %g", i, k, bus.at(i, k), v)
			}
		}
	}
	if line, col := bus.place(1, 2); line != 12 || col != 29 {
		t.Errorf("+10 stands at %d:%d, want 12:29", line, col)
	}
	if strings.Join(c.Names, "|") != `it's|Bus "2"` {
		t.Errorf("names are %q", c.Names)
	}
	notes := strings.Join(c.Notes, "\n")
	for _, part := range []string{"mpc.gentype (line 19)", "mpc.extra.deep (line 20)"} {
		if !strings.Contains(notes, part) {
			t.Errorf("no note of %s: %q", part, notes)
		}
	}
	if len(c.Notes) != 2 {
		t.Errorf("notes: %q", c.Notes)
	}
}

var update = flag.Bool("update", false, "write docs/matpower.md")

// docs/matpower.md is what the tables say.
func TestDoc(t *testing.T) {
	const page = "../../../docs/matpower.md"
	want := Markdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("docs/matpower.md is not what the tables say (%v): run go test ./internal/source/matpower -run TestDoc -update", err)
	}
}

// Every code that the reader writes is explained, here or with all others.
func TestCodesAreExplained(t *testing.T) {
	known := map[string]bool{}
	for _, c := range append(append([]attribute.Code{}, attribute.Codes...), Codes...) {
		known[c.Code] = true
	}
	used := map[string]bool{}
	for _, file := range []string{"matpower.go", "parse.go", "build.go", "cost.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"((?:matpower|unknown|zero|missing|unreadable)-[a-z]+)"`).FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	for code := range used {
		if !known[code] {
			t.Errorf("code %s is in no list", code)
		}
	}
	for _, c := range Codes {
		if !used[c.Code] {
			t.Errorf("code %s is explained and never written", c.Code)
		}
	}
}

// The constants that index a matrix are those of its table.
func TestColumns(t *testing.T) {
	for name, at := range map[string]map[int]string{
		"bus":     {busNumber: "bus_i", busType: "type", busPd: "Pd", busQd: "Qd", busGs: "Gs", busBs: "Bs", busVm: "Vm", busVa: "Va", busVmax: "Vmax", busVmin: "Vmin"},
		"gen":     {genBus: "bus", genQg: "Qg", genQmax: "Qmax", genQmin: "Qmin", genVg: "Vg", genStatus: "status", genPmax: "Pmax", genPmin: "Pmin"},
		"branch":  {branchFrom: "fbus", branchTo: "tbus", branchR: "r", branchX: "x", branchB: "b", branchRateA: "rateA", branchRatio: "ratio", branchShift: "angle", branchStatus: "status", branchAngmin: "angmin", branchAngmax: "angmax"},
		"gencost": {costModel: "model", costStartup: "startup", costShutdown: "shutdown", costN: "ncost"},
		"dcline":  {dcFrom: "fbus", dcTo: "tbus", dcStatus: "status", dcVf: "Vf", dcVt: "Vt", dcPmin: "Pmin", dcPmax: "Pmax", dcQminF: "QminF", dcQmaxF: "QmaxF", dcQminT: "QminT", dcQmaxT: "QmaxT", dcLoss0: "loss0", dcLoss1: "loss1"},
	} {
		for k, want := range at {
			if got := shape(name).Columns[k].Name; got != want {
				t.Errorf("column %d of %s is %s, and the code calls it %s", k, name, got, want)
			}
		}
	}
	if shape("gencost").Columns[costFirst-1].Name != "ncost" || len(shape("gencost").Columns) != costFirst {
		t.Error("coefficients begin elsewhere")
	}
}

// fine is a case that solves, to be broken.
const fine = `function mpc = fine
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
1 3 0 0 0 0 1 1 0 345 1 1.1 0.9;
2 1 90 0 0 0 1 1 0 345 1 1.1 0.9;
];
mpc.gen = [
1 0 0 0 0 1 100 1 200 0;
];
mpc.branch = [
1 2 0 0.1 0 100 0 0 0 0 1 -360 360;
];
mpc.gencost = [
2 0 0 2 10 0;
];
`

// problemsOf reads, builds and formulates.
func problemsOf(t *testing.T, text string) []attribute.Problem {
	t.Helper()
	c, problems := Read("case.m", text)
	if len(problems) > 0 {
		return problems
	}
	b, problems := Build(c, Matpower)
	if len(problems) > 0 {
		return problems
	}
	if _, _, err := formulate.Build(b.Model); err != nil {
		t.Errorf("accepted by the reader, and refused by the formulation: %v", err)
	}
	return nil
}

// Every problem is told where it is, with what was read and what would fit.
func TestBadCases(t *testing.T) {
	if found := problemsOf(t, fine); len(found) > 0 {
		t.Fatal(found)
	}
	for _, c := range []struct{ what, old, new, want string }{
		{"no function", "function mpc = fine", "mpc = struct();", "case.m:1:1: matpower-syntax: read \"mpc = struct();\", want the head of a case"},
		{"a function with arguments", "= fine", "= fine(x)", "case.m:1:1: matpower-code: read \"function mpc = fine(x)\""},
		{"constants", "mpc.version = '2';", "define_constants;", "case.m:2:1: matpower-code: read \"define_constants;\", which only a program can run; a case with plain numbers fits (savecase"},
		{"indexed", "mpc.version = '2';", "mpc.bus(:, 3) = mpc.bus(:, 3) / 1e3;", "case.m:2:1: matpower-code: read \"mpc.bus(:, 3) = mpc.bus(:, 3) / 1e3;\""},
		{"a loop", "mpc.version = '2';", "for k = 1:3, x = k; end", "case.m:2:1: matpower-code"},
		{"a call", "mpc.baseMVA = 100;", "mpc.baseMVA = base(3);", "case.m:3:1: matpower-code"},
		{"arithmetic outside", "mpc.baseMVA = 100;", "mpc.baseMVA = 50 * 2;", "case.m:3:1: matpower-code"},
		{"arithmetic inside", "1 2 0 0.1 0 100", "1 2 0 1/10 0 100", "case.m:12:7: matpower-code: read \"1/10 0 100"},
		{"a lonely sign", "1 2 0 0.1 0 100", "1 2 0 - 0.1 100", "case.m:12:7: matpower-code"},
		{"a range", "2 0 0 2 10 0", "2 0 0 2 1:2", "case.m:15:9: matpower-code: read \"1:2;\""},
		{"transposed", "100 1 200 0;\n]", "100 1 200 0;\n]'", "case.m:10:2: matpower-code"},
		{"another variable", "mpc.version = '2';", "Sbase = 10;", "case.m:2:1: matpower-code: assigns Sbase, which the function does not return"},
		{"a second function", "2 0 0 2 10 0;\n];\n", "2 0 0 2 10 0;\n];\nend\nfunction y = f(x)\ny = x;\n", "case.m:18:1: matpower-code"},
		{"a word for a number", "1 2 0 0.1 0 100", "1 2 0 x1 0 100", "case.m:12:7: matpower-code"},
		{"two points", "1 2 0 0.1 0 100", "1 2 0 0.1.2 0 100", "case.m:12:7: matpower-value: read \"0.1.2 0 100"},
		{"NaN", "1 2 0 0.1 0 100", "1 2 0 NaN 0 100", "case.m:12:7: matpower-value: branch row 1, x: read NaN, want a number"},
		{"infinite demand", "2 1 90", "2 1 Inf", "case.m:6:5: matpower-value: bus row 2, Pd: read +Inf"},
		{"no end of a matrix", "0 1 -360 360;\n];", "0 1 -360 360;\n", "matpower-code"},
		{"a ragged row", "2 1 90 0 0 0 1", "2 1 90 0 0 1", "case.m:6:1: matpower-value: bus row 2 has 12 numbers, and the first row 13"},
		{"too few columns", "1 0 0 0 0 1 100 1 200 0", "1 0 0 0 0 1 100 1 200", "case.m:9:1: matpower-value: gen row 1 has 9 numbers, and 10 are needed, up to Pmin"},
		{"no base", "mpc.baseMVA = 100;", "", "case.m:1:1: matpower-missing: there is no baseMVA"},
		{"a base of 0", "mpc.baseMVA = 100;", "mpc.baseMVA = 0;", "case.m:3:15: matpower-value: baseMVA is not a number above 0"},
		{"version 3", "'2'", "'3'", "case.m:2:15: matpower-value: version \"3\""},
		{"no branches", "mpc.branch", "mpc.branches", "matpower-missing: there is no matrix branch"},
		{"no costs", "mpc.gencost", "mpc.gencosts", "matpower-missing: there is no matrix gencost"},
		{"twice", "mpc.version = '2';", "mpc.version = '2'; mpc.version = '2';", "case.m:2:20: matpower-syntax: assigns mpc.version again, which line 2 has done"},
		{"an open text", "'2';", "'2;", "case.m:2:15: matpower-syntax: a text begins here"},
		{"an open comment", "mpc.version", "%{\nmpc.version", "case.m:2:1: matpower-syntax: a block comment begins here"},
		{"a constraint", "mpc.version = '2';", "mpc.A = [1 0];", "case.m:2:1: matpower-unsupported: mpc.A adds a linear constraint"},
		{"a bus twice", "2 1 90", "1 1 90", "case.m:6:1: matpower-value: bus row 2, bus_i: bus 1 is in row 1 already"},
		{"half a bus", "2 1 90", "2.5 1 90", "case.m:6:1: matpower-value: bus row 2, bus_i: read 2.5"},
		{"type 5", "2 1 90", "2 5 90", "case.m:6:3: matpower-value: bus row 2, type: read 5"},
		{"two references", "2 1 90", "2 3 90", "case.m:6:3: matpower-value: bus row 2, type: buses 1 and 2 of one island are both of type 3"},
		{"unknown bus", "1 2 0 0.1", "1 7 0 0.1", "case.m:12:3: unknown-bus: branch row 1, tbus: read 7, and the matrix bus has no such bus"},
		{"generator nowhere", "1 0 0 0 0 1 100", "3 0 0 0 0 1 100", "case.m:9:1: unknown-bus: gen row 1, bus: read 3"},
		{"a loop of one bus", "1 2 0 0.1", "2 2 0 0.1", "case.m:12:3: matpower-value: branch row 1, tbus: it begins and ends at bus 2"},
		{"zero reactance", "1 2 0 0.1", "1 2 0 0", "case.m:12:7: zero-reactance: branch row 1, x: read 0"},
		{"a negative tap", "100 0 0 0 0 1 -360", "100 0 0 -1 0 1 -360", "case.m:12:21: matpower-value: branch row 1, ratio: read -1"},
		{"a negative limit", "0.1 0 100", "0.1 0 -100", "case.m:12:13: matpower-bounds: branch row 1, rateA: read -100"},
		{"angles crossing", "-360 360", "20 10", "case.m:12:27: matpower-bounds: branch row 1, angmin: angmin is 20 and angmax 10"},
		{"limits crossing", "200 0;", "200 300;", "case.m:9:23: matpower-bounds: gen row 1, Pmin: Pmin is 300 and Pmax 200"},
		{"costs missing", "2 0 0 2 10 0;", "2 0 0 2 10 0; 2 0 0 2 10 0; 2 0 0 2 10 0;", "case.m:14:15: matpower-value: gencost has 3 rows, and there are 1 generators"},
		{"a cube", "2 0 0 2 10 0", "2 0 0 4 1 0 10 0", "case.m:15:9: matpower-cost: gencost row 1: a cost of degree 3 is no quadratic problem; points along it (model 1) fit"},
		{"a cost that bends down", "2 0 0 2 10 0", "2 0 0 3 -1 10 0", "case.m:15:9: matpower-cost: gencost row 1: read -1 for the square"},
		{"numbers missing", "2 0 0 2 10 0", "2 0 0 3 10 0", "case.m:15:7: matpower-cost: gencost row 1, ncost: it asks for 3 numbers, and 2 follow"},
		{"model 3", "2 0 0 2 10 0", "3 0 0 2 10 0", "case.m:15:1: matpower-cost: gencost row 1, model: read 3"},
		{"one point", "2 0 0 2 10 0", "1 0 0 1 10 0", "case.m:15:7: matpower-cost: gencost row 1, ncost: a piecewise cost of 1 points"},
		{"points that fall", "2 0 0 2 10 0", "1 0 0 2 10 0 5 9", "case.m:15:14: matpower-cost: gencost row 1: read 5 after 10, want points that rise"},
		{"an infinite cost", "2 0 0 2 10 0", "2 0 0 2 Inf 0", "case.m:15:9: matpower-cost: gencost row 1: read +Inf"},
		{"infinite with points", "200 0;\n", "Inf 0;\n", ""},
	} {
		text := strings.Replace(fine, c.old, c.new, 1)
		if text == fine {
			t.Errorf("%s: %q is not in the case", c.what, c.old)
		}
		found := problemsOf(t, text)
		if c.want == "" {
			if len(found) > 0 {
				t.Errorf("%s: %v", c.what, found)
			}
			continue
		}
		if len(found) == 0 || !strings.Contains(found[0].String(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.what, found, c.want)
		}
	}
}

// Both a cost that needs integers and a square: no solver of Busbar's does that.
func TestIntegersAndSquares(t *testing.T) {
	text := one("30", "1 100 0\n1 100 0", "1 0 0 3 0 0 50 1000 100 1500\n2 0 0 3 0.1 10 7 0 0 0")
	found := problemsOf(t, text)
	if len(found) != 1 || found[0].Code != "matpower-cost" || !strings.Contains(found[0].Text, "both together are not solved") {
		t.Errorf("got %v", found)
	}
}

// A file of another kind gives a screen of problems, not a book.
func TestProblemsEnd(t *testing.T) {
	found := problemsOf(t, "function mpc = x\n"+strings.Repeat("while true, end\n", 1000))
	if len(found) != most {
		t.Errorf("%d problems, want %d", len(found), most)
	}
}

// Nothing panics, and every problem has its place in the file.
func FuzzRead(f *testing.F) {
	f.Add(fine)
	f.Add("function [baseMVA, bus] = x\nbaseMVA = 1; bus = [1 2; 3 ...\n 4]; return")
	f.Add("function mpc = x\n%{\n%}\nmpc.bus_name = {'a', \"b\"\n};")
	f.Add("function mpc = x\nmpc.bus = [1 2]' + 3")
	for _, name := range []string{"case9.m", "auction.m", "case9_dcline.m"} {
		if text, err := os.ReadFile("testdata/" + name); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		c, found := Read("case.m", text)
		if (c == nil) != (len(found) > 0) {
			t.Fatalf("a case %v with %d problems", c != nil, len(found))
		}
		if c != nil {
			for _, dc := range []DC{Matpower, PowerModels} {
				b, problems := Build(c, dc)
				found = append(found, problems...)
				if b != nil {
					if _, _, err := formulate.Build(b.Model); err != nil {
						t.Fatalf("refused by the formulation: %v", err)
					}
				}
			}
		}
		for _, p := range found {
			if p.Line < 1 || p.Line > lines || p.Col < 1 || p.Code == "" || p.Text == "" {
				t.Fatalf("a problem without a place: %+v", p)
			}
		}
	})
}
