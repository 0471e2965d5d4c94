package workspace

import (
	"fmt"
	"sort"
	"strings"
)

// nearest returns the word most like want, "" if none is near: at most a
// third of its letters differ (two neighbours exchanged count once), or only
// the case does.
func nearest(want string, words []string) string {
	best, least := "", len([]rune(want))/3+1
	for _, w := range words {
		if w == want {
			continue
		}
		d := 0
		if !strings.EqualFold(w, want) {
			d = distance([]rune(strings.ToLower(want)), []rune(strings.ToLower(w)), least)
		}
		if d < least || d == least && best != "" && w < best {
			best, least = w, d
		}
	}
	return best
}

// distance is the restricted Damerau-Levenshtein distance, or limit+1 where
// the lengths alone exceed it.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}

// among suggests what was meant, or lists what there is.
func among(want string, words []string) string {
	if near := nearest(want, words); near != "" {
		return "; did you mean " + near + "?"
	}
	sorted := append([]string(nil), words...)
	sort.Strings(sorted)
	switch n := len(sorted); {
	case n == 0:
		return ""
	case n == 1:
		return "; there is " + sorted[0]
	case n > 8:
		return fmt.Sprintf("; there are %s and %d more", strings.Join(sorted[:7], ", "), n-7)
	}
	return "; there are " + strings.Join(sorted, ", ")
}
