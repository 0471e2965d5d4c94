package weather

import "time"

// Laos is the offset of Lao time.
const Laos = 7 * time.Hour

// Monthly shapes. Those from facts-D5 are general knowledge there, not found in
// a source; all are scaled to the annual means.
var (
	// facts-D5: best February to May, low June to August, 15 to 24 %.
	sunOudomxay = [12]float64{19, 22, 23.5, 24, 20.5, 16, 15, 15.5, 17.5, 18.5, 18.5, 17.5}
	// Assumption: foggy mornings in the valleys of the north, December and
	// January above all (facts-D5 names them).
	fogNorth = [12]float64{0.5, 0.3, 0.1, 0, 0, 0, 0, 0, 0, 0.1, 0.3, 0.5}
	// After the months of Yunnan's series of 2020 (0.18 0.14 0.23 0.15 0.16 0.11
	// 0.10 0.04 0.04 0.04 0.09 0.10), smoothed: one year, a province.
	windNorth = [12]float64{0.15, 0.17, 0.18, 0.17, 0.15, 0.12, 0.09, 0.06, 0.05, 0.06, 0.09, 0.12}
	// facts-D5.
	windSekong   = [12]float64{45, 42, 33, 22, 18, 28, 33, 32, 18, 28, 42, 45}
	riverCascade = [12]float64{6, 5, 5, 5, 6, 8, 11, 13, 13, 11, 9, 8}
	riverFree    = [12]float64{4, 3, 3, 3, 5, 9, 14, 17, 16, 12, 8, 6}
	// After the Lao load of 2016 by month (0.87 to 1.11, PowNet-Laos), smoothed,
	// with the hot season that facts-D5 names.
	loadMonth = [12]float64{0.91, 0.94, 1.03, 1.06, 1.07, 1.04, 1.02, 1.01, 1.00, 0.98, 0.97, 0.97}
	// After the same series by hour: peaks at midday and in the evening.
	loadDay = [24]float64{0.83, 0.80, 0.77, 0.75, 0.75, 0.77, 0.92, 1.10, 1.19, 1.19, 1.14, 1.09,
		1.19, 1.23, 1.18, 1.12, 1.02, 0.98, 1.04, 1.05, 1.07, 1.00, 0.92, 0.87}
	// Assumption: Yunnan has power to sell when its rivers are high (June to
	// October); it cut its own smelters in November to May (facts-K3).
	yunnanSells = [12]float64{0.4, 0.4, 0.4, 0.4, 0.5, 1, 1, 1, 1, 1, 0.7, 0.5}
	// Assumption: dear in the dry season, cheap in the wet, as multiples of the
	// year's mean.
	yunnanAsks = [12]float64{1.2, 1.2, 1.2, 1.2, 1.1, 0.8, 0.7, 0.7, 0.75, 0.9, 1.1, 1.15}
)

// perHour turns shares of a year's amount by month into the months' means.
func perHour(share [12]float64) [12]float64 {
	for m, days := range [12]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31} {
		share[m] /= days
	}
	return share
}

// Oudomxay are the series of the park in the north:
//
//	sun            1        mean 0.188 (facts-D1, AC, CGN's phase 1)
//	wind           1        mean 0.18 (facts-K2), afternoon peak as Yunnan's
//	nam_ou         1        power of the cascade, mean 0.46 (facts-D1), shape facts-D5
//	inflow         1        an unregulated river, multiples of its mean, shape facts-D5
//	load           1        multiples of the mean, shape after PowNet-Laos
//	yunnan_import  1        share of the line that Yunnan can fill (assumption)
//	yunnan_price   1        multiples of the mean price (assumption)
func Oudomxay() []Maker {
	return []Maker{
		Sun{Name: "sun", Lat: 20.69, Lon: 101.98, CF: 0.188, Shape: sunOudomxay, Fog: fogNorth, With: 0.75},
		Wind{Name: "wind", CF: 0.18, Shape: windNorth, K: 2, Swing: 0.25, Peak: 16, With: 0.7},
		River{Name: "nam_ou", Unit: "1", Mean: 0.46, Shape: perHour(riverCascade), Cap: 1, Memory: 0.95, Spread: 0.3, With: -0.5},
		River{Name: "inflow", Unit: "1", Mean: 1, Shape: perHour(riverFree), Memory: 0.93, Spread: 0.45, With: -0.5},
		Load{Name: "load", Unit: "1", Mean: 1, Shape: loadMonth, Day: loadDay, Rest: 0.93, Spread: 0.03, With: 0.3},
		Season{Name: "yunnan_import", Unit: "1", Month: yunnanSells, Water: 1, Max: 1},
		Season{Name: "yunnan_price", Unit: "1", Month: yunnanAsks, Water: -0.5},
	}
}

// Sekong are the series of the south: wind 0.32 (facts-D1, Monsoon) with two
// monsoons a year and, on ridges, a peak at night (assumption); sun 0.19
// (assumption) without fog; an unregulated river.
func Sekong() []Maker {
	return []Maker{
		Sun{Name: "sun", Lat: 15.34, Lon: 106.72, CF: 0.19, Shape: sunOudomxay, With: 0.75},
		Wind{Name: "wind", CF: 0.32, Shape: windSekong, K: 2.2, Swing: 0.1, Peak: 2, With: 0.7},
		River{Name: "inflow", Unit: "1", Mean: 1, Shape: perHour(riverFree), Memory: 0.93, Spread: 0.45, With: -0.5},
	}
}
