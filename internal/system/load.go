package system

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
	"example.org/busbar/internal/series"
	"example.org/busbar/internal/unit"
)

// Options are what a tree can't say.
type Options struct {
	// Open returns the content of a file that the workspace cites.
	Open func(name string) ([]byte, error)
	// Studies are the names of the workspace's studies; nil: builds: is not
	// checked.
	Studies []string
}

// Load makes a System of the tree of one study, includes and overrides
// applied. It finds every problem it can in one go; with problems the System is
// for looking at only.
//
// The order: names, units and time; then everything else, which needs them;
// then, if few periods are to stand for all, their choice from the series that
// were read, and the assets once more on the shorter clock.
func Load(tree *attribute.Node, opts Options) (*System, []attribute.Problem) {
	if tree == nil {
		tree = &attribute.Node{}
	}
	l := &loader{opts: opts, tree: tree, s: &System{}}
	// What is wrong in the first reading is told by the second, which knows more.
	first := &attribute.Context{}
	var w workspace
	attribute.Decode(tree, &w, first)
	c := l.context(&w)
	c.Clock = l.clock(&w)
	if c.Clock != nil {
		l.files = &files{
			open: opts.Open, clock: c.Clock, money: c.Money, weather: w.Weather,
			columns: map[string][]string{}, tables: map[fileKey]*file{}, values: map[valueKey][]float64{},
			rows: l.rows, listed: map[string]*rowed{},
		}
		cited(tree, l.files.columns)
		if opts.Open != nil {
			c.Series = l.files.read
		}
	}
	c.Changes = l.changes(&w, c.Clock)
	w = l.all(c)
	l.unmet(c)
	if r := w.Representative; r != nil && len(l.problems) == 0 {
		l.represent(r, c)
	}
	l.notes()
	if l.noCurrency { // then no money fits, and one problem says enough
		l.problems = slices.DeleteFunc(l.problems, func(p attribute.Problem) bool { return p.Code == string(unit.Currency) })
	}
	attribute.Sort(l.problems)
	l.s.faulty = len(l.problems) > 0
	return l.s, l.problems
}

// all decodes the whole tree.
func (l *loader) all(c *attribute.Context) workspace {
	l.s = &System{Selection: l.s.Selection, Events: l.s.Events}
	c.Problems, c.Cited = nil, nil
	var w workspace
	attribute.Decode(l.tree, &w, c)
	l.problems = append(l.problems, c.Problems...)
	l.fill(&w, c)
	l.s.unsound = c.Clock == nil || slices.ContainsFunc(l.problems, l.spoils)
	l.assets(w.Assets.node, c)
	l.sectors()
	return w
}

// spoils tells a problem that leaves other parts of the system in doubt. One of
// a limit spoils that limit only; a key that is not known, a party or a source
// spoil nothing.
func (l *loader) spoils(p attribute.Problem) bool {
	path, _, _ := strings.Cut(p.Text, ":")
	section, rest, _ := strings.Cut(path, ".")
	switch section {
	case "limits":
		id, _, _ := strings.Cut(rest, ".")
		for i := range l.s.Limits {
			if l.s.Limits[i].ID == id {
				l.s.Limits[i].faulty = true
			}
		}
		return rest == ""
	case "parties", "sources", "product":
		return false
	}
	return !strings.HasPrefix(p.Text, "unknown key ")
}

type loader struct {
	opts  Options
	tree  *attribute.Node
	s     *System
	files *files
	spec  clock.Spec
	rows  *series.Rows // of snapshots

	noCurrency bool // the study's can't be read
	problems   []attribute.Problem
}

// fail adds a problem at a path of the tree.
func (l *loader) fail(path, code, format string, a ...any) {
	pos := l.tree.Find(path)
	l.problems = append(l.problems, attribute.Problem{
		File: pos.File, Line: pos.Line, Col: pos.Col, Code: code, Text: path + ": " + fmt.Sprintf(format, a...),
	})
}

// context gathers what decoding must know of names, units and money.
func (l *loader) context(w *workspace) *attribute.Context {
	c := &attribute.Context{Units: map[string]string{}, IDs: map[string][]string{
		"commodity": {}, "place": {}, "party": {}, "asset": {},
	}}
	for i := range w.Commodities {
		v := &w.Commodities[i]
		c.IDs["commodity"] = append(c.IDs["commodity"], v.ID)
		if v.Unit.text != "" {
			c.Units[v.ID] = v.Unit.text
		}
	}
	for i := range w.Places {
		c.IDs["place"] = append(c.IDs["place"], w.Places[i].ID)
	}
	for i := range w.Parties {
		c.IDs["party"] = append(c.IDs["party"], w.Parties[i].ID)
	}
	if n := w.Assets.node; n != nil {
		for i := range n.Keys {
			c.IDs["asset"] = append(c.IDs["asset"], n.Keys[i].Name)
		}
	}
	for i := range w.Sources {
		c.IDs["source"] = append(c.IDs["source"], w.Sources[i].ID)
	}
	c.Money = l.money(w)
	return c
}

func (l *loader) money(w *workspace) *unit.Money {
	var lines []unit.Line
	for _, m := range w.Money {
		lines = append(lines, unit.Line{Money: m.ID, Value: m.Rate})
	}
	money, errs := unit.NewMoney(w.Currency, baseYear(w, 0), lines)
	for i, err := range errs {
		if err == nil {
			continue
		}
		path := "currency"
		l.noCurrency = l.noCurrency || i == len(lines)
		if i < len(lines) {
			path = "money." + lines[i].Money
			if lines[i].Value == "" { // its rate is missing, and told
				continue
			}
		}
		var e *unit.Error
		if errors.As(err, &e) {
			l.fail(path, string(e.Code), "%v", e)
		}
	}
	return money
}

// baseYear defaults to the study's year, none if there is none.
func baseYear(w *workspace, none int) int {
	switch {
	case w.BaseYear != 0:
		return w.BaseYear
	case len(w.Years) > 0:
		return w.Years[0]
	case !w.FirstDay.IsZero():
		return w.FirstDay.Year()
	case len(w.Periods) > 0:
		if year, err := strconv.Atoi(w.Periods[0].ID); err == nil {
			return year
		}
	}
	return none
}

// clock makes the clock of the full horizon, nil if its keys are wrong.
func (l *loader) clock(w *workspace) *clock.Clock {
	if w.Snapshots != "" && l.opts.Open != nil {
		return l.snapshots(w)
	}
	if len(w.Periods) > 0 {
		for _, key := range []string{"years", "first_day", "last_day", "representative"} {
			if n := l.tree.Get(key); n != nil && n.Kind != attribute.Null {
				l.fail("periods", "conflict", "each period is modelled by its calendar year, hour by hour; want either periods or %s (%s: null in a study takes away what the system says)", key, key)
				return nil
			}
		}
	}
	if len(w.Years) > 1 {
		l.fail("years", "years-one", "read %d years, want one; of several years each stands for some, such as periods: {%d: 5 a, %d: 10 a}", len(w.Years), w.Years[0], w.Years[1])
		return nil
	}
	l.spec = clock.Spec{Offset: w.Offset, From: w.FirstDay, To: w.LastDay}
	where := "first_day"
	if len(w.Periods) > 0 {
		where = "periods"
		for i := range w.Periods {
			if p := &w.Periods[i]; p.Share != 1 {
				l.fail("periods."+p.ID, "conflict", "share is of periods with snapshots; a calendar year is whole")
				return nil
			}
		}
		var ok bool
		if l.spec.Periods, ok = l.investments(w); !ok {
			return nil
		}
	} else if len(w.Years) == 1 {
		l.spec.Year = w.Years[0]
		where = "years"
	} else if w.FirstDay.IsZero() && w.LastDay.IsZero() {
		if l.tree.Get("years") == nil {
			l.fail("years", "missing", "want a list of one year, such as [2030], or first_day and last_day, or periods")
		}
		return nil
	}
	for _, c := range w.Commodities {
		if c.Unit.text != "" && c.Balance != "account" && c.Step.N > 0 {
			l.spec.Steps = append(l.spec.Steps, c.Step.Step)
		}
	}
	if n := w.Assets.node; n != nil { // an asset may keep a step of its own
		for i := range n.Keys {
			if step, err := clock.ParseStep(n.Keys[i].Value.Get("step").Brief()); err == nil {
				l.spec.Steps = append(l.spec.Steps, step)
			}
		}
	}
	made, err := clock.New(l.spec)
	var e *clock.Error
	if errors.As(err, &e) {
		if e.Code == "offset" {
			where = "offset"
		}
		pos := l.tree.Find(where)
		l.problems = append(l.problems, attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: e.Code, Text: e.Text})
		return nil
	}
	return made
}

// fill puts what was decoded into the System.
func (l *loader) fill(w *workspace, c *attribute.Context) {
	s := l.s
	s.Name, s.Currency, s.BaseYear, s.Discount, s.Product = w.System, w.Currency, baseYear(w, 0), w.Discount, w.Product
	s.Clock, s.context, s.tree = c.Clock, c, l.tree
	s.Cited = c.Cited
	for i := range w.Commodities {
		v := &w.Commodities[i]
		b := map[string]primitive.Balance{"free": primitive.Free, "account": primitive.Account}[v.Balance]
		s.Commodities = append(s.Commodities, Commodity{
			ID: v.ID, Name: v.Name, Unit: v.Unit.text, Step: v.Step.Step, Balance: b, Price: v.Price, Doc: v.Note,
		})
		if b == primitive.Account {
			s.Commodities[i].Step = clock.Hourly
		} else if v.Price.Given {
			l.fail("commodities."+v.ID+".price", "price", "only an account has a price; %s is %s, and a purchase or a sale prices it", v.ID, v.Balance)
		}
		if v.ID == "cost" {
			l.fail("commodities.cost", "id", "cost is what a limit calls money; want another name")
		}
	}
	for _, p := range w.Places {
		s.Places = append(s.Places, Place{ID: p.ID, Name: p.Name, Country: p.Country, Lat: p.At.lat, Lon: p.At.lon})
		if l.tree.Get("places").Get(p.ID).Get("at") == nil {
			s.Places[len(s.Places)-1].Lat, s.Places[len(s.Places)-1].Lon = math.NaN(), math.NaN()
		}
	}
	for _, p := range w.Parties {
		s.Parties = append(s.Parties, Party(p))
	}
	for i := range w.Limits {
		v := w.Limits[i]
		s.Limits = append(s.Limits, Limit{ID: v.ID, Note: v.Note, Spec: v, Pos: v.Pos, node: l.tree.Get("limits").Get(v.ID)})
	}
	for _, m := range w.Money {
		s.Money = append(s.Money, Money(m))
		if m.Source != "" || m.Note != "" {
			s.Cited = append(s.Cited, attribute.Citation{Path: "money." + m.ID, Text: m.Rate, Source: m.Source, Note: m.Note})
		}
	}
	for _, v := range w.Sources {
		s.Sources = append(s.Sources, Source(v))
	}
	for _, k := range w.Scenarios {
		s.Scenarios = append(s.Scenarios, primitive.Scenario{Name: k.ID, Probability: k.Probability})
	}
	sum := 0.0
	for _, k := range s.Scenarios {
		sum += k.Probability
	}
	if len(s.Scenarios) > 0 && math.Abs(sum-1) > 1e-9 {
		l.fail("scenarios", "scenarios", "their probabilities sum to %.6g %%, want 100 %%", 100*sum)
	}
	if r := w.Risk; r != nil {
		if len(s.Scenarios) == 0 {
			l.fail("risk", "missing", "it weighs scenarios, and there are none; want scenarios: too")
		}
		s.Risk = &primitive.Risk{Alpha: r.Alpha, Omega: r.Weight}
	}
	if a := w.Alternative; a != nil {
		s.Alternative, s.weights = &Alternative{Slack: a.Slack, Beside: a.Beside, Most: a.Sense == "most"}, a.Sizes
	}
	l.rolling(w)
	for _, o := range w.Outages {
		s.Outages = append(s.Outages, Outage(o))
	}
	s.Study = Study{
		Name: w.Study, Title: w.Title, Weather: w.Weather, Builds: w.Builds, Perspective: w.Perspective, Sectors: w.Sectors,
		FirstDay: w.FirstDay, LastDay: w.LastDay,
	}
	if c.Clock != nil {
		s.Study.Year = c.Clock.Start.Year()
		_, seconds := c.Clock.Start.Zone()
		s.Study.Offset = time.Duration(seconds) * time.Second
	}
	if len(w.Perspective) > 0 {
		l.fail("perspective", "perspective", "read %s; planning for some of the parties is not built yet, leave it out: the plan is for all of the system", strings.Join(w.Perspective, ", "))
	}
	if w.Builds != "" && l.opts.Studies != nil {
		if !slices.Contains(l.opts.Studies, w.Builds) {
			l.fail("builds", "unknown-study", "no study is named %q; %s", w.Builds, attribute.Fit(w.Builds, l.opts.Studies))
		} else if w.Builds == w.Study {
			l.fail("builds", "unknown-study", "study %s can't take its capacities from itself", w.Study)
		}
	}
	if r := w.Representative; r != nil && (r.Weeks > 0) == (r.Days > 0) {
		l.fail("representative", "representative", "want either weeks or days, such as {weeks: 6}")
	}
}

// assets decodes every asset, in the order of the tree.
func (l *loader) assets(n *attribute.Node, base *attribute.Context) {
	if n == nil {
		return // told: missing
	}
	if n.Kind != attribute.Map && n.Kind != attribute.Null {
		l.fail("assets", "node-kind", "read %s, want a map such as {wind: {kind: wind}}", n.Brief())
		return
	}
	if len(n.Keys) == 0 {
		l.fail("assets", "empty", "there is no asset; want at least one, such as {load: {kind: demand}}")
		return
	}
	seen := map[string]attribute.Pos{}
	for i := range n.Keys {
		k := &n.Keys[i]
		path := "assets." + k.Name
		at := func(p attribute.Pos, code, format string, a ...any) {
			l.problems = append(l.problems, attribute.Problem{
				File: p.File, Line: p.Line, Col: p.Col, Code: code, Text: path + ": " + fmt.Sprintf(format, a...),
			})
		}
		if was, twice := seen[k.Name]; twice {
			at(k.Pos, "duplicate-id", "another asset has this name, in %s line %d; want a name of its own", was.File, was.Line)
			continue
		}
		seen[k.Name] = k.Pos
		if !attribute.ValidID(k.Name) {
			at(k.Pos, "id", "read the name %q, want letters, digits, _ and - only", k.Name)
		}
		l.asset(k, base)
	}
}

func (l *loader) asset(k *attribute.Key, base *attribute.Context) {
	n := k.Value
	if n == nil || n.Kind == attribute.Null {
		n = &attribute.Node{Pos: k.Pos, Kind: attribute.Map}
	}
	c := *base
	c.Path, c.Problems, c.Cited = "assets."+k.Name, nil, nil
	a := Asset{ID: k.Name, Pos: k.Pos, node: n}
	var common common
	// Problems of the whole asset belong to its name.
	body := *n
	body.Pos = k.Pos
	spec, known := kind.Find(kindOf(n))
	if known {
		a.Spec = spec.New()
		attribute.DecodeAll(&body, &c, &common, a.Spec)
	} else {
		attribute.Decode(&body, &common, &c)
		c.Problems = slices.DeleteFunc(c.Problems, func(p attribute.Problem) bool { return p.Code == "unknown-key" })
		if kn := n.Get("kind"); kn != nil && kn.Kind == attribute.Scalar {
			c.Problem(kn.Pos, "unknown-kind", "%s.kind: no kind is named %q; %s", c.Path, kn.Text, attribute.Fit(kn.Text, kindNames()))
		}
	}
	a.Kind, a.Name, a.Place, a.Owners, a.Status = common.Kind, common.Name, common.At, common.Owner.shares, common.Status
	a.stands, a.future = common.Stands, common.Future
	a.Active, a.Source, a.Note, a.Green = common.Active && l.takes(common.Sector), common.Source, common.Note, spec.Green
	a.Sector = common.Sector
	if common.Green != nil {
		a.Green = *common.Green
	}
	a.faulty = len(c.Problems) > 0 || !known
	a.Cited = c.Cited
	for i := range a.Cited {
		a.Cited[i].Path = strings.TrimPrefix(a.Cited[i].Path, c.Path+".")
	}
	for _, p := range c.Problems { // a faulty file or column is told once, whoever cites it
		same := func(q attribute.Problem) bool {
			return q.Code == p.Code && q.File == p.File && q.Line == p.Line && q.Col == p.Col
		}
		if p.Code == "unknown-key" && slices.ContainsFunc(l.problems, same) || slices.Contains(l.problems, p) {
			continue
		}
		l.problems = append(l.problems, p)
	}
	l.s.Assets = append(l.s.Assets, a)
}

// takes tells whether the study takes a sector; "" is in all studies.
func (l *loader) takes(sector string) bool {
	return sector == "" || len(l.s.Study.Sectors) == 0 || slices.Contains(l.s.Study.Sectors, sector)
}

// sectors refuses one that the study takes and no asset names.
func (l *loader) sectors() {
	var named []string
	for i := range l.s.Assets {
		if s := l.s.Assets[i].Sector; s != "" && !slices.Contains(named, s) {
			named = append(named, s)
		}
	}
	for i, s := range l.s.Study.Sectors {
		if !slices.Contains(named, s) {
			l.fail(fmt.Sprintf("sectors.%d", i), "reference", "no asset is of sector %q; %s", s, attribute.Fit(s, named))
		}
	}
}

func kindNames() []string {
	var names []string
	for _, s := range kind.All() {
		names = append(names, s.Name)
	}
	return names
}

func kindOf(n *attribute.Node) string {
	k := n.Get("kind")
	if k == nil {
		return ""
	}
	if v := k.Get("value"); v != nil {
		k = v
	}
	return k.Text
}

// notes gathers what was assumed, each once.
func (l *loader) notes() {
	if l.s.Clock == nil {
		return
	}
	l.s.Notes = slices.Clone(l.s.Clock.Notes)
	for _, e := range l.s.Events {
		l.s.Notes = append(l.s.Notes, e.String())
	}
	for _, n := range l.files.notes {
		if !slices.Contains(l.s.Notes, n) {
			l.s.Notes = append(l.s.Notes, n)
		}
	}
}
