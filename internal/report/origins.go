package report

import (
	"fmt"
	"net/url"
	"sort"
	"strings"

	"example.org/busbar/internal/report/picture"
	"example.org/busbar/internal/run"
)

// source is a source of figures as the page lists it.
type source struct {
	ID, Title, URL, Grade string
	Warn                  bool
	Cited                 int
}

// originSection lists every cited value with its source and grade, and the
// sources themselves.
func (d *data) originSection() *section {
	if d.sys == nil {
		return nil
	}
	known := map[string]*run.Source{}
	for i := range d.sys.Sources {
		known[d.sys.Sources[i].ID] = &d.sys.Sources[i]
	}
	cited := map[string]int{}
	t := &table{Caption: "Cited values", Wide: true, Head: []string{"Asset", "Attribute", "Value as written", "Source", "Grade", "Note"}}
	unverified, total := 0, 0
	for _, a := range d.sys.Assets {
		for _, c := range a.Cited {
			total++
			grade, warn := d.grade(c.Source, known)
			if warn {
				unverified++
			}
			for _, id := range sourceIDs(c.Source, known) {
				cited[id]++
			}
			who := d.assetName(a.ID)
			if a.ID == "" {
				who = "the system"
			}
			t.Rows = append(t.Rows, []cell{name(who), text(c.Attribute), text(c.Text), text(c.Source), {Text: grade, Warn: warn}, text(c.Note)})
		}
	}
	if total == 0 && len(d.sys.Sources) == 0 {
		return nil
	}
	s := &section{ID: "origins", Title: "Where the numbers come from",
		Lead: "Values that name their source, as they were written. What is not verified is marked: it is general knowledge or an assumption, to be replaced by a figure of the project."}
	if total > 0 {
		s.Blocks = append(s.Blocks, block{Para: fmt.Sprintf("%s values name a source; %s of them are not verified.", picture.Number(float64(total)), picture.Number(float64(unverified)))})
	}
	var sources []source
	for _, src := range d.sys.Sources {
		grade, warn := gradeWords(src.Grade)
		sources = append(sources, source{ID: src.ID, Title: src.Title, URL: webLink(src.URL), Grade: grade, Warn: warn, Cited: cited[src.ID]})
	}
	sort.SliceStable(sources, func(i, j int) bool { return sources[i].Cited > sources[j].Cited })
	if len(sources) > 0 {
		s.Blocks = append(s.Blocks, block{Links: sources})
	}
	if total > 0 {
		s.Blocks = append(s.Blocks, block{Table: t})
	}
	return s
}

// sourceIDs splits a citation of several sources ("facts-D2 S104").
func sourceIDs(cite string, known map[string]*run.Source) []string {
	if known[cite] != nil {
		return []string{cite}
	}
	return strings.FieldsFunc(cite, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
}

// grade is the weakest grade of a citation's sources.
func (d *data) grade(cite string, known map[string]*run.Source) (string, bool) {
	ids := sourceIDs(cite, known)
	if len(ids) == 0 {
		return gradeWords("")
	}
	best := ""
	for _, id := range ids {
		src := known[id]
		if src == nil {
			if len(ids) == 1 {
				return "source not listed, not verified", true
			}
			continue
		}
		g, warn := gradeWords(src.Grade)
		if warn {
			return g, true
		}
		if best == "" || g == "derived" {
			best = g
		}
	}
	if best == "" {
		return "source not listed, not verified", true
	}
	return best, false
}

// webLink passes addresses of the web and nothing else.
func webLink(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// uncheckedSection says what the model leaves out; nobody should find out
// later.
func (d *data) uncheckedSection() *section {
	if d.sys == nil {
		return nil
	}
	lines := []string{
		"Perfect foresight: the year is planned knowing all its weather, flows and prices. Real operation has forecasts only, and will cost more.",
		"Frequency and inertia: whether the grid keeps its frequency after a large unit or a potline trips.",
		"Voltage and reactive power: whether voltages stay within their band, and what compensation they need.",
		"Short circuits and protection: whether fault levels suit the equipment, and whether inverters ride through.",
		"Outages (N-1): whether the system holds when one line, transformer or unit is out. Plants and lines are available as stated.",
		"AC losses and flows: power moves as the model sends it, with the losses stated; voltages, angles and loops are not computed unless a line says so.",
		"Balancing within the hour: every step is constant; gusts, clouds and ramps inside it are not seen.",
	}
	if d.m.Synthetic {
		lines = append([]string{"Synthetic weather: the sun, wind and river of this run come from a seeded generator calibrated to published averages and seasons. They are no measurement and no forecast of any place; every picture made from them says so."}, lines...)
	}
	return &section{ID: "unchecked", Title: "What this does not check", Lead: "A plan that is optimal here may still fail on any of these. They need other studies.", Blocks: []block{{List: lines}}}
}

// noteSection holds the assumptions of the run and what assets note.
func (d *data) noteSection() *section {
	s := &section{ID: "notes", Title: "Assumptions and notes"}
	if len(d.m.Notes) > 0 {
		s.Blocks = append(s.Blocks, block{List: d.m.Notes})
	}
	if d.m.Attempts != "" {
		s.Blocks = append(s.Blocks, block{Para: "Solvers tried before: " + d.m.Attempts + "."})
	}
	if d.sys != nil {
		t := &table{Caption: "Assets", Wide: true, Head: []string{"Asset", "In the files", "Kind", "Place", "Owner", "Status", "Green", "Note"}}
		for _, a := range d.sys.Assets {
			if a.ID == "" {
				continue // what is cited by the system itself
			}
			var owners []string
			for _, o := range a.Owners {
				label := d.partyName(o.Party)
				if o.Share != nil {
					label += " " + say(*o.Share, "")
				}
				owners = append(owners, label)
			}
			green := ""
			if a.Green {
				green = "yes"
			}
			t.Rows = append(t.Rows, []cell{name(d.assetName(a.ID)), text(a.ID), text(plain(a.Kind)), text(d.placeName(a.Place)), text(list(owners)), text(plain(a.Status)), text(green), text(a.Note)})
		}
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, capped(t, 0, "system.json")...)
		}
		p := &table{Caption: "Parties", Head: []string{"Party", "Role", "Note"}}
		for _, q := range d.sys.Parties {
			p.Rows = append(p.Rows, []cell{name(d.partyName(q.ID)), text(q.Role), text(q.Note)})
		}
		if len(p.Rows) > 0 {
			s.Blocks = append(s.Blocks, block{Table: p})
		}
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

func (d *data) partyName(id string) string {
	if d.sys != nil {
		for _, p := range d.sys.Parties {
			if p.ID == id && p.Name != "" {
				return p.Name
			}
		}
	}
	return plain(id)
}

func (d *data) inputSection() *section {
	if len(d.m.Inputs) == 0 {
		return nil
	}
	t := &table{Caption: "Files that were read; the run folder keeps a copy of each", Wide: true, Head: []string{"File", "Bytes", "SHA-256"}}
	for _, in := range d.m.Inputs {
		t.Rows = append(t.Rows, []cell{name(in.Path), number(float64(in.Bytes)), {Text: in.SHA256}})
	}
	return &section{ID: "inputs", Title: "Inputs", Blocks: []block{{Table: t}}}
}
