package run

// The tables of a solved network, beside those of its problem: one row a bus,
// generator or branch of the hour that was solved. Numbers that were not had,
// such as prices of a problem with integers, are null.

// NetworkBus is a row of buses.parquet.
type NetworkBus struct {
	Bus       string   `parquet:"bus" doc:"number of the bus"`
	Name      string   `parquet:"name" doc:"its name, where the case has one"`
	Angle     *float64 `parquet:"angle,optional" doc:"voltage angle, degrees"`
	Demand    float64  `parquet:"demand" doc:"what is taken whatever it costs, shunts at 1 p.u. among it, MW"`
	Injection float64  `parquet:"injection" doc:"what its generators and direct current lines give, MW"`
	Price     *float64 `parquet:"price,optional" doc:"marginal price of one MWh more"`
}

// NetworkGenerator is a row of generators.parquet.
type NetworkGenerator struct {
	Generator string   `parquet:"generator" doc:"row of gen, or of dcline"`
	Bus       string   `parquet:"bus" doc:"where it stands; of a direct current line where it takes"`
	Power     float64  `parquet:"power" doc:"what it gives, MW; of a direct current line what it takes"`
	Min       float64  `parquet:"min" doc:"least power, MW"`
	Max       float64  `parquet:"max" doc:"largest power, MW"`
	Cost      float64  `parquet:"cost" doc:"what that costs an hour"`
	Price     *float64 `parquet:"price,optional" doc:"marginal price at its bus"`
}

// NetworkBranch is a row of branches.parquet.
type NetworkBranch struct {
	Branch  string   `parquet:"branch" doc:"row of branch"`
	From    string   `parquet:"from" doc:"bus where it begins"`
	To      string   `parquet:"to" doc:"bus where it ends"`
	Flow    float64  `parquet:"flow" doc:"from From to To, MW"`
	Limit   *float64 `parquet:"limit,optional" doc:"largest flow, MW"`
	Loading *float64 `parquet:"loading,optional" doc:"flow as a share of the limit"`
	Angle   *float64 `parquet:"angle,optional" doc:"angle at From less that at To, degrees"`
	Worth   *float64 `parquet:"worth,optional" doc:"what one MW more of limit would save an hour; 0 where it does not bind"`
}

// networkTables are further tables for the reference.
var networkTables = []table{
	{name: "buses", doc: "Of a MATPOWER case: its buses. These three tables stand beside the others.", row: NetworkBus{}},
	{name: "generators", doc: "Of a MATPOWER case: its generators and direct current lines.", row: NetworkGenerator{}},
	{name: "branches", doc: "Of a MATPOWER case: its lines and transformers.", row: NetworkBranch{}},
	{name: "ac_buses", doc: "With `--ac`: the voltages of the AC power flow, of hours that converged.", row: ACBus{}},
	{name: "ac_branches", doc: "With `--ac`: the flows of the AC power flow, of hours that converged.", row: ACBranch{}},
}

// Network are the tables of a solved network.
type Network struct {
	Buses      []NetworkBus
	Generators []NetworkGenerator
	Branches   []NetworkBranch
}

// Network writes the tables of a solved network.
func (w *Writer) Network(n *Network) error {
	if err := write(w, "buses", n.Buses); err != nil {
		return err
	}
	if err := write(w, "generators", n.Generators); err != nil {
		return err
	}
	return write(w, "branches", n.Branches)
}

// ACBus is a row of ac_buses.parquet.
type ACBus struct {
	Snapshot string   `parquet:"snapshot,dict" doc:"which hour; empty for the only one"`
	Bus      string   `parquet:"bus,dict" doc:"name of the bus"`
	Kind     string   `parquet:"kind,dict" doc:"what it holds: PQ, PV, slack, or PQ at a limit of reactive power"`
	Voltage  float64  `parquet:"voltage" doc:"magnitude, per unit"`
	Angle    float64  `parquet:"angle" doc:"degrees"`
	P        float64  `parquet:"p" doc:"injected: generation less demand, MW"`
	Q        float64  `parquet:"q" doc:"injected, MVAr"`
	Min      *float64 `parquet:"min,optional" doc:"least voltage, per unit"`
	Max      *float64 `parquet:"max,optional" doc:"largest voltage, per unit"`
	Outside  bool     `parquet:"outside" doc:"the voltage is outside these"`
}

// ACBranch is a row of ac_branches.parquet.
type ACBranch struct {
	Snapshot string   `parquet:"snapshot,dict" doc:"which hour; empty for the only one"`
	Branch   string   `parquet:"branch,dict" doc:"name of the branch"`
	From     string   `parquet:"from,dict" doc:"bus where it begins"`
	To       string   `parquet:"to,dict" doc:"bus where it ends"`
	PFrom    float64  `parquet:"p_from" doc:"flows into it at From, MW"`
	QFrom    float64  `parquet:"q_from" doc:"flows into it at From, MVAr"`
	PTo      float64  `parquet:"p_to" doc:"flows into it at To, MW"`
	QTo      float64  `parquet:"q_to" doc:"flows into it at To, MVAr"`
	Loss     float64  `parquet:"loss" doc:"lost in it, MW"`
	DC       float64  `parquet:"dc_flow" doc:"what the linear power flow sends from From to To, MW"`
	Rate     *float64 `parquet:"rate,optional" doc:"largest flow, MVA"`
	Loading  *float64 `parquet:"loading,optional" doc:"larger of the flows at its ends as a share of the rate"`
}

// AC writes the tables of an AC power flow.
func (w *Writer) AC(buses []ACBus, branches []ACBranch) error {
	if err := write(w, "ac_buses", buses); err != nil {
		return err
	}
	return write(w, "ac_branches", branches)
}
