// Package explain says why: what conflicts where a study is infeasible, what
// sets a price, what binds. It re-solves where it must, and speaks in the
// planner's names.
//
// What enters: a system, its primitives and a solver, or a run folder. What
// leaves: a few sentences, and the numbers behind them.
package explain

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strings"

	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/system"
	"example.org/busbar/lp"
	"example.org/busbar/solve"
)

// Conflict is a small set of things that cannot hold together.
type Conflict struct {
	Lines []string `json:"lines"` // in words, the largest first
	Parts []Part   `json:"parts"`
}

// Part is one family of rows that had to give way.
type Part struct {
	What  string  `json:"what"`  // "balance", "limit", "total", ...
	Name  string  `json:"name"`  // bus, limit or asset
	Unit  string  `json:"unit"`  // of Worst, a rate where it is one
	Steps int     `json:"steps"` // in how many steps
	Worst float64 `json:"worst"` // largest violation of one step
	When  string  `json:"when"`  // step of the largest, "" for the whole study
	Sum   float64 `json:"sum"`   // amount over the year, in the commodity's unit, for a balance
}

// Infeasible relaxes what a planner could relax - balances, limits, totals,
// least activities, windows, given values - each violation at a cost in the
// measure of its own row, and finds the cheapest way out: what stays violated
// is the conflict. What nature and capacity bound is not relaxed.
//
// The problem is min sum_i w_i (s+_i + s-_i) over the original rows with
// slacks, w_i = 1 / (1 + the family's largest right-hand side or capacity), so
// that megawatts, tonnes and cubic metres weigh alike.
func Infeasible(ctx context.Context, s *system.System, m *primitive.Model, solver string, o lp.Options) (*Conflict, error) {
	problem, ix, err := formulate.Build(m)
	if err != nil {
		return nil, err
	}
	relaxed, slacks := relax(problem, ix)
	o.Hint = nil
	sol, cert, err := solve.Run(ctx, relaxed, solver, o)
	if err != nil {
		return nil, err
	}
	if sol.Status != lp.Optimal || len(sol.X) != relaxed.Cols() {
		return nil, fmt.Errorf("the relaxed problem ended %v (%v): the conflict lies in bounds that cannot be relaxed (a purchase's least amount above its most, a level outside its store)", sol.Status, cert)
	}
	c := &Conflict{}
	c.collect(s, m, ix, slacks, sol.X)
	c.say(s, m, ix, sol.X)
	return c, nil
}

// soft tells the families of rows that a planner could relax.
func soft(w formulate.What) bool {
	switch w {
	case formulate.Balance, formulate.UnitMin, formulate.UnitFixed, formulate.UnitWindow, formulate.StoreFixed,
		formulate.StoreMin, formulate.TradeMin, formulate.TradeTotal, formulate.LimitSum:
		return true
	}
	return false
}

// slack is a pair of columns that lets a row go.
type slack struct {
	row       int32
	more, few int32 // column that adds to the row (what is short), that takes from it; None
}

// relax copies a problem with its objective replaced by the weighted sum of
// violations.
func relax(p *lp.Problem, ix *formulate.Index) (*lp.Problem, []slack) {
	q := *p
	q.Offset = 0
	q.QStart, q.QIndex, q.QValue = nil, nil, nil
	q.Names, q.Integer = nil, nil
	n := p.Cols()
	q.Cost = make([]float64, n)
	q.ColLower = append([]float64(nil), p.ColLower...)
	q.ColUpper = append([]float64(nil), p.ColUpper...)
	q.Start = append([]int64(nil), p.Start...)
	q.Index = append([]int32(nil), p.Index...)
	q.Value = append([]float64(nil), p.Value...)
	var slacks []slack
	column := func(row int32, v, cost float64) int32 {
		q.Cost = append(q.Cost, cost)
		q.ColLower = append(q.ColLower, 0)
		q.ColUpper = append(q.ColUpper, lp.Inf)
		q.Index = append(q.Index, row)
		q.Value = append(q.Value, v)
		q.Start = append(q.Start, int64(len(q.Value)))
		return int32(len(q.Cost) - 1)
	}
	scale := map[[2]int32]float64{}
	ix.Rows(func(k formulate.Block) {
		key := [2]int32{int32(k.What), k.Index}
		for i := k.First; i < k.First+k.Count; i++ {
			for _, v := range []float64{p.RowLower[i], p.RowUpper[i]} {
				if !math.IsInf(v, 0) {
					scale[key] = math.Max(scale[key], math.Abs(v))
				}
			}
		}
	})
	ix.Rows(func(k formulate.Block) {
		if !soft(k.What) {
			return
		}
		w := 1 / (1 + scale[[2]int32{int32(k.What), k.Index}])
		if k.What != formulate.Balance {
			w *= 1.001 // where either would do, a shortage says more than a limit
		}
		for i := k.First; i < k.First+k.Count; i++ {
			s := slack{i, primitive.None, primitive.None}
			if !math.IsInf(p.RowLower[i], 0) {
				s.more = column(i, 1, w)
			}
			if !math.IsInf(p.RowUpper[i], 0) {
				s.few = column(i, -1, w)
			}
			slacks = append(slacks, s)
		}
	})
	return &q, slacks
}

// key of a Part while it is summed.
type key struct {
	what  formulate.What
	index int32
	sub   int32
	few   bool
}

func (c *Conflict) collect(s *system.System, m *primitive.Model, ix *formulate.Index, slacks []slack, x []float64) {
	parts := map[key]*Part{}
	var order []key
	add := func(row int32, v float64, few bool) {
		k, step := ix.Row(int(row))
		at := key{k.What, k.Index, k.Sub, few}
		p := parts[at]
		if p == nil {
			p = &Part{What: family(k.What, few), Name: ix.Owner(k), Unit: unitOf(m, k)}
			parts[at] = p
			order = append(order, at)
		}
		p.Steps++
		if v > p.Worst {
			p.Worst, p.When = v, ix.Label(k, step)
		}
		if k.What == formulate.Balance {
			p.Sum += v * m.Clock.Grids[k.Grid].Amount[step]
		}
	}
	for _, sl := range slacks {
		if sl.more >= 0 && x[sl.more] > tolerance(x, sl.more) {
			add(sl.row, x[sl.more], false)
		}
		if sl.few >= 0 && x[sl.few] > tolerance(x, sl.few) {
			add(sl.row, x[sl.few], true)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return parts[order[i]].Worst > parts[order[j]].Worst })
	for _, k := range order {
		c.Parts = append(c.Parts, *parts[k])
	}
}

// tolerance below which a violation is the solver's.
func tolerance(x []float64, col int32) float64 { return 1e-4 }

func family(w formulate.What, few bool) string {
	switch w {
	case formulate.Balance:
		if few {
			return "surplus"
		}
		return "shortage"
	case formulate.LimitSum:
		return "limit"
	case formulate.TradeTotal:
		return "total"
	case formulate.UnitWindow:
		return "window"
	case formulate.UnitMin, formulate.TradeMin, formulate.StoreMin:
		return "minimum"
	}
	return "given value"
}

func unitOf(m *primitive.Model, k formulate.Block) string {
	switch k.What {
	case formulate.Balance:
		u := m.Commodities[m.Buses[k.Index].Commodity].Unit
		if u == "MWh" {
			return "MW"
		}
		return u + "/h"
	case formulate.UnitWindow:
		return "x h of its rate"
	case formulate.TradeTotal:
		return m.Commodities[m.Buses[m.Trades[k.Index].Bus].Commodity].Unit
	}
	return ""
}

// say puts the parts in sentences, and for each shortage what could have
// helped and why it does not.
func (c *Conflict) say(s *system.System, m *primitive.Model, ix *formulate.Index, x []float64) {
	for n, p := range c.Parts {
		if n == 6 {
			c.Lines = append(c.Lines, fmt.Sprintf("and %d more", len(c.Parts)-n))
			break
		}
		when := ""
		if p.When != "" {
			when = fmt.Sprintf(", worst %s", strings.Replace(p.When, "T", " ", 1))
		}
		switch p.What {
		case "shortage", "surplus":
			commodity, place, _ := strings.Cut(p.Name, "@")
			if place == "" {
				place, commodity, _ = strings.Cut(p.Name, ".")
			}
			word := "short by"
			if p.What == "surplus" {
				word = "cannot get rid of"
			}
			line := fmt.Sprintf("%s: %s %s up to %s %s in %d steps%s", place, commodity, word, number(p.Worst), p.Unit, p.Steps, when)
			if why := suppliers(m, ix, x, p.Name, p.What == "surplus"); why != "" {
				line += "; " + why
			}
			c.Lines = append(c.Lines, line)
		case "limit":
			c.Lines = append(c.Lines, fmt.Sprintf("limit %s is missed by up to %s in %d spans%s", p.Name, number(p.Worst), p.Steps, when))
		case "total":
			c.Lines = append(c.Lines, fmt.Sprintf("%s: its total is missed by up to %s %s in %d spans%s", p.Name, number(p.Worst), p.Unit, p.Steps, when))
		case "window":
			c.Lines = append(c.Lines, fmt.Sprintf("%s: cannot keep the sum over its window, by up to %s, %d times%s", p.Name, number(p.Worst), p.Steps, when))
		default:
			c.Lines = append(c.Lines, fmt.Sprintf("%s: its %s is missed by up to %s in %d steps%s", p.Name, p.What, number(p.Worst), p.Steps, when))
		}
	}
}

// suppliers says of everything that could feed (or relieve) a bus why it does
// not do more.
func suppliers(m *primitive.Model, ix *formulate.Index, x []float64, bus string, relieve bool) string {
	var full, zero, other []string
	seen := map[string]bool{}
	note := func(list *[]string, tag primitive.Tag, text string) {
		name := text
		if tag.Asset >= 0 {
			name = m.Assets[tag.Asset].Name + text
		}
		if !seen[name] {
			seen[name] = true
			*list = append(*list, name)
		}
	}
	sign := 1.0
	if relieve {
		sign = -1
	}
	for i := range m.Units {
		u := &m.Units[i]
		for _, p := range u.Ports {
			if m.Buses[p.Bus].Name != bus || !has(p.Ratio, sign) {
				continue
			}
			if u.Bound.Capacity == primitive.None {
				continue
			}
			k := &m.Capacities[u.Bound.Capacity]
			switch size := ix.CapacitySize(x, int(u.Bound.Capacity)); {
			case k.Max > k.Min && size >= k.Existing+k.Max*(1-1e-6):
				note(&full, u.Tag, fmt.Sprintf(" (%s %s)", number(size), k.Unit))
			case k.Max <= k.Min:
				note(&other, u.Tag, fmt.Sprintf(" has %s %s and cannot be extended", number(size), k.Unit))
			}
		}
	}
	for i := range m.Trades {
		t := &m.Trades[i]
		if m.Buses[t.Bus].Name != bus || t.Sell != relieve {
			continue
		}
		most := 0.0
		if t.Bound != nil {
			most = t.Bound.Coef
			if t.Bound.Capacity != primitive.None {
				most *= ix.CapacitySize(x, int(t.Bound.Capacity))
			}
			most *= peak(t.Bound.Max)
		} else {
			most = peak(t.Max)
		}
		if !math.IsInf(most, 1) {
			note(&zero, t.Tag, fmt.Sprintf(" is limited to %s", number(most)))
		}
	}
	for i := range m.Routes {
		r := &m.Routes[i]
		if m.Buses[r.To].Name == bus && !relieve || m.Buses[r.From].Name == bus && relieve {
			note(&other, r.Tag, " carries what it can")
		}
	}
	var say []string
	if len(full) > 0 {
		say = append(say, strings.Join(full, ", ")+" at the most that may be built")
	}
	say = append(say, other...)
	say = append(say, zero...)
	if len(say) == 0 && !relieve {
		return "nothing else feeds it"
	}
	return strings.Join(say, "; ")
}

func has(s primitive.Series, sign float64) bool {
	if s.Data == nil {
		return s.Value*sign > 0
	}
	for _, v := range s.Data {
		if v*sign > 0 {
			return true
		}
	}
	return false
}

func peak(s primitive.Series) float64 {
	if s.Data == nil {
		return s.Value
	}
	most := math.Inf(-1)
	for _, v := range s.Data {
		most = math.Max(most, v)
	}
	return most
}

// number prints three digits, more for large numbers.
func number(v float64) string {
	if math.Abs(v) >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
