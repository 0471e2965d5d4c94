package pypsa

import (
	"fmt"
	"math"
	"strings"

	"example.org/busbar/internal/source/pypsa/export"
)

// Markdown is docs/pypsa.md, written from Components and Codes.
func Markdown() string {
	var s strings.Builder
	s.WriteString(`# PyPSA networks

` + "`busbar solve`" + ` reads a network from the CSV folder or the netCDF file (.nc)
that PyPSA's ` + "`export_to_csv_folder` and `export_to_netcdf`" + ` write (0.2x to
1.4), turns it into Busbar's own
primitives, solves it and proves the answer. There is no second engine: a
Generator is a unit, a StorageUnit a store with three units on one capacity, a
Line a passive line, a GlobalConstraint a limit. The optimum is PyPSA's.

    busbar solve network/
    busbar solve network.nc --transmission-losses 3
    busbar solve network/ --pypsa-options options.json --json

` + "`objective`" + ` is the total cost: PyPSA's objective plus its constant, which is
` + "`objective_constant`" + ` (what the extendable assets' capacities in the file would
cost; 0 with include_objective_constant false).

With --out RUN the answer is kept as a run folder with the tables of any run:
show, report, explain and compare take it. Commodities are the carriers
of the buses (AC and DC are electricity), places the buses; money is called
EUR, which PyPSA leaves open. After a rolling horizon the tables join its
windows: each snapshot as the last window that held it decided.

## The solved network

    busbar solve network/ --pypsa solved/
    busbar solve network.nc --pypsa solved.nc

writes the network with its answer as a CSV folder, or as netCDF, that PyPSA
opens: what was read as it was written, and what PyPSA fills after an optimisation with
assign_all_duals: p (p0, p1 ... p_dispatch, p_store, state_of_charge, e, spill),
loss, phase_shift_opt, status, start_up, shut_down, maintenance; p of loads and
buses, v_ang (its mean over a grid is 0), p_nom_opt, s_nom_opt, e_nom_opt,
marginal_price, mu of constraints, mu_upper and mu_lower of sizes, mu_p_set,
mu_e_set, mu_ramp_limit_up and _down, mu_energy_balance; _objective and
_objective_constant of the network. Networks with scenarios go as netCDF only, and
have no v_ang, as in PyPSA. As in PyPSA duals are not divided by
weights, prices are; mu_upper is 0 or less, mu_lower 0 or more; with integers
there are none. Three things are told otherwise than PyPSA 1.4 tells them: a
Transformer's p0 and p1 hold its losses, v_ang its phase shift, and p of a bus
leaves out loads that are not active.

## As a workspace

    busbar import pypsa network/ park
    busbar run park

makes a workspace of the network, which builds the same problem (a test compares
the two for every case, but for the order of rows to the last bit) and can be
edited like any other. Each Generator, Link and Process is a ` + "`kind: unit`" + `, each Line
and Transformer a ` + "`line`" + `, each Load a ` + "`demand`" + `; a StorageUnit is a ` + "`capacity`" + ` that the
units of charging and discharging and the ` + "`store`" + ` share, a Store a ` + "`store`" + ` with a unit that
leads to it. Buses are places, carriers of buses commodities, global constraints
limits; snapshots, periods, scenarios and outages stand in the study base. Many
lines or loads go into tables. What no id may be called (spaces, dots) is changed
and told; the asset keeps its name under ` + "`name`" + `. Tables of types, tap positions
and lengths have become reactances, annuities yearly costs. Near-optimal
alternatives (mga) become the study's alternative, whose budget is of what is
truly spent (see below), a rolling horizon its ` + "`rolling:`" + `, with ` + "`afresh`" + `, and the
same windows; where it sizes assets, maintains them, limits what stores give up,
or meets delays that come round or standing losses that change, it is refused,
and solved as it is.

This page is generated from the importer's tables by its tests.

## Options

` + "`--pypsa-options`" + ` takes a JSON file. Other keys on top are ignored; an unknown
one inside these is an error. Most are flags too, by the same names with dashes
(` + "`--multi-investment-periods`, `--slack 0.1`, `--include-objective-constant=false`" + `);
a flag overrides the file.

| key | takes |
|---|---|
| ` + "`entry_point`" + ` | optimize (default), security_constrained, rolling_horizon, mga |
| ` + "`entry_args.branch_outages`" + ` | of security_constrained: names of lines and transformers; left out: all of them |
| ` + "`entry_args.horizon`, `entry_args.overlap`" + ` | of rolling_horizon: snapshots; ` + "`windows`" + ` in the answer has the objective of each, ` + "`objective`" + ` is the last one's |
| ` + "`entry_args.slack`, `.weights`, `.sense`" + ` | of mga: the share by which the least cost may be exceeded (0.05), weights by component, size and asset (a number for all assets of a size; left out: 1 for every Generator), min or max (its objective is negated) |
| ` + "`entry_args.model_kwargs`, `.multi_investment_periods`" + ` | of security_constrained: more options of the problem, as PyPSA takes them there; of mga: options of the alternative's problem, see below |
| ` + "`entry_args.risk_preference`" + ` | of a network with scenarios: alpha and omega; omega of the conditional value at risk of what is spent in a scenario counts, and 1 - omega of what is expected; as a flag ALPHA,OMEGA |
| ` + "`optimize_options.multi_investment_periods`" + ` | true or false |
| ` + "`optimize_options.linearized_unit_commitment`" + ` | true or false |
| ` + "`optimize_options.include_objective_constant`" + ` | true or false |
| ` + "`optimize_options.transmission_losses`" + ` | a number of tangents; true for secants; or a map of mode (tangents with segments; secants with atol, rtol, max_segments) |

## Near-optimal alternatives

entry_point mga solves the network and then looks for the least (or most) of the
weighted sizes within a budget. It is the budget of PyPSA 1.4:

    objective + installed_capex <= (1 + slack) (capex + opex)

with the objective less its constant, and the sums of ` + "`n.statistics`" + `. For most
networks that is (1 + slack) times the least cost, what stands included. Where
PyPSA's statistics are not its objective, Busbar follows them:

- fom_cost is in the objective and in no statistic;
- a Process is reckoned by what it draws at bus0, not by its activity;
- with multi_investment_periods statistics are weighted with the period's
  objective twice, which makes the budget wide; in a network with periods but
  without the option the constraint stands once for each period;
- a marginal_cost beside a piecewise one counts in the statistics only.

As optimize_mga does, the second problem is built without transmission losses
and with whole commitment, and with the objective's constant, whatever the first
was built with, unless entry_args.model_kwargs says otherwise; of the investment
periods it is told as the first is, or by entry_args.multi_investment_periods.

A study's ` + "`alternative:`" + ` (docs/workspace.md), a workspace made by import among
them, has the plain budget: (1 + slack) times the cost of the best plan.

## AC power flow

` + "`busbar solve network/ --ac [all|N|LABEL]`" + ` checks the optimum's snapshots by an AC
power flow, as ` + "`n.pf()`" + ` would see them with its dispatch: lines and transformers
with their types, shunts, taps and phase shifts in per unit of 1 MVA, reactive
powers from q_set, voltages held where a generator's control is PV or Slack. A
grid's slack is its first generator of control Slack, else its first one.
` + "`--ac-hold`" + ` lets every bus with a generator hold its voltage, ` + "`--ac-limits`" + ` has no
effect: PyPSA knows no limits of reactive power. [power-flow.md](power-flow.md)
tells the rest. Grids of direct current are not checked.

## Refused

What would change the answer and can't be represented is an error that names
component and attribute, never dropped:

- scenarios together with mga or rolling_horizon, with probabilities that don't
  sum to 1, or with what PyPSA wants the same in all of them (buses, types,
  modules, set sizes, committable, sign, carrier, lifetimes, delays);
- PyPSA's HDF5 (.h5), which is a format of pandas;
- piecewise attributes of extendable assets other than capital_cost, as in PyPSA;
- standing_loss as a series together with investment periods, or with delays or
  maintenance on snapshots of different weights;
- a bound of a StorageUnit that makes it charge while it discharges (p_max_pu
  below 0, p_min_pu above 0);
- a branch without reactance that closes a cycle;
- quadratic costs together with integers (MIQP);
- weights of mga on anything but sizes; mga of a quadratic cost; a rolling
  horizon over investment periods.

Told with a note: a constraint that nothing enters is left out, as PyPSA does; so is
the outage of a branch that alone joins its ends, for which PyPSA's factors are
rounding noise (0, or anything). A
column that PyPSA does not know means nothing to it either; a note names it.

## netCDF and scenarios

A .nc file is HDF5, which libnetcdf reads: ` + "`make deps`" + ` brings it, ` + "`BUSBAR_NETCDF`" + `
names one elsewhere, and ` + "`busbar doctor`" + ` says which is found. It runs in a
process of its own: a damaged file ends in an error. The problem is the same,
bit by bit, from either format. In errors the place of a fault is the variable
and the entry in it: ` + "`network.nc#generators_p_nom:3:1`" + ` is the third generator's,
` + "`network.nc#loads_t_p_set:7:2`" + ` the seventh snapshot of the second load.

Scenarios share sizes; each has its own dispatch, prices and constraints. Money
counts with the probability, a size's bounds are those that hold in all. Buses
are named SCENARIO|BUS, and a price is not divided by the probability, as in
PyPSA. Written, a file has PyPSA 1.4's layout: numbers deflated, stamps as hours (or
minutes, seconds) since the first. Stamps of snapshots must rise; labels that are no stamps may be anything.

## Time

| file | column | becomes |
|---|---|---|
| snapshots.csv | ` + "`objective`" + ` | weight of money by the hour (times the period's objective) |
| snapshots.csv | ` + "`stores`" + ` | hours of a step in the balance of levels |
| snapshots.csv | ` + "`generators`" + ` | weight of amounts in limits (times the period's years); the length of a step for delays and maintenance |
| investment_periods.csv | ` + "`objective`, `years`" + ` | weights of the period, with multi_investment_periods only |

Starts and stops have no weight. Ramps and minimum times count snapshots.
`)
	for _, c := range Components {
		fmt.Fprintf(&s, "\n## %s\n\n`%s.csv`\n\n", c.Name, c.List)
		var plain, results []string
		begun := false
		for _, a := range c.Attributes {
			switch a.Use {
			case Unused:
				plain = append(plain, a.Name)
				continue
			case Output:
				results = append(results, a.Name)
				continue
			}
			if !begun {
				s.WriteString("| attribute | type | unit | default | becomes |\n|---|---|---|---|---|\n")
				begun = true
			}
			kind := a.Type.String()
			if a.Series {
				kind += ", series"
			}
			if a.Pieces {
				kind += ", piecewise"
			}
			fmt.Fprintf(&s, "| `%s` | %s | %s | %s | %s |\n", strings.ReplaceAll(a.Name, "#", "K"), kind, a.Unit, a.shown(), a.To)
		}
		if len(plain) > 0 {
			fmt.Fprintf(&s, "\nNo meaning in the optimisation: `%s`.\n", strings.Join(plain, "`, `"))
		}
		if len(results) > 0 {
			fmt.Fprintf(&s, "\nResults, not read: `%s`.\n", strings.ReplaceAll(strings.Join(results, "`, `"), "#", "K"))
		}
	}
	s.WriteString(`
## Export

    busbar export pypsa park out/ --study island
    busbar export pypsa network/ out.nc --pypsa-options options.json

writes a study, or a network that was read, as a CSV folder, or where the name
ends in .nc as netCDF, that PyPSA 1.4 opens and solves to the same objective (its
objective plus its constant). It is made from the primitives, wherever they came
from. Where n.optimize() alone would not do, options.json in the folder
(out.options.json beside out.nc) says how it is to be solved, in the form of
` + "`--pypsa-options`" + `. Scenarios PyPSA has in netCDF only; each is made by itself, and
all must come to the same assets.

    make check-pypsa

walks all networks of the suite through Busbar, this export and PyPSA itself,
those with scenarios as netCDF: 86 of 86 keep their objective to 1e-6.
` + "`python3 bench/pypsa/mix.py bin/busbar SEED COUNT`" + ` (PYTHONPATH bench/.env) draws
random networks that mix the features of this page, solves each by PyPSA and by
Busbar, and the latter's export again. In a rolling horizon a later window may
differ where an earlier one has several optima: each goes on from its own.

| in Busbar | in PyPSA |
|---|---|
`)
	for _, m := range export.Mapping {
		fmt.Fprintf(&s, "| %s | %s |\n", m.From, m.To)
	}
	s.WriteString("\nAn error that names asset and attribute, and nothing is written:\n\n")
	for n, text := range export.Refused {
		end := ";"
		if n == len(export.Refused)-1 {
			end = "."
		}
		fmt.Fprintf(&s, "- %s%s\n", text, end)
	}
	s.WriteString("\n## Errors\n\n| code | meaning | what helps |\n|---|---|---|\n")
	for _, c := range Codes {
		fmt.Fprintf(&s, "| `%s` | %s | %s |\n", c.Code, c.Meaning, c.Help)
	}
	s.WriteString("\nOther codes are those of [errors](errors.md).\n")
	return s.String()
}

// shown is an attribute's default, for people.
func (a *Attribute) shown() string {
	switch {
	case a.Type == Text && a.Text == "":
		return "empty"
	case a.Type == Text:
		return a.Text
	case a.Type == Flag && a.Default != 0:
		return "True"
	case a.Type == Flag:
		return "False"
	case math.IsNaN(a.Default):
		return "none"
	}
	return fmt.Sprintf("%g", a.Default)
}
