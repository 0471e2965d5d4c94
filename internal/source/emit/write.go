package emit

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/system"
)

// tableFrom is how many flat assets of a kind go into a table of their own.
const tableFrom = 20

// width is how long a line may get before a map is written over several.
const width = 110

// files are those of the workspace.
func (e *emitter) files(o Options, study []attribute.Key) *Result {
	r := &Result{Files: map[string][]byte{}}
	tables, include := e.tables(), list()
	var sys yaml
	sys.line(0, "# yaml-language-server: $schema=./.busbar/system.json")
	sys.line(0, "# "+printable(o.Made))
	sys.block(0, []attribute.Key{said("system", e.s.Name), said("currency", e.s.Currency)})
	sys.block(0, e.root[:len(e.root)-len(e.limited())])
	assets := mapOf()
	for _, a := range e.all {
		if tables[a.kind] == nil {
			assets.Keys = append(assets.Keys, key(a.id, mapOf(append([]attribute.Key{said("kind", a.kind)}, a.keys...)...)))
		}
	}
	for n, part := range parts(assets.Keys) {
		if len(part) == len(assets.Keys) {
			sys.block(0, []attribute.Key{key("assets", assets)})
			break
		}
		name := "assets/part-" + strconv.Itoa(n+1) + ".yaml"
		include.Items = append(include.Items, scalar(name))
		var y yaml
		y.block(0, []attribute.Key{key("assets", mapOf(part...))})
		r.Files[name] = []byte(y.String())
	}
	if len(include.Items) > 0 {
		sys.block(0, []attribute.Key{key("include", include)})
	}
	sys.block(0, e.limited())
	r.Files["system.yaml"] = []byte(sys.String())
	for kind, all := range tables {
		r.Files["assets/"+kind+".csv"] = csvTable(all)
	}
	var st yaml
	st.line(0, "# yaml-language-server: $schema=../.busbar/study.json")
	st.block(0, study)
	r.Files["studies/base.yaml"] = []byte(st.String())
	var src yaml
	src.block(0, []attribute.Key{key("network", mapOf(said("title", o.Source), said("grade", "read")))})
	r.Files["sources.yaml"] = []byte(src.String())
	r.Files["series/snapshots.csv"] = e.snapshots()
	for _, path := range e.order {
		r.Files[path] = e.table(e.series[path])
	}
	for name, schema := range system.Schemas() {
		r.Files[".busbar/"+name] = schema
	}
	r.Files[".gitignore"] = []byte("/runs/\n")
	r.Notes = e.renamed
	return r
}

// most is how much text of assets a file holds, half of what may be read.
const most = 1 << 20

// parts divides assets so that each fits in a file.
func parts(keys []attribute.Key) [][]attribute.Key {
	var out [][]attribute.Key
	size := most + 1
	for _, k := range keys {
		n := len(k.Name) + len(flow(k.Value))
		if size += n; size > most {
			out, size = append(out, nil), n
		}
		out[len(out)-1] = append(out[len(out)-1], k)
	}
	return out
}

// limited are the keys of the root after the assets.
func (e *emitter) limited() []attribute.Key {
	if n := len(e.root); n > 0 && e.root[n-1].Name == "limits" {
		return e.root[n-1:]
	}
	return nil
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return '?'
		}
		return r
	}, s)
}

// table writes a file of series.
func (e *emitter) table(t *table) []byte {
	var b strings.Builder
	if e.periods() {
		b.WriteString("period,")
	}
	b.WriteString("time," + strings.Join(t.header, ",") + "\n")
	for i := range e.m.Clock.Ticks() {
		e.stamp(&b, i)
		for _, v := range t.data {
			b.WriteByte(',')
			if !math.IsNaN(v[i]) {
				b.WriteString(number(v[i]))
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// tables are the kinds of which there are many, each a row of cells.
func (e *emitter) tables() map[string][]asset {
	kinds := map[string][]asset{}
	deep := map[string]bool{}
	for _, a := range e.all {
		kinds[a.kind] = append(kinds[a.kind], a)
		for _, k := range a.keys {
			deep[a.kind] = deep[a.kind] || !flat(k.Value)
		}
	}
	for kind, all := range kinds {
		if len(all) < tableFrom || deep[kind] {
			delete(kinds, kind)
		}
	}
	return kinds
}

// flat reports a value that fits in cells.
func flat(n *attribute.Node) bool {
	if n.Kind == attribute.Map {
		return !slices.ContainsFunc(n.Keys, func(k attribute.Key) bool { return !flat(k.Value) })
	}
	return n.Kind == attribute.Scalar
}

// csvTable writes assets of one kind, an attribute a column.
func csvTable(all []asset) []byte {
	var columns []string
	rows := make([]map[string]string, len(all))
	for i, a := range all {
		rows[i] = map[string]string{}
		var walk func(prefix string, keys []attribute.Key)
		walk = func(prefix string, keys []attribute.Key) {
			for _, k := range keys {
				if k.Value.Kind == attribute.Map {
					walk(prefix+k.Name+".", k.Value.Keys)
					continue
				}
				name := prefix + k.Name
				if !slices.Contains(columns, name) {
					columns = append(columns, name)
				}
				rows[i][name] = k.Value.Text
			}
		}
		walk("", a.keys)
	}
	units := make([]string, len(columns)) // where every number of a column has the same
	for k, name := range columns {
		for i := range rows {
			text, ok := rows[i][name]
			if !ok {
				continue
			}
			v, unit, found := strings.Cut(text, " ")
			if !found || name == "name" || unit == "" || !numeric(v) || units[k] != "" && units[k] != unit {
				units[k] = ""
				break
			}
			units[k] = unit
		}
	}
	var b strings.Builder
	b.WriteString("id")
	for k, name := range columns {
		b.WriteByte(',')
		if units[k] != "" {
			name += " [" + units[k] + "]"
		}
		b.WriteString(cell(name))
	}
	b.WriteByte('\n')
	for i, a := range all {
		b.WriteString(cell(a.id))
		for k, name := range columns {
			b.WriteByte(',')
			text := rows[i][name]
			if units[k] != "" {
				text, _, _ = strings.Cut(text, " ")
			}
			b.WriteString(cell(text))
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func numeric(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func cell(s string) string {
	if strings.ContainsAny(s, ",\"\n") || strings.TrimSpace(s) != s {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// yaml writes keys one a line, and on one line what fits there.
type yaml struct{ strings.Builder }

func (y *yaml) line(indent int, text string) {
	y.WriteString(strings.Repeat("  ", indent) + text + "\n")
}

func (y *yaml) block(indent int, keys []attribute.Key) {
	for _, k := range keys {
		head := text(k.Name) + ":"
		n := k.Value
		section := indent == 0 && n.Kind == attribute.Map && len(n.Keys) > 0
		if one := head + " " + flow(n); !section && len(one)+2*indent < width || n.Kind == attribute.Scalar {
			y.line(indent, one)
			continue
		}
		y.line(indent, head)
		if n.Kind == attribute.Map {
			y.block(indent+1, n.Keys)
			continue
		}
		for _, item := range n.Items {
			y.line(indent+1, "- "+flow(item))
		}
	}
}

func flow(n *attribute.Node) string {
	var all []string
	switch n.Kind {
	case attribute.List:
		for _, i := range n.Items {
			all = append(all, flow(i))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case attribute.Map:
		for _, k := range n.Keys {
			all = append(all, text(k.Name)+": "+flow(k.Value))
		}
		return "{" + strings.Join(all, ", ") + "}"
	}
	return text(n.Text)
}

// text quotes what YAML would read as something else than it is.
func text(s string) string {
	plain := s != ""
	for i, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r > 0x7F, r == '_', r == '.', r == '/':
		case i > 0 && strings.ContainsRune(" -+*%()", r):
		case i == 0 && (r == '-' || r == '+') && len(s) > 1 && s[1] >= '0' && s[1] <= '9':
		case i > 0 && r == '#' && s[i-1] != ' ':
		default:
			plain = false
		}
	}
	words := []string{"null", "yes", "no", "on", "off"}
	if plain && strings.TrimSpace(s) == s && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
