package clock

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is a fault in what a study asks of its clock. Whoever knows the file
// and line adds them.
type Error struct {
	Code string // "step", "offset", "horizon", "representative"
	Text string // what was read, what would fit
}

func (e *Error) Error() string { return e.Text }

func fault(code, format string, args ...any) error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}

// The steps of a workspace that are not a count of hours.
var (
	Hourly  = Step{1, Hour}
	Daily   = Step{1, Day}
	Weekly  = Step{1, Week}
	Monthly = Step{1, Month}
	Yearly  = Step{1, Year}
)

const fittingSteps = "a step is 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d, 1w, 1mo or 1a"

// ParseStep reads a step: a number of hours that divides the day ("3h"), or
// "1d", "1w", "1mo", "1a". "24h" is 1d. A space before the unit is allowed.
func ParseStep(text string) (Step, error) {
	unit := strings.TrimLeft(text, "0123456789")
	count, err := strconv.Atoi(text[:len(text)-len(unit)])
	if err != nil {
		return Step{}, fault("step", "step %q is not read; %s", text, fittingSteps)
	}
	s := Step{N: count}
	switch strings.TrimPrefix(unit, " ") {
	case "h":
		s.Unit = Hour
		if count == 24 {
			s = Daily
		}
	case "d":
		s.Unit = Day
	case "w":
		s.Unit = Week
	case "mo":
		s.Unit = Month
	case "a":
		s.Unit = Year
	default:
		return Step{}, fault("step", "step %q is not read; %s", text, fittingSteps)
	}
	return s, s.check()
}

// check refuses steps that no grid can have.
func (s Step) check() error {
	switch {
	case s.N < 1:
		return fault("step", "step %s has no length; %s", s, fittingSteps)
	case s.Unit == Hour && 24%s.N != 0:
		return fault("step", "step %s does not divide the day; %s", s, fittingSteps)
	case s.Unit != Hour && s.N != 1:
		return fault("step", "step %s is not one day, week, month or year; %s", s, fittingSteps)
	case s.Unit > Year:
		return fault("step", "step %s has no unit; %s", s, fittingSteps)
	}
	return nil
}

func (u Unit) String() string {
	switch u {
	case Hour:
		return "h"
	case Day:
		return "d"
	case Week:
		return "w"
	case Month:
		return "mo"
	case Year:
		return "a"
	}
	return "?"
}

// String writes a step as ParseStep reads it: "3h", "1mo".
func (s Step) String() string { return strconv.Itoa(s.N) + s.Unit.String() }

// finer orders steps from fine to coarse.
func (s Step) finer(o Step) int {
	if s.Unit != o.Unit {
		return int(s.Unit) - int(o.Unit)
	}
	return s.N - o.N
}
