package pypsa

import (
	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/pypsa/export"
)

// Convert turns a network, by way of its primitives, into one that PyPSA opens
// and solves to the same objective, with the options that it is to be solved
// with.
func Convert(n *Network, o Options) (*export.Network, []attribute.Problem) {
	b, problems := Build(n, o)
	if len(problems) > 0 {
		return nil, problems
	}
	var standing []float64
	if o.Entry == "mga" {
		if standing, problems = n.standingPeriods(o); len(problems) > 0 {
			return nil, problems
		}
	}
	out, errs := export.Make(b.Model, n.Name, standing...)
	for _, text := range errs {
		problems = append(problems, attribute.Problem{File: n.where("buses", ""), Line: 1, Col: 1, Code: "pypsa-export", Text: text})
	}
	if len(problems) > 0 {
		return nil, problems
	}
	switch o.Entry {
	case "rolling_horizon":
		out.Options.Entry = o.Entry
		out.Options.Args = map[string]any{"horizon": o.Horizon, "overlap": o.Overlap}
	case "mga":
		out.Options.Entry = o.Entry
		weights := map[string]map[string]map[string]float64{}
		s := &solving{n: n, o: o}
		for size, w := range s.weights(b, 1) {
			to, ok := out.Sizes[size]
			if !ok {
				a := b.Model.Assets[b.Model.Capacities[size].Asset]
				problems = append(problems, attribute.Problem{File: n.where("buses", ""), Line: 1, Col: 1, Code: "pypsa-export",
					Text: "entry_args.weights: the size of " + a.Kind + " " + a.Name + " is not chosen"})
				continue
			}
			nom := nominal(n.table(to.Component).Component)
			if weights[to.Component] == nil {
				weights[to.Component] = map[string]map[string]float64{nom: {}}
			}
			weights[to.Component][nom][to.Name] = w
		}
		sense := "min"
		if o.Maximise {
			sense = "max"
		}
		problems = append(problems, s.problems...)
		out.Options.Args = map[string]any{"slack": o.Slack, "weights": weights, "sense": sense}
		if o.Second.Multi != o.Multi {
			out.Options.Args["multi_investment_periods"] = o.Second.Multi
		}
		if more := o.Second.arguments(); len(more) > 0 {
			out.Options.Args["model_kwargs"] = more
		}
	}
	if o.NoConstant {
		out.Options.Optimize["include_objective_constant"] = false
	}
	return out, problems
}
