package weather

import "fmt"

// Pick returns the makers of some names, in the order of the names. A name
// that is not in the list is a fault of the program: it panics.
func Pick(all []Maker, names ...string) []Maker {
	var out []Maker
	for _, name := range names {
		n := len(out)
		for _, m := range all {
			if m.name() == name {
				out = append(out, m)
			}
		}
		if len(out) == n {
			panic(fmt.Sprintf("weather: no series is named %q", name))
		}
	}
	return out
}
