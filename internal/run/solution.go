package run

// number is a row of point.parquet and duals.parquet.
type number struct {
	Value float64 `parquet:"value"`
}

// Solution keeps the point and the duals that were certified, in the order of
// the problem's columns and rows, as tables/point.parquet and
// tables/duals.parquet. A problem with integers may have no duals.
func (w *Writer) Solution(x, y []float64) error {
	if err := write(w, "point", numbers(x)); err != nil {
		return err
	}
	return write(w, "duals", numbers(y))
}

// Solution reads back the point and the duals; duals are empty where there
// were none.
func (f *Folder) Solution() (x, y []float64, err error) {
	point, err := Read[number](f, "point")
	if err != nil {
		return nil, nil, err
	}
	duals, err := Read[number](f, "duals")
	return values(point), values(duals), err
}

func numbers(v []float64) []number {
	rows := make([]number, len(v))
	for i := range v {
		rows[i].Value = v[i]
	}
	return rows
}

func values(rows []number) []float64 {
	v := make([]float64, len(rows))
	for i := range rows {
		v[i] = rows[i].Value
	}
	return v
}
