// Package run is the run folder: written once under a temporary name, renamed
// when whole, never changed after. docs/run-folder.md describes it for a
// stranger.
//
// What enters: a manifest, the inputs as they were read, the system as it was
// understood, and tables. What leaves: the folder, and the same things read
// back and verified.
package run

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"time"

	"example.org/busbar/lp"
)

// Format is the version of the folder's layout.
const Format = 1

// Seconds are the wall-clock times of the parts of a run.
type Seconds struct {
	Load  float64 `json:"load"`
	Build float64 `json:"build"`
	Solve float64 `json:"solve"`
	Write float64 `json:"write"`
}

// Outcome is the object that --json prints; absent numbers are null.
type Outcome struct {
	Status      string          `json:"status"` // optimal, infeasible, unbounded, limit, cancelled, unproved, bad-input
	Objective   *float64        `json:"objective"`
	Constant    *float64        `json:"objective_constant"`
	Solver      string          `json:"solver"`
	Rows        int             `json:"rows"`
	Cols        int             `json:"cols"`
	Nonzeros    int             `json:"nonzeros"`
	Seconds     Seconds         `json:"seconds"`
	PeakMiB     float64         `json:"peak_mib"`
	Certificate *lp.Certificate `json:"certificate"`
	LPHash      string          `json:"lp_hash"`
	Run         *string         `json:"run"`

	// Of a rolling horizon: the objective of each window, of which Objective is the
	// last, and what the joined answer comes to.
	Windows []float64 `json:"windows,omitempty"`
	Total   *float64  `json:"total,omitempty"`
}

// Cost is what an answer comes to: its objective, or of a rolling horizon the
// total; nil without an answer.
func (o *Outcome) Cost() *float64 {
	if o.Total != nil {
		return o.Total
	}
	return o.Objective
}

// CostName is what Cost is called.
func (o *Outcome) CostName() string {
	if o.Total != nil {
		return fmt.Sprintf("%d windows, together", len(o.Windows))
	}
	return "objective"
}

// CostUnit is the unit of Cost, with a space before it: money a year (an hour of no
// year), or nothing for the sum of sizes that an alternative makes least.
func (m *Manifest) CostUnit() string {
	switch {
	case m.Currency == "" || m.LeastCost != nil:
		return ""
	case len(m.Periods) > 0:
		return fmt.Sprintf(" %s, the worth of all years in %d", m.Currency, m.BaseYear)
	case m.Year == 0:
		return " " + m.Currency + " an hour"
	}
	return " " + m.Currency + " a year"
}

// Manifest says what a run was made of and how it ended.
type Manifest struct {
	Format    int       `json:"format"`
	Busbar    string    `json:"busbar"` // version
	Created   time.Time `json:"created"`
	System    string    `json:"system"`
	Study     string    `json:"study"`
	Title     string    `json:"title,omitempty"`
	Point     string    `json:"point,omitempty"`  // of a sweep
	Builds    string    `json:"builds,omitempty"` // study (and LP hash) whose capacities were taken
	Currency  string    `json:"currency"`
	BaseYear  int       `json:"base_year"`
	Discount  float64   `json:"discount"`
	Year      int       `json:"year"` // 0: the run is of one hour of no year
	Weather   int       `json:"weather,omitempty"`
	Synthetic bool      `json:"synthetic_weather,omitempty"`
	Product   string    `json:"product,omitempty"`
	Machine   Machine   `json:"machine"`
	Inputs    []Input   `json:"inputs"`
	InputHash string    `json:"inputs_sha256"`
	Seed      int64     `json:"seed"`
	Notes     []string  `json:"notes"`
	Common    *Common   `json:"common_step,omitempty"`
	Rolling   *Rolling  `json:"rolling,omitempty"`
	Periods   []Period  `json:"periods,omitempty"`    // investment periods by calendar years
	LeastCost *float64  `json:"least_cost,omitempty"` // of a near-optimal alternative: the objective beside which it is near
	Attempts  string    `json:"attempts,omitempty"`   // solvers tried before the one that answered
	Outcome
}

// Common is the size that the problem would have had if everything had been
// planned on one step, the finest of those used; absent where there is only one.
type Common struct {
	Steps []string `json:"steps"` // that commodities use, from fine to coarse; the first would be common
	Rows  int      `json:"rows"`
	Cols  int      `json:"cols"`
}

// Rolling says how a horizon was solved in windows, one after the other.
type Rolling struct {
	Horizon float64 `json:"horizon"`
	Overlap float64 `json:"overlap"`
	Unit    string  `json:"unit"` // h, or snapshots
	Windows int     `json:"windows"`
	Start   float64 `json:"start,omitempty"`  // share of their size that stores began with
	Afresh  bool    `json:"afresh,omitempty"` // each window counted anew
}

// Period is a calendar year that stands for several.
type Period struct {
	Name   string  `json:"name"`
	Years  float64 `json:"years"`
	Weight float64 `json:"weight"` // what a year's money in it counts in the objective, all its years summed
}

// Machine names where a run was made.
type Machine struct {
	OS, Arch, Go string
	CPUs         int
}

// Here is this machine.
func Here() Machine {
	return Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(), CPUs: runtime.NumCPU()}
}

// Input is a file that was read, kept under inputs/.
type Input struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Writer fills a run folder under a temporary name.
type Writer struct {
	dir, tmp string
	made     []string // folders above it that were not there, deepest first
}

// ErrExists says that the folder asked for is there already.
var ErrExists = errors.New("the run folder exists already")

// Create starts a run folder that will be at dir. Nothing is at dir before
// Commit; what a crash leaves is a hidden folder beside it.
func Create(dir string) (*Writer, error) {
	if _, err := os.Lstat(dir); err == nil {
		return nil, fmt.Errorf("%s: %w; runs are never overwritten, choose another --out", dir, ErrExists)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	parent := filepath.Dir(dir)
	w := &Writer{dir: dir}
	for up := parent; ; up = filepath.Dir(up) {
		if _, err := os.Lstat(up); !errors.Is(err, fs.ErrNotExist) || up == filepath.Dir(up) {
			break
		}
		w.made = append(w.made, up)
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+".partial-")
	if err != nil {
		return nil, err
	}
	w.tmp = filepath.Clean(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		w.Discard()
		return nil, err
	}
	return w, nil
}

// Dir is where the folder will be.
func (w *Writer) Dir() string { return w.dir }

// Discard removes what was written so far, and the folders above that were made
// for it alone; after Commit it does nothing.
func (w *Writer) Discard() {
	if w.tmp == "" {
		return
	}
	os.RemoveAll(w.tmp)
	w.tmp = ""
	for _, dir := range w.made {
		os.Remove(dir) // not if it holds anything
	}
}

// Input keeps a copy of an input file and returns its line for the manifest.
func (w *Writer) Input(path string, data []byte) (Input, error) {
	sum := sha256.Sum256(data)
	if err := w.file(filepath.Join("inputs", filepath.FromSlash(path)), data); err != nil {
		return Input{}, err
	}
	return Input{Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}, nil
}

// JSON writes a value as an indented JSON file.
func (w *Writer) JSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.file(name, append(data, '\n'))
}

func (w *Writer) file(name string, data []byte) error {
	full := filepath.Join(w.tmp, name)
	if !strings.HasPrefix(full, w.tmp+string(filepath.Separator)) {
		return fmt.Errorf("%s: leads out of the run folder", name)
	}
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Commit writes the manifest last and gives the folder its name.
func (w *Writer) Commit(m *Manifest) error {
	m.Format = Format
	if m.Notes == nil {
		m.Notes = []string{}
	}
	sort.Slice(m.Inputs, func(i, j int) bool { return m.Inputs[i].Path < m.Inputs[j].Path })
	m.InputHash = HashInputs(m.Inputs)
	if err := w.JSON("manifest.json", m); err != nil {
		return err
	}
	if err := os.Rename(w.tmp, w.dir); err != nil {
		return err
	}
	w.tmp = ""
	return nil
}

// HashInputs is one hash over the paths and hashes of all inputs.
func HashInputs(in []Input) string {
	h := sha256.New()
	for _, f := range in {
		fmt.Fprintf(h, "%s %s\n", f.SHA256, f.Path)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Folder is a run read back.
type Folder struct {
	Dir      string
	Manifest Manifest
}

// Open reads a run's manifest.
func Open(dir string) (*Folder, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: not a run folder (no manifest.json)", dir)
	}
	if err != nil {
		return nil, err
	}
	f := &Folder{Dir: dir}
	if err := json.Unmarshal(data, &f.Manifest); err != nil {
		return nil, fmt.Errorf("%s: manifest.json cannot be read: %w", dir, err)
	}
	if f.Manifest.Format != Format {
		return nil, fmt.Errorf("%s: run folder of format %d; this busbar reads format %d", dir, f.Manifest.Format, Format)
	}
	return f, nil
}

// Verify compares the kept inputs with the manifest's hashes.
func (f *Folder) Verify() error {
	var bad []error
	for _, in := range f.Manifest.Inputs {
		got, err := hashFile(filepath.Join(f.Dir, "inputs", filepath.FromSlash(in.Path)))
		if err != nil {
			bad = append(bad, err)
		} else if got != in.SHA256 {
			bad = append(bad, fmt.Errorf("inputs/%s: changed since the run (its hash differs from the manifest's)", in.Path))
		}
	}
	if HashInputs(f.Manifest.Inputs) != f.Manifest.InputHash {
		bad = append(bad, errors.New("manifest.json: the list of inputs does not match its own hash"))
	}
	return errors.Join(bad...)
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// System reads system.json.
func (f *Folder) System() (*System, error) {
	data, err := os.ReadFile(filepath.Join(f.Dir, "system.json"))
	if err != nil {
		return nil, err
	}
	var s System
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("%s: system.json cannot be read: %w", f.Dir, err)
	}
	return &s, nil
}
