package series_test

import (
	"math"
	"os"
	"testing"
	"time"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/series"
	"example.org/busbar/internal/shared"
)

// Real files are read as they are. The figures are facts about the files,
// computed beside with awk.
func TestRealFiles(t *testing.T) {
	c, err := clock.New(clock.Spec{Year: 2030, Offset: "+07:00"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, path, column string
		opts               series.Options
		weather            int
		first, mean        float64 // on the study's clock
		notes              []string
	}{
		{
			name: "Nam Ou 5 by day, 2016 without 29 February", path: "data/hydro/pownet-laos/laos_hydro_daily_MW_2016.csv",
			column: "NamOu5", first: 42.62, mean: 62.158630136986,
			notes: []string{"no 29 February", "rows of 1 d are repeated", "weather year 2016"},
		},
		{
			name: "Houay Ho in 1992, of 31 years", path: "data/hydro/pownet-thailand/lao_export_hydro_daily_MW_1976-2005_2016.csv",
			column: "HouayHo", weather: 1992, first: 8.04, mean: 58.630219178082,
			notes: []string{"weather year 1992"},
		},
		{
			name: "Lao load at Oudomxay", path: "data/demand/pownet-laos/laos_load_export_hourly_2016.csv",
			column: "Oudomsay", first: 4.15, mean: 5.603695205479,
			notes: []string{"no 29 February"},
		},
		{
			// Its source calls the hours UTC, but its sun is highest in row 13.8 of
			// 24, Guangdong's in row 13.0: with solar noon at 13:14 and 12:26 of
			// +08:00 (101.5 and 113.4 E) the rows are hours of +08:00, each named
			// by its end. So row 0 begins on 31 December at 23:00, and the study's
			// midnight at +07:00 is row 2. 29 February at +07:00 is rows 1418 to
			// 1441; the last two hours of the year are rows 0 and 1.
			name: "Yunnan's wind of 2020", path: "data/profiles/china-south/onwind_cf.csv", column: "Yunnan",
			opts:  series.Options{Start: time.Date(2019, 12, 31, 23, 0, 0, 0, time.FixedZone("", 8*3600)), Step: time.Hour},
			first: 0.1812, mean: 0.115678424658,
			notes: []string{"29 February 2020 is dropped", "2 hours"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			data, err := os.ReadFile(shared.Path(t, test.path))
			if err != nil {
				t.Fatal(err)
			}
			test.opts.Columns = []string{test.column}
			if test.opts.Zone == nil {
				test.opts.Zone = c.Start.Location()
			}
			table, err := series.Read(test.path, data, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			a, err := series.Align(table, c, test.weather)
			if err != nil {
				t.Fatal(err)
			}
			column, err := table.Find(test.column)
			if err != nil {
				t.Fatal(err)
			}
			x := a.Values(column)
			mean := 0.0
			for _, v := range x {
				mean += v / 8760
			}
			if x[0] != test.first || math.Abs(mean-test.mean) > 1e-9*test.mean {
				t.Errorf("first %g, mean %.12g; want %g, %.12g", x[0], mean, test.first, test.mean)
			}
			for _, note := range test.notes {
				if !hasNote(append(table.Notes, a.Notes...), note) {
					t.Errorf("no note of %q in %q, %q", note, table.Notes, a.Notes)
				}
			}
		})
	}
}
