package formulate

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/primitive"
)

// network is a made-up year of hours with n buses in a ring: on each wind, sun,
// a plant with ramps, a battery, a reservoir, a potline with a catch-up window
// and metal by the day, a load; all built but the potline and the reservoir.
func network(t testing.TB, n, nDays int) *draft {
	d := on(days(t, nDays, clock.Step{N: 1, Unit: clock.Day}))
	ticks := d.Clock.Ticks()
	wave := func(phase, low, high float64) primitive.Series {
		v := make([]float64, ticks)
		for h := range v {
			v[h] = math.Max(0, low+(high-low)*(0.5+0.5*math.Sin(2*math.Pi*(float64(h)+phase)/24)+0.1*math.Sin(float64(h)*0.13+phase)))
		}
		return primitive.Series{Data: v}
	}
	co2 := d.bus("co2", 0, primitive.Account)
	el := []int32{d.bus("electricity@0", 0, primitive.Exact)}
	for i := 1; i < n; i++ {
		el = append(el, d.place(fmt.Sprintf("electricity@%d", i), el[0]))
	}
	for i := range n {
		phase := float64(i)
		build := func(capital float64) int32 {
			return d.capacity(primitive.Capacity{Max: inf, Capital: capital})
		}
		wind, sun, plant, power, energy := build(120000), build(50000), build(80000), build(20000), build(15000)
		d.unit("wind", primitive.Unit{Bound: primitive.Bound{Capacity: wind, Coef: 1, Max: wave(phase, 0.05, 0.8)}, Ports: []primitive.Port{to(el[i], 1)}})
		d.unit("sun", primitive.Unit{Bound: primitive.Bound{Capacity: sun, Coef: 1, Max: wave(phase+6, -0.8, 0.9)}, Ports: []primitive.Port{to(el[i], 1)}})
		d.unit("plant", primitive.Unit{Bound: share(plant, 1), Ports: []primitive.Port{to(el[i], 1), to(co2, 0.4)}, Costs: per(60),
			Ramp: &primitive.Ramp{Up: 0.3, Down: 0.3, Initial: nan}})
		inside := d.bus("battery", 0, primitive.Exact)
		d.unit("charge", primitive.Unit{Bound: share(power, 1), Ports: []primitive.Port{to(el[i], -1), to(inside, 0.95)}})
		d.unit("discharge", primitive.Unit{Bound: share(power, 1), Ports: []primitive.Port{to(el[i], 0.95), to(inside, -1)}})
		d.store("battery", primitive.Store{Bus: inside, Bound: share(energy, 1), Loss: 1e-4})
		water := d.bus("water", 0, primitive.Exact)
		d.store("reservoir", primitive.Store{Bus: water, Bound: upTo(5000), Inflow: wave(phase, 10, 30), Spill: true, SpillMax: data(inf)})
		d.unit("turbine", primitive.Unit{Bound: upTo(80), Ports: []primitive.Port{to(water, -1), to(el[i], 0.9)}})
		metal := d.bus("metal", 1, primitive.Free)
		d.unit("potline", primitive.Unit{
			Bound:   primitive.Bound{Capacity: none, Coef: 100, Min: data(0.9), Max: data(1.05)},
			Ports:   []primitive.Port{to(el[i], -1), to(metal, 1/13.5)},
			Ramp:    &primitive.Ramp{Up: 0.05, Down: 0.05, Initial: nan, Cyclic: true},
			Windows: []primitive.Window{{Hours: 48, Min: 47, Max: inf, Cyclic: true}, {Hours: 2, Min: 1.9, Max: 2.08, Cyclic: true}},
		})
		d.demand(metal, 7.2)
		load := d.demand(el[i], wave(phase, 80, 120).Data...)
		load.ShedMax, load.ShedCost = 1, 3000
		d.route("line", primitive.Route{From: el[i], To: el[(i+1)%n], Bound: upTo(50), Back: data(1), Loss: 0.03})
	}
	d.Limits = []primitive.Limit{{Name: "co2", Span: primitive.EachYear, Terms: []primitive.Term{{Of: primitive.BusAccount, Index: co2, Coef: one}},
		Max: []float64{2e5}, Soft: nan}}
	return d
}

func BenchmarkBuild(b *testing.B) {
	d := network(b, 20, 365)
	b.ReportAllocs()
	for b.Loop() {
		p, _, err := Build(&d.Model)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(p.Rows()), "rows")
		b.ReportMetric(float64(p.Nonzeros()), "nonzeros")
	}
}

// Building takes no more memory than the problem itself and a tenth.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a year of two buses")
	}
	d := network(t, 2, 365)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, _, err := Build(&d.Model)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	own := 8*3*p.Cols() + 8*p.Cols() + 16*p.Rows() + 12*p.Nonzeros()
	if took := int(after.TotalAlloc - before.TotalAlloc); took > own*11/10 {
		t.Errorf("building a problem of %d rows, %d columns, %d entries (%d bytes) allocated %d bytes", p.Rows(), p.Cols(), p.Nonzeros(), own, took)
	}
}
