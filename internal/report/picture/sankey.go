package picture

import (
	"fmt"
	"math"
	"sort"
)

// Node of a Sankey.
type Node struct {
	Name   string `json:"name"`
	Colour string `json:"colour"`
}

// Link carries an amount between two nodes, by position.
type Link struct {
	From   int     `json:"from"`
	To     int     `json:"to"`
	Amount float64 `json:"amount"`
}

// Sankey shows what goes where over a year. Links must form no circle: see
// Acyclic.
type Sankey struct {
	Base
	Unit  string `json:"unit"`
	Nodes []Node `json:"nodes"`
	Links []Link `json:"links"`
}

// Acyclic keeps links in order of size and returns the positions of those that
// would close a circle with larger ones.
func Acyclic(nodes int, links []Link) (closing []int) {
	order := make([]int, len(links))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return links[order[a]].Amount > links[order[b]].Amount })
	next := make([][]int, nodes)
	for _, i := range order {
		l := links[i]
		if reaches(next, l.To, l.From, make([]bool, nodes)) {
			closing = append(closing, i)
			continue
		}
		next[l.From] = append(next[l.From], l.To)
	}
	sort.Ints(closing)
	return closing
}

func reaches(next [][]int, from, to int, seen []bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	for _, n := range next[from] {
		if !seen[n] && reaches(next, n, to, seen) {
			return true
		}
	}
	return false
}

// Used drops the nodes that no link touches.
func (s *Sankey) Used() *Sankey {
	at := make([]int, len(s.Nodes))
	for _, l := range s.Links {
		at[l.From], at[l.To] = 1, 1
	}
	var nodes []Node
	for i, n := range s.Nodes {
		if at[i] == 1 {
			at[i] = len(nodes)
			nodes = append(nodes, n)
		}
	}
	for i := range s.Links {
		s.Links[i].From, s.Links[i].To = at[s.Links[i].From], at[s.Links[i].To]
	}
	s.Nodes = nodes
	return s
}

// layers gives every node its column: its longest way from a source, and nodes
// without one that feed only later columns move up to them.
func (s *Sankey) layers() (layer []int, count int) {
	layer = make([]int, len(s.Nodes))
	for range s.Nodes {
		moved := false
		for _, l := range s.Links {
			if layer[l.To] < layer[l.From]+1 {
				layer[l.To], moved = layer[l.From]+1, true
			}
		}
		if !moved {
			break
		}
	}
	for _, l := range layer {
		count = max(count, l+1)
	}
	fed, feeds := make([]bool, len(s.Nodes)), make([]bool, len(s.Nodes))
	for _, l := range s.Links {
		fed[l.To], feeds[l.From] = true, true
	}
	for i := range layer {
		switch {
		case !fed[i]:
			least := count
			for _, l := range s.Links {
				if l.From == i {
					least = min(least, layer[l.To])
				}
			}
			layer[i] = max(0, least-1)
		case !feeds[i]:
			layer[i] = count - 1
		}
	}
	return layer, count
}

// SVG draws it.
func (s *Sankey) SVG() string {
	var c canvas
	const top, gap, width = 36.0, 13.0, 14.0
	layer, count := s.layers()
	in, out := make([]float64, len(s.Nodes)), make([]float64, len(s.Nodes))
	for _, l := range s.Links {
		in[l.To] += l.Amount
		out[l.From] += l.Amount
	}
	columns := make([][]int, count)
	for i, l := range layer {
		columns[l] = append(columns[l], i)
	}
	most := 1
	for _, col := range columns {
		most = max(most, len(col))
	}
	// The names of the outer columns stand outside, those of the inner ones
	// right of their node.
	left, right := 0.0, 0.0
	for i, n := range s.Nodes {
		w := math.Min(190, textWidth(n.Name, 12)+14)
		if layer[i] == 0 {
			left = math.Max(left, w)
		} else if layer[i] == count-1 {
			right = math.Max(right, w)
		}
	}
	height := math.Max(240, math.Min(620, float64(most)*40))
	perUnit := math.Inf(1)
	for _, col := range columns {
		sum := 0.0
		for _, i := range col {
			sum += math.Max(in[i], out[i])
		}
		if sum > 0 {
			perUnit = math.Min(perUnit, (height-gap*float64(len(col)-1))/sum)
		}
	}
	if math.IsInf(perUnit, 0) {
		perUnit = 1
	}
	// Order within a column: first by size, then a few sweeps to the mean
	// position of the neighbours, which is what keeps ribbons from crossing.
	y := make([]float64, len(s.Nodes))
	size := func(i int) float64 { return math.Max(math.Max(in[i], out[i])*perUnit, 1) }
	place := func(col []int) {
		// Two labels of two lines each need 27 from centre to centre.
		at := 0.0
		for k, i := range col {
			if k > 0 {
				before := col[k-1]
				at = math.Max(at+gap, y[before]+size(before)/2+27-size(i)/2)
			}
			y[i] = at
			at += size(i)
		}
		for _, i := range col {
			y[i] += (height - at) / 2
		}
	}
	for _, col := range columns {
		sort.SliceStable(col, func(a, b int) bool { return math.Max(in[col[a]], out[col[a]]) > math.Max(in[col[b]], out[col[b]]) })
		place(col)
	}
	for sweep := range 6 {
		for k := range columns {
			if sweep%2 == 1 {
				k = count - 1 - k
			}
			col := columns[k]
			mean := map[int]float64{}
			for _, i := range col {
				sum, weight := 0.0, 0.0
				for _, l := range s.Links {
					other := -1
					if l.From == i {
						other = l.To
					} else if l.To == i {
						other = l.From
					}
					if other >= 0 {
						sum += l.Amount * (y[other] + size(other)/2)
						weight += l.Amount
					}
				}
				mean[i] = y[i] + size(i)/2
				if weight > 0 {
					mean[i] = sum / weight
				}
			}
			sort.SliceStable(col, func(a, b int) bool { return mean[col[a]] < mean[col[b]] })
			place(col)
		}
	}
	least := 0.0
	for i := range y {
		least = math.Min(least, y[i])
	}
	for i := range y {
		y[i] -= least
		height = math.Max(height, y[i]+size(i))
	}
	xAt := func(l int) float64 {
		if count == 1 {
			return left
		}
		return left + float64(l)*(Width-left-right-width)/float64(count-1)
	}
	// Ribbons leave and arrive in the order of what they lead to.
	order := make([]int, len(s.Links))
	for i := range order {
		order[i] = i
	}
	outAt, inAt := append([]float64(nil), y...), append([]float64(nil), y...)
	from, to := make([]float64, len(s.Links)), make([]float64, len(s.Links))
	sort.SliceStable(order, func(a, b int) bool { return y[s.Links[order[a]].To] < y[s.Links[order[b]].To] })
	for _, k := range order {
		from[k] = outAt[s.Links[k].From]
		outAt[s.Links[k].From] += s.Links[k].Amount * perUnit
	}
	sort.SliceStable(order, func(a, b int) bool { return y[s.Links[order[a]].From] < y[s.Links[order[b]].From] })
	for _, k := range order {
		to[k] = inAt[s.Links[k].To]
		inAt[s.Links[k].To] += s.Links[k].Amount * perUnit
	}
	for k, l := range s.Links {
		x0, x1 := xAt(layer[l.From])+width, xAt(layer[l.To])
		h := l.Amount * perUnit
		a, b := top+from[k]+h/2, top+to[k]+h/2
		mid := (x0 + x1) / 2
		colour := s.Nodes[l.From].Colour
		if in[l.From] > 0 {
			colour = s.Nodes[l.To].Colour
		}
		c.put(`<path fill="none" stroke="`, colour, `" stroke-opacity=".42" stroke-width="`, num(math.Max(h, 0.7)), `" d="M`,
			num(x0), " ", num(a), "C", num(mid), " ", num(a), " ", num(mid), " ", num(b), " ", num(x1), " ", num(b), `"><title>`,
			esc(fmt.Sprintf("%s to %s: %s %s", s.Nodes[l.From].Name, s.Nodes[l.To].Name, Number(l.Amount), s.Unit)), `</title></path>`)
	}
	for i, n := range s.Nodes {
		x, h := xAt(layer[i]), size(i)
		c.rect(x, top+y[i], width, h, n.Colour)
		amount := Number(math.Max(in[i], out[i]))
		cy := top + y[i] + h/2
		name := short(n.Name, 12, 184)
		switch {
		case layer[i] == 0:
			c.text(x-8, cy-1, "end", name, halo)
			c.text(x-8, cy+12, "end", amount, muted, `font-size="11"`)
		case layer[i] == count-1:
			c.text(x+width+8, cy-1, "start", name, halo)
			c.text(x+width+8, cy+12, "start", amount, muted, `font-size="11"`)
		default:
			name = short(n.Name, 13, xAt(layer[i]+1)-x-width-10)
			c.text(x+width+6, cy-1, "start", name, halo, `font-weight="600"`)
			c.text(x+width+6, cy+12, "start", amount, halo, `font-size="11"`)
		}
	}
	c.text(0, 12, "start", s.Unit, muted)
	return c.close(&s.Base, height+top+16)
}
