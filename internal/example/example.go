// Package example holds the workspaces that `busbar new` writes: the planner's
// files as they stand here, and series from the weather generator, made on the
// spot from a fixed seed.
//
// What enters: the name of an example. What leaves: a workspace folder.
package example

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"example.org/busbar/internal/system"
	"example.org/busbar/internal/weather"
)

//go:embed all:first all:oudomxay all:sekong all:vietnam-laos all:mekong
var files embed.FS

// example is one built-in workspace.
type example struct {
	doc    string
	series map[string]weather.Spec // by path in the workspace
	parts  []string                // other examples that it includes, in folders of their names
}

var examples = map[string]example{
	"first":        {doc: "ten lines that solve at once: a town, wind, sun and a battery", series: map[string]weather.Spec{"series/weather.csv": first()}},
	"oudomxay":     {doc: "500 kt of aluminium a year on a 2 GW clean-energy base", series: map[string]weather.Spec{"series/weather.csv": oudomxay()}},
	"sekong":       {doc: "1 Mt of alumina a year at Dak Cheung: ore, coal, caustic and a gate", series: map[string]weather.Spec{"series/weather.csv": sekong()}},
	"mekong":       {doc: "the three as one: alumina, power and coal, each for whom it pays", parts: []string{"oudomxay", "sekong", "vietnam-laos"}},
	"vietnam-laos": {doc: "power, coal and fuel across a border: prices, a gate, a crisis", series: map[string]weather.Spec{"series/weather.csv": vietnamLaos()}},
}

// Names lists the examples with a line about each.
func Names() [][2]string {
	var out [][2]string
	for name, e := range examples {
		out = append(out, [2]string{name, e.doc})
	}
	sort.Slice(out, func(i, j int) bool { return out[i][0] < out[j][0] })
	return out
}

// Write makes the workspace of an example in a folder that is not there yet,
// or is empty.
func Write(dir, name string) error {
	e, ok := examples[name]
	if !ok {
		var names []string
		for _, n := range Names() {
			names = append(names, n[0])
		}
		return fmt.Errorf("read example %q, there are %s", name, strings.Join(names, ", "))
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return fmt.Errorf("%s is not empty; a new workspace takes a folder of its own", dir)
	}
	put := func(name string, data []byte) error {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		return os.WriteFile(full, data, 0o644)
	}
	if err := e.write(name, put); err != nil {
		return err
	}
	for _, part := range e.parts {
		err := examples[part].write(part, func(name string, data []byte) error {
			if strings.HasPrefix(name, "studies/") { // those of an included workspace are not read
				return nil
			}
			return put(path.Join(part, name), data)
		})
		if err != nil {
			return err
		}
	}
	for file, schema := range system.Schemas() {
		if err := put(path.Join(".busbar", file), schema); err != nil {
			return err
		}
	}
	return put(".gitignore", []byte("/runs/\n"))
}

// write puts an example's own files and its series.
func (e example) write(name string, put func(string, []byte) error) error {
	err := fs.WalkDir(files, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		return put(strings.TrimPrefix(p, name+"/"), data)
	})
	if err != nil {
		return err
	}
	for file, spec := range e.series {
		w, err := weather.Generate(spec)
		if err != nil {
			return err
		}
		var csv bytes.Buffer
		if err := w.WriteCSV(&csv); err != nil {
			return err
		}
		if err := put(file, csv.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// first is a year for a small town in the north.
func first() weather.Spec {
	spec := oudomxay()
	spec.Years = spec.Years[1:]
	spec.Series = weather.Pick(weather.Oudomxay(), "sun", "wind", "load")
	return spec
}

// oudomxay has a typical year, 2019, and the one-in-ten dry year, 1992, of
// weather.Oudomxay's sun and wind, and of the water of the offered share of
// Nam Ou: 125.8 m3/s x 600 MWh/Mm3 x 31.536 Mm3 a year per m3/s = 2.38 TWh, the
// cascade's 5.05 TWh (facts-D1) by 600 of its 1,272 MW.
func oudomxay() weather.Spec {
	river := weather.Pick(weather.Oudomxay(), "inflow")[0].(weather.River)
	river.Name, river.Unit, river.Mean = "nam_ou", "m3/s", 125.8
	return weather.Spec{
		Seed: 2030, Offset: weather.Laos,
		Years:  []weather.Year{weather.DryYear(1992, 0.1), weather.TypicalYear(2019)},
		Series: append(weather.Pick(weather.Oudomxay(), "sun", "wind"), river),
	}
}

// sekong has a typical year, 2019, and the one-in-ten dry year, 1992, of
// weather.Sekong's wind, and of plants on
// rivers of its south whose water is taken as shaped like the Nam Ou cascade's,
// with its mean of 0.46 (facts-D1), for lack of series of their own.
func sekong() weather.Spec {
	hydro := weather.Pick(weather.Oudomxay(), "nam_ou")[0].(weather.River)
	hydro.Name = "hydro"
	return weather.Spec{
		Seed: 2030, Offset: weather.Laos,
		Years:  []weather.Year{weather.DryYear(1992, 0.1), weather.TypicalYear(2019)},
		Series: append(weather.Pick(weather.Sekong(), "wind"), hydro),
	}
}

// vietnamLaos has a typical year, 2019, and the one-in-ten dry year, 1992, of
// weather.Sekong's wind and of three rivers with its free river's shape: the
// water of Xekaman 3 (29 m3/s turn into its 978 GWh a year), what joins it down
// to Xekaman 1 (115 m3/s, assumed), and the power of small plants (half of their
// capacity, assumed); and the load of weather.Oudomxay.
func vietnamLaos() weather.Spec {
	river := func(name, unit string, mean, most float64) weather.River {
		r := weather.Pick(weather.Sekong(), "inflow")[0].(weather.River)
		r.Name, r.Unit, r.Mean, r.Cap = name, unit, mean, most
		return r
	}
	return weather.Spec{
		Seed: 2030, Offset: weather.Laos,
		Years: []weather.Year{weather.DryYear(1992, 0.1), weather.TypicalYear(2019)},
		Series: append(weather.Pick(weather.Sekong(), "wind"),
			river("xekaman_3", "m3/s", 29, 0), river("xekaman_1", "m3/s", 115, 0), river("south_hydro", "1", 0.5, 1),
			weather.Pick(weather.Oudomxay(), "load")[0]),
	}
}
