package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.org/busbar/solve/highs"
)

// A thousand of the 100,000 problems that `bench agree` takes: where native and
// HiGHS differ, the certificate is native's. Those they agree on are of all kinds.
func TestAgreesWithHiGHS(t *testing.T) {
	if _, err := highs.Probe(); errors.Is(err, highs.ErrNoLibrary) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	n := uint64(1000)
	if testing.Short() {
		n = 100
	}
	all := tally{patience: 300 * time.Millisecond}
	var out strings.Builder
	if err := all.compare(t.Context(), &out, 0, n); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v\n%s", &all, &out)
	if all.against > 0 || all.neither > 0 || all.silent > 0 || all.differ > int(n)/100 {
		t.Error("native is wrong, or HiGHS is not to be had")
	}
	if least := int(n) / 20; all.optimal < 10*least || all.infeasible < least || all.unbounded < least || all.quadratic < least {
		t.Error("too few of one kind")
	}
}
