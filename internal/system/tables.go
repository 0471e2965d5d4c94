package system

import (
	"errors"
	"math"
	"strings"
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/unit"
)

// workspace is the table of a whole workspace: system.yaml with one study laid
// over it.
type workspace struct {
	systemTable
	studyTable
}

// systemTable is the table of system.yaml.
type systemTable struct {
	System   string  `yaml:"system" doc:"name of the system"`
	Currency string  `yaml:"currency" default:"USD" doc:"currency of the study; its money is real money of the base year"`
	BaseYear int     `yaml:"base_year" optional:"true" min:"1900" max:"2200" doc:"year of the prices; default: the study's year"`
	Discount float64 `yaml:"discount" unit:"1" default:"8 %" min:"0" max:"100 %" doc:"real discount rate a year; also the cost of capital where an asset gives no wacc" source:"GK"`
	Product  string  `yaml:"product" ref:"commodity" optional:"true" doc:"commodity whose cost per unit is reported"`

	Commodities []commodityTable `yaml:"commodities" doc:"what flows"`
	Places      []placeTable     `yaml:"places" optional:"true" doc:"where things are; a commodity at a place is a bus, where a balance holds"`
	Parties     []partyTable     `yaml:"parties" optional:"true" doc:"companies, ministries, provinces"`
	Assets      later            `yaml:"assets" doc:"what owners have or may build; see the kinds"`
	Limits      []LimitSpec      `yaml:"limits" optional:"true" doc:"caps and floors over flows, levels, capacities and cost"`
	Money       []moneyTable     `yaml:"money" optional:"true" doc:"what other currencies and years are worth"`
	Sources     []sourceTable    `yaml:"sources" optional:"true" doc:"what source: may name; once there is one, every source: must be listed"`
}

type commodityTable struct {
	ID      string          `yaml:",key"`
	Name    string          `yaml:"name" optional:"true" doc:"name for reports"`
	Unit    amount          `yaml:"unit,short" doc:"unit of an amount, with its basis: MWh, t, t dry, m3, ha"`
	Step    step            `yaml:"step" default:"1h" doc:"step on which it balances: 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d, 1w, 1mo or 1a"`
	Balance string          `yaml:"balance" default:"exact" enum:"exact,free,account" doc:"exact: what flows in flows out; free: a surplus may be discarded; account: no balance, only summed, limited and priced"`
	Price   attribute.Value `yaml:"price" unit:"USD/{key}" optional:"true" doc:"of an account: money per unit of what flows in"`
	Note    string          `yaml:"note" optional:"true" doc:"remark"`
}

type placeTable struct {
	ID      string `yaml:",key"`
	Name    string `yaml:"name" optional:"true" doc:"name for reports"`
	Country string `yaml:"country" optional:"true" doc:"ISO code, such as LA"`
	At      coords `yaml:"at" optional:"true" doc:"latitude and longitude in degrees, such as [20.69, 101.98]"`
	Note    string `yaml:"note" optional:"true" doc:"remark"`
}

type partyTable struct {
	ID   string `yaml:",key"`
	Name string `yaml:"name" optional:"true" doc:"name for reports"`
	Role string `yaml:"role" default:"other" enum:"owner,signatory,witness,expected investor,buyer,seller,grid,regulator,lender,community,other" doc:"its part in the system"`
	Note string `yaml:"note" optional:"true" doc:"remark"`
}

type moneyTable struct {
	ID     string    `yaml:",key"`
	Rate   string    `yaml:"rate,short" doc:"what one is worth: 1.08 USD; or a quote such as 21500 LAK/USD; for a year's prices the deflator, 1.31 USD"`
	Date   time.Time `yaml:"date" optional:"true" doc:"day of the rate"`
	Source string    `yaml:"source" ref:"source" optional:"true" doc:"where it comes from"`
	Note   string    `yaml:"note" optional:"true" doc:"remark"`
}

type sourceTable struct {
	ID    string    `yaml:",key"`
	Title string    `yaml:"title" optional:"true" doc:"what it is"`
	URL   string    `yaml:"url" optional:"true" doc:"where it is published"`
	Grade string    `yaml:"grade" enum:"read,derived,general-knowledge,assumption" doc:"read: read there; derived: computed from what was read; general-knowledge: not looked up; assumption: set by the planner"`
	Date  time.Time `yaml:"date" optional:"true" doc:"day of publication or reading"`
	Note  string    `yaml:"note" optional:"true" doc:"remark"`
}

// studyTable is the table of studies/NAME.yaml, beside what a study may
// override of the system.
type studyTable struct {
	Study          string          `yaml:"study" default:"base" doc:"name of the study"`
	Title          string          `yaml:"title" optional:"true" doc:"title for reports"`
	Years          []int           `yaml:"years" optional:"true" min:"1900" max:"2200" doc:"calendar years; one for now"`
	FirstDay       time.Time       `yaml:"first_day" optional:"true" doc:"first day of a horizon that is not a calendar year"`
	LastDay        time.Time       `yaml:"last_day" optional:"true" doc:"last day of it, included"`
	Snapshots      string          `yaml:"snapshots" optional:"true" doc:"file of the study's steps, a row each, instead of years or days: time, with periods period, and what each weighs: length, hours (of stores), amount, cost, event; every series has the same rows"`
	Periods        []periodTable   `yaml:"periods" optional:"true" doc:"investment periods by year, such as {2030: 5 a, 2035: 5 a}; each is modelled by its calendar year, hour by hour, or by the snapshots that are its own"`
	Scenarios      []scenarioTable `yaml:"scenarios" optional:"true" doc:"futures of which one will come, such as {wet: 70 %, dry: 30 %}; assets that name one exist in it only, what others build is shared"`
	Risk           *riskTable      `yaml:"risk" optional:"true" doc:"how much the dearest scenarios weigh; default: the expected cost alone"`
	Outages        []outageTable   `yaml:"outages" optional:"true" doc:"losses of lines that the grid must survive"`
	Alternative    *alternative    `yaml:"alternative" optional:"true" doc:"instead of the least cost: the plan with the least (or most) of some sizes that costs little more"`
	Rolling        *rollingTable   `yaml:"rolling" optional:"true" doc:"instead of the whole horizon at once: windows, solved one after the other, each going on from where the one before it was left"`
	Weather        int             `yaml:"weather" optional:"true" min:"1900" max:"2200" doc:"year that series of many years are taken from; default: the study's own, or the only one of a series"`
	Offset         string          `yaml:"offset" default:"+00:00" doc:"offset from UTC at whose midnight days, weeks and months begin, such as +07:00; no summer time"`
	Builds         string          `yaml:"builds" optional:"true" doc:"study whose capacities are taken as it built them"`
	Sectors        []string        `yaml:"sectors" optional:"true" doc:"sectors that the study takes, beside the assets that name none; default: all"`
	Perspective    []string        `yaml:"perspective" optional:"true" ref:"party" doc:"parties planned for; default: all of the system"`
	Representative *representative `yaml:"representative" optional:"true" doc:"few periods that stand for all of the horizon; default: every hour"`
	Events         []eventTable    `yaml:"events" optional:"true" doc:"disruptions: what attributes become for a part of the time"`
}

type representative struct {
	Weeks int `yaml:"weeks" optional:"true" min:"1" max:"52" doc:"how many weeks stand for all"`
	Days  int `yaml:"days" optional:"true" min:"1" max:"366" doc:"how many days stand for all"`
}

// rollingTable is the table of a rolling horizon.
type rollingTable struct {
	Horizon float64 `yaml:"horizon" unit:"h" min:"0" doc:"how far each window looks, such as 7 d"`
	Overlap float64 `yaml:"overlap" unit:"h" default:"0 h" min:"0" doc:"how much of it the next window plans anew: the last 2 d, say"`
	Start   float64 `yaml:"start" unit:"1" default:"50 %" min:"0" max:"100 %" doc:"what stores without a level of their own at the start hold before the first window, as a share of their size" source:"GK"`
	Afresh  bool    `yaml:"afresh" default:"false" doc:"true: each window counts its limits anew, its stores lose nothing in its first step and come round in it, as PyPSA's optimize_with_rolling_horizon does; false: all goes on"`
}

// eventTable is the table of an event: a crossing closed, a price shock, a road
// at half.
type eventTable struct {
	ID     string    `yaml:",key"`
	Set    later     `yaml:"set" doc:"paths of attributes that may be a series, and what they become: {assets.gate.capacity: 0}; a path that ends in .scale multiplies"`
	From   time.Time `yaml:"from" doc:"first day"`
	For    float64   `yaml:"for" unit:"h" optional:"true" min:"1 h" doc:"how long it lasts, such as 42 d; or say to"`
	To     time.Time `yaml:"to" optional:"true" doc:"last day, included"`
	Source string    `yaml:"source" ref:"source" optional:"true" doc:"where it comes from"`
	Note   string    `yaml:"note" optional:"true" doc:"remark"`
}

// common is the table of what every asset may say, beside its kind's own.
type common struct {
	Kind   string  `yaml:"kind" doc:"what it is, see the kinds"`
	Name   string  `yaml:"name" optional:"true" doc:"name for reports"`
	At     string  `yaml:"at" ref:"place" optional:"true" doc:"place it is at"`
	Owner  owners  `yaml:"owner" optional:"true" doc:"a party, or a map of parties and their shares; a share left empty is not published"`
	Status string  `yaml:"status" optional:"true" enum:"free,sold,offer,to be built" doc:"of its contract"`
	Green  *bool   `yaml:"green" optional:"true" doc:"whether what it makes counts as green; default: as its kind"`
	Stands *stands `yaml:"stands" optional:"true" doc:"investment periods in which it stands; default: all"`
	Future string  `yaml:"scenario" optional:"true" doc:"scenario in which it is; default: all"`
	Active bool    `yaml:"active" default:"true" doc:"false: left out of the study"`
	Sector string  `yaml:"sector" optional:"true" doc:"part of the system it belongs to, such as power or fuel, for studies that take only some; default: all studies take it"`
	Source string  `yaml:"source" ref:"source" optional:"true" doc:"sources of its numbers, parted by spaces"`
	Note   string  `yaml:"note" optional:"true" doc:"remark"`
}

// stands are the investment periods in which an asset is there.
type stands struct {
	From  int `yaml:"from,short" default:"0" min:"0" max:"9999" doc:"year from which it stands"`
	Until int `yaml:"until" default:"9999" min:"0" max:"9999" doc:"last year in which it stands"`
}

// later keeps a node whose meaning depends on what is read elsewhere.
type later struct{ node *attribute.Node }

func (l *later) ReadNode(n *attribute.Node, _ attribute.Field) { l.node = n }

// Form: anything; the schema of assets is put in its place.
func (l *later) Form() map[string]any { return map[string]any{"description": "map"} }

// amount is the unit of a commodity, brought to base units.
type amount struct{ text string }

func (a *amount) ReadNode(n *attribute.Node, f attribute.Field) {
	if n.Kind != attribute.Scalar {
		f.Fail(n.Pos, "node-kind", "want a unit such as MWh or t dry")
		return
	}
	u, err := unit.Parse(n.Text)
	var e *unit.Error
	if errors.As(err, &e) {
		f.Fail(n.Pos, string(e.Code), "%s", e.Error())
		return
	}
	// An amount times 1/h is a flow, so an amount has no time of its own.
	if d := u.Dim.String(); strings.Contains(d, "power") || strings.Contains(d, "time") || u.Currency() != "" {
		f.Fail(n.Pos, "commodity-unit", "read %s (%s), want the unit of an amount, such as MWh, t or m3", n.Text, d)
		return
	}
	a.text = u.Base().Text
}

func (a *amount) Form() map[string]any {
	return map[string]any{"type": "string", "description": "unit"}
}

// step is a commodity's.
type step struct{ clock.Step }

func (s *step) ReadNode(n *attribute.Node, f attribute.Field) {
	if n.Kind != attribute.Scalar {
		f.Fail(n.Pos, "node-kind", "want a step such as 1h or 1d")
		return
	}
	read, err := clock.ParseStep(n.Text)
	if err != nil {
		f.Fail(n.Pos, "step", "%v", err)
		read = clock.Hourly
	}
	s.Step = read
}

func (s *step) Form() map[string]any {
	return map[string]any{"description": "step", "enum": []any{"1h", "2h", "3h", "4h", "6h", "8h", "12h", "1d", "1w", "1mo", "1a"}}
}

// coords are the latitude and longitude of a place.
type coords struct{ lat, lon float64 }

func (c *coords) ReadNode(n *attribute.Node, f attribute.Field) {
	c.lat, c.lon = math.NaN(), math.NaN()
	if n.Kind != attribute.List || len(n.Items) != 2 || n.Items[0].Kind != attribute.Scalar || n.Items[1].Kind != attribute.Scalar {
		f.Fail(n.Pos, "coordinates", "read %s, want [latitude, longitude] in degrees, such as [20.69, 101.98]", n.Brief())
		return
	}
	lat, lon := f.Quantity(n.Items[0], "1"), f.Quantity(n.Items[1], "1")
	if math.Abs(lat) > 90 || math.Abs(lon) > 180 {
		f.Fail(n.Pos, "coordinates", "read %s, want a latitude from -90 to 90 and a longitude from -180 to 180", n.Brief())
		return
	}
	c.lat, c.lon = lat, lon
}

func (c *coords) Form() map[string]any {
	return map[string]any{"description": "[latitude, longitude]", "type": "array", "items": map[string]any{"type": "number"}, "minItems": 2, "maxItems": 2}
}

// owners are the parties that an asset belongs to.
type owners struct{ shares []Share }

func (o *owners) ReadNode(n *attribute.Node, f attribute.Field) {
	switch n.Kind {
	case attribute.Scalar:
		if f.Refer(n, "party") {
			o.shares = []Share{{n.Text, 1}}
		}
	case attribute.Map:
		sum := 0.0
		for i := range n.Keys {
			k := &n.Keys[i]
			f.Refer(&attribute.Node{Pos: k.Pos, Kind: attribute.Scalar, Text: k.Name}, "party")
			s := Share{k.Name, math.NaN()}
			if k.Value != nil && k.Value.Kind != attribute.Null {
				s.Share = f.Quantity(k.Value, "1")
				if s.Share < 0 || s.Share > 1 {
					f.Fail(k.Value.Pos, "range", "read %s, want 0 %% to 100 %%", k.Value.Brief())
				} else if !math.IsNaN(s.Share) {
					sum += s.Share
				}
			}
			o.shares = append(o.shares, s)
		}
		if sum > 1+1e-9 {
			f.Fail(n.Pos, "owner-shares", "the shares sum to %.6g %%, want at most 100 %%", 100*sum)
		}
	default:
		f.Fail(n.Pos, "node-kind", "read %s, want a party, or a map such as {edl: 51 %%, park_co: 49 %%}", n.Brief())
	}
}

func (o *owners) Form() map[string]any {
	return map[string]any{"type": []any{"string", "object"}, "description": "party id, or a map of shares"}
}
