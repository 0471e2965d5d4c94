// Package realpark sets the oudomxay example on series of real years, so that
// what synthetic weather hides can be seen: Yunnan's sun and wind of 2020, the power of
// three Nam Ou plants in 2016, and the load of northern Laos in 2016.
//
// What enters: the folder of shared data. What leaves: a workspace with the
// example, the converted series under series/, and the studies of studies/
// beside the example's own. Each file keeps the year it was measured or modelled for; a
// study without a weather year takes the only year of each file.
package realpark

import (
	"embed"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"example.org/busbar/internal/example"
)

//go:embed studies/*.yaml
var studies embed.FS

// Write makes the workspace in a folder that is not there yet, or is empty.
// data is the folder "data" of the shared material.
func Write(data, dir string) error {
	if err := example.Write(dir, "oudomxay"); err != nil {
		return err
	}
	list, err := studies.ReadDir("studies")
	if err != nil {
		return err
	}
	for _, f := range list {
		text, err := studies.ReadFile("studies/" + f.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "studies", f.Name()), text, 0o644); err != nil {
			return err
		}
	}
	for _, make := range []func(data, dir string) error{yunnan, namOu, north} {
		if err := make(data, dir); err != nil {
			return err
		}
	}
	return nil
}

// yunnan converts the capacity factors of 2020. Their rows are numbered hours
// that the file's note calls UTC; they are hours of +08:00 named by their end:
// the sun's rows centre on 13.78, and at 101.7 E the sun is highest at
// 12 + (120 - 101.7)/15 = 13.22 of +08:00, so that row 13 is the hour that ends
// at 13:00. Row 0 is the hour from 2019-12-31T23:00+08:00.
func yunnan(data, dir string) error {
	sun, err := read(filepath.Join(data, "profiles", "china-south", "solar_cf.csv"))
	if err != nil {
		return err
	}
	wind, err := read(filepath.Join(data, "profiles", "china-south", "onwind_cf.csv"))
	if err != nil {
		return err
	}
	if len(sun.rows) != len(wind.rows) {
		return fmt.Errorf("yunnan: %d hours of sun and %d of wind", len(sun.rows), len(wind.rows))
	}
	w := newWriter("time,sun [1],wind [1]")
	start := time.Date(2019, 12, 31, 23, 0, 0, 0, time.FixedZone("", 8*3600))
	for i := range sun.rows {
		if sun.text(i, "hour") != strconv.Itoa(i) || wind.text(i, "hour") != strconv.Itoa(i) {
			return fmt.Errorf("yunnan: row %d is not hour %d", i+2, i)
		}
		w.row(start.Add(time.Duration(i)*time.Hour), sun.text(i, "Yunnan"), wind.text(i, "Yunnan"))
	}
	return w.write(filepath.Join(dir, "series", "yunnan-2020.csv"))
}

// The offered share of Nam Ou is 600 MW, and a cubic metre gives 0.6 kWh in
// system.yaml. The plants in the data are those of phase 1: Nam Ou 2, 5, 6.
const (
	offered      = 600.0           // MW
	phaseOne     = 120 + 180 + 240 // MW
	productivity = 600.0           // MWh/Mm3
)

var plants = []string{"NamOu2", "NamOu5", "NamOu6"}

// namOu converts the power of phase 1 by day, scaled to the offered share: as
// a share of capacity, and as the water that gives it in system.yaml's lake.
// The data are simulated power after the plants' own lakes, not inflow; the
// 29 February is absent.
func namOu(data, dir string) error {
	t, err := read(filepath.Join(data, "hydro", "pownet-laos", "laos_hydro_daily_MW_2016.csv"))
	if err != nil {
		return err
	}
	w := newWriter("time,share [1],inflow [m3/s]")
	for i := range t.rows {
		day, err := t.stamp(i)
		if err != nil {
			return err
		}
		power := 0.0
		for _, p := range plants {
			v, err := t.number(i, p)
			if err != nil {
				return err
			}
			power += v
		}
		share := power / phaseOne
		w.row(day, digits(share, 6), digits(share*offered/productivity/0.0036, 4))
	}
	return w.write(filepath.Join(dir, "series", "nam-ou-2016.csv"))
}

// domestic is what Laos used in 2023, that the load of 2016 is scaled to.
const domestic = 11.4e6 // MWh

// Nodes of the northern provinces (Bokeo, Luang Namtha, Oudomxay, Luang
// Prabang, Xayabury), and the three that are exports to neighbours.
var (
	northern = []string{"Bountari", "LuangNamtha1", "Oudomsay", "NaMo2", "Luangprabang1", "Luangprabang2",
		"Pakmong2", "XiengNgum", "SeinSouk", "Xayabury", "Viengkeo", "Paklay"}
	exports = []string{"CambKhampongsalao", "EGATMaeMoh", "EGATNakhouPhanom"}
)

// north sums the northern nodes' load, times what 2023 used over what all
// domestic nodes used in 2016.
func north(data, dir string) error {
	t, err := read(filepath.Join(data, "demand", "pownet-laos", "laos_load_export_hourly_2016.csv"))
	if err != nil {
		return err
	}
	abroad := map[string]bool{"": true, "Year": true, "Month": true, "Day": true, "Hour": true}
	for _, n := range exports {
		if _, ok := t.column[n]; !ok {
			return fmt.Errorf("%s: no column %s", t.name, n)
		}
		abroad[n] = true
	}
	var stamps []time.Time
	var load []float64
	all := 0.0
	for i := range t.rows {
		stamp, err := t.stamp(i)
		if err != nil {
			return err
		}
		for n := range t.column {
			if abroad[n] {
				continue
			}
			v, err := t.number(i, n)
			if err != nil {
				return err
			}
			all += v
		}
		sum := 0.0
		for _, n := range northern {
			v, err := t.number(i, n)
			if err != nil {
				return err
			}
			sum += v
		}
		stamps, load = append(stamps, stamp), append(load, sum)
	}
	w := newWriter("time,load [MW]")
	for i, v := range load {
		w.row(stamps[i], digits(v*domestic/all, 3))
	}
	return w.write(filepath.Join(dir, "series", "north-2016.csv"))
}

// source is a CSV file as it was published.
type source struct {
	name   string
	column map[string]int
	rows   [][]string
}

func read(name string) (*source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("%s: no rows", name)
	}
	t := &source{name: filepath.Base(name), column: map[string]int{}, rows: all[1:]}
	for i, n := range all[0] {
		t.column[n] = i
	}
	return t, nil
}

// text is a cell, "" where there is no such column.
func (t *source) text(row int, column string) string {
	i, ok := t.column[column]
	if !ok {
		return ""
	}
	return t.rows[row][i]
}

func (t *source) number(row int, column string) (float64, error) {
	v, err := strconv.ParseFloat(t.text(row, column), 64)
	if err != nil {
		return 0, fmt.Errorf("%s:%d: %s: read %q, takes a number", t.name, row+2, column, t.text(row, column))
	}
	return v, nil
}

// stamp is the row's Year, Month, Day and, if there is one, Hour, in Lao time.
func (t *source) stamp(row int) (time.Time, error) {
	var part [4]int
	for k, n := range []string{"Year", "Month", "Day", "Hour"} {
		if _, ok := t.column[n]; !ok && n == "Hour" {
			continue
		}
		v, err := strconv.Atoi(t.text(row, n))
		if err != nil {
			return time.Time{}, fmt.Errorf("%s:%d: %s: read %q, takes a whole number", t.name, row+2, n, t.text(row, n))
		}
		part[k] = v
	}
	return time.Date(part[0], time.Month(part[1]), part[2], part[3], 0, 0, 0, time.FixedZone("", 7*3600)), nil
}

// writer makes a series file.
type writer struct{ strings.Builder }

func newWriter(header string) *writer {
	w := &writer{}
	w.WriteString(header + "\n")
	return w
}

func (w *writer) row(at time.Time, cells ...string) {
	w.WriteString(at.Format("2006-01-02T15:04-07:00") + "," + strings.Join(cells, ",") + "\n")
}

func (w *writer) write(name string) error { return os.WriteFile(name, []byte(w.String()), 0o644) }

func digits(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }
