package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

// networks compares PyPSA networks of the generator, exported by PyPSA and read
// by both sides: time and memory from the files to the solver's arrays, and of
// a month the whole process with the same algorithm of HiGHS.
func (r *report) networks(list []Case) error {
	r.say("\n### A PyPSA network to the solver's arrays\n")
	r.say("The network as PyPSA exports it. PyPSA: from the network in memory (reading it stands apart). Busbar: from its files. Median of %d processes each, in turn. On a busy machine the processor's seconds say more.\n", r.repeat)
	r.say("| buses x hours | PyPSA reads .nc s | PyPSA s | Busbar CSV s | Busbar .nc s | faster by | processor seconds: PyPSA, CSV, .nc | by these | PyPSA peak MiB | Busbar peak MiB | share |")
	r.say("|---|---|---|---|---|---|---|---|---|---|---|")
	for _, c := range list {
		folder, err := r.export(c)
		if err != nil {
			return err
		}
		var read, theirs, csv, nc, theirMiB, ourMiB, theirCPU, csvCPU, ncCPU []float64
		for range r.repeat {
			p, err := r.pypsa("file", folder+".nc")
			if err != nil {
				return err
			}
			b, err := r.probe(folder, "-network")
			if err != nil {
				return err
			}
			k, err := r.probe(folder+".nc", "-network")
			if err != nil {
				return err
			}
			read, theirs, theirMiB = append(read, p.Load), append(theirs, p.Model+p.Arrays), append(theirMiB, p.PeakMiB)
			csv, nc = append(csv, b.Load+b.Expand+b.Build), append(nc, k.Load+k.Expand+k.Build)
			ourMiB = append(ourMiB, math.Max(b.PeakMiB, k.PeakMiB))
			theirCPU, csvCPU, ncCPU = append(theirCPU, p.CPU), append(csvCPU, b.CPU), append(ncCPU, k.CPU)
			r.figures[fmt.Sprintf("network %s #%d", c, len(csv))] = map[string]any{"pypsa": p, "csv": b, "nc": k}
		}
		faster, share := median(theirs)/math.Max(median(csv), median(nc)), median(ourMiB)/median(theirMiB)
		r.say("| %s | %.2f | %.2f | %.3f | %.3f | **%.0fx** | %.2f, %.2f, %.2f | %.0fx | %.0f | %.0f | **%.2f** |", c,
			median(read), median(theirs), median(csv), median(nc), faster,
			median(theirCPU), median(csvCPU), median(ncCPU), median(theirCPU)/math.Max(median(csvCPU), median(ncCPU)),
			median(theirMiB), median(ourMiB), share)
		r.against(c.String()+", network's load and build", faster, 10, "x", true)
		r.against(c.String()+", network's peak memory", share, 0.25, "", false)
		os.RemoveAll(filepath.Dir(folder))
	}
	return r.whole()
}

// export writes the network of a case as PyPSA does, FOLDER and FOLDER.nc.
func (r *report) export(c Case) (folder string, err error) {
	dir, err := r.make(c)
	if err != nil {
		return "", err
	}
	folder = filepath.Join(dir, "network")
	_, err = r.pypsa("export", dir, folder)
	return folder, err
}

// whole compares the whole process, from its start to the answer, HiGHS's
// interior point without crossover on both sides.
func (r *report) whole() error {
	least := Case{Buses: 6, Days: 31, Seed: 1}
	folder, err := r.export(least)
	if err != nil {
		return err
	}
	none := filepath.Join(r.scratch, "no-options.json")
	if err := os.WriteFile(none, []byte("{}"), 0o644); err != nil {
		return err
	}
	theirs := &PyPSA{}
	wall, err := process(patience, []string{"PYTHONPATH=" + r.env}, theirs, r.python, "-s", r.model, "answer", folder+".nc", none, "ipm")
	if err != nil {
		return err
	}
	ours := &Run{}
	mine, err := process(patience, nil, ours, r.busbar, "solve", folder+".nc", "--solver", "highs:ipx", "--json")
	if err != nil {
		return err
	}
	if !ours.proved() || theirs.Condition != "optimal" {
		return fmt.Errorf("%s: PyPSA ended %s, Busbar %s", least, theirs.Condition, ours.Status)
	}
	if apart := math.Abs(*ours.Objective-theirs.Objective) / (1 + math.Abs(theirs.Objective)); !(apart <= agree) {
		return fmt.Errorf("%s: the optima differ by %.1e", least, apart)
	}
	r.figures["whole "+least.String()] = map[string]any{"pypsa": theirs, "pypsa_wall": wall, "busbar": ours, "busbar_wall": mine}
	r.say("\n%s from .nc to the answer, whole process, HiGHS's interior point without crossover on both sides: PyPSA %.1f s, Busbar %.1f s, %.1f times faster.", least, wall, mine, wall/mine)
	return nil
}

// few is how many small cases are compared.
const few = 50

// small compares the shared PyPSA cases, each from the start of its process to
// the answer.
func (r *report) small(shared string) error {
	root := filepath.Join(shared, "cases", "pypsa")
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	r.say("\n### Small PyPSA cases, from the start of the process to the answer\n")
	limit := few
	if r.quick {
		limit = 5
	}
	var theirs, ours []float64
	var sum, mine, worst, sumBusy, mineBusy float64
	for _, e := range entries {
		options := filepath.Join(root, e.Name(), "expected.json")
		if len(ours) == limit {
			break
		}
		if !isSmall(options) {
			continue
		}
		file := filepath.Join(root, e.Name(), "network.nc")
		p := &PyPSA{}
		wall, busy, err := timed(patience, []string{"PYTHONPATH=" + r.env}, p, r.python, "-s", r.model, "answer", file, options)
		if err != nil {
			return err
		}
		b := &Run{}
		own, ownBusy, err := timed(time.Minute, nil, b, r.busbar, "solve", file, "--pypsa-options", options, "--gap", "1e-7", "--json")
		if err != nil {
			return err
		}
		if b.Objective == nil || p.Condition != "optimal" {
			return fmt.Errorf("%s: PyPSA ended %s, Busbar %s", e.Name(), p.Condition, b.Status)
		}
		worst = math.Max(worst, math.Abs(*b.Objective-p.Objective)/(1+math.Abs(p.Objective)))
		theirs, ours = append(theirs, wall), append(ours, own)
		sum, mine, sumBusy, mineBusy = sum+wall, mine+own, sumBusy+busy, mineBusy+ownBusy
		r.figures["small "+e.Name()] = map[string]any{"pypsa": p, "pypsa_wall": wall, "busbar": b, "busbar_wall": own, "pypsa_cpu": busy, "busbar_cpu": ownBusy}
	}
	if len(ours) == 0 {
		return fmt.Errorf("no cases in %s", root)
	}
	r.say("%d cases from .nc: PyPSA %.1f s in all, median %.2f s; Busbar %.1f s in all, median %.3f s. The objectives differ by at most %.1e. Of the processor's seconds PyPSA takes %.1f, Busbar %.2f: %.0f times less.\n", len(ours), sum, median(theirs), mine, median(ours), worst, sumBusy, mineBusy, sumBusy/mineBusy)
	if !(worst <= 1e-4) { // PyPSA's own gap of integers
		return fmt.Errorf("the objectives differ by %.1e", worst)
	}
	r.against("small cases, whole process", sum/mine, 20, "x", true)
	return nil
}

// isSmall reports whether a case is one problem of a few thousand rows at most.
func isSmall(options string) bool {
	data, err := os.ReadFile(options)
	if err != nil {
		return false
	}
	var o struct {
		Entry string `json:"entry_point"`
		Sizes struct {
			Rows int `json:"rows"`
		} `json:"sizes"`
	}
	return json.Unmarshal(data, &o) == nil && (o.Entry == "optimize" || o.Entry == "security_constrained") && o.Sizes.Rows > 0 && o.Sizes.Rows < 5000
}
