package run

import (
	"path/filepath"
	"reflect"
	"testing"
)

// Point and duals come back bit by bit: an explanation is of the very answer
// that was certified.
func TestSolutionComesBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	w, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	x, y := []float64{1.0 / 3, -0.1, 1e300, 5e-324}, []float64{0.1 + 0.2}
	if err := w.Solution(x, y); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(&Manifest{}); err != nil {
		t.Fatal(err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	gotX, gotY, err := f.Solution()
	if err != nil || !reflect.DeepEqual(gotX, x) || !reflect.DeepEqual(gotY, y) {
		t.Fatalf("came back as %v, %v, %v", gotX, gotY, err)
	}
}
