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
	standing := 0.0
	if o.Entry == "mga" {
		standing = n.standing(o)
	}
	out, errs := export.Make(b.Model, n.Name, standing)
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
		for asset, w := range o.Weights {
			to, ok := out.Sizes[b.Sizes[asset]]
			if _, known := b.Sizes[asset]; !ok || !known {
				problems = append(problems, attribute.Problem{File: n.where("buses", ""), Line: 1, Col: 1, Code: "pypsa-export",
					Text: "entry_args.weights: the size of " + asset.Component + " " + asset.Name + " is not chosen"})
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
		out.Options.Args = map[string]any{"slack": o.Slack, "weights": weights, "sense": sense}
	}
	if o.NoConstant {
		out.Options.Optimize["include_objective_constant"] = false
	}
	return out, problems
}
