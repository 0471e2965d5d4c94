// Package lp holds a linear, convex quadratic or mixed-integer problem as
// plain arrays, its solution, and the certificate that judges the one by the
// other. It imports nothing of Busbar and may be used on its own.
//
// What enters: arrays written by a model builder, or an MPS file.
// What leaves: the same arrays, a Solution filled by a solver, a Certificate
// computed from the original data alone.
//
// The problem is
//
//	min  c0 + c'x + x'Qx/2
//	s.t. rl <= Ax <= ru,  l <= x <= u,  some x integer.
package lp

import "math"

// Inf is the value of an absent bound; -Inf is absent from below.
var Inf = math.Inf(1)

// Problem is one optimisation problem in compressed column form. Rows are
// 0..Rows()-1, columns 0..Cols()-1. Nothing in it depends on names.
type Problem struct {
	Offset float64   // c0
	Cost   []float64 // c, one a column

	ColLower, ColUpper []float64 // l, u; ±Inf where absent
	RowLower, RowUpper []float64 // rl, ru; ±Inf where absent

	// A by columns: the entries of column j are Index/Value[Start[j]:Start[j+1]],
	// row numbers strictly increasing.
	Start []int64 // len Cols()+1
	Index []int32
	Value []float64

	// The lower triangle of Q by columns (row >= column), nil for an LP.
	QStart []int64 // len Cols()+1
	QIndex []int32
	QValue []float64

	Integer []bool // nil: every column is continuous

	// Negated says that the source asked for a maximum and that Cost, Offset
	// and Q were negated on reading; callers print -objective.
	Negated bool

	Names Names // nil: rows are r0, r1 ..., columns c0, c1 ...
}

// Names makes the name of a row or column when asked; none are stored in the
// hot path.
type Names interface {
	RowName(i int) string
	ColName(j int) string
}

// Rows returns the number of rows.
func (p *Problem) Rows() int { return len(p.RowLower) }

// Cols returns the number of columns.
func (p *Problem) Cols() int { return len(p.ColLower) }

// Nonzeros returns the number of stored entries of A.
func (p *Problem) Nonzeros() int { return len(p.Value) }

// IsMIP reports whether some column must be integer.
func (p *Problem) IsMIP() bool {
	for _, b := range p.Integer {
		if b {
			return true
		}
	}
	return false
}

// IsQP reports whether the objective has a quadratic part.
func (p *Problem) IsQP() bool { return len(p.QValue) > 0 }

// Objective returns c0 + c'x + x'Qx/2, summed with compensation. x has one
// entry a column.
func (p *Problem) Objective(x []float64) float64 {
	qx := hessianTimes(p, x)
	obj := sum{s: p.Offset}
	for j, xj := range x {
		obj.addProduct(p.Cost[j], xj)
		if qx != nil {
			obj.addProduct(qx[j].value()/2, xj)
		}
	}
	return obj.value()
}
