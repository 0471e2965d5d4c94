package report

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"example.org/busbar/internal/report/picture"
)

//go:embed page/page.html page/style.css page/report.js
var pageFiles embed.FS

//go:embed plot/*
var plotFiles embed.FS

// section is a chapter of the page.
type section struct {
	ID, Title string
	Lead      string // one or two sentences on what is to be seen
	Blocks    []block
}

// block is one thing in a section; exactly one field is set.
type block struct {
	Para   string
	Head   string
	Cards  []card
	Figure *figure
	Table  *table
	List   []string
	Alert  []string // lines nobody may overlook
	Links  []source
}

// card shows one figure of the run.
type card struct {
	Label, Number, Unit, Meaning string
	Value                        float64
	Wide                         bool
}

// figure is a picture in both renderings.
type figure struct {
	ID, Title, Caption string
	SVG                template.HTML
	Table              *table

	Kind string // renderer of the interactive picture, "" for none
	Spec any    // its data
	// Where the picture is of hourly data, the script takes it from the
	// page's payload instead of a table.
	Bus        string
	First, N   int
	StaticOnly bool // one of several examples that the interactive picture replaces
	LiveOnly   bool
}

// JSON is the interactive picture's data, null where a sum has left the range
// of numbers: then the static picture stays. json.Marshal escapes <, > and &,
// so no name can end the script element.
func (f *figure) JSON() (template.JS, error) {
	raw, err := json.Marshal(f.Spec)
	var overflow *json.UnsupportedValueError
	if errors.As(err, &overflow) {
		return "null", nil
	}
	return template.JS(raw), err
}

// table is rows of cells under a head.
type table struct {
	Caption string
	Head    []string
	Rows    [][]cell
	Foot    []cell
	Wide    bool
}

// cell is text, or a number with its full value for export.
type cell struct {
	Text  string
	Value string // full precision, "" for text
	Num   bool
	Warn  bool // not verified
	Head  bool // names its row
}

// NumColumn tells whether a column holds numbers, for its head.
func (t *table) NumColumn(i int) bool {
	for _, row := range t.Rows {
		if i < len(row) && row[i].Num {
			return true
		}
	}
	return false
}

func text(s string) cell { return cell{Text: s} }
func name(s string) cell { return cell{Text: s, Head: true} }

// number is a cell shown with three digits or more, exported in full.
func number(v float64) cell {
	if math.IsNaN(v) {
		return cell{Text: "", Num: true}
	}
	return cell{Text: picture.Number(v), Value: strconv.FormatFloat(v, 'g', -1, 64), Num: true}
}

// percent is a share as a cell.
func percent(v float64) cell {
	c := number(v)
	if c.Text != "" {
		c.Text = picture.Number(100*v) + " %"
	}
	return c
}

// view is what the template sees.
type view struct {
	Title, Subtitle  string
	Meta             []pair
	Verdict, Detail  string
	Good             bool
	Stamp            string
	Broken           string
	Sections         []section
	Colophon         []string
	Style            template.CSS
	Script           template.JS
	Library, Payload template.JS
}

type pair struct{ Name, Value string }

func render(w io.Writer, d *data, opts Options) error {
	css, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	js, err := pageFiles.ReadFile("page/report.js")
	if err != nil {
		return err
	}
	raw, err := pageFiles.ReadFile("page/page.html")
	if err != nil {
		return err
	}
	tmpl, err := template.New("page").Parse(string(raw))
	if err != nil {
		return err
	}
	v := view{Style: template.CSS(css), Script: template.JS(js), Stamp: stampOf(&d.m)}
	if !opts.Plain {
		if v.Library, err = library(); err != nil {
			return err
		}
	}
	p := newPayload(d)
	v.Sections = d.sections(p)
	d.titleBlock(&v)
	if v.Payload, err = p.encode(); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, v); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// library returns the embedded plotting library, "" where the build had none.
func library() (template.JS, error) {
	names, err := fs.Glob(plotFiles, "plot/*.min.js")
	if err != nil || len(names) == 0 {
		return "", err
	}
	raw, err := plotFiles.ReadFile(names[0])
	if err != nil {
		return "", err
	}
	// Inside a script element only these could end it or open a comment.
	s := strings.ReplaceAll(string(raw), "</script", `<\/script`)
	return template.JS(strings.ReplaceAll(s, "<!--", `<\!--`)), nil
}
