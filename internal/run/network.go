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
