package formulate

import (
	"fmt"
	"sort"
	"strings"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/lp"
)

// What says what a block of columns or rows stands for.
type What uint8

// The columns.
const (
	Built    What = iota // of a capacity
	Activity             // of a unit
	Sliding              // sum of a unit's activity over a window
	Level                // of a store, after the step
	Spill
	Start  // level of a store at the start of an original period
	Low    // lowest start of the periods a representative one stands for
	Spread // highest start less the lowest
	Forward
	Back
	Shed
	Elastic
	Rate    // of a trade
	Further // block of a trade
	Over    // violation of a soft limit from above
	Under
	Through // flow of a line
	Lost    // of a line
	Shifted // phase shift of a line
	Modules // of a capacity
	Online  // machines of a unit
	Started
	Stopped
	Serviced // a unit that is maintained
	Service  // the start of a maintenance
	Out      // the room of a unit that is maintained
	Piece    // of a unit's curve
	Filled   // a piece of a unit's curve is full
	BuiltPiece
	BuiltFilled
	AtRisk // value at risk of the scenarios
	Excess // of a scenario's money over it

	firstRow
)

// The rows.
const (
	Balance What = iota + firstRow
	UnitMax
	UnitMin
	UnitFixed
	UnitRamp
	UnitSlide
	UnitWindow
	StoreMax
	StoreMin
	StoreFixed
	StoreLink
	StoreAbove
	StoreWithin
	RouteMax
	RouteBack
	TradeMax
	TradeMin
	TradeTotal
	LineMax
	LineMin
	LineCycle
	LineAngle
	LineLoss
	OutageMax
	OutageMin
	CapacityModules
	UnitRoomMax
	UnitRoomMin
	UnitMachines
	UnitStart
	UnitStop
	UnitUpTime
	UnitDownTime
	UnitOnRamp
	UnitTight
	UnitServices
	UnitServiced
	UnitOut
	UnitCurve
	UnitOrder
	CapacityCurve
	CapacityOrder
	RiskExcess
	LimitSum

	whats
)

// Grids of blocks that aren't on one of the clock's: a negative Block.Grid.
const (
	linked  int32 = -1 // one for the whole study
	series  int32 = -2 // one for each original period of representative ones
	chains  int32 = -3 // one for each representative period
	spanned int32 = -4 // -4 - s: one for each span of kind s
)

// Block is a run of neighbouring columns or rows of one primitive.
type Block struct {
	What  What
	Index int32 // of the primitive in its slice of the Model; of the bus for balances, of the line that closes it for cycles
	Sub   int32 // which block of a trade, window, curve or piece of a unit, total of a trade, line of an outage, scenario; 0 where there is one
	Grid  int32 // of the clock; negative for what is on none of its grids
	Step  int32 // of the first column or row
	First int32 // column or row
	Count int32
}

// Index leads from columns and rows to what they stand for, and back. It may be
// read by several goroutines at once.
type Index struct {
	axes
	m     *primitive.Model
	p     *lp.Problem
	cols  []Block
	rows  []Block
	first [firstRow][]int32 // first column of each primitive, None without

	limits int32     // first row of limits, which come last
	known  []float64 // what of each limit's sum is constant, and on the right
}

func newIndex(m *primitive.Model) *Index {
	ix := &Index{m: m}
	for w := range ix.first {
		n := len(m.Units)
		switch What(w) {
		case Built, Modules, BuiltPiece, BuiltFilled:
			n = len(m.Capacities)
		case Level, Spill, Start, Low, Spread:
			n = len(m.Stores)
		case Forward, Back:
			n = len(m.Routes)
		case Shed, Elastic:
			n = len(m.Demands)
		case Rate, Further:
			n = len(m.Trades)
		case Over, Under:
			n = len(m.Limits)
		case AtRisk, Excess:
			n = 1
		case Through, Lost, Shifted:
			n = len(m.Lines)
		}
		ix.first[w] = make([]int32, n)
		for i := range ix.first[w] {
			ix.first[w][i] = primitive.None
		}
	}
	return ix
}

func (ix *Index) addColumns(k Block) {
	if k.Count == 0 {
		return
	}
	ix.cols = append(ix.cols, k)
	if f := &ix.first[k.What][k.Index]; *f == primitive.None {
		*f = k.First
	}
}

func (ix *Index) addRow(head Block, step, row int32) {
	if n := len(ix.rows); n > 0 {
		k := &ix.rows[n-1]
		if k.What == head.What && k.Index == head.Index && k.Sub == head.Sub && k.Grid == head.Grid && k.Step+k.Count == step {
			k.Count++
			return
		}
	}
	head.Step, head.First, head.Count = step, row, 1
	ix.rows = append(ix.rows, head)
}

// Rows calls visit for each block of rows, in order. One primitive may have
// several blocks of a kind where its rows leave out steps.
func (ix *Index) Rows(visit func(Block)) {
	for _, k := range ix.rows {
		visit(k)
	}
}

// Cols calls visit for each block of columns, in order.
func (ix *Index) Cols(visit func(Block)) {
	for _, k := range ix.cols {
		visit(k)
	}
}

// Row returns the block of a row and the row's step.
func (ix *Index) Row(i int) (Block, int32) { return find(ix.rows, i) }

// Col returns the block of a column and the column's step.
func (ix *Index) Col(j int) (Block, int32) { return find(ix.cols, j) }

func find(blocks []Block, i int) (Block, int32) {
	n := sort.Search(len(blocks), func(n int) bool { return int(blocks[n].First) > i })
	k := blocks[n-1]
	return k, k.Step + int32(i) - k.First
}

// String is the name of a family of columns or rows: "unit.activity".
func (w What) String() string {
	for i := range variables {
		if variables[i].what == w {
			return variables[i].name
		}
	}
	for i := range constraints {
		if constraints[i].what == w {
			return constraints[i].name
		}
	}
	return fmt.Sprintf("What(%d)", uint8(w))
}

// RowName names a row: "unit[wind].max[2030-01-01T05:00]".
func (ix *Index) RowName(i int) string {
	k, step := ix.Row(i)
	return ix.name(k, step)
}

// ColName names a column: "unit[wind].activity[2030-01-01T05:00]".
func (ix *Index) ColName(j int) string {
	k, step := ix.Col(j)
	return ix.name(k, step)
}

func (ix *Index) name(k Block, step int32) string {
	kind, attribute, _ := strings.Cut(k.What.String(), ".")
	var s strings.Builder
	s.WriteString(kind)
	s.WriteString("[" + ix.Owner(k) + "]")
	if attribute != "" {
		s.WriteString("." + attribute)
	}
	if k.Sub > 0 && !k.named() {
		fmt.Fprintf(&s, ".%d", k.Sub+1)
	}
	if label := ix.Label(k, step); label != "" {
		s.WriteString("[" + label + "]")
	}
	return s.String()
}

// named reports whether Sub is part of the owner's name.
func (k Block) named() bool {
	switch k.What {
	case OutageMax, OutageMin, Excess, RiskExcess:
		return true
	}
	return false
}

// Owner names the primitive of a block: asset and part, a bus, a limit.
func (ix *Index) Owner(k Block) string {
	m, i := ix.m, k.Index
	switch k.What {
	case Balance:
		return m.Buses[i].Name
	case Over, Under, LimitSum:
		return m.Limits[i].Name
	case Built, Modules, CapacityModules, BuiltPiece, BuiltFilled, CapacityCurve, CapacityOrder:
		return ix.tag(m.Capacities[i].Tag, i)
	case Level, Spill, Start, Low, Spread, StoreMax, StoreMin, StoreFixed, StoreLink, StoreAbove, StoreWithin:
		return ix.tag(m.Stores[i].Tag, i)
	case Forward, Back, RouteMax, RouteBack:
		return ix.tag(m.Routes[i].Tag, i)
	case Shed, Elastic:
		return ix.tag(m.Demands[i].Tag, i)
	case Rate, Further, TradeMax, TradeMin, TradeTotal:
		return ix.tag(m.Trades[i].Tag, i)
	case AtRisk:
		return "scenarios"
	case Excess, RiskExcess:
		return m.Scenarios[k.Sub].Name
	case Through, Lost, Shifted, LineMax, LineMin, LineCycle, LineAngle, LineLoss:
		return ix.tag(m.Lines[i].Tag, i)
	case OutageMax, OutageMin:
		failed := m.Outages[i].Line
		return ix.tag(m.Lines[k.Sub].Tag, k.Sub) + " without " + ix.tag(m.Lines[failed].Tag, failed)
	}
	return ix.tag(m.Units[i].Tag, i)
}

func (ix *Index) tag(t primitive.Tag, i int32) string { return tagName(ix.m, t, i) }

// tagName is asset and part, or the position where there is neither.
func tagName(m *primitive.Model, t primitive.Tag, i int32) string {
	name := t.Part
	if t.Asset >= 0 && int(t.Asset) < len(m.Assets) {
		name = m.Assets[t.Asset].Name
		if t.Part != "" {
			name += "." + t.Part
		}
	}
	if name == "" {
		return fmt.Sprintf("#%d", i)
	}
	return name
}

// Label says when a step of a block is: the start of a step or span, or the
// number of a period; empty for what holds for the whole study.
func (ix *Index) Label(k Block, step int32) string {
	switch {
	case k.Grid == linked:
		return ""
	case k.Grid == series:
		return fmt.Sprintf("period %d", step+1)
	case k.Grid == chains:
		return fmt.Sprintf("representative %d", step+1)
	case k.Grid <= spanned:
		return ix.sets[spanned-k.Grid].labels[step]
	}
	g := &ix.times[k.Grid]
	at := ix.c.Stamps[g.First[step]]
	switch g.Step.Unit {
	case clock.Day, clock.Week:
		return at.Format("2006-01-02")
	case clock.Month:
		return at.Format("2006-01")
	case clock.Year:
		return at.Format("2006")
	}
	return at.Format("2006-01-02T15:04")
}

// Ticks returns the ticks [from, to) of a step of a block: of its step on a grid
// of the clock, of its span; all of them for what links times. With
// representative periods a span has no run of ticks of its own, and gets all.
func (ix *Index) Ticks(k Block, step int32) (from, to int32) {
	all := int32(ix.c.Ticks())
	switch {
	case k.Grid >= 0:
		g := &ix.times[k.Grid]
		return g.First[step], g.First[step+1]
	case k.Grid <= spanned && ix.c.Sequence == nil:
		first := ix.sets[spanned-k.Grid].first
		if int(step)+1 < len(first) {
			return first[step], first[step+1]
		}
		return first[step], all
	}
	return 0, all
}

// Spanned reports whether a block has one column or row a day, week, month, year
// or horizon.
func (k Block) Spanned() bool { return k.Grid <= spanned }

// Hint gives each row and column its hour from the start of the first tick,
// -1 to those that link times: capacities, limits and totals over more than a
// day, starts of periods. The rows or columns of one thing at its different
// times are a series.
func (ix *Index) Hint() *lp.Hint {
	begin := make([]int32, ix.c.Ticks())
	hours := 0.0
	for t := range begin {
		begin[t] = int32(hours)
		hours += ix.c.Hours[t]
	}
	place := func(blocks []Block, n int) (at, series []int32) {
		at, series = make([]int32, n), make([]int32, n)
		numbers := map[Block]int32{} // a thing may have several blocks, where its rows leave out steps
		for _, k := range blocks {
			thing := Block{What: k.What, Index: k.Index, Sub: k.Sub, Grid: k.Grid}
			number, known := numbers[thing]
			if !known {
				number = int32(len(numbers))
				numbers[thing] = number
			}
			for i := int32(0); i < k.Count; i++ {
				h := int32(-1)
				if k.Grid >= 0 {
					h = begin[ix.times[k.Grid].First[k.Step+i]]
				} else if k.Grid == spanned-int32(primitive.EachDay) && ix.c.Sequence == nil {
					h = begin[ix.sets[primitive.EachDay].first[k.Step+i]]
				}
				at[k.First+i], series[k.First+i] = h, number
			}
		}
		return at, series
	}
	h := &lp.Hint{}
	h.RowTime, h.RowSeries = place(ix.rows, ix.p.Rows())
	h.ColTime, h.ColSeries = place(ix.cols, ix.p.Cols())
	return h
}
