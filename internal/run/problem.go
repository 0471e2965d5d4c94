package run

import (
	"fmt"

	"example.org/busbar/lp"
)

// Column is a row of columns.parquet: one variable of a bare problem.
type Column struct {
	Name    string   `parquet:"name"`
	Value   *float64 `parquet:"value,optional"`
	Reduced *float64 `parquet:"reduced_cost,optional"`
}

// Row is a row of rows.parquet: one constraint of a bare problem.
type Row struct {
	Name     string   `parquet:"name"`
	Activity *float64 `parquet:"activity,optional"`
	Dual     *float64 `parquet:"dual,optional"`
}

// Problem writes the answer to a bare problem, by its own names. Of a maximum,
// which was negated on reading, duals and reduced costs are the maximum's.
func (w *Writer) Problem(p *lp.Problem, sol *lp.Solution) error {
	sign := 1.0
	if p.Negated {
		sign = -1
	}
	cols := make([]Column, p.Cols())
	rows := make([]Row, p.Rows())
	for i := range rows {
		rows[i].Name = fmt.Sprintf("r%d", i)
		if p.Names != nil {
			rows[i].Name = p.Names.RowName(i)
		}
		if len(sol.X) == len(cols) {
			rows[i].Activity = new(float64)
		}
		if len(sol.Y) == len(rows) {
			y := 0 + sign*sol.Y[i] // no -0
			rows[i].Dual = &y
		}
	}
	for j := range cols {
		cols[j].Name = fmt.Sprintf("c%d", j)
		if p.Names != nil {
			cols[j].Name = p.Names.ColName(j)
		}
		if len(sol.X) == len(cols) {
			cols[j].Value = &sol.X[j]
		}
		if len(sol.Y) == len(rows) && !p.IsQP() {
			z := p.Cost[j]
			cols[j].Reduced = &z
		}
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			i := p.Index[k]
			if rows[i].Activity != nil {
				*rows[i].Activity += p.Value[k] * sol.X[j]
			}
			if cols[j].Reduced != nil {
				*cols[j].Reduced -= p.Value[k] * sol.Y[i]
			}
		}
	}
	for j := range cols {
		if cols[j].Reduced != nil {
			*cols[j].Reduced = 0 + sign**cols[j].Reduced
		}
	}
	if err := write(w, "columns", cols); err != nil {
		return err
	}
	return write(w, "rows", rows)
}
