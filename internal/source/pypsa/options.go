package pypsa

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/primitive"
)

// Options are those of PyPSA's optimisation.
type Options struct {
	Entry       string // optimize, security_constrained, mga, rolling_horizon
	Multi       bool   // multi_investment_periods
	Linearized  bool   // linearized_unit_commitment
	NoConstant  bool   // include_objective_constant is false
	Losses      Losses
	Outages     []string // of branches
	AllBranches bool     // outages of every branch

	Horizon, Overlap int // snapshots of a rolling horizon

	Slack    float64           // mga: by how much the least cost may be exceeded
	Weights  map[Asset]float64 `json:"-"` // mga: of sizes; of no name: of every size of the component
	Maximise bool              // mga
	Second   Second            // mga: how the alternative is built

	Risk *primitive.Risk // risk_preference, of a network with scenarios

	Say func(format string, a ...any) `json:"-"` // a line for each window of a rolling horizon; nil: none
}

// Second are options of the problem that a near-optimal alternative is. PyPSA's
// optimize_mga builds it without those of the first, but for what it is given.
type Second struct {
	Multi, Linearized, NoConstant bool
	Losses                        Losses
}

// arguments are those of PyPSA's model_kwargs that are not its defaults.
func (s *Second) arguments() map[string]any {
	all := map[string]any{}
	if s.Linearized {
		all["linearized_unit_commitment"] = true
	}
	if s.NoConstant {
		all["include_objective_constant"] = false
	}
	switch l := s.Losses; {
	case l.Secants:
		all["transmission_losses"] = map[string]any{"mode": "secants", "atol": l.Atol, "rtol": l.Rtol, "max_segments": l.Most}
	case l.Tangents > 0:
		all["transmission_losses"] = map[string]any{"mode": "tangents", "segments": l.Tangents}
	}
	return all
}

// second are the options of the alternative.
func (o Options) second() Options {
	o.Multi, o.Linearized, o.NoConstant, o.Losses = o.Second.Multi, o.Second.Linearized, o.Second.NoConstant, o.Second.Losses
	return o
}

// Losses says how losses of lines are drawn.
type Losses struct {
	Tangents   int // segments; 0: none
	Secants    bool
	Atol, Rtol float64
	Most       int
}

// optionsDoc is the form of --pypsa-options.
type optionsDoc struct {
	Entry    *string                    `json:"entry_point"`
	Args     map[string]json.RawMessage `json:"entry_args"`
	Optimize map[string]json.RawMessage `json:"optimize_options"`
}

// Argument is an option that the command line knows by PyPSA's name for it, with
// dashes: multi_investment_periods is --multi-investment-periods.
type Argument struct {
	Name string // of the option
	Kind string // boolean, number, text, list, pair, json
	Doc  string
	args bool // it is one of entry_args
}

// Arguments are the options that are flags too.
var Arguments = []Argument{
	{"entry_point", "text", "what is asked for: optimize, security_constrained, rolling_horizon, mga", false},
	{"multi_investment_periods", "boolean", "weigh investment periods, by their objective and years", false},
	{"linearized_unit_commitment", "boolean", "let units be online in part", false},
	{"include_objective_constant", "boolean", "tell apart what extendable assets that stood before would cost (default true)", false},
	{"transmission_losses", "json", "draw losses of lines: a number of tangents; true for secants; or a map of mode", false},
	{"branch_outages", "list", "of security_constrained: names of lines and transformers, with commas (default all)", true},
	{"horizon", "number", "of rolling_horizon: snapshots of a window", true},
	{"overlap", "number", "of rolling_horizon: snapshots that windows share", true},
	{"slack", "number", "of mga: by what share the least cost may be exceeded (default 0.05)", true},
	{"sense", "text", "of mga: min or max", true},
	{"risk_preference", "pair", "of a network with scenarios: ALPHA,OMEGA of the conditional value at risk", true},
}

// raw is a flag's text as JSON.
func (f *Argument) raw(text string) (json.RawMessage, error) {
	quoted := func(v any) json.RawMessage { data, _ := json.Marshal(v); return data }
	switch f.Kind {
	case "text":
		return quoted(text), nil
	case "list":
		names := []string{}
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
		return quoted(names), nil
	case "pair":
		var alpha, omega float64
		if n, err := fmt.Sscanf(text+"\n", "%g,%g\n", &alpha, &omega); n != 2 || err != nil {
			return nil, fmt.Errorf("read %q, want two numbers such as 0.9,0.5", text)
		}
		return quoted(map[string]float64{"alpha": alpha, "omega": omega}), nil
	}
	if !json.Valid([]byte(text)) {
		return nil, fmt.Errorf("read %q, want %s", text, map[string]string{"boolean": "true or false", "number": "a number", "json": "a number, true, false or a map such as {\"mode\": \"tangents\", \"segments\": 3}"}[f.Kind])
	}
	return json.RawMessage(text), nil
}

// ReadOptions reads a file of options (entry_point, entry_args and
// optimize_options; "" for none) and lays flags over it, by the names of the
// options. Other keys on top of the file are ignored, an unknown one inside is a
// problem.
func ReadOptions(file string, flags map[string]string) (Options, []attribute.Problem) {
	var data []byte
	place := file
	if file == "" {
		place = "command line"
	} else {
		var err error
		if data, err = os.ReadFile(file); err != nil {
			return Options{}, []attribute.Problem{{File: file, Line: 1, Col: 1, Code: "missing-file", Text: err.Error()}}
		}
	}
	o, errs := ParseOptions(data, flags)
	var problems []attribute.Problem
	for _, e := range errs {
		problems = append(problems, attribute.Problem{File: place, Line: 1, Col: 1, Code: "pypsa-option", Text: e})
	}
	return o, problems
}

// ParseOptions is ReadOptions of the file's text.
func ParseOptions(data []byte, flags map[string]string) (Options, []string) {
	o := Options{Entry: "optimize"}
	var doc optionsDoc
	if len(data) > 0 {
		if err := json.Unmarshal(data, &doc); err != nil {
			return o, []string{unread(data, err)}
		}
	}
	var errs []string
	bad := func(format string, args ...any) { errs = append(errs, fmt.Sprintf(format, args...)) }
	for i := range Arguments {
		f := &Arguments[i]
		text, given := flags[f.Name]
		if !given {
			continue
		}
		raw, err := f.raw(text)
		switch {
		case err != nil:
			bad("--%s: %v", strings.ReplaceAll(f.Name, "_", "-"), err)
		case f.Name == "entry_point":
			doc.Entry = &text
		case f.args:
			doc.Args = with(doc.Args, f.Name, raw)
		default:
			doc.Optimize = with(doc.Optimize, f.Name, raw)
		}
	}
	if doc.Entry != nil {
		o.Entry = *doc.Entry
	}
	switch o.Entry {
	case "optimize", "security_constrained", "rolling_horizon":
	case "mga":
		o.Slack = 0.05
	default:
		bad("read entry_point %q, takes optimize, security_constrained, mga or rolling_horizon", o.Entry)
		return o, errs
	}
	take := func(where, key string, raw json.RawMessage, into any) {
		if err := json.Unmarshal(raw, into); err != nil {
			bad("%s.%s: read %s, want %s", where, key, raw, wanted(into))
		}
	}
	building := func(where, key string, raw json.RawMessage, into *Second) {
		switch key {
		case "multi_investment_periods":
			take(where, key, raw, &into.Multi)
		case "linearized_unit_commitment":
			take(where, key, raw, &into.Linearized)
		case "include_objective_constant":
			with := true
			take(where, key, raw, &with)
			into.NoConstant = !with
		case "transmission_losses":
			if err := into.Losses.parse(raw); err != nil {
				bad("%s.transmission_losses: %v", where, err)
			}
		default:
			bad("%s: unknown key %s; multi_investment_periods, linearized_unit_commitment, include_objective_constant and transmission_losses fit", where, key)
		}
	}
	kwargs := func(raw json.RawMessage, into *Second) {
		var more map[string]json.RawMessage
		take("entry_args", "model_kwargs", raw, &more)
		for _, name := range keys(more) {
			building("entry_args.model_kwargs", name, more[name], into)
		}
	}
	var first Second
	for _, key := range keys(doc.Optimize) {
		building("optimize_options", key, doc.Optimize[key], &first)
	}
	if o.Entry == "security_constrained" { // which hands them on
		if raw, ok := doc.Args["multi_investment_periods"]; ok {
			take("entry_args", "multi_investment_periods", raw, &first.Multi)
		}
		if raw, ok := doc.Args["model_kwargs"]; ok {
			kwargs(raw, &first)
		}
	}
	o.Multi, o.Linearized, o.NoConstant, o.Losses = first.Multi, first.Linearized, first.NoConstant, first.Losses
	o.Second.Multi = o.Multi
	for _, key := range keys(doc.Args) {
		switch {
		case key == "branch_outages" && o.Entry == "security_constrained":
			take("entry_args", key, doc.Args[key], &o.Outages)
		case key == "horizon" && o.Entry == "rolling_horizon":
			take("entry_args", key, doc.Args[key], &o.Horizon)
		case key == "overlap" && o.Entry == "rolling_horizon":
			take("entry_args", key, doc.Args[key], &o.Overlap)
		case key == "slack" && o.Entry == "mga":
			take("entry_args", key, doc.Args[key], &o.Slack)
		case key == "sense" && o.Entry == "mga":
			switch sense := strings.Trim(string(doc.Args[key]), `"`); sense {
			case "min", "1":
			case "max", "-1":
				o.Maximise = true
			default:
				bad("entry_args.sense: read %s, want min or max", sense)
			}
		case key == "weights" && o.Entry == "mga":
			if err := o.weights(doc.Args[key]); err != nil {
				bad("entry_args.weights: %v", err)
			}
		case key == "multi_investment_periods" && o.Entry == "mga":
			take("entry_args", key, doc.Args[key], &o.Second.Multi)
		case key == "model_kwargs" && o.Entry == "mga":
			kwargs(doc.Args[key], &o.Second)
		case (key == "multi_investment_periods" || key == "model_kwargs") && o.Entry == "security_constrained":
		case key == "risk_preference":
			o.Risk = &primitive.Risk{Alpha: nan, Omega: nan}
			take("entry_args", key, doc.Args[key], o.Risk)
			if r := o.Risk; !(r.Alpha > 0 && r.Alpha < 1) || !(r.Omega >= 0 && r.Omega <= 1) {
				bad("entry_args.risk_preference: read %s, want alpha above 0 and below 1, and omega from 0 to 1", doc.Args[key])
			}
		default:
			bad("entry_args: unknown key %s for %s", key, o.Entry)
		}
	}
	if o.Entry == "rolling_horizon" && (o.Horizon < 1 || o.Overlap < 0 || o.Overlap >= o.Horizon) {
		bad("entry_args: horizon %d and overlap %d; a horizon of 1 or more and an overlap below it fit", o.Horizon, o.Overlap)
	}
	if o.Entry == "mga" && o.Weights == nil { // as PyPSA has it
		o.Weights = map[Asset]float64{{Component: "Generator"}: 1}
	}
	if o.Entry == "mga" && !(o.Slack >= 0) {
		bad("entry_args.slack: read %g, want 0 or more", o.Slack)
	}
	o.AllBranches = o.Entry == "security_constrained" && o.Outages == nil
	return o, errs
}

// unread says why a text is no JSON of options.
func unread(data []byte, err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		switch kind.Field {
		case "":
			return fmt.Sprintf("read a JSON %s, want a map such as {\"entry_point\": \"optimize\"}", kind.Value)
		case "entry_point":
			return fmt.Sprintf("entry_point: read a %s, want a text such as \"optimize\"", kind.Value)
		}
		return fmt.Sprintf("%s: read a %s, want a map of options", kind.Field, kind.Value)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Sprintf("no JSON of options: line %d, %v", line, err)
	}
	return fmt.Sprintf("no JSON of options: %v", err)
}

// wanted is what would fit an option, in words.
func wanted(into any) string {
	switch into.(type) {
	case *bool:
		return "true or false"
	case *int:
		return "a whole number"
	case *float64:
		return "a number"
	case *[]string:
		return "a list of names, such as [\"line 1\"]"
	}
	return "a map of options, such as {\"alpha\": 0.9, \"omega\": 0.5}"
}

func with(m map[string]json.RawMessage, key string, raw json.RawMessage) map[string]json.RawMessage {
	if m == nil {
		m = map[string]json.RawMessage{}
	}
	m[key] = raw
	return m
}

// weights reads component, size, and a weight for each asset or one for all.
func (o *Options) weights(raw json.RawMessage) error {
	var all map[string]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("want a component, its p_nom, s_nom or e_nom, and a number for each asset, or one for all: %v", err)
	}
	o.Weights = map[Asset]float64{}
	for component, sizes := range all {
		k := slices.IndexFunc(Components, func(c *Component) bool { return c.Name == component })
		for size, text := range sizes {
			if k < 0 || nominal(Components[k]) != size {
				return fmt.Errorf("read %s of %s; weights of p_nom, s_nom and e_nom are taken, each of a component that has it", size, component)
			}
			var every float64
			var assets map[string]float64
			if json.Unmarshal(text, &every) == nil {
				assets = map[string]float64{"": every}
			} else if err := json.Unmarshal(text, &assets); err != nil {
				return fmt.Errorf("%s of %s: read %s, want a number for each asset, or one for all: %v", size, component, text, err)
			}
			for name, w := range assets {
				o.Weights[Asset{component, name}] = w
			}
		}
	}
	if len(o.Weights) == 0 {
		return fmt.Errorf("read none; left out, every extendable Generator has the weight 1")
	}
	return nil
}

func keys(m map[string]json.RawMessage) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// parse reads a number of tangents, true (secants), false, or a map with mode.
func (l *Losses) parse(raw json.RawMessage) error {
	*l = Losses{}
	secants := func() { *l = Losses{Secants: true, Atol: 1, Rtol: 0.1, Most: 20} }
	var on bool
	if json.Unmarshal(raw, &on) == nil {
		if on {
			secants()
		}
		return nil
	}
	var count int
	if json.Unmarshal(raw, &count) == nil {
		if count < 0 {
			return fmt.Errorf("read %d tangents, want 0 or more", count)
		}
		l.Tangents = count
		return nil
	}
	var m struct {
		Mode     string   `json:"mode"`
		Segments *int     `json:"segments"`
		Atol     *float64 `json:"atol"`
		Rtol     *float64 `json:"rtol"`
		Most     *int     `json:"max_segments"`
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return fmt.Errorf("read %s, want true, false, a number of tangents, or a map with mode: %v", raw, err)
	}
	switch m.Mode {
	case "tangents":
		if m.Segments == nil || *m.Segments < 1 {
			return fmt.Errorf("tangents need segments: 1 or more")
		}
		l.Tangents = *m.Segments
	case "secants", "":
		secants()
		if m.Atol != nil {
			l.Atol = *m.Atol
		}
		if m.Rtol != nil {
			l.Rtol = *m.Rtol
		}
		if m.Most != nil {
			l.Most = *m.Most
		}
		if !(l.Atol > 0) || !(l.Rtol >= 0) {
			return fmt.Errorf("secants need atol above 0 and rtol of 0 or more")
		}
	default:
		return fmt.Errorf("read mode %q, want tangents or secants", m.Mode)
	}
	return nil
}
