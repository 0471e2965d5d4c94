package clock

import (
	"strings"
	"testing"
	"time"
)

// Three snapshots in two periods: weights stay apart, and no step follows one
// of another period.
func TestSnapshots(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s := []Snapshot{
		{Stamp: at, Length: 2, Hours: 3, Cost: 4, Amount: 5, Event: 1},
		{Stamp: at, Length: 2, Hours: 3, Cost: 4, Amount: 5, Event: 1},
		{Stamp: at, Length: 1, Hours: 1, Cost: 8, Amount: 7, Event: 1},
	}
	c, err := Snapshots(s, []Period{{Name: "2030", Cost: 2, Share: 1, LastTick: 2}, {Name: "2040", Cost: 9, Share: 1, FirstTick: 2, LastTick: 3}})
	if err != nil {
		t.Fatal(err)
	}
	g := &c.Grids[0]
	if g.Prev[0] != None || g.Prev[1] != 0 || g.Prev[2] != None || g.Last[0] != 1 || g.Last[1] != None || g.Last[2] != 2 {
		t.Errorf("steps before are %v, last ones %v", g.Prev, g.Last)
	}
	if c.Hours[0] != 2 || g.Hours[0] != 3 || g.Cost[2] != 8 || g.Amount[2] != 7 || g.Event[2] != 1 || len(c.Chains) != 2 {
		t.Errorf("clock is %+v", c)
	}
	for _, bad := range []struct {
		periods []Period
		hours   float64
		want    string
	}{
		{[]Period{{Name: "2030", LastTick: 2}}, 1, "2 snapshots of 3"},
		{[]Period{{Name: "2030", LastTick: 2}, {Name: "2040", FirstTick: 1, LastTick: 3}}, 1, "period 2040 has the snapshots 2 to 3"},
		{nil, 0, "snapshot 2: its weight for hours is 0"},
	} {
		s[1].Hours = bad.hours
		if _, err := Snapshots(s, bad.periods); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("error is %v, want %q", err, bad.want)
		}
	}
}
