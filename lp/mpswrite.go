package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteMPS writes p in free MPS format. ReadMPS gives back the same arrays:
// numbers are written in full, explicit zeros and free rows are kept. The one
// exception is a row with two finite sides whose distance no float64 can hold
// exactly: its upper side may come back one unit in the last place off.
//
// Names that the format can't carry (empty, with blanks, starting with a
// quote, twice) are replaced, all rows or all columns together, by r0, r1 ...
// or c0, c1 .... What MPS can't say is an error: a row whose lower side lies
// above its upper one, a finite bound of 1e20 or more.
func WriteMPS(w io.Writer, p *Problem) error {
	if err := p.Validate(); err != nil {
		return err
	}
	rows := writableNames(p.Rows(), p.RowName, "r")
	cols := writableNames(p.Cols(), p.ColName, "c")
	m := &mpsWriter{b: bufio.NewWriterSize(w, 1<<16), rows: rows, cols: cols, obj: "obj", sign: 1}
	for taken(rows, m.obj) {
		m.obj += "_"
	}
	if p.Negated {
		m.sign = -1
	}
	rhs, ranges, err := m.writeRows(p)
	if err != nil {
		return err
	}
	m.writeColumns(p)
	m.writeSides(p, rhs, ranges)
	if err := m.writeBounds(p); err != nil {
		return err
	}
	m.writeHessian(p)
	m.b.WriteString("ENDATA\n")
	return m.b.Flush()
}

type mpsWriter struct {
	b          *bufio.Writer
	rows, cols []string
	obj        string
	sign       float64 // -1: the problem is written as a maximum
	num        []byte
}

func (m *mpsWriter) put(words ...string) {
	for _, s := range words {
		m.b.WriteByte(' ')
		m.b.WriteString(s)
	}
}

func (m *mpsWriter) value(v float64) {
	m.num = strconv.AppendFloat(append(m.num[:0], ' '), v, 'g', -1, 64)
	m.b.Write(m.num)
	m.b.WriteByte('\n')
}

func (m *mpsWriter) writeRows(p *Problem) (rhs, ranges []float64, err error) {
	m.b.WriteString("NAME\n")
	if p.Negated {
		m.b.WriteString("OBJSENSE\n MAX\n")
	}
	m.b.WriteString("ROWS\n N " + m.obj + "\n")
	rhs, ranges = make([]float64, p.Rows()), make([]float64, p.Rows())
	for i, l := range p.RowLower {
		u := p.RowUpper[i]
		if huge(l) || huge(u) || l > u {
			return nil, nil, fmt.Errorf("mps: the sides %v and %v of row %s; MPS holds sides in order and below %g", l, u, p.RowName(i), mpsInfinite)
		}
		sense, b, rng := mpsSides(l, u)
		rhs[i], ranges[i] = b, rng
		m.put(string(sense), m.rows[i])
		m.b.WriteByte('\n')
	}
	return rhs, ranges, nil
}

// mpsSides finds the sense, right-hand side and range (NaN: none) from which
// rowSides makes exactly l and u, if any do.
func mpsSides(l, u float64) (sense byte, rhs, rng float64) {
	nan := math.NaN()
	switch {
	case math.IsInf(l, -1) && math.IsInf(u, 1):
		return 'L', 1e30, nan
	case l == u:
		return 'E', l, nan
	case math.IsInf(l, -1):
		return 'L', u, nan
	case math.IsInf(u, 1):
		return 'G', l, nan
	}
	r := u - l
	for _, r := range []float64{r, math.Nextafter(r, 0), math.Nextafter(r, Inf)} {
		for _, sense := range []byte{'G', 'L'} {
			b := l
			if sense == 'L' {
				b = u
			}
			if gl, gu := rowSides(sense, b, r); gl == l && gu == u {
				return sense, b, r
			}
		}
	}
	return 'G', l, r
}

func (m *mpsWriter) writeColumns(p *Problem) {
	m.b.WriteString("COLUMNS\n")
	inInteger, markers := false, 0
	mark := func(integer bool) {
		if integer == inInteger {
			return
		}
		inInteger = integer
		word := "'INTEND'"
		if integer {
			word = "'INTORG'"
		}
		m.put("M"+strconv.Itoa(markers), "'MARKER'", word)
		m.b.WriteByte('\n')
		markers++
	}
	for j, name := range m.cols {
		mark(p.Integer != nil && p.Integer[j])
		if p.Cost[j] != 0 || p.Start[j] == p.Start[j+1] {
			m.put(name, m.obj)
			m.value(m.sign * p.Cost[j])
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			m.put(name, m.rows[p.Index[k]])
			m.value(p.Value[k])
		}
	}
	mark(false)
}

func (m *mpsWriter) writeSides(p *Problem, rhs, ranges []float64) {
	m.b.WriteString("RHS\n")
	if p.Offset != 0 {
		m.put("RHS", m.obj)
		m.value(-m.sign * p.Offset)
	}
	for i, v := range rhs {
		if v != 0 {
			m.put("RHS", m.rows[i])
			m.value(v)
		}
	}
	m.b.WriteString("RANGES\n")
	for i, v := range ranges {
		if v == v {
			m.put("RNG", m.rows[i])
			m.value(v)
		}
	}
}

func (m *mpsWriter) writeBounds(p *Problem) error {
	m.b.WriteString("BOUNDS\n")
	for j, name := range m.cols {
		l, u := p.ColLower[j], p.ColUpper[j]
		if huge(l) || huge(u) {
			return fmt.Errorf("mps: the bounds %v and %v of column %s; MPS holds bounds below %g", l, u, p.ColName(j), mpsInfinite)
		}
		integer := p.Integer != nil && p.Integer[j]
		bound := func(kind string, v float64) {
			m.put(kind, "BND", name)
			m.value(v)
		}
		bare := func(kind string) {
			m.put(kind, "BND", name)
			m.b.WriteByte('\n')
		}
		switch lowerInf, upperInf := math.IsInf(l, -1), math.IsInf(u, 1); {
		case lowerInf && upperInf:
			bare("FR")
		case l == u:
			bound("FX", l)
		case lowerInf:
			bare("MI")
			bound("UP", u)
		default:
			if l != 0 || u < 0 {
				bound("LO", l)
			}
			if !upperInf {
				bound("UP", u)
			} else if integer && l == 0 {
				bare("PL")
			}
		}
	}
	return nil
}

func (m *mpsWriter) writeHessian(p *Problem) {
	if !p.IsQP() {
		return
	}
	m.b.WriteString("QUADOBJ\n")
	for j, name := range m.cols {
		for k := p.QStart[j]; k < p.QStart[j+1]; k++ {
			m.put(m.cols[p.QIndex[k]], name)
			m.value(m.sign * p.QValue[k])
		}
	}
}

// huge reports a finite number that a reader of MPS takes for infinite.
func huge(v float64) bool { return math.Abs(v) >= mpsInfinite && !math.IsInf(v, 0) }

// writableNames makes all names, or all the plain ones where one can't stand.
func writableNames(n int, name func(int) string, prefix string) []string {
	out := make([]string, n)
	seen := make(map[string]bool, n)
	for i := range out {
		s := name(i)
		if s == "" || seen[s] || s[0] == '\'' || strings.ContainsAny(s, " \t\r\n") {
			for i := range out {
				out[i] = prefix + strconv.Itoa(i)
			}
			return out
		}
		seen[s] = true
		out[i] = s
	}
	return out
}

func taken(names []string, s string) bool {
	for _, n := range names {
		if n == s {
			return true
		}
	}
	return false
}
