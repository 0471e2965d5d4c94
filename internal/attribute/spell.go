package attribute

import (
	"math"
	"strconv"
	"strings"
)

// Near returns the name closest to what was read, "" if none is close: one
// letter in three may be changed, added, dropped or swapped with its
// neighbour, and one more where the first letter is the same.
func Near(read string, names []string) string {
	letters := []rune(strings.ToLower(read))
	best, least := "", len(letters)
	for _, name := range names {
		lower := strings.ToLower(name)
		most := max(1, len(letters)/3)
		if len(letters) > 3 && strings.HasPrefix(lower, string(letters[0])) {
			most = (len(letters) + 2) / 3
		}
		if d := distance(string(letters), lower); d <= most && d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is the optimal string alignment distance.
func distance(x, y string) int {
	a, b := []rune(x), []rune(y)
	if len(a) > 100 || len(b) > 100 { // no name is that long
		return 100
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// Fit ends a message about a name: the nearest one, else those that would fit.
func Fit(read string, names []string) string {
	if near := Near(read, names); near != "" {
		return "did you mean " + near + "?"
	}
	if len(names) == 0 {
		return "there is none"
	}
	const most = 24
	if len(names) > most {
		return "want one of " + strings.Join(names[:most], ", ") + " ..."
	}
	if len(names) == 1 {
		return "want " + names[0]
	}
	return "want one of " + strings.Join(names, ", ")
}

// trim writes a number as short as it reads back.
func trim(v float64) string {
	if m := math.Abs(v); m >= 1e-4 && m < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
