package clock

import (
	"fmt"
	"math"
	"slices"
)

// Keep says which extreme periods of a feature must be among the chosen.
type Keep uint8

// The extremes, to be added up.
const (
	KeepHighestHour Keep = 1 << iota // the period that holds the highest hour (peak load)
	KeepLowestHour                   // the period that holds the lowest hour
	KeepHighestMean                  // the period with the highest mean (a flood)
	KeepLowestMean                   // the period with the lowest mean (a dark calm)
)

// Feature is a series by which periods are compared.
type Feature struct {
	Name   string
	Values []float64 // one for each tick of the full horizon, no NaN
	Weight float64   // in the distance between periods; 0: only Keep and the reported error
	Keep   Keep
}

// FeatureError is how well the chosen periods stand for one feature, in the
// feature's own unit.
type FeatureError struct {
	Name              string
	Mean, ChosenMean  float64 // of the horizon; of the chosen periods with their frequencies
	Max, ChosenMax    float64
	Min, ChosenMin    float64
	DurationCurveRMSE float64 // between the duration curves, over all ticks of the horizon
}

// Selection is what Choose finds.
type Selection struct {
	Representative
	Errors []FeatureError // one for each feature, in their order
}

// meanWeight is the weight of errors of the features' means against the
// distances of periods. An error of the mean goes straight into the year's
// energy, a distance only makes the hours a little other. With 5, eight weeks
// of a year of seven synthetic series miss their means by 0.1 to 1.4 %; with 1
// to 2 wind is missed by up to 10 %, with 20 and more the spread of the weeks
// suffers.
const meanWeight = 5

// Choose picks count periods of periodHours hours that stand for all periods
// of a horizon (24: days, 168: weeks).
//
// Each feature is normalised to mean 0 and standard deviation 1. Let d2(i, k)
// be the weighted sum over features of the mean squared difference of the
// duration curves of periods i and k: their hours are compared in order of
// size, because in order of time two windy weeks differ as much as a windy and
// a calm one, and the calmest would stand for all. Choose looks for a set K and
// a k(i) in K for each period that make
//
//	sum_i d2(i, k(i)) + n x meanWeight x sum_f w_f (mean error of f)^2
//
// small: the extremes that features keep are in K from the beginning and stay;
// further periods join one by one, each the best there is; then chosen and
// unchosen periods change places as long as that helps (the BUILD and SWAP of
// Kaufman and Rousseeuw, Finding Groups in Data, 1990, ch. 2, with k(i) the
// nearest); last, k(i) is changed where that helps. A chosen period stands for
// itself. There is no chance in it: ties go to the earlier period.
//
// Errors: features of different lengths, a value that is not finite, a
// negative weight, more extremes than count, a count below 1 or above the
// number of periods.
func Choose(features []Feature, periodHours, count int) (Selection, error) {
	p, err := newChooser(features, periodHours, count)
	if err != nil {
		return Selection{}, err
	}
	p.build(count)
	p.swap()
	return p.selection(features), nil
}

// chooser is a k-medoids problem and its present solution.
type chooser struct {
	hours, n int       // of a period; number of periods
	distance []float64 // n x n
	// mean[i*features+f] is sqrt(w_f) x the normalised mean of feature f in
	// period i; the horizon's is 0.
	mean     []float64
	features int

	chosen []int32 // in the order they came; the first `kept` stay
	kept   int
	in     []bool
	// near and next are, for each period, the positions in chosen of the
	// nearest and second nearest (or -1).
	near, next []int32
	// total and sum are over all periods, with the nearest standing for each:
	// of their distances, and of the means by feature.
	total float64
	sum   []float64
	shift []float64 // scratch of cost
}

func newChooser(features []Feature, periodHours, count int) (*chooser, error) {
	if len(features) == 0 {
		return nil, fault("representative", "no series to choose representative periods by")
	}
	ticks := len(features[0].Values)
	if periodHours < 24 || periodHours%24 != 0 || periodHours > ticks {
		return nil, fault("representative", "representative periods of %d h in a horizon of %d h; 24 (days) or 168 (weeks) fit", periodHours, ticks)
	}
	p := &chooser{hours: periodHours, n: ticks / periodHours}
	for _, f := range features {
		if len(f.Values) != ticks {
			return nil, fault("representative", "series %s has %d values, %s has %d", f.Name, len(f.Values), features[0].Name, ticks)
		}
		if !(f.Weight >= 0) || math.IsInf(f.Weight, 0) {
			return nil, fault("representative", "series %s has weight %g; 0 or more fits", f.Name, f.Weight)
		}
		for t, v := range f.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fault("representative", "series %s is %g at hour %d", f.Name, v, t)
			}
		}
	}
	if count < 1 || count > p.n {
		return nil, fault("representative", "%d representative periods asked for; 1 to %d fit", count, p.n)
	}
	p.in = make([]bool, p.n)
	for _, f := range features {
		for _, i := range extremes(f, periodHours, p.n) {
			if !p.in[i] {
				p.in[i] = true
				p.chosen = append(p.chosen, i)
			}
		}
	}
	p.kept = len(p.chosen)
	if p.kept > count {
		return nil, fault("representative", "%d representative periods asked for, but the extremes to keep are %d different ones; ask for %d or more", count, p.kept, p.kept)
	}
	p.measure(features)
	return p, nil
}

// extremes returns the periods that a feature keeps, the earliest where equal.
func extremes(f Feature, hours, n int) []int32 {
	best := func(score func(period []float64) float64) int32 {
		at, top := 0, math.Inf(-1)
		for i := range n {
			if s := score(f.Values[i*hours : (i+1)*hours]); s > top {
				at, top = i, s
			}
		}
		return int32(at)
	}
	var found []int32
	if f.Keep&KeepHighestHour != 0 {
		found = append(found, best(slices.Max))
	}
	if f.Keep&KeepLowestHour != 0 {
		found = append(found, best(func(x []float64) float64 { return -slices.Min(x) }))
	}
	if f.Keep&KeepHighestMean != 0 {
		found = append(found, best(mean))
	}
	if f.Keep&KeepLowestMean != 0 {
		found = append(found, best(func(x []float64) float64 { return -mean(x) }))
	}
	return found
}

func mean(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

func (p *chooser) measure(features []Feature) {
	p.distance = make([]float64, p.n*p.n)
	used := slices.DeleteFunc(slices.Clone(features), func(f Feature) bool { return f.Weight == 0 })
	p.features = len(used)
	p.mean = make([]float64, p.n*p.features)
	p.sum, p.shift = make([]float64, p.features), make([]float64, p.features)
	for fi, f := range used {
		m := mean(f.Values)
		variance := 0.0
		for _, v := range f.Values {
			variance += (v - m) * (v - m)
		}
		variance /= float64(len(f.Values))
		if variance <= 1e-24*m*m {
			continue // constant: no period differs from another
		}
		scale := math.Sqrt(f.Weight / variance)
		curves := slices.Clone(f.Values[:p.n*p.hours])
		for i := range p.n {
			a := curves[i*p.hours : (i+1)*p.hours]
			slices.Sort(a)
			p.mean[i*p.features+fi] = scale * (mean(a) - m)
			for k := range i {
				b := curves[k*p.hours : (k+1)*p.hours]
				d := 0.0
				for h, v := range a {
					d += (v - b[h]) * (v - b[h])
				}
				d *= scale * scale / float64(p.hours)
				p.distance[i*p.n+k] += d
				p.distance[k*p.n+i] += d
			}
		}
	}
}

// nearest finds near and next, total and sum for the present chosen.
func (p *chooser) nearest() {
	if p.near == nil {
		p.near, p.next = make([]int32, p.n), make([]int32, p.n)
	}
	for i := range p.n {
		near, next := int32(-1), int32(-1)
		for c := range p.chosen {
			switch {
			case near < 0 || p.closer(i, int32(c), near):
				near, next = int32(c), near
			case next < 0 || p.closer(i, int32(c), next):
				next = int32(c)
			}
		}
		p.near[i], p.next[i] = near, next
	}
	p.total = 0
	clear(p.sum)
	for i, c := range p.near {
		if c >= 0 {
			p.total += p.distance[i*p.n+int(p.chosen[c])]
			p.move(p.sum, -1, int(p.chosen[c]))
		}
	}
}

// move takes the means of a period from a sum and adds those of another; -1 is
// none.
func (p *chooser) move(sum []float64, from, to int) {
	for f := range sum {
		if from >= 0 {
			sum[f] -= p.mean[from*p.features+f]
		}
		sum[f] += p.mean[to*p.features+f]
	}
}

// penalty is the part of the objective that errors of the means are.
func (p *chooser) penalty(sum []float64) float64 {
	squares, n := 0.0, float64(p.n)
	for _, s := range sum {
		squares += s / n * s / n
	}
	return n * meanWeight * squares
}

// closer says whether chosen a stands for period i rather than chosen b; a
// chosen period stands for itself, and of equals the earlier does.
func (p *chooser) closer(i int, a, b int32) bool {
	ka, kb := int(p.chosen[a]), int(p.chosen[b])
	da, db := p.distance[i*p.n+ka], p.distance[i*p.n+kb]
	if da != db {
		return da < db
	}
	if ka == i || kb == i {
		return ka == i
	}
	return ka < kb
}

// cost is the objective if chosen position out (or -1) left and period in (or
// -1) joined.
func (p *chooser) cost(out, in int32) float64 {
	total := p.total
	copy(p.shift, p.sum)
	for i, c := range p.near {
		row := p.distance[i*p.n : (i+1)*p.n]
		now, k := -1, -1
		if c >= 0 {
			now = int(p.chosen[c])
			k = now
			total -= row[now]
		}
		if c == out && c >= 0 {
			k = -1
			if other := p.next[i]; other >= 0 {
				k = int(p.chosen[other])
			}
		}
		if k < 0 || in >= 0 && row[in] < row[k] {
			k = int(in)
		}
		total += row[k]
		if k != now {
			p.move(p.shift, now, k)
		}
	}
	return total + p.penalty(p.shift)
}

// build adds the best period until there are count.
func (p *chooser) build(count int) {
	p.nearest()
	for len(p.chosen) < count {
		best, low := int32(-1), math.Inf(1)
		for i := range int32(p.n) {
			if p.in[i] {
				continue
			}
			if c := p.cost(-1, i); c < low {
				best, low = i, c
			}
		}
		p.in[best] = true
		p.chosen = append(p.chosen, best)
		p.nearest()
	}
}

// swap makes the best exchange of a chosen for an unchosen period until none
// helps. The gain that counts is above rounding, so it ends.
func (p *chooser) swap() {
	low := p.cost(-1, -1)
	for {
		out, in, best := -1, int32(-1), low-1e-9*(1+low)
		for c := p.kept; c < len(p.chosen); c++ {
			for i := range int32(p.n) {
				if p.in[i] {
					continue
				}
				if v := p.cost(int32(c), i); v < best {
					out, in, best = c, i, v
				}
			}
		}
		if out < 0 {
			return
		}
		p.in[p.chosen[out]], p.in[in] = false, true
		p.chosen[out], low = in, best
		p.nearest()
	}
}

// assign lets another chosen period than the nearest stand for one, the best
// such change first, as long as the objective falls: a few weeks that lie
// between two chosen ones, given to the one or the other, set the means right.
func (p *chooser) assign() {
	for {
		period, to, best := -1, int32(-1), -1e-9
		for i := range p.n {
			now := int(p.chosen[p.near[i]])
			if now == i {
				continue // a chosen period stands for itself
			}
			for c, k := range p.chosen {
				copy(p.shift, p.sum)
				p.move(p.shift, now, int(k))
				gain := p.distance[i*p.n+int(k)] - p.distance[i*p.n+now] + p.penalty(p.shift) - p.penalty(p.sum)
				if gain < best {
					period, to, best = i, int32(c), gain
				}
			}
		}
		if period < 0 {
			return
		}
		p.move(p.sum, int(p.chosen[p.near[period]]), int(p.chosen[to]))
		p.near[period] = to
	}
}

func (p *chooser) selection(features []Feature) Selection {
	slices.Sort(p.chosen)
	p.nearest()
	p.assign()
	s := Selection{Representative: Representative{PeriodHours: p.hours, Chosen: p.chosen, Sequence: p.near}}
	frequency := s.Frequencies(len(features[0].Values))
	for _, f := range features {
		s.Errors = append(s.Errors, compare(f, s.Representative, frequency))
	}
	return s
}

// compare measures how the chosen periods stand for a feature. Two duration
// curves are compared tick by tick of the full one: the k-th highest of T hours
// against the chosen curve at duration k + 1/2.
func compare(f Feature, r Representative, frequency []float64) FeatureError {
	type part struct{ value, hours float64 }
	var parts []part
	e := FeatureError{Name: f.Name, Mean: mean(f.Values), Max: slices.Max(f.Values), Min: slices.Min(f.Values)}
	ticks := float64(len(f.Values))
	for k, period := range r.Chosen {
		first := int(period) * r.PeriodHours
		for _, v := range f.Values[first : first+r.PeriodHours] {
			parts = append(parts, part{v, frequency[k]})
			e.ChosenMean += v * frequency[k] / ticks
		}
	}
	slices.SortFunc(parts, func(a, b part) int {
		switch {
		case a.value > b.value:
			return -1
		case a.value < b.value:
			return 1
		}
		return 0
	})
	e.ChosenMax, e.ChosenMin = parts[0].value, parts[len(parts)-1].value
	sorted := slices.Clone(f.Values)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	at, until, squares := 0, parts[0].hours, 0.0
	for k, v := range sorted {
		for float64(k)+0.5 > until && at < len(parts)-1 {
			at++
			until += parts[at].hours
		}
		d := v - parts[at].value
		squares += d * d
	}
	e.DurationCurveRMSE = math.Sqrt(squares / ticks)
	return e
}

// String says an error in a line for the run's log.
func (e FeatureError) String() string {
	return fmt.Sprintf("%s: mean %.4g (all hours %.4g), highest %.4g (%.4g), lowest %.4g (%.4g), duration curve off by %.3g (RMS)",
		e.Name, e.ChosenMean, e.Mean, e.ChosenMax, e.Max, e.ChosenMin, e.Min, e.DurationCurveRMSE)
}
