package clock_test

import (
	"testing"
	"time"

	"example.org/busbar/internal/clock"
)

// What is read as a step is written and read again as the same.
func FuzzParseStep(f *testing.F) {
	for _, text := range []string{"1h", "24h", "1 d", "1mo", "1a", "07h", "99999999999999999999h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := clock.ParseStep(text)
		if err != nil {
			return
		}
		if again, err := clock.ParseStep(s.String()); err != nil || again != s {
			t.Fatalf("%q is %v, read again %v, %v", text, s, again, err)
		}
	})
}

func TestParseOffset(t *testing.T) {
	for text, want := range map[string]int{"": 0, "Z": 0, "+00:00": 0, "+07:00": 25200, "-03:30": -12600, "+14:00": 50400} {
		zone, err := clock.ParseOffset(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if _, got := time.Date(2030, 7, 1, 0, 0, 0, 0, zone).Zone(); got != want {
			t.Errorf("%q is %d s; want %d", text, got, want)
		}
	}
	for _, text := range []string{"7", "+7", "+07", "+0700", "+07:60", "+14:30", "07:00", "ICT", "+07:00 "} {
		if zone, err := clock.ParseOffset(text); err == nil {
			t.Errorf("%q is read as %v", text, zone)
		}
	}
}
