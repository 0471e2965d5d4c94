package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"example.org/busbar/internal/attribute"
)

// Limits on what one YAML file may say. The first bounds what its aliases
// expand to; the others keep the library, whose time grows with the square of
// some of these and which recurses, within a second or two on any input.
const (
	maxExpanded = 100_000       // nodes made by aliases
	maxDepth    = 64            // lists and maps within each other
	maxSiblings = 10_000        // entries of one map or list in block style
	maxLine     = 20_000        // characters
	maxTabs     = 10_000        // tabs
	maxBlank    = 200           // empty lines in a row
	maxAngles   = 100           // "<" in a row
	maxPairs    = 60_000_000    // entries of one map times entries, of all maps together, halved
	maxPaths    = 64 << 20      // characters of all keys' full paths
	maxShifts   = 4_000_000_000 // tokens times keys that may lack a value
)

// parseYAML reads one document. The node is nil after a problem that leaves
// nothing to go on with, Null for a file that says nothing. Scalars keep the
// text as written; quotes, escapes and folds are resolved.
func parseYAML(file string, data []byte) (node *attribute.Node, problems []attribute.Problem) {
	data, bad := cleanText(file, data)
	if bad != nil {
		return nil, []attribute.Problem{*bad}
	}
	c := converter{file: file, anchors: map[string]*anchor{}, read: map[*token.Token]bool{}}
	if !c.measureText(data) {
		return nil, c.problems
	}
	// The library has panicked on malformed input before; a planner sees a
	// problem of the file instead.
	defer func() {
		if r := recover(); r != nil {
			node = nil
			problems = append(c.problems, newProblem(c.at(1, 1), "yaml-syntax", "the file can't be understood as YAML"))
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if !c.measureTokens(tokens) {
		return nil, c.problems
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		c.syntax(data, err)
		return nil, c.problems
	}
	c.lines = strings.Split(string(data), "\n")
	var body ast.Node
	for _, d := range tree.Docs {
		if d.Body == nil {
			continue
		}
		if directive, ok := d.Body.(*ast.DirectiveNode); ok {
			c.problem(c.pos(directive.GetToken()), "yaml-tag", "a %% directive; write plain YAML, without directives and tags")
			continue
		}
		if body != nil {
			start := d.Start
			if start == nil {
				start = d.Body.GetToken()
			}
			c.problem(c.pos(start), "yaml-documents", "a second document begins here (after --- or ...); a file holds one")
			break
		}
		body = d.Body
	}
	node = c.node(body)
	if node.Kind == attribute.Null {
		node.Pos = c.at(1, 1)
	}
	c.complete(tokens)
	return node, c.problems
}

type converter struct {
	file     string
	anchors  map[string]*anchor
	nodes    int // made so far, those of aliases included
	expanded int // made by aliases
	bomb     bool
	lines    []string
	last     lineOffset
	read     map[*token.Token]bool // values, keys and names taken over
	problems []attribute.Problem
}

// anchor is a node that aliases stand for; its node is nil while it is read.
type anchor struct {
	node *attribute.Node
	size int
}

func (c *converter) at(line, col int) attribute.Pos {
	return attribute.Pos{File: c.file, Line: line, Col: col}
}

func (c *converter) pos(t *token.Token) attribute.Pos {
	if t == nil || t.Position == nil {
		return c.at(1, 1)
	}
	return c.at(max(1, t.Position.Line), max(1, t.Position.Column))
}

func (c *converter) problem(pos attribute.Pos, code, format string, a ...any) {
	c.problems = append(c.problems, newProblem(pos, code, format, a...))
}

// measureText refuses what would make reading the characters slow.
func (c *converter) measureText(data []byte) bool {
	if len(data) > maxYAML {
		c.problem(c.at(1, 1), "too-large", "%s is larger than %d MiB%s", c.file, maxYAML>>20, tooLargeAdvice(c.file))
		return false
	}
	tabs, blank, angles := 0, 0, bytes.Repeat([]byte("<"), maxAngles)
	for line := 1; len(data) > 0; line++ {
		text, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		tabs += bytes.Count(text, []byte("\t"))
		if len(bytes.TrimSpace(text)) == 0 {
			blank++
		} else {
			blank = 0
		}
		what := ""
		switch {
		case len(text) > maxLine:
			what = fmt.Sprintf("a line of more than %d bytes", maxLine)
		case tabs > maxTabs:
			what = fmt.Sprintf("more than %d tabs", maxTabs)
		case blank > maxBlank:
			what = fmt.Sprintf("more than %d empty lines in a row", maxBlank)
		case bytes.Contains(text, angles):
			what = fmt.Sprintf("more than %d characters < in a row", maxAngles-1)
		default:
			continue
		}
		c.problem(c.at(line, 1), "too-large", "%s; is this a YAML file?", what)
		return false
	}
	return true
}

// measureTokens refuses what would make building the tree slow or deep. It
// follows the nesting roughly, by columns and brackets.
func (c *converter) measureTokens(tokens token.Tokens) bool {
	type level struct {
		col, n, path int
		flow         bool
	}
	stack := []level{{}}
	last := 0 // path of the last key
	paths, empties, pairs := 0, 0, 0
	for i, t := range tokens {
		col := t.Position.Column
		first := i == 0 || tokens[i-1].Position.Line < t.Position.Line
		key := t.Next != nil && t.Next.Type == token.MappingValueType
		if top := stack[len(stack)-1]; !top.flow && (first || key || t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType) {
			for len(stack) > 1 && !stack[len(stack)-1].flow && stack[len(stack)-1].col > col {
				stack = stack[:len(stack)-1]
			}
			if s := &stack[len(stack)-1]; s.col == col {
				s.n++
				if t.Type != token.SequenceEntryType {
					pairs += s.n
				}
			} else {
				stack = append(stack, level{col: col, n: 1, path: last})
			}
		} else if key && first { // in braces the library takes lines without commas for a block
			stack[len(stack)-1].n++
			pairs += stack[len(stack)-1].n
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			stack = append(stack, level{flow: true, path: last})
		case token.MappingEndType, token.SequenceEndType:
			for len(stack) > 1 {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if top.flow {
					break
				}
			}
		case token.MappingValueType, token.CollectEntryType, token.SequenceEntryType:
			if n := t.Next; n == nil || n.Position.Line > t.Position.Line || n.Type == token.CollectEntryType || n.Type == token.MappingEndType {
				empties++
			}
		}
		top := stack[len(stack)-1]
		if key {
			last = top.path + len(t.Value) + 1
			paths += last
		}
		switch {
		case len(stack)-1 > maxDepth:
			c.problem(c.pos(t), "too-deep", "more than %d lists and maps within each other", maxDepth)
		case top.n > maxSiblings:
			c.problem(c.pos(t), "too-large", "more than %d entries in one map or list%s", maxSiblings, tooLargeAdvice(c.file))
		case paths > maxPaths || pairs > maxPairs || int64(empties)*int64(len(tokens)) > maxShifts:
			c.problem(c.pos(t), "too-large", "more entries than a YAML file should hold%s", tooLargeAdvice(c.file))
		default:
			continue
		}
		return false
	}
	return true
}

// plainly turns the library's messages into a planner's words.
var plainly = map[string]string{
	"mapping value is not allowed in this context":                       "a second `key:` begins inside a value; put it on a line of its own, as far in as its neighbours, or quote a text that holds `: `",
	"value is not allowed in this context":                               "this does not fit what stands before it; is it as far in as its neighbours, and a list's `-` followed by a blank?",
	"value is not allowed in this context. map key-value is pre-defined": "this does not belong to the value before it: a line too far in, or text after a closing quote",
	"non-map value is specified":                                         "a `key: value` is expected here, as on the lines before",
	"found an invalid key for this map":                                  "a `:` without a key before it, or with a key that is a list or map",
	"unexpected key name":                                                "a `key: value` is expected here; is the `:` missing on a line above?",
	"block sequence entries are not allowed in this context":             "a list begins on the line of its key; put each `- item` on a line of its own, or write [a, b]",
	"',' or ']' must be specified":                                       "a list in [ ] is not closed, or lacks a comma",
	"',' or '}' must be specified":                                       "a map in { } is not closed, or lacks a comma",
	"sequence end token ']' not found":                                   "the list that begins here is not closed with ]",
	"could not find flow mapping end token '}'":                          "the map that begins here is not closed with }",
	"could not find '[' character corresponding to ']'":                  "a ] without its [",
	"could not find '{' character corresponding to '}'":                  "a } without its {",
	"could not find map value":                                           "a map or list that begins here is not closed, or a value is missing",
	"could not find flow map content":                                    "a map in { } holds `key: value`, separated by commas",
	"could not find end character of double-quoted text":                 "the text that begins here is not closed with \"",
	"could not find end character of single-quoted text":                 "the text that begins here is not closed with '",
	"unexpected directive value. document not started":                   "a value can't begin with %; put the number first (95 %) or quote it",
	"expected sequence element, but found ','":                           "a comma without a value before it",
	"unexpected scalar value type":                                       "a value is missing or can't stand here",
	"unexpected scalar value":                                            "a value is missing or can't stand here",
	"undefined anchor value":                                             "an anchor (&name) without a value; quote a text that begins with &",
	"could not find anchor value":                                        "an anchor (&name) without a value; quote a text that begins with &",
	"found character '\t' that cannot start any token":                   "a tab where a value should begin",
	"could not find multi-line content":                                  "the text that | or > announces is missing or not indented",
	"invalid number of indent is specified after space only":             "the lines of this text are not indented alike",
	"map key definition includes an implicit line break":                 "a key must stand on one line",
	"anchor is not allowed in this context":                              "an anchor (&name) stands on the wrong line or column",
	"undefined anchor name":                                              "an anchor (&) without a name",
	"undefined alias name":                                               "an alias (*) without a name; quote a text that begins with *",
}

func (c *converter) syntax(data []byte, err error) {
	pos, text := c.at(1, 1), ""
	var e interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &e) {
		pos, text = c.pos(e.GetToken()), e.GetMessage()
	} else {
		text = err.Error()
	}
	lines := bytes.Split(data, []byte("\n"))
	if pos.Line > len(lines) {
		pos.Line = len(lines)
	}
	if n := len([]rune(string(lines[pos.Line-1]))); pos.Col > n+1 {
		pos.Col = n + 1
	}
	// Indenting with a tab makes the library complain here or further down.
	for i := 0; i < pos.Line; i++ {
		blank := len(lines[i]) - len(bytes.TrimLeft(lines[i], " \t"))
		if tab := bytes.IndexByte(lines[i][:blank], '\t'); tab >= 0 && blank < len(lines[i]) && lines[i][blank] != '#' {
			c.problem(c.at(i+1, tab+1), "yaml-tab", "a tab indents this line; indent with blanks")
			return
		}
	}
	if plain, ok := plainly[text]; ok {
		text = plain
	} else if strings.HasSuffix(text, "is a reserved character") {
		text = "a value can't begin with " + text[:3] + "; quote it"
	} else if strings.HasPrefix(text, "found unknown escape character") {
		text = "a backslash in double quotes begins an escape, and this is none; double it, or use single quotes"
	} else if strings.HasPrefix(text, "invalid header option") {
		text = "after | or > only + or - and a digit may stand; the text begins on the next line"
	}
	c.problem(pos, "yaml-syntax", "%s", text)
}

func (c *converter) node(n ast.Node) *attribute.Node {
	switch n := n.(type) {
	case *ast.AnchorNode:
		return c.anchor(n)
	case *ast.AliasNode:
		return c.alias(n)
	}
	c.nodes++
	switch n := n.(type) {
	case nil, *ast.CommentGroupNode:
		return &attribute.Node{Pos: c.at(1, 1)}
	case *ast.NullNode:
		c.read[n.Token] = true
		return &attribute.Node{Pos: c.pos(n.Token)}
	case *ast.StringNode:
		return c.scalar(n.Token, n.Value)
	case *ast.LiteralNode:
		c.read[n.Value.Token] = true
		return &attribute.Node{Kind: attribute.Scalar, Pos: c.find(n.Start, []string{n.Start.Value[:1]}, true), Text: n.Value.Value}
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode, *ast.MergeKeyNode:
		return c.scalar(n.GetToken(), n.GetToken().Value)
	case *ast.SequenceNode:
		out := &attribute.Node{Kind: attribute.List, Pos: c.pos(n.Start)}
		for _, v := range n.Values {
			out.Items = append(out.Items, c.node(v))
		}
		return out
	case *ast.MappingNode:
		return c.mapping(n.Start, n.IsFlowStyle, n.Values)
	case *ast.MappingValueNode:
		return c.mapping(n.Start, false, []*ast.MappingValueNode{n})
	case *ast.TagNode:
		c.problem(c.pos(n.Start), "yaml-tag", "a tag (%s); write the value alone, its kind follows from its place", n.Start.Value)
		return c.node(n.Value)
	}
	c.problem(c.pos(n.GetToken()), "yaml-syntax", "%q can't stand here", short(n.String()))
	return &attribute.Node{Pos: c.pos(n.GetToken())}
}

func (c *converter) scalar(t *token.Token, text string) *attribute.Node {
	return &attribute.Node{Kind: attribute.Scalar, Pos: c.place(t, text), Text: text}
}

// place returns where a value or key stands, and makes sure that it stands
// there as it was read: the library's columns are off after blanks at a line's
// end, and it drops a tab inside unquoted text ("1<tab>2" would be 12).
func (c *converter) place(t *token.Token, text string) attribute.Pos {
	c.read[t] = true
	pos := c.pos(t)
	quoted := t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
	switch {
	case !quoted && strings.Contains(strings.TrimSpace(t.Origin), "\t"):
		c.problem(pos, "yaml-tab", "a tab inside a value; write a blank, or quote the text")
		return pos
	case !quoted && strings.Contains(text, ": "):
		c.problem(pos, "yaml-syntax", "%q holds `: `; quote it, or is a comma or brace missing?", short(text))
		return pos
	case quoted && badEscape(t):
		c.problem(pos, "yaml-syntax", "an escape (\\x41, \\u0e25) with letters that are no hexadecimal digits, or for no printable character")
		return pos
	}
	words := strings.Fields(text)
	if quoted {
		words = []string{strings.TrimSpace(t.Origin)[:1]}
	}
	return c.find(t, words, quoted)
}

// find returns where words stand: at the token's place, behind the one before
// it, or nearest on its line. begin: they begin something, and need not end.
func (c *converter) find(t *token.Token, words []string, begin bool) attribute.Pos {
	pos := c.pos(t)
	if len(words) == 0 || c.stands(pos.Line, c.offset(pos.Line, pos.Col), words, begin) {
		return pos
	}
	if line, offset, ok := c.after(t.Prev); ok && c.stands(line, offset, words, begin) {
		return c.at(line, utf8.RuneCountInString(c.lines[line-1][:offset])+1)
	}
	if len(words) < 100 && pos.Line <= len(c.lines) { // else it would take long
		best, near := -1, c.offset(pos.Line, pos.Col)
		for i := range c.lines[pos.Line-1] {
			if c.stands(pos.Line, i, words, begin) && (best < 0 || abs(i-near) < abs(best-near)) {
				best = i
			}
		}
		if best >= 0 {
			return c.at(pos.Line, utf8.RuneCountInString(c.lines[pos.Line-1][:best])+1)
		}
	}
	c.problem(pos, "yaml-syntax", "%q can't be read with certainty; put it in quotes, on a line of its own", short(strings.Join(words, " ")))
	return pos
}

// after returns the first place behind a sign such as : or - that is neither
// blank nor comment.
func (c *converter) after(t *token.Token) (line, offset int, ok bool) {
	if t == nil || t.Position.Line > len(c.lines) {
		return 0, 0, false
	}
	line = t.Position.Line
	offset = c.offset(line, t.Position.Column) + len(t.Value)
	for line <= len(c.lines) {
		text := c.lines[line-1]
		for offset < len(text) && (text[offset] == ' ' || text[offset] == '\t') {
			offset++
		}
		if offset < len(text) && text[offset] != '#' {
			return line, offset, true
		}
		line, offset = line+1, 0
	}
	return 0, 0, false
}

// offset turns a column into bytes; it goes on from the last one asked for, as
// they come in order.
func (c *converter) offset(line, col int) int {
	if line > len(c.lines) {
		return 0
	}
	text := c.lines[line-1]
	if line != c.last.line || col < c.last.col {
		c.last = lineOffset{line: line, col: 1}
	}
	for c.last.col < col && c.last.offset < len(text) {
		_, n := utf8.DecodeRuneInString(text[c.last.offset:])
		c.last.col++
		c.last.offset += n
	}
	return c.last.offset
}

type lineOffset struct{ line, col, offset int }

// stands tells whether words stand at a place, with nothing but blanks and
// line ends between them, and end there unless they only begin something.
func (c *converter) stands(line, offset int, words []string, begin bool) bool {
	if line > len(c.lines) {
		return false
	}
	rest := c.lines[line-1][offset:]
	for i, w := range words {
		for i > 0 {
			if rest = strings.TrimLeftFunc(rest, unicode.IsSpace); rest != "" || line == len(c.lines) {
				break
			}
			rest = c.lines[line]
			line++
		}
		if !strings.HasPrefix(rest, w) {
			return false
		}
		rest = rest[len(w):]
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return begin || rest == "" || unicode.IsSpace(r) || strings.ContainsRune(",:]}", r)
}

// badEscape finds \x, \u and \U that the library reads as any character at
// all, and texts with characters that no file may hold as they are.
func badEscape(t *token.Token) bool {
	if t.Type != token.DoubleQuoteType || !strings.Contains(t.Origin, "\\") {
		return false
	}
	for i := 0; i+1 < len(t.Origin); i++ {
		if t.Origin[i] != '\\' {
			continue
		}
		i++
		digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[t.Origin[i]]
		if digits == 0 {
			continue
		}
		if i+digits >= len(t.Origin) {
			return true
		}
		if _, err := strconv.ParseUint(t.Origin[i+1:i+1+digits], 16, 64); err != nil {
			return true
		}
	}
	return strings.ContainsFunc(t.Value, func(r rune) bool {
		return r == utf8.RuneError || r == 0x7F || r < ' ' && r != '\n' && r != '\t'
	})
}

func abs(n int) int { return max(n, -n) }

// complete makes sure that nothing written was left out of the tree.
func (c *converter) complete(tokens token.Tokens) {
	if len(c.problems) > 0 {
		return // which explain it
	}
	for _, t := range tokens {
		switch t.Type {
		case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.BoolType, token.NullType, token.MergeKeyType,
			token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.FloatType, token.InfinityType, token.NanType:
			if !c.read[t] && t.Value != "" {
				c.problem(c.pos(t), "yaml-syntax", "%q does not fit what stands before it", short(t.Value))
				return
			}
		}
	}
}

func (c *converter) mapping(start *token.Token, flow bool, values []*ast.MappingValueNode) *attribute.Node {
	out := &attribute.Node{Kind: attribute.Map, Pos: c.pos(start), Keys: make([]attribute.Key, 0, len(values))}
	index := make(map[string]int, len(values))
	var merges []*ast.MappingValueNode
	for _, v := range values {
		if k, ok := v.Key.(*ast.MergeKeyNode); ok {
			c.read[k.Token] = true
			merges = append(merges, v)
			continue
		}
		name, pos, ok := c.key(v)
		value := c.node(v.Value)
		if !ok {
			continue
		}
		if i, twice := index[name]; twice {
			c.problem(pos, "duplicate-key", "%s stands twice in one map, first at %s; keep one", name, place(out.Keys[i].Pos, c.file))
			continue
		}
		index[name] = len(out.Keys)
		out.Keys = append(out.Keys, attribute.Key{Name: name, Pos: pos, Value: value})
	}
	if !flow && len(out.Keys) > 0 {
		out.Pos = out.Keys[0].Pos
	}
	// What a map says itself goes before what it takes over, and of several
	// taken over the first goes before.
	for _, m := range merges {
		c.merge(out, index, m)
	}
	return out
}

func (c *converter) merge(out *attribute.Node, index map[string]int, m *ast.MappingValueNode) {
	value := c.node(m.Value)
	from := []*attribute.Node{value}
	if value.Kind == attribute.List {
		from = value.Items
	}
	for _, f := range from {
		if f.Kind != attribute.Map {
			if !c.bomb {
				c.problem(c.pos(m.Key.GetToken()), "yaml-merge", "<< takes over %s; it needs an alias of a map, e.g. <<: *name", describe(f))
			}
			continue
		}
		for _, k := range f.Keys {
			if _, said := index[k.Name]; !said {
				index[k.Name] = len(out.Keys)
				out.Keys = append(out.Keys, k)
			}
		}
	}
}

// key returns the text of a map's key. Numbers are texts too (2030: 5 a).
func (c *converter) key(v *ast.MappingValueNode) (string, attribute.Pos, bool) {
	var n ast.Node = v.Key
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		n = explicit.Value
	}
	t := n.GetToken()
	var name string
	switch n := n.(type) {
	case *ast.StringNode:
		name = n.Value
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		name = t.Value
	}
	pos := c.pos(t)
	if name != "" {
		pos = c.place(t, name)
	}
	switch {
	case name == "":
		c.problem(pos, "yaml-key", "a key is %s; it should be a plain word or number", keyKind(n))
		return "", pos, false
	case v.Start != nil && v.Start.Type != token.MappingValueType:
		c.problem(pos, "yaml-key", "%s stands in { } without a value; write `%s: value`, or a list in [ ]", short(name), short(name))
		return "", pos, false
	}
	return name, pos, true
}

func keyKind(n ast.Node) string {
	switch n.(type) {
	case *ast.NullNode:
		return "null"
	case *ast.StringNode:
		return "empty"
	case *ast.AliasNode:
		return "an alias"
	case *ast.AnchorNode:
		return "an anchor"
	case *ast.TagNode:
		return "a tag"
	}
	return "not a word"
}

func (c *converter) anchor(n *ast.AnchorNode) *attribute.Node {
	name := n.Name.GetToken().Value
	c.read[n.Name.GetToken()] = true
	a := &anchor{}
	c.anchors[name] = a
	before := c.nodes
	node := c.node(n.Value)
	a.node, a.size = node, c.nodes-before
	return node
}

// alias returns the anchor's own nodes: they are shared, not copied, but
// counted, for whoever walks the tree walks them again.
func (c *converter) alias(n *ast.AliasNode) *attribute.Node {
	name, pos := n.Value.GetToken().Value, c.pos(n.Start)
	c.read[n.Value.GetToken()] = true
	a := c.anchors[name]
	nothing := &attribute.Node{Pos: pos}
	switch {
	case a == nil:
		names := make([]string, 0, len(c.anchors))
		for k := range c.anchors {
			names = append(names, k)
		}
		slices.Sort(names)
		c.problem(pos, "alias-unknown", "*%s stands for an anchor that is not above it; %s", short(name), attribute.Fit(name, names))
		return nothing
	case a.node == nil:
		c.problem(pos, "alias-cycle", "*%s stands inside its own anchor &%s", short(name), short(name))
		return nothing
	case c.expanded+a.size > maxExpanded:
		if !c.bomb {
			c.problem(pos, "alias-bomb", "the aliases of this file stand for more than %d values; write them out, or use a table", maxExpanded)
		}
		c.bomb = true
		return nothing
	}
	c.expanded += a.size
	c.nodes += a.size
	return a.node
}
