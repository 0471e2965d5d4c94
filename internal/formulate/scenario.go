package formulate

import (
	"math"

	"example.org/busbar/internal/primitive"
)

// owner says whose money comes next: that of a scenario counts with its weight,
// or only that of one scenario counts.
func (b *builder) owner(t primitive.Tag) {
	b.share = 1
	switch {
	case b.only > 0:
		b.share = 0
		if t.Scenario == b.only {
			b.share = 1
		}
	case t.Scenario > 0:
		b.share = b.m.Scenarios[t.Scenario-1].Probability
		if b.averse && b.m.Risk != nil {
			b.share *= 1 - b.m.Risk.Omega
		}
	}
}

// atRiskColumns: the value at risk, which what a scenario costs exceeds with a
// probability of 1 - Alpha at the optimum:
//
//	theta free
func atRiskColumns(b *builder) {
	if b.m.Risk == nil {
		return
	}
	if lower, upper := b.column(0, 0, linked, 1); lower != nil {
		lower[0], upper[0] = math.Inf(-1), math.Inf(1)
	}
}

// excessColumns: by how much a scenario costs more than the value at risk:
//
//	0 <= excess_s
func excessColumns(b *builder) {
	if b.m.Risk == nil {
		return
	}
	for s := range b.m.Scenarios {
		if _, upper := b.column(0, int32(s), linked, 1); upper != nil {
			upper[0] = math.Inf(1)
		}
	}
}

// riskExcess: what a scenario costs beyond the value at risk (Rockafellar and
// Uryasev 2000, Journal of Risk 2, "Optimization of conditional value-at-risk"):
//
//	excess_s + theta - sum of the money of scenario s >= 0
func riskExcess(b *builder) {
	if b.m.Risk == nil {
		return
	}
	for s := range b.m.Scenarios {
		b.begin(0, int32(s), linked)
		money := make([]float64, b.cols)
		b.only = int32(s) + 1
		known := b.price(money, everyClass)
		b.only = 0
		r := b.row(0, known, math.Inf(1))
		b.add(r, b.ix.first[Excess][0]+int32(s), 1)
		b.add(r, b.ix.first[AtRisk][0], 1)
		for col, v := range money {
			b.add(r, int32(col), -v)
		}
	}
}

// riskMoney: the conditional value at risk counts Omega in the objective, and
// what is expected of the scenarios the rest.
func (b *builder) riskMoney() {
	r := b.m.Risk
	if r == nil {
		return
	}
	b.p.Cost[b.ix.first[AtRisk][0]] += r.Omega
	for s := range b.m.Scenarios {
		b.p.Cost[b.ix.first[Excess][0]+int32(s)] += r.Omega * b.m.Scenarios[s].Probability / (1 - r.Alpha)
	}
}
