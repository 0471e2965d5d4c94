package highs

import (
	"errors"
	"time"

	"example.org/busbar/internal/foreign"
)

// Info says which library there is.
type Info struct {
	Version string // "1.15.1"
	Path    string // what was opened: a file, or the name the loader found
	HiPO    bool   // its interior point HiPO works: highs_extras is beside it
}

// Probe opens the library in a child process and says what it is. The error
// wraps ErrNoLibrary where there is none.
func Probe() (Info, error) {
	proc, err := startChild()
	if err != nil {
		return Info{}, err
	}
	go func() {
		w := foreign.NewWriter(proc.Stdin)
		w.Encode(&request{Probe: true, Libraries: place.Candidates()})
		w.Flush()
	}()
	kill := time.AfterFunc(20*time.Second, proc.Kill)
	defer kill.Stop()
	var m message
	readErr := foreign.NewReader(proc.Stdout).Decode(&m)
	how := proc.End()
	switch {
	case readErr != nil:
		return Info{}, crash(how)
	case m.Failure != "":
		return Info{}, refusal(m)
	case m.Info == nil:
		return Info{}, errors.New("highs: the library's process gave no answer")
	}
	return *m.Info, nil
}

// probe solves one tiny problem with HiPO: whether its helper can be opened
// shows in no other way.
func (c *child) probe() *Info {
	l := c.lib
	info := &Info{Version: l.version(), Path: l.path}
	h := l.create()
	l.setBool(h, "output_flag", 0)
	l.setString(h, "presolve", "off")
	l.setString(h, "run_crossover", "off")
	if l.setString(h, "solver", HiPO) == runError {
		return info
	}
	// min x + y, x + 2y >= 2, x, y >= 0
	inf := l.infinity(h)
	cost, lower, upper := []float64{1, 1}, []float64{0, 0}, []float64{inf, inf}
	rowLower, rowUpper := []float64{2}, []float64{inf}
	start, index, value := []int32{0, 1, 2}, []int32{0, 0}, []float64{1, 2}
	l.passModel(h, 2, 1, 2, 0, formatColumns, hessianLower, minimise, 0, &cost[0], &lower[0], &upper[0],
		&rowLower[0], &rowUpper[0], &start[0], &index[0], &value[0], nil, nil, nil, nil)
	code := l.run(h)
	var iterations int32
	l.intInfo(h, "ipm_iteration_count", &iterations)
	info.HiPO = code != runError && l.status(h) == modelOptimal && iterations > 0
	return info
}
