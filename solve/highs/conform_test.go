package highs_test

import (
	"testing"

	"example.org/busbar/solve/highs"
	"example.org/busbar/solve/solvetest"
)

func TestConform(t *testing.T) {
	info := need(t)
	algorithms := []string{"", highs.Simplex}
	if info.HiPO {
		algorithms = append(algorithms, highs.HiPO)
	}
	solvetest.Conform(t, highs.Solver{}, solvetest.Kinds{QP: true, MIP: true}, algorithms...)
	// IPX takes no QP and says so.
	t.Run("interior", func(t *testing.T) {
		solvetest.Conform(t, highs.Solver{}, solvetest.Kinds{MIP: true}, highs.IPX)
	})
}
