package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/busbar/internal/powerflow"
	"example.org/busbar/internal/run"
	"example.org/busbar/internal/source/pypsa"

	"github.com/spf13/cobra"
)

// checking holds the flags of the AC power flow that checks a solved hour.
type checking struct {
	which  string // "" for none
	limits bool
	hold   bool
	spread bool
}

// whole is --ac without a value: all there is.
const whole = "all"

func (k *checking) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&k.which, "ac", "", "check by an AC power flow; of a PyPSA network which snapshots: all, a number from 1, or a label")
	f.Lookup("ac").NoOptDefVal = whole
	f.BoolVar(&k.limits, "ac-limits", false, "with --ac: buses keep to the limits of their reactive power")
	f.BoolVar(&k.spread, "ac-spread", false, "with --ac: generators share what is lost, by what they give, instead of the slack alone")
	f.BoolVar(&k.hold, "ac-hold", false, "with --ac, of a PyPSA network: every bus with a generator holds its voltage, whatever its control")
}

// take lets the word after --ac be its value, as in "solve NETWORK --ac 12".
func (k *checking) take(words *[]string) error {
	if (k.limits || k.hold || k.spread) && k.which == "" {
		return badInput("--ac-limits, --ac-spread and --ac-hold are for --ac")
	}
	if len(*words) < 2 {
		return nil
	}
	if k.which != whole {
		return badInput("read %q after %s; solve takes one file or folder", (*words)[1], (*words)[0])
	}
	k.which = (*words)[1]
	*words = (*words)[:1]
	return nil
}

// snapshots are the positions of those to be checked.
func (k *checking) snapshots(n *pypsa.Network) ([]int, error) {
	if k.which == "" {
		return nil, nil
	}
	var found []int
	for i := range n.Snapshots {
		if k.which == whole || n.Snapshots[i].Label == k.which {
			found = append(found, i)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	if i, err := strconv.Atoi(k.which); err == nil && i >= 1 && i <= len(n.Snapshots) {
		return []int{i - 1}, nil
	}
	return nil, badInput("--ac: read %q, takes all, a number from 1 to %d, or a snapshot's label such as %q", k.which, len(n.Snapshots), n.Snapshots[0].Label)
}

// checkNetwork checks snapshots of a solved network.
func checkNetwork(n *pypsa.Network, a *pypsa.Answer, snapshots []int, k *checking) (*acReport, error) {
	r := &acReport{}
	for _, i := range snapshots {
		net, err := a.PowerFlow(i, k.hold)
		if err == nil {
			err = r.check(net, n.Snapshots[i].Label, k)
		}
		if err != nil {
			return nil, badInput("--ac: %v", err)
		}
	}
	return r, nil
}

// more is what --json prints after an outcome where there is any of it.
type more struct {
	AC *acReport `json:"ac,omitempty"`
}

// finishMore is finish with more to print.
func (a *app) finishMore(o *run.Outcome, m more, asJSON bool, say func(io.Writer)) error {
	if !asJSON || m.AC == nil {
		return a.finish(o, asJSON, say)
	}
	if err := a.printJSON(struct {
		*run.Outcome
		more
	}{o, m}); err != nil {
		return err
	}
	return a.finish(o, false, func(io.Writer) {})
}

// acReport is what --json prints as "ac".
type acReport struct {
	Converged bool              `json:"converged"` // in every hour
	Hours     []*powerflow.Hour `json:"hours"`

	buses    []run.ACBus
	branches []run.ACBranch
	sizes    []int // buses of each hour
	spread   bool
}

// check adds an hour. name may be "".
func (r *acReport) check(n *powerflow.Network, name string, k *checking) error {
	o := powerflow.Options{Limits: k.limits, Spread: k.spread}
	h, res, err := powerflow.Check(n, name, o)
	if err != nil {
		return err
	}
	if !h.Converged && !slices.ContainsFunc(r.Hours, func(h *powerflow.Hour) bool { return !h.Converged }) {
		h.Reach = powerflow.FindReach(n, o)
	}
	r.spread = k.spread
	r.Converged = h.Converged && (r.Converged || len(r.Hours) == 0)
	r.Hours, r.sizes = append(r.Hours, h), append(r.sizes, len(n.Buses))
	if res == nil {
		return nil
	}
	for i := range n.Buses {
		b := &n.Buses[i]
		row := run.ACBus{
			Snapshot: name, Bus: b.Name, Kind: [...]string{"PQ", "PV", "slack"}[b.Kind], Voltage: res.V[i], Angle: res.Angle[i] * 180 / math.Pi,
			P: real(res.S[i]), Q: imag(res.S[i]),
		}
		if slices.Contains(res.Limited, i) {
			row.Kind = "PQ at a limit"
		}
		if b.VMin != 0 || b.VMax != 0 {
			row.Min, row.Max = number(b.VMin), number(b.VMax)
			row.Outside = res.V[i] < b.VMin-1e-6 || res.V[i] > b.VMax+1e-6
		}
		r.buses = append(r.buses, row)
	}
	for i := range n.Branches {
		b := &n.Branches[i]
		row := run.ACBranch{
			Snapshot: name, Branch: b.Name, From: n.Buses[b.From].Name, To: n.Buses[b.To].Name,
			PFrom: real(res.From[i]), QFrom: imag(res.From[i]), PTo: real(res.To[i]), QTo: imag(res.To[i]),
			Loss: real(res.From[i] + res.To[i]), DC: b.DC,
		}
		if share, ok := res.Loading(n, i); ok {
			rate := b.Rate
			row.Rate, row.Loading = &rate, &share
		}
		r.branches = append(r.branches, row)
	}
	return nil
}

// write keeps the tables, where an hour converged.
func (r *acReport) write(w *run.Writer) error {
	if r == nil || len(r.buses) == 0 {
		return nil
	}
	return w.AC(r.buses, r.branches)
}

// say prints what the check found; of many hours those that are worst.
func (r *acReport) say(out io.Writer) {
	if r == nil {
		return
	}
	if len(r.Hours) > 1 {
		r.sayMany(out)
		return
	}
	h := r.Hours[0]
	if !h.Converged {
		fmt.Fprintln(out, h.Why)
		sayReach(out, h)
		return
	}
	fmt.Fprintf(out, "AC power flow: %d iterations, largest mismatch %.1e MVA\n", h.Iterations, *h.Mismatch)
	giver := "the slack gives"
	if r.spread {
		giver = "the generators together give"
	}
	fmt.Fprintf(out, "  losses %.4g MW, where the DC power flow has %.4g; %s %.4g MW more than asked for\n", *h.Losses, h.DCLosses, giver, *h.Slack)
	fmt.Fprintf(out, "  voltages %.4f (bus %s) to %.4f p.u. (bus %s)\n", h.Lowest.Voltage, h.Lowest.Bus, h.Highest.Voltage, h.Highest.Bus)
	worst(out, h.Outside, r.sizes[0], "buses outside their voltage limits", func(v powerflow.Voltage) string { return fmt.Sprintf("%s at %.4f", v.Bus, v.Voltage) })
	worst(out, h.Overloads, 0, "branches above their rate", func(o powerflow.Overload) string {
		return fmt.Sprintf("%s (%s to %s) at %s", o.Branch, o.From, o.To, loading(o.Loading))
	})
	worst(out, h.Limited, 0, "buses at a limit of reactive power", func(s string) string { return s })
}

// worst prints the first of a list.
func worst[T any](out io.Writer, all []T, of int, what string, show func(T) string) {
	count := fmt.Sprint(len(all))
	if of > 0 {
		count += fmt.Sprintf(" of %d", of)
	}
	line := fmt.Sprintf("  %s %s", count, what)
	var few []string
	for _, v := range all[:min(len(all), 5)] {
		few = append(few, show(v))
	}
	if len(few) > 0 {
		line += ": " + strings.Join(few, ", ")
	}
	if len(all) > len(few) {
		line += " ..."
	}
	fmt.Fprintln(out, line)
}

// sayReach prints how far an hour that does not converge can be loaded.
func sayReach(out io.Writer, h *powerflow.Hour) {
	if r := h.Reach; r != nil {
		fmt.Fprintf(out, "  with %.0f %% of all powers it converges still, with the lowest voltage at bus %s, %.2f p.u.\n", 100*r.Share, r.Lowest.Bus, r.Lowest.Voltage)
	}
}

func (r *acReport) sayMany(out io.Writer) {
	good, loss, dc := 0, 0.0, 0.0
	outside, overloaded := 0, 0
	var low, high, load *powerflow.Hour
	for _, h := range r.Hours {
		if !h.Converged {
			continue
		}
		good++
		loss += *h.Losses
		dc += h.DCLosses
		if low == nil || h.Lowest.Voltage < low.Lowest.Voltage {
			low = h
		}
		if high == nil || h.Highest.Voltage > high.Highest.Voltage {
			high = h
		}
		if len(h.Outside) > 0 {
			outside++
		}
		if len(h.Overloads) > 0 {
			overloaded++
			if load == nil || h.Overloads[0].Loading > load.Overloads[0].Loading {
				load = h
			}
		}
	}
	fmt.Fprintf(out, "AC power flow: %d of %d snapshots converge\n", good, len(r.Hours))
	for _, h := range r.Hours {
		if !h.Converged {
			fmt.Fprintf(out, "  first that does not, %s: %s\n", h.Snapshot, h.Why)
			sayReach(out, h)
			break
		}
	}
	if good == 0 {
		return
	}
	fmt.Fprintf(out, "  losses %.4g MW in the mean, where the DC power flow has %.4g\n", loss/float64(good), dc/float64(good))
	fmt.Fprintf(out, "  voltages %.4f (bus %s, %s) to %.4f p.u. (bus %s, %s); in %d snapshots some are outside their limits\n",
		low.Lowest.Voltage, low.Lowest.Bus, low.Snapshot, high.Highest.Voltage, high.Highest.Bus, high.Snapshot, outside)
	if load == nil {
		fmt.Fprintln(out, "  no branch above its rate")
		return
	}
	fmt.Fprintf(out, "  in %d snapshots branches above their rate, the worst %s at %s (%s)\n", overloaded, load.Overloads[0].Branch, loading(load.Overloads[0].Loading), load.Snapshot)
}

// loading is a share of a rate, with more digits where little is missing to all
// of it.
func loading(share float64) string {
	if share < 1.01 {
		return fmt.Sprintf("%.3f %%", 100*share)
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}
