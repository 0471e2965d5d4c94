package formulate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

const preface = `# Formulation

<!-- Written by: go test ./internal/formulate -run TestDocument -update -->

What a model of primitives becomes: columns, rows and the objective of

    min c0 + c'x    rl <= Ax <= ru,    l <= x <= u

Each entry below is one function; its text is that function's comment.

**Symbols.** Activities, flows and trades are rates: an amount an hour, constant over a step. A step has
h hours. size = Existing + built of the capacity a bound refers to (a bound without one has size 1).
Min, Max, Coef, Fixed and so on are attributes of the primitive. decay = 1 - loss an hour. w is the amount
weight of a step: its hours, times how often a representative period occurs. A series is read on a coarser
step as its mean by hours.

**Bounds.** Where a size is a constant, Min Coef size <= v <= Max Coef size are the column's bounds. Where it
may be built they are rows (` + "`unit.max`, `unit.min`" + ` ...), left out where they can't bind.

**Delays** are whole numbers of steps. What leaves in step t arrives in the step that begins a delay later;
at the end of the horizon (or of a representative period) it is lost, or arrives at its beginning if cyclic.

`

const objective = `## Objective

Money of every class, income (sale) counted negative:

    c0 = sum_capacities (Fixed Existing + Sunk)                                    capital, fixed
       + sum_capacities sum_uses ratio price Existing                              variable
    + sum_capacities (Capital + Fixed + sum_uses ratio price) built                capital, fixed, variable
    + sum_t q_t (sum_costs per_t v_t)                                              the cost's class
    + sum_t q_t (sum_flows into an account ratio_t price_t v_t)                    variable
    + sum_t q_t ShedCost shed_t + sum_t q_t SpillCost spill_t                      variable
    + sum_t q_t price_t r_t of purchases                                           variable
    - sum_t q_t price_t r_t of sales - sum_t q_t price_t elastic_t                 sale
    - Value e_last of stores whose end is valued                                   variable
    + sum_t q_t StandBy_t u_t                                                      variable
    + sum_t n_t (Start_t start_t + Stop_t stop_t)                                  event
    + sum_t q_t (Y_0 + sum_k slope_k d_kt) of price curves                         the curve's class
    + sum_t q_t Quadratic_t a_t^2                                                  the cost's class
    + sum_capacities (Y_0 + sum_k slope_k d_k) of their curves                     capital
    + Omega (theta + sum_s p_s excess_s/(1 - Alpha))                               with Risk

Money of a primitive that belongs to a scenario counts p_s times, with Risk (1 - Omega) p_s times.
    + sum_spans Soft (over + under)                                                penalty

q is the cost weight of a step: its hours, frequency and period's weight. Money by the year counts with the
period's weight and the share of a year the horizon covers, in the investment periods in which its owner
exists; n is the weight of events, a step's frequency and period's weight. A capacity that can't be chosen is part of c0.
Prices (duals) of a balance are divided by q: money per unit.

`

//go:generate go test . -run TestDocument -update

// docs/formulation.md is what the tables and comments say now.
func TestDocument(t *testing.T) {
	comments := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				comments[f.Name.Name] = f.Doc.Text()
			}
		}
	}
	var s strings.Builder
	s.WriteString(preface)
	entry := func(name, over string, emit func(*builder)) {
		full := runtime.FuncForPC(reflect.ValueOf(emit).Pointer()).Name()
		short := full[strings.LastIndex(full, ".")+1:]
		text, ok := strings.CutPrefix(comments[short], short+": ")
		formula := strings.Contains(text, "\n\t")
		if !ok || !formula {
			t.Errorf("the comment of %s (%s) must be \"%s: what it means\" with its formula indented", short, name, short)
		}
		text = strings.ToUpper(text[:1]) + text[1:]
		fmt.Fprintf(&s, "### %s\n\nFor each %s.\n\n%s\n", name, over, strings.ReplaceAll(text, "\n\t", "\n    "))
	}
	s.WriteString("## Columns\n\n")
	for _, v := range variables {
		entry(v.name, v.over, v.emit)
	}
	s.WriteString("## Rows\n\n")
	for _, c := range constraints {
		entry(c.name, c.over, c.emit)
	}
	s.WriteString(objective)
	s.WriteString("## Storage between representative periods\n\n" + linking(t) + "\n")
	compare(t, filepath.Join("..", "..", "docs", "formulation.md"), []byte(s.String()))
}

// linking is the comment at the head of link.go.
func linking(t *testing.T) string {
	file, err := parser.ParseFile(token.NewFileSet(), "link.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Comments {
		if text, ok := strings.CutPrefix(c.Text(), "Storage between representative periods.\n\n"); ok {
			return strings.ReplaceAll(text, "\n\t", "\n    ")
		}
	}
	t.Error(fs.ErrNotExist)
	return ""
}
