package pypsa

import (
	"math"
	"strings"
)

// Type is what the cells of an attribute hold.
type Type uint8

// The types of attributes.
const (
	Number Type = iota
	Whole       // an integer
	Flag        // True or False
	Text
)

// String is the type's name, as the manual has it.
func (t Type) String() string { return [...]string{"number", "integer", "boolean", "text"}[t] }

// Use says what becomes of an attribute.
type Use uint8

// The uses of attributes.
const (
	Mapped  Use = iota // it enters the problem
	Unused             // it has no meaning in the optimisation, in PyPSA either
	Output             // a result of an earlier solve; not read
	Checked            // it enters the AC power flow of --ac only
	Refused            // it would change the answer and can't be represented: an error where it differs from its default
)

// Attribute is one line of a component's table: the one truth from which
// defaults, checks and docs/pypsa.md come.
type Attribute struct {
	Name    string // a trailing # stands for the number of a port, 2 or more
	Type    Type
	Unit    string
	Default float64 // of numbers; 1 is True of flags
	Text    string  // default of texts
	Series  bool    // may be a series
	Pieces  bool    // may be piecewise
	Use     Use
	To      string // what it becomes
}

// Component is one of PyPSA's components.
type Component struct {
	Name, List string
	Attributes []Attribute
}

// attribute finds the line of a column's name.
func (c *Component) attribute(name string) *Attribute {
	for i := range c.Attributes {
		if c.Attributes[i].Name == name {
			return &c.Attributes[i]
		}
	}
	base := strings.TrimRight(name, "0123456789")
	if base == name {
		return nil
	}
	for i := range c.Attributes {
		if c.Attributes[i].Name == base+"#" {
			return &c.Attributes[i]
		}
	}
	return nil
}

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func num(name, unit string, def float64, to string) Attribute {
	return Attribute{Name: name, Unit: unit, Default: def, To: to}
}

func series(name, unit string, def float64, to string) Attribute {
	return Attribute{Name: name, Unit: unit, Default: def, Series: true, To: to}
}

func pieces(name, unit string, def float64, to string) Attribute {
	return Attribute{Name: name, Unit: unit, Default: def, Series: true, Pieces: true, To: to}
}

func whole(name, unit string, def float64, to string) Attribute {
	return Attribute{Name: name, Type: Whole, Unit: unit, Default: def, To: to}
}

func flag(name string, def bool, to string) Attribute {
	a := Attribute{Name: name, Type: Flag, To: to}
	if def {
		a.Default = 1
	}
	return a
}

func text(name, def, to string) Attribute {
	return Attribute{Name: name, Type: Text, Text: def, To: to}
}

// ac marks an attribute that only the AC power flow reads.
func ac(a Attribute) Attribute {
	a.Use, a.To = Checked, "with --ac: "+a.To
	return a
}

func unused(names string) []Attribute { return marked(names, Unused) }
func output(names string) []Attribute { return marked(names, Output) }

func marked(names string, use Use) []Attribute {
	var all []Attribute
	for _, n := range strings.Fields(names) {
		all = append(all, Attribute{Name: n, Type: Text, Use: use, Series: true})
	}
	return all
}

func join(parts ...any) []Attribute {
	var all []Attribute
	for _, p := range parts {
		switch p := p.(type) {
		case Attribute:
			all = append(all, p)
		case []Attribute:
			all = append(all, p...)
		}
	}
	return all
}

// size is the family of attributes of a nominal capacity: p_nom, s_nom, e_nom.
func size(nom, unit string) []Attribute {
	return []Attribute{
		num(nom, unit, 0, "the capacity's size; of an extendable one only the constant of the objective"),
		flag(nom+"_extendable", false, "a capacity that is built"),
		num(nom+"_min", unit, 0, "Capacity.Min"),
		num(nom+"_max", unit, inf, "Capacity.Max"),
		num(nom+"_set", unit, nan, "Capacity.Min and Max; empty: free"),
		num(nom+"_mod", unit, 0, "Capacity.Module; Commitment.Module where committable"),
	}
}

// money is the family of attributes of investment.
var money = join(
	Attribute{Name: "capital_cost", Unit: "currency/MW", Pieces: true, To: "Capacity.Capital; piecewise: Capacity.Curve"},
	num("overnight_cost", "currency/MW", nan, "Capacity.Capital by annuity, instead of capital_cost"),
	num("discount_rate", "1", nan, "of the annuity"),
	num("fom_cost", "currency/MW", 0, "added to Capacity.Capital"),
	num("build_year", "year", 0, "Alive, in a network of investment periods"),
	num("lifetime", "year", inf, "Alive, in a network of investment periods; the annuity"),
	flag("active", true, "False: left out"),
	output("capital_cost_piecewise_opt marginal_cost_piecewise_opt"),
)

// commitment is what Generators, Links and Processes share beside size and money.
var commitment = join(
	series("p_set", "MW", nan, "Unit.Fixed where a number"),
	num("p_init", "MW", nan, "Ramp.Initial"),
	pieces("marginal_cost", "currency/MWh", 0, "Unit.Costs; piecewise: Unit.Curves"),
	series("marginal_cost_quadratic", "currency/MWh2", 0, "Unit.Quadratic"),
	flag("committable", false, "Unit.Commitment"),
	series("start_up_cost", "currency", 0, "Commitment.Start"),
	series("shut_down_cost", "currency", 0, "Commitment.Stop"),
	series("stand_by_cost", "currency/h", 0, "Commitment.StandBy"),
	whole("min_up_time", "snapshots", 0, "Commitment.MinUp"),
	whole("min_down_time", "snapshots", 0, "Commitment.MinDown"),
	whole("up_time_before", "snapshots", 1, "Commitment.Before"),
	whole("down_time_before", "snapshots", 0, "Commitment.Before"),
	series("ramp_limit_up", "1/snapshot", nan, "Ramp.Ups"),
	series("ramp_limit_down", "1/snapshot", nan, "Ramp.Downs"),
	num("ramp_limit_start_up", "1", nan, "Commitment.RampStart"),
	num("ramp_limit_shut_down", "1", nan, "Commitment.RampStop"),
	flag("maintainable", false, "Unit.Maintenance"),
	num("maintenance_duration", "h", 0, "Maintenance.Hours"),
	num("maintenance_pu", "1", 1, "Maintenance.Share"),
	whole("maintenance_events", "1", 1, "Maintenance.Events"),
	output("maintenance maintenance_start"),
)

var branches = join(
	text("bus0", "", "Line.From"), text("bus1", "", "Line.To"),
	text("carrier", "", "limits by carrier; empty: that of bus0"),
	text("type", "", "a standard type, which overrides"),
	num("x", "ohm (of a transformer: per unit)", 0, "Line.X"),
	num("r", "ohm (of a transformer: per unit)", 0, "Line.X in a direct current grid, LineLoss.R"),
	num("num_parallel", "1", 1, "divides a type's x and r"),
	size("s_nom", "MVA"), money,
	series("s_max_pu", "1", 1, "Line.Bound"),
	num("v_ang_max", "degree", inf, "Line.AngleMin, Line.AngleMax"),
	ac(num("g", "S (of a transformer: per unit)", 0, "shunt conductance, half at either end")),
	ac(num("b", "S (of a transformer: per unit)", 0, "shunt susceptance, half at either end")),
	unused("v_ang_min terrain_factor x_pu r_pu g_pu b_pu x_pu_eff r_pu_eff"),
	output("sub_network s_nom_opt p0 p1 q0 q1 loss mu_lower mu_upper n_mod s_set s"),
)

// Components are all of PyPSA's, in the order their files are read.
var Components = []*Component{
	{"Bus", "buses", join(
		num("v_nom", "kV", 1, "per unit values of lines"),
		text("carrier", "AC", "the default carrier of what is on it; weights of Kirchhoff's law"),
		ac(series("v_mag_pu_set", "1", 1, "the voltage that its generators hold")),
		ac(num("v_mag_pu_min", "1", 0, "what its voltage is compared with")),
		ac(num("v_mag_pu_max", "1", inf, "what its voltage is compared with")),
		unused("type x y unit location control generator"),
		output("sub_network p q v_mag_pu v_ang marginal_price"))},
	{"Carrier", "carriers", join(
		num("co2_emissions", "t/MWh", 0, "coefficients of a primary_energy constraint; any other column of numbers likewise"),
		num("max_growth", "MW", inf, "a limit on what is built in a period"),
		num("max_relative_growth", "1", 0, "the same, relative to the period before"),
		unused("color nice_name"))},
	{"Load", "loads", join(
		text("bus", "", "Demand.Bus"),
		series("p_set", "MW", 0, "Demand.Amount"),
		num("sign", "1", -1, "the sign of Demand.Amount"),
		flag("active", true, "False: left out"),
		ac(series("q_set", "MVAr", 0, "reactive power")),
		unused("carrier type"), output("p q"))},
	{"Generator", "generators", join(
		text("bus", "", "Unit.Ports"),
		text("carrier", "", "limits by carrier"),
		size("p_nom", "MW"),
		series("p_min_pu", "1", 0, "Unit.Bound.Min"),
		series("p_max_pu", "1", 1, "Unit.Bound.Max"),
		num("sign", "1", 1, "the sign of the port"),
		num("e_sum_min", "MWh", -inf, "a limit on the sum over the horizon"),
		num("e_sum_max", "MWh", inf, "a limit on the sum over the horizon"),
		pieces("efficiency", "1", 1, "divides the coefficient in a primary_energy constraint"),
		commitment, money,
		ac(text("control", "PQ", "PV: it holds its bus's voltage; Slack: it gives what is lost (else the grid's first generator)")),
		ac(series("q_set", "MVAr", 0, "reactive power where its bus is PQ")),
		unused("type weight"), output("p q p_nom_opt status start_up shut_down mu_upper mu_lower mu_p_set mu_ramp_limit_up mu_ramp_limit_down n_mod"))},
	{"StorageUnit", "storage_units", join(
		text("bus", "", "Unit.Ports"),
		text("carrier", "", "limits by carrier"),
		size("p_nom", "MW"),
		series("p_min_pu", "1", -1, "bound of the charging unit"),
		series("p_max_pu", "1", 1, "bound of the discharging unit"),
		num("sign", "1", 1, "the sign of the ports"),
		num("max_hours", "h", 1, "Store.Bound.Coef"),
		series("p_set", "MW", nan, "a limit on discharging less charging, each step"),
		series("p_dispatch_set", "MW", nan, "Unit.Fixed of discharging"),
		series("p_store_set", "MW", nan, "Unit.Fixed of charging"),
		series("state_of_charge_set", "MWh", nan, "Store.Fixed"),
		series("spill_cost", "currency/MWh", 0, "Unit.Costs of spilling"),
		pieces("marginal_cost", "currency/MWh", 0, "Unit.Costs of discharging"),
		series("marginal_cost_quadratic", "currency/MWh2", 0, "Unit.Quadratic of discharging"),
		series("marginal_cost_storage", "currency/MWh/h", 0, "Store.Costs"),
		num("state_of_charge_initial", "MWh", 0, "Store.Initial"),
		flag("state_of_charge_initial_per_period", false, "Store.Carry"),
		flag("cyclic_state_of_charge", false, "Store.End"),
		flag("cyclic_state_of_charge_per_period", false, "Store.End, Store.Carry"),
		series("efficiency_store", "1", 1, "ratio of the charging port"),
		series("efficiency_dispatch", "1", 1, "ratio of the discharging port"),
		series("standing_loss", "1/h", 0, "Store.Loss; a series: the level is the activity of a unit that hands itself on"),
		series("inflow", "MW", 0, "Store.Inflow; what may be spilled"),
		money,
		ac(series("q_set", "MVAr", 0, "reactive power")),
		unused("control type"), output("p q p_dispatch p_store state_of_charge spill p_nom_opt mu_upper mu_lower mu_state_of_charge_set mu_energy_balance n_mod"))},
	{"Store", "stores", join(
		text("bus", "", "Unit.Ports"),
		text("carrier", "", "limits by carrier; empty: that of the bus"),
		size("e_nom", "MWh"),
		series("e_min_pu", "1", 0, "Store.Bound.Min"),
		series("e_max_pu", "1", 1, "Store.Bound.Max"),
		num("sign", "1", 1, "the sign of the port"),
		num("e_initial", "MWh", 0, "Store.Initial"),
		flag("e_initial_per_period", false, "Store.Carry"),
		flag("e_cyclic", false, "Store.End"),
		flag("e_cyclic_per_period", false, "Store.End, Store.Carry"),
		series("p_set", "MW", nan, "Unit.Fixed"),
		series("e_set", "MWh", nan, "Store.Fixed"),
		pieces("marginal_cost", "currency/MWh", 0, "Unit.Costs, of the signed flow"),
		series("marginal_cost_quadratic", "currency/MWh2", 0, "Unit.Quadratic"),
		series("marginal_cost_storage", "currency/MWh/h", 0, "Store.Costs"),
		series("standing_loss", "1/h", 0, "Store.Loss; a series: the level is the activity of a unit that hands itself on"),
		money,
		ac(series("q_set", "MVAr", 0, "reactive power")),
		unused("type"), output("p q e e_nom_opt mu_upper mu_lower mu_e_set mu_p_set mu_energy_balance n_mod"))},
	{"Link", "links", join(
		text("bus0", "", "Unit.Ports, ratio -1"), text("bus1", "", "Unit.Ports"), text("bus#", "", "Unit.Ports"),
		text("carrier", "", "limits by carrier; empty: that of bus0"),
		size("p_nom", "MW"),
		series("p_min_pu", "1", 0, "Unit.Bound.Min"),
		series("p_max_pu", "1", 1, "Unit.Bound.Max"),
		pieces("efficiency", "1", 1, "ratio of the port bus1; piecewise: Unit.PortCurves"),
		pieces("efficiency#", "1", 1, "ratio of the port"),
		num("delay", "h", 0, "delay of the port bus1"), num("delay#", "h", 0, "delay of the port"),
		flag("cyclic_delay", true, "of the port bus1"), flag("cyclic_delay#", true, "of the port"),
		num("length", "km", 0, "coefficient of a transmission volume limit"),
		commitment, money,
		unused("type terrain_factor"), output("p p0 p1 p# p_nom_opt status start_up shut_down mu_upper mu_lower mu_p_set mu_ramp_limit_up mu_ramp_limit_down n_mod"))},
	{"Process", "processes", join(
		text("bus0", "", "Unit.Ports"), text("bus1", "", "Unit.Ports"), text("bus#", "", "Unit.Ports"),
		text("carrier", "", "limits by carrier"),
		size("p_nom", "MW"),
		series("p_min_pu", "1", 0, "Unit.Bound.Min"),
		series("p_max_pu", "1", 1, "Unit.Bound.Max"),
		pieces("rate0", "1", -1, "ratio of the port bus0; piecewise: Unit.PortCurves"),
		pieces("rate1", "1", 1, "ratio of the port bus1"), pieces("rate#", "1", 1, "ratio of the port"),
		num("delay0", "h", 0, "delay of the port bus0"), num("delay1", "h", 0, "delay of the port bus1"), num("delay#", "h", 0, "delay of the port"),
		flag("cyclic_delay0", true, "of the port bus0"), flag("cyclic_delay1", true, "of the port bus1"), flag("cyclic_delay#", true, "of the port"),
		num("length", "km", 0, "no meaning"),
		commitment, money,
		unused("type terrain_factor"), output("p p0 p1 p# p_nom_opt status start_up shut_down mu_upper mu_lower mu_p_set mu_ramp_limit_up mu_ramp_limit_down n_mod"))},
	{"Line", "lines", join(branches, num("length", "km", 0, "times a type's x and r; coefficient of a transmission volume limit"))},
	{"Transformer", "transformers", join(branches,
		num("tap_ratio", "1", 1, "times x and r"),
		whole("tap_position", "1", 0, "tap_ratio of a type"),
		series("phase_shift", "degree", 0, "Line.Shift"),
		num("phase_shift_min", "degree", 0, "Line.ShiftMin"),
		num("phase_shift_max", "degree", 0, "Line.ShiftMax"),
		ac(text("model", "t", "t: its shunt stands in the middle of its impedance; pi: half at either end")),
		ac(whole("tap_side", "", 0, "the end at which its tap acts, 0 or 1; that of a type")),
		output("phase_shift_opt"))},
	{"LineType", "line_types", join(
		num("r_per_length", "ohm/km", 0, "r of lines of the type"),
		num("x_per_length", "ohm/km", 0, "x of lines of the type"),
		ac(num("f_nom", "Hz", 50, "b of lines of the type")),
		ac(num("c_per_length", "nF/km", 0, "b of lines of the type")),
		unused("i_nom mounting cross_section references"))},
	{"TransformerType", "transformer_types", join(
		num("s_nom", "MVA", 0, "s_nom of transformers of the type"),
		num("vsc", "%", 0, "x of transformers of the type"),
		num("vscr", "%", 0, "r and x of transformers of the type"),
		num("phase_shift", "degree", 0, "phase_shift of transformers of the type"),
		num("tap_neutral", "1", 0, "tap_ratio"),
		num("tap_step", "%", 0, "tap_ratio"),
		ac(num("pfe", "kW", 0, "g of transformers of the type")),
		ac(num("i0", "%", 0, "b of transformers of the type")),
		ac(whole("tap_side", "", 0, "tap_side of transformers of the type")),
		unused("f_nom v_nom_0 v_nom_1 tap_min tap_max references"))},
	{"GlobalConstraint", "global_constraints", join(
		text("type", "primary_energy", "which limit"),
		num("investment_period", "year", nan, "the period it holds for; empty: all"),
		text("bus", "", "of a technology's limit"),
		text("carrier_attribute", "co2_emissions", "the carriers' column, or carriers"),
		text("sense", "==", "Limit.Min, Limit.Max"),
		num("constant", "", 0, "Limit.Min, Limit.Max"),
		output("mu"))},
	{"ShuntImpedance", "shunt_impedances", join(
		ac(text("bus", "", "where it stands")),
		ac(num("g", "S", 0, "shunt conductance")),
		ac(num("b", "S", 0, "shunt susceptance")),
		unused("sign active g_pu b_pu"), output("p q v_mag_pu v_ang"))},
	{"Shape", "shapes", unused("geometry component idx type")},
	{"SubNetwork", "sub_networks", unused("carrier slack_bus")},
}
