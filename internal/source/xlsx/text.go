package xlsx

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/busbar/internal/attribute"
)

// plain is text that YAML takes as it stands, in a list as well as alone.
var plain = regexp.MustCompile(`^([A-Za-z0-9]|[-+.][0-9])([A-Za-z0-9 _./()%*^+=$;#-]*[A-Za-z0-9_./()%*^+=$;#-])?$`)

// scalarText writes text as YAML: as it is, or in double quotes.
func scalarText(s string) string {
	if plain.MatchString(s) && !strings.Contains(s, " #") && !isNull(s) && !escaped.MatchString(s) {
		return s
	}
	return quote(s)
}

// escaped is what a workbook takes for a character: _x0041_ is an A.
var escaped = regexp.MustCompile(`_x[0-9a-fA-F]{4}_`)

func isNull(s string) bool { return s == "" || s == "~" || strings.EqualFold(s, "null") }

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '_' && len(s) >= i+7 && escaped.MatchString(s[i:i+7]):
			b.WriteString(`\u005f`)
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var errQuote = errors.New(`a quote is not closed, or a backslash before something else than ", \, n, t, u or U`)

// unquote reads what quote writes, from the start of s, and says how many bytes it took.
func unquote(s string) (string, int, error) {
	var b strings.Builder
	for i := 1; i < len(s); {
		c := s[i]
		switch c {
		case '"':
			return b.String(), i + 1, nil
		case '\\':
			if i+1 >= len(s) {
				return "", 0, errQuote
			}
			digits := 0
			switch s[i+1] {
			case '"', '\\':
				b.WriteByte(s[i+1])
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'u':
				digits = 4
			case 'U':
				digits = 8
			default:
				return "", 0, errQuote
			}
			i += 2
			if digits > 0 {
				if i+digits > len(s) {
					return "", 0, errQuote
				}
				v, err := strconv.ParseUint(s[i:i+digits], 16, 32)
				if err != nil || !utf8.ValidRune(rune(v)) || badRune(rune(v)) {
					return "", 0, errQuote
				}
				b.WriteRune(rune(v))
				i += digits
			}
		default:
			b.WriteByte(c)
			i++
		}
	}
	return "", 0, errQuote
}

// badRune tells characters that no text of a workspace may hold.
func badRune(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7F || r == utf8.RuneError
}

// flow writes a node on one line, as YAML and as a cell.
func flow(n *attribute.Node) string {
	switch n.Kind {
	case attribute.Scalar:
		return scalarText(n.Text)
	case attribute.List:
		parts := make([]string, len(n.Items))
		for i, v := range n.Items {
			parts[i] = flow(v)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case attribute.Map:
		parts := make([]string, len(n.Keys))
		for i, k := range n.Keys {
			parts[i] = keyText(k.Name) + ": " + flow(k.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "null"
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

func keyText(s string) string {
	if plainKey.MatchString(s) && !isNull(s) {
		return s
	}
	return quote(s)
}

// maxDepth bounds lists and maps within each other.
const maxDepth = 32

// parseFlow reads a list or map in a cell: [72 MW, 80 MW], {edl: 51 %, "a b": "c, d"}.
// Every node stands at pos. The error says what is wrong.
func parseFlow(text string, pos attribute.Pos) (*attribute.Node, error) {
	if strings.ContainsFunc(text, badRune) {
		return nil, errors.New("it holds a character that no text has")
	}
	p := flowParser{text: text, pos: pos}
	n, err := p.value(0, false)
	if err != nil {
		return nil, err
	}
	if p.blank(); p.at < len(text) {
		return nil, fmt.Errorf("%s stands behind the end", brief(text[p.at:]))
	}
	return n, nil
}

type flowParser struct {
	text string
	at   int
	pos  attribute.Pos
}

func (p *flowParser) blank() {
	for p.at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

func (p *flowParser) next() byte {
	if p.blank(); p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *flowParser) value(depth int, key bool) (*attribute.Node, error) {
	if depth > maxDepth {
		return nil, errors.New("lists and maps lie too deep within each other")
	}
	switch c := p.next(); {
	case key:
	case c == '[':
		p.at++
		n := &attribute.Node{Kind: attribute.List, Pos: p.pos}
		for p.next() != ']' {
			v, err := p.value(depth+1, false)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, v)
			if err := p.comma(']'); err != nil {
				return nil, err
			}
		}
		p.at++
		return n, nil
	case c == '{':
		p.at++
		n := &attribute.Node{Kind: attribute.Map, Pos: p.pos}
		for p.next() != '}' {
			k, err := p.value(depth+1, true)
			if err != nil {
				return nil, err
			}
			if p.next() != ':' {
				return nil, fmt.Errorf("%s stands in a map without a value; write `key: value`", brief(k.Text))
			}
			p.at++
			if n.Get(k.Text) != nil {
				return nil, fmt.Errorf("%s stands twice in one map; keep one", brief(k.Text))
			}
			v, err := p.value(depth+1, false)
			if err != nil {
				return nil, err
			}
			n.Keys = append(n.Keys, attribute.Key{Name: k.Text, Pos: p.pos, Value: v})
			if err := p.comma('}'); err != nil {
				return nil, err
			}
		}
		p.at++
		return n, nil
	}
	return p.scalar(key)
}

// comma goes over the comma behind an entry, or stays at the end.
func (p *flowParser) comma(end byte) error {
	switch p.next() {
	case ',':
		p.at++
		return nil
	case end:
		return nil
	case 0:
		return fmt.Errorf("it is not closed with %c", end)
	}
	return fmt.Errorf("a comma is missing before %s", brief(p.text[p.at:]))
}

func (p *flowParser) scalar(key bool) (*attribute.Node, error) {
	n := &attribute.Node{Kind: attribute.Scalar, Pos: p.pos}
	switch p.next() {
	case '"':
		s, took, err := unquote(p.text[p.at:])
		if err != nil {
			return nil, err
		}
		n.Text, p.at = s, p.at+took
		return n, nil
	case '\'':
		return p.single(n)
	}
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(",[]{}\"'", rune(p.text[p.at])) {
		if p.text[p.at] == ':' {
			next := byte(' ')
			if p.at+1 < len(p.text) {
				next = p.text[p.at+1]
			}
			if key || next == ' ' || next == '\t' || next == '\n' {
				break
			}
		}
		p.at++
	}
	n.Text = strings.TrimSpace(p.text[start:p.at])
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'' || p.text[p.at] == ':' && !key) {
		return nil, fmt.Errorf("%s should be in double quotes", brief(p.text[start:]))
	}
	switch {
	case key && n.Text == "":
		return nil, errors.New("a map's key is missing")
	case !key && isNull(n.Text):
		n = &attribute.Node{Kind: attribute.Null, Pos: p.pos}
	}
	return n, nil
}

// single reads text in single quotes, in which ” is a quote.
func (p *flowParser) single(n *attribute.Node) (*attribute.Node, error) {
	var b strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		if p.text[i] != '\'' {
			b.WriteByte(p.text[i])
			continue
		}
		if i+1 < len(p.text) && p.text[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		n.Text, p.at = b.String(), i+1
		return n, nil
	}
	return nil, errQuote
}

func brief(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:37]) + "..."
	}
	return strconv.Quote(s)
}
