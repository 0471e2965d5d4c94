package lp

// ByRows returns A by rows: the entries of row i are cols/values[start[i]:start[i+1]],
// column numbers rising.
func (p *Problem) ByRows() (start []int64, cols []int32, values []float64) {
	start = make([]int64, p.Rows()+1)
	for _, i := range p.Index {
		start[i+1]++
	}
	for i := range p.Rows() {
		start[i+1] += start[i]
	}
	cols, values = make([]int32, p.Nonzeros()), make([]float64, p.Nonzeros())
	to := append([]int64(nil), start...)
	for j := range p.Cols() {
		for k := p.Start[j]; k < p.Start[j+1]; k++ {
			i := p.Index[k]
			cols[to[i]], values[to[i]] = int32(j), p.Value[k]
			to[i]++
		}
	}
	return start, cols, values
}
