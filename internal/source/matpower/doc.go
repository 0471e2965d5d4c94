package matpower

import (
	"fmt"
	"slices"
	"strings"
)

// Markdown is docs/matpower.md, written from Shapes and Codes.
func Markdown() string {
	var s strings.Builder
	s.WriteString(`# MATPOWER cases

` + "`busbar solve case.m`" + ` reads a MATPOWER case (versions 1 and 2 of the format) and
solves the DC optimal power flow of its hour, as MATPOWER's ` + "`rundcopf`" + ` does:
what each generator gives at least cost, with limits of generators, flows and
angles. It turns the case into Busbar's own primitives; there is no second
engine, and the answer is proved like any other.

    busbar solve case118.m
    busbar solve case118.m --dc powermodels --json
    busbar solve case118.m --out runs/118
    busbar show runs/118 buses          angle, demand, price
    busbar show runs/118 generators     power, limits, cost
    busbar show runs/118 branches       flow, limit, loading, what more of it is worth
    busbar solve case118.m --ac         voltages, losses, overloads of that dispatch
    busbar import matpower case118.m grid     a workspace that solves the same

` + "`objective`" + ` is money an hour; of it ` + "`objective_constant`" + ` is what no decision
changes (the constant terms of the costs). [power-flow.md](power-flow.md) tells
what ` + "`--ac`" + ` does.

This page is generated from the reader's tables by its tests.

## The two approximations

| ` + "`--dc`" + ` | susceptance of a branch | tap | phase shift |
|---|---|---|---|
| ` + "`matpower`" + ` (default) | 1/(x tap) | counts | acts: the flow is b (angle difference - shift) |
| ` + "`powermodels`" + ` | x/(r^2 + x^2) | left out | left out |

In both what a shunt takes at 1 p.u. (Gs) is a demand, branches lose nothing, and
reactive power has no place. The second is that of PowerModels'
` + "`DCPPowerModel`" + `, with which the figures of PGLib-OPF were made: the 14 cases of
v23.07 that are tested here give them to all five printed digits. PowerModels
replaces limits of angles that are 0, or 90 degrees and more, by 60 degrees; here
they are none, as in MATPOWER (all limits of the tested cases are 30 degrees).

What MATPOWER prints is met too: its case9 (5216.03 USD an hour), its case14 with
taps, a case of thirty buses with quadratic and piecewise costs and loads that bid
(every price, angle and dispatch), and one with direct current lines.

## What becomes of it

A Unit, Line or Demand is the primitive of that name; [formulation.md](formulation.md)
has their equations. X is in rad per MW: that of the approximation over baseMVA. An
empty cell: the column has no place in that power flow.
`)
	for i := range Shapes {
		m := &Shapes[i]
		fmt.Fprintf(&s, "\n### %s\n\n%s\n\n| column | unit | DC optimal power flow | AC power flow |\n|---|---|---|---|\n", m.Name, m.Doc)
		var plain []string
		for k := range m.Columns {
			c := &m.Columns[k]
			if !c.used() {
				plain = append(plain, "`"+c.Name+"`")
				continue
			}
			name := "`" + c.Name + "`"
			if !c.Needed {
				name += fmt.Sprintf(" (default %g)", c.Default)
			}
			fmt.Fprintf(&s, "| %s | %s | %s | %s |\n", name, c.Unit, c.DC, c.AC)
		}
		if m.Open {
			s.WriteString("| what follows | MW, USD/h | coefficients from the highest power down to the constant, or points x1, y1, x2, y2 ... |  |\n")
		}
		if len(plain) > 0 {
			fmt.Fprintf(&s, "\nNo place in either: %s.\n", strings.Join(plain, ", "))
		}
	}
	fmt.Fprintf(&s, `
### other fields

`+"`baseMVA`"+` is the base of all per unit values, `+"`bus_name`"+` names the buses in tables.
`+"`areas`"+` means nothing. Fields that nothing in MATPOWER reads of its own accord
(gentype, genfuel, reserves, ...) are not read; a note names them. Those with
which it extends a problem are refused: %s.

## Costs

- Polynomials up to the square are solved as they are. A square below 0 and
  higher powers are refused; points along the cost (model 1) fit.
- Piecewise costs run straight between their points and straight on beyond the
  first and last. One that is not convex, which MATPOWER refuses, is solved with
  integers, and a note says so; together with a quadratic cost it is refused.
- A load that can be dispatched is a generator with Pmin below 0.
- Costs of starting and stopping, and of reactive power, have no place in an
  hour's DC power flow; a note says where there are any.

## The text

A case file is a program in MATLAB's language. What is read is a function of
plain assignments: numbers (12, -.5, 1e3, Inf), matrices with blanks or commas
between numbers and semicolons or ends of lines between rows, texts, cell arrays
of texts, comments (%% and #, %%{ blocks %%}), continuations (...). What would have
to be run (indexing, arithmetic, calls, loops) is refused with its place;
MATPOWER writes the case plainly by savecase('plain.m', loadcase('case')).

A branch without reactance, two reference buses in one island, an unknown bus and
contradicting limits are errors. An island without a reference bus is solved,
with a note.

## Errors

| code | meaning | what helps |
|---|---|---|
`, extensions())
	for _, c := range Codes {
		fmt.Fprintf(&s, "| `%s` | %s | %s |\n", c.Code, c.Meaning, c.Help)
	}
	s.WriteString("\nOther codes are those of [errors](errors.md).\n")
	return s.String()
}

// extensions lists the fields of extend.
func extensions() string {
	var names []string
	for n := range extend {
		names = append(names, "`"+n+"`")
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
