package matpower

import (
	"math"
	"strconv"
	"strings"
)

// parser walks the text of a case file. Positions are in bytes.
type parser struct {
	c     *Case
	text  string
	at    int
	line  int // from 1
	start int // of the line

	out     string          // name of the struct that the function returns; "" in version 1
	globals map[string]bool // version 1: the names that it returns
	version string
	ended   bool           // the function has
	seen    map[string]int // line of each field's assignment
}

func (p *parser) col() int { return p.at - p.start + 1 }

func (p *parser) problem(code, format string, args ...any) {
	p.c.problem(p.line, p.col(), code, format, args...)
}

// peek is the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// next steps over a byte.
func (p *parser) next() {
	if p.text[p.at] == '\n' {
		p.line++
		p.start = p.at + 1
	}
	p.at++
}

// restOfLine steps to the end of the line.
func (p *parser) restOfLine() {
	for p.at < len(p.text) && p.text[p.at] != '\n' {
		p.at++
	}
}

// alone reports whether a mark is all that its line holds.
func (p *parser) alone(mark string) bool {
	end := strings.IndexByte(p.text[p.at:], '\n')
	line := p.text[p.start:]
	if end >= 0 {
		line = p.text[p.start : p.at+end]
	}
	return strings.TrimSpace(line) == mark
}

// blank steps over white space, comments and continuations; over ends of lines
// only if asked.
func (p *parser) blank(lines bool) {
	for p.at < len(p.text) {
		switch b := p.text[p.at]; {
		case b == ' ' || b == '\t' || b == '\r' || b == '\f' || b == '\v':
			p.at++
		case b == '\n' && lines:
			p.next()
		case (b == '%' || b == '#') && (p.alone("%{") || p.alone("#{")):
			p.block()
		case b == '%' || b == '#':
			p.restOfLine()
		case strings.HasPrefix(p.text[p.at:], "..."):
			p.restOfLine()
			if p.at < len(p.text) {
				p.next()
			}
		default:
			return
		}
	}
}

// block steps over a block comment, which may hold others.
func (p *parser) block() {
	line, col, deep := p.line, p.col(), 0
	for p.at < len(p.text) {
		for c := p.peek(); c == ' ' || c == '\t' || c == '\r'; c = p.peek() {
			p.at++
		}
		if p.alone("%{") || p.alone("#{") {
			deep++
		} else if p.alone("%}") || p.alone("#}") {
			deep--
		}
		p.restOfLine()
		if deep == 0 {
			return
		}
		if p.at < len(p.text) {
			p.next()
		}
	}
	p.c.problem(line, col, "matpower-syntax", "a block comment begins here and does not end; a line with %%} alone ends it")
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }

// word reads a name, "" where there is none.
func (p *parser) word() string {
	from := p.at
	for p.at < len(p.text) {
		if b := p.text[p.at]; !letter(b) && (p.at == from || !digit(b) && b != '_') {
			break
		}
		p.at++
	}
	return p.text[from:p.at]
}

// shown is the line at hand from a position on, short enough to be quoted.
func (p *parser) shown(from int) string {
	rest := p.text[min(from, len(p.text)):]
	if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	rest = strings.TrimSpace(rest)
	if len(rest) > 40 {
		rest = strings.ToValidUTF8(rest[:40], "") + "..."
	}
	return rest
}

// code refuses a statement that would have to be run.
func (p *parser) code(line, start, from int) {
	p.c.problem(line, from-start+1, "matpower-code", "read %q, which only a program can run; a case with plain numbers fits (savecase in MATPOWER writes it)", p.shown(from))
	p.recover(from)
}

// recover steps to the end of the statement that holds a position.
func (p *parser) recover(from int) {
	deep := 0
	for k := from; k < p.at; k++ {
		deep += bracket(p.text[k])
	}
	for p.at < len(p.text) {
		b := p.text[p.at]
		if b == '%' {
			p.restOfLine()
			continue
		}
		if deep += bracket(b); b == '\n' && deep <= 0 {
			return
		}
		p.next()
	}
}

func bracket(b byte) int {
	switch b {
	case '[', '{', '(':
		return 1
	case ']', '}', ')':
		return -1
	}
	return 0
}

// file reads a function and the assignments in it.
func (p *parser) file() {
	p.seen, p.globals = map[string]int{}, map[string]bool{}
	p.blank(true)
	if !p.function() {
		return
	}
	for {
		p.blank(true)
		for p.peek() == ';' || p.peek() == ',' {
			p.at++
			p.blank(true)
		}
		if p.at >= len(p.text) {
			return
		}
		if len(p.c.problems) >= most {
			return
		}
		p.statement()
	}
}

// function reads the head: function mpc = NAME, or in version 1 function
// [baseMVA, bus, ...] = NAME.
func (p *parser) function() bool {
	line, start, from := p.line, p.start, p.at
	fail := func() bool {
		p.c.problem(line, from-start+1, "matpower-syntax", "read %q, want the head of a case, such as function mpc = case9", p.shown(from))
		return false
	}
	if p.word() != "function" {
		return fail()
	}
	p.blank(false)
	if p.peek() == '[' {
		p.at++
		for {
			p.blank(false)
			if p.peek() == ',' {
				p.at++
				continue
			}
			name := p.word()
			if name == "" {
				break
			}
			p.globals[name] = true
		}
		if p.peek() != ']' || len(p.globals) == 0 {
			return fail()
		}
		p.at++
		if !p.globals["bus"] { // a struct, perhaps among others
			for name := range p.globals {
				if p.out == "" || name == "mpc" {
					p.out = name
				}
			}
		}
	} else if p.out = p.word(); p.out == "" {
		return fail()
	}
	p.blank(false)
	if p.peek() != '=' {
		return fail()
	}
	p.at++
	p.blank(false)
	if p.c.Name = p.word(); p.c.Name == "" {
		return fail()
	}
	p.blank(false)
	if p.peek() == '(' {
		p.at++
		p.blank(false)
		if p.peek() != ')' {
			p.code(line, start, from)
			return false
		}
		p.at++
		p.blank(false)
	}
	if b := p.peek(); b != '\n' && b != ';' && b != 0 {
		return fail()
	}
	return true
}

// statement reads one assignment, or the end of the function.
func (p *parser) statement() {
	line, start, from := p.line, p.start, p.at
	name := p.word()
	switch name {
	case "return", "end", "endfunction":
		p.ended = true
		return
	case "":
		if b := p.peek(); b == '[' || b == '@' || b == '!' {
			p.code(line, start, from)
			return
		}
		p.problem("matpower-syntax", "read %q, want an assignment such as mpc.baseMVA = 100;", p.shown(from))
		p.recover(from)
		return
	}
	if p.ended {
		p.code(line, start, from)
		return
	}
	path := name
	for p.peek() == '.' && !strings.HasPrefix(p.text[p.at:], "...") {
		p.at++
		part := p.word()
		if part == "" {
			p.code(line, start, from)
			return
		}
		path += "." + part
	}
	p.blank(false)
	if p.peek() != '=' || strings.HasPrefix(p.text[p.at:], "==") {
		p.code(line, start, from)
		return
	}
	p.at++
	p.blank(false)
	v, ok := p.value(line, start, from)
	if !ok {
		return
	}
	p.blank(false)
	if b := p.peek(); b != ';' && b != ',' && b != '\n' && b != 0 {
		p.code(line, start, from)
		return
	}
	p.assign(path, v, line, from-start+1)
}

// value is what is assigned: a matrix (a number is one of a single cell), a
// text or a cell array of texts.
type value struct {
	rows      [][]Cell
	text      string
	texts     []string
	kind      byte // 'n' numbers, 't' text, 'c' cell array
	line, col int
}

func (p *parser) value(line, start, from int) (value, bool) {
	v := value{line: p.line, col: p.col()}
	switch b := p.peek(); {
	case b == '[':
		v.kind = 'n'
		return v, p.matrix(&v)
	case b == '{':
		v.kind = 'c'
		if !p.cells(&v) {
			p.code(line, start, from)
			return v, false
		}
		return v, true
	case b == '\'' || b == '"':
		v.kind = 't'
		text, ok := p.quoted()
		v.text = text
		return v, ok
	}
	v.kind = 'n'
	end := p.at
	for end < len(p.text) && !strings.ContainsRune(" \t\r\n;,%", rune(p.text[end])) {
		end++
	}
	x, ok := number(p.text[p.at:end])
	if !ok {
		if b := p.peek(); b == 0 || b == '\n' || b == ';' {
			p.problem("matpower-syntax", "nothing is assigned; a number, a matrix or a text fits")
			return v, false
		}
		p.code(line, start, from)
		return v, false
	}
	v.rows = [][]Cell{{{x, int32(p.line), int32(p.col())}}}
	p.at = end
	return v, true
}

// number reads a number as MATLAB writes it, without arithmetic.
func number(text string) (float64, bool) {
	body := strings.TrimLeft(text, "+-")
	if len(text)-len(body) > 1 || body == "" {
		return 0, false
	}
	sign := 1.0
	if text[0] == '-' {
		sign = -1
	}
	switch body {
	case "Inf", "inf":
		return math.Inf(int(sign)), true
	case "NaN", "nan", "NA":
		return math.NaN(), true
	}
	for i := range len(body) {
		b := body[i]
		if !digit(b) && b != '.' && b != 'e' && b != 'E' && b != 'd' && b != 'D' && !((b == '-' || b == '+') && i > 0 && strings.IndexByte("eEdD", body[i-1]) >= 0) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(strings.NewReplacer("d", "e", "D", "e").Replace(body), 64)
	if err != nil && !math.IsInf(v, 0) {
		return 0, false
	}
	return sign * v, true
}

// matrix reads [ ... ]: numbers apart by blanks or commas, rows by semicolons or
// ends of lines.
func (p *parser) matrix(v *value) bool {
	line, col, from := p.line, p.col(), p.at
	p.at++
	var row []Cell
	end := func() {
		if row != nil {
			v.rows = append(v.rows, row)
		}
		row = nil
	}
	comma := false
	for {
		p.blank(false)
		switch b := p.peek(); b {
		case 0:
			p.c.problem(line, col, "matpower-syntax", "a matrix begins here and does not end; a ] fits after its last number")
			return false
		case ']':
			end()
			p.at++
			if p.peek() == '\'' || p.peek() == '.' && !strings.HasPrefix(p.text[p.at:], "...") {
				p.problem("matpower-code", "read %q after a matrix, which only a program can run; the matrix as it is meant fits", p.shown(p.at))
				p.recover(from)
				return false
			}
			return true
		case ';', '\n':
			end()
			comma = false
			p.next()
			continue
		case ',':
			if comma || row == nil {
				p.problem("matpower-syntax", "read a comma without a number before it")
			}
			comma = true
			p.at++
			continue
		}
		comma = false
		from := p.at
		for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n;,]%", rune(p.text[p.at])) && !strings.HasPrefix(p.text[p.at:], "...") {
			p.at++
		}
		x, ok := number(p.text[from:p.at])
		if !ok {
			at := from - p.start + 1
			switch token := p.text[from:p.at]; {
			case strings.ContainsAny(token, "+-*/^()[{'\"@:") || letter(token[0]) && token[0] != '_':
				p.c.problem(p.line, at, "matpower-code", "read %q in a matrix, which only a program can run; the number that it comes to fits", p.shown(from))
			default:
				p.c.problem(p.line, at, "matpower-value", "read %q in a matrix, want a number such as 12, -.5, 1e3 or Inf", p.shown(from))
			}
			if len(p.c.problems) >= most {
				return false
			}
		}
		row = append(row, Cell{x, int32(p.line), int32(from - p.start + 1)})
	}
}

// quoted reads a text in quotes, which are doubled within.
func (p *parser) quoted() (string, bool) {
	quote := p.peek()
	line, col := p.line, p.col()
	p.at++
	var s strings.Builder
	for p.at < len(p.text) && p.text[p.at] != '\n' {
		b := p.text[p.at]
		p.at++
		if b == quote {
			if p.peek() != quote {
				return s.String(), true
			}
			p.at++
		}
		s.WriteByte(b)
	}
	p.c.problem(line, col, "matpower-syntax", "a text begins here and does not end on its line; a %c fits after it", quote)
	return "", false
}

// cells reads { ... } of texts and numbers; false where it holds anything else.
func (p *parser) cells(v *value) bool {
	p.at++
	for {
		p.blank(true)
		switch b := p.peek(); {
		case b == '}':
			p.at++
			return true
		case b == ';' || b == ',':
			p.at++
		case b == '\'' || b == '"':
			text, ok := p.quoted()
			if !ok {
				return false
			}
			v.texts = append(v.texts, text)
		default:
			from := p.at
			for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n;,}%", rune(p.text[p.at])) {
				p.at++
			}
			if _, ok := number(p.text[from:p.at]); !ok {
				return false
			}
			v.texts = append(v.texts, p.text[from:p.at])
		}
	}
}

// assign keeps a field of the case.
func (p *parser) assign(path string, v value, line, col int) {
	field, isField := path, p.globals[path]
	if p.out != "" {
		field, isField = strings.CutPrefix(path, p.out+".")
	}
	if !isField {
		p.c.problem(line, col, "matpower-code", "assigns %s, which the function does not return: only a program would need it; a field such as %s fits", path, p.example())
		return
	}
	if before := p.seen[field]; before > 0 {
		p.c.problem(line, col, "matpower-syntax", "assigns %s again, which line %d has done; once fits", path, before)
		return
	}
	p.seen[field] = line
	c := p.c
	switch s := shape(field); {
	case s != nil:
		if v.kind != 'n' {
			c.problem(v.line, v.col, "matpower-value", "%s is no matrix of numbers, and must be one", path)
			return
		}
		m := &Matrix{Shape: s, Rows: v.rows, Line: v.line, Col: v.col}
		if s.Name == "branch" && (p.out == "" || p.version == "1") {
			for i := range m.Rows { // version 1: results follow the status
				m.Rows[i] = m.Rows[i][:min(len(m.Rows[i]), branchAngmin)]
			}
		}
		c.matrices[field] = m
	case field == "baseMVA":
		if v.kind != 'n' || len(v.rows) != 1 || len(v.rows[0]) != 1 || !(v.rows[0][0].Value > 0) || math.IsInf(v.rows[0][0].Value, 1) {
			c.problem(v.line, v.col, "matpower-value", "baseMVA is not a number above 0; 100 is usual")
			return
		}
		c.Base = v.rows[0][0].Value
	case field == "version":
		p.version = v.text
		if v.kind == 'n' && len(v.rows) == 1 && len(v.rows[0]) == 1 {
			p.version = strconv.FormatFloat(v.rows[0][0].Value, 'g', -1, 64)
		}
		if p.version != "1" && p.version != "2" {
			c.problem(v.line, v.col, "matpower-value", "version %q; '1' and '2' are known", p.version)
		}
	case field == "bus_name" && v.kind == 'c':
		c.Names = v.texts
	case field == "areas":
	case extend[field] != "":
		c.problem(line, col, "matpower-unsupported", "%s adds %s to the problem, which Busbar does not read; a case without it fits", path, extend[field])
	default:
		c.note("%s (line %d) is not read: nothing here depends on it", path, line)
	}
}

func (p *parser) example() string {
	if p.out != "" {
		return p.out + ".bus"
	}
	return "bus"
}
