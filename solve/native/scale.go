package native

import "math"

// scaling maps the scaled form back: x = col*x', s = x'/row in the same
// unit, y = row*y'/cost, z = z'/(col*cost) with col including the size of the
// right-hand side. All factors are powers of two, so scaling rounds nothing.
type scaling struct {
	col  []float64 // x_j = col[j] x'_j
	row  []float64 // s_i = s'_i / row[i]
	cost float64   // objective' = cost * objective (up to the size of x)
	size float64   // x and s were divided by it besides
}

// scale equilibrates f in place: geometric means of rows and columns
// (Curtis and Reid's aim, by a few passes of Fulkerson and Wolfe's iteration),
// then the largest entry of each column and row towards one (Ruiz 2001), then
// the costs and the bounds as a whole.
func scale(f *form) *scaling {
	n, m := f.n, f.m
	s := &scaling{col: make([]float64, n), row: make([]float64, m), cost: 1, size: 1}
	for j := range s.col {
		s.col[j] = 1
	}
	for i := range s.row {
		s.row[i] = 1
	}
	lo, hi := make([]float64, m), make([]float64, m)
	lowest, highest := math.Inf(1), 0.0
	for _, v := range f.value {
		v = math.Abs(v)
		lowest, highest = min(lowest, v), max(highest, v)
	}
	passes := 4
	if highest <= 8*lowest {
		passes = 0
	}
	for pass := 0; pass <= passes; pass++ {
		ruiz := pass == passes
		for i := range lo {
			lo[i], hi[i] = math.Inf(1), 0
		}
		for j := 0; j < n; j++ {
			for k := f.start[j]; k < f.start[j+1]; k++ {
				i := f.index[k]
				v := math.Abs(f.value[k]) * s.col[j]
				lo[i], hi[i] = min(lo[i], v), max(hi[i], v)
			}
		}
		for i := range lo {
			if hi[i] == 0 {
				s.row[i] = 1
			} else if ruiz {
				s.row[i] = math.Sqrt(s.row[i] / hi[i])
			} else {
				s.row[i] = 1 / math.Sqrt(lo[i]*hi[i])
			}
		}
		for j := 0; j < n; j++ {
			a, b := math.Inf(1), 0.0
			for k := f.start[j]; k < f.start[j+1]; k++ {
				v := math.Abs(f.value[k]) * s.row[f.index[k]]
				a, b = min(a, v), max(b, v)
			}
			switch {
			case b == 0:
				s.col[j] = 1
			case ruiz:
				s.col[j] = 1 / b
			default:
				s.col[j] = 1 / math.Sqrt(a*b)
			}
		}
	}
	for j := range s.col {
		s.col[j] = power2(s.col[j])
	}
	for i := range s.row {
		s.row[i] = power2(s.row[i])
	}
	for j := 0; j < n; j++ {
		c := s.col[j]
		for k := f.start[j]; k < f.start[j+1]; k++ {
			f.value[k] *= c * s.row[f.index[k]]
		}
		f.cost[j] *= c
		f.lower[j] /= c
		f.upper[j] /= c
		if f.qDiag != nil {
			f.qDiag[j] *= c * c
		}
		if f.qStart != nil {
			for k := f.qStart[j]; k < f.qStart[j+1]; k++ {
				f.qValue[k] *= c * s.col[f.qIndex[k]]
			}
		}
	}
	for i := 0; i < m; i++ {
		f.lower[n+i] *= s.row[i]
		f.upper[n+i] *= s.row[i]
	}

	// The typical finite bound and the typical cost become one.
	var bound, price mean
	for v := range f.lower {
		bound.add(f.lower[v])
		if f.upper[v] != f.lower[v] {
			bound.add(f.upper[v])
		}
	}
	for _, c := range f.cost {
		price.add(c)
	}
	s.size = power2(bound.value())
	s.cost = power2(1 / price.value())
	for v := range f.lower {
		f.lower[v] /= s.size
		f.upper[v] /= s.size
	}
	for j := range f.cost {
		f.cost[j] *= s.cost
	}
	q := s.cost * s.size
	for j := range f.qDiag {
		f.qDiag[j] *= q
	}
	for k := range f.qValue {
		f.qValue[k] *= q
	}
	for j := range s.col {
		s.col[j] *= s.size
	}
	for i := range s.row {
		s.row[i] /= s.size
	}
	return s
}

// mean is the geometric mean of what is finite and not zero.
type mean struct {
	sum   float64
	count int
}

func (m *mean) add(v float64) {
	if v != 0 && !math.IsInf(v, 0) {
		m.sum += math.Log(math.Abs(v))
		m.count++
	}
}

func (m *mean) value() float64 {
	if m.count == 0 {
		return 1
	}
	return math.Exp(m.sum / float64(m.count))
}

func power2(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 1
	}
	return math.Exp2(math.Round(math.Log2(v)))
}

// restore turns a point of the scaled form into one of the original.
func (s *scaling) restore(x, y []float64) {
	for j := range s.col {
		x[j] *= s.col[j]
	}
	for i, r := range s.row {
		y[i] *= r * s.size / s.cost
	}
}
