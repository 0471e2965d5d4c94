package unit

import (
	"strconv"
	"strings"
)

// The slots of a Dim. A basis has a slot of its own beside the plain one.
const (
	dMoney = iota
	dEnergy
	dGross
	dNet
	dAC
	dDC
	dMass
	dDry
	dWet
	dVolume
	dArea
	dLength
	dVoltage
	dCurrent
	dAngle
	dTime
	dPot
	dModule
	dTruck
	dWagon
	dTrain
	dVehicle
	dTrip
	dPerson
	dStart
	slots
)

// Dim is a dimension: the exponent of each base quantity. It is comparable; the
// zero Dim is a ratio.
type Dim [slots]int8

// slot describes one base quantity: its word, and the unit and basis of its
// base unit.
var slot = [slots]struct{ word, base, basis string }{
	dMoney:   {"money", "currency", ""},
	dEnergy:  {"energy", "MWh", ""},
	dGross:   {"gross energy", "MWh", "gross"},
	dNet:     {"net energy", "MWh", "net"},
	dAC:      {"AC energy", "MWh", "AC"},
	dDC:      {"DC energy", "MWh", "DC"},
	dMass:    {"mass", "t", ""},
	dDry:     {"dry mass", "t", "dry"},
	dWet:     {"wet mass", "t", "wet"},
	dVolume:  {"volume", "m3", ""},
	dArea:    {"area", "ha", ""},
	dLength:  {"length", "km", ""},
	dVoltage: {"voltage", "V", ""},
	dCurrent: {"current", "kA", ""},
	dAngle:   {"angle", "deg", ""},
	dTime:    {"time", "h", ""},
	dPot:     {"pots", "pot", ""},
	dModule:  {"modules", "module", ""},
	dTruck:   {"trucks", "truck", ""},
	dWagon:   {"wagons", "wagon", ""},
	dTrain:   {"trains", "train", ""},
	dVehicle: {"vehicles", "vehicle", ""},
	dTrip:    {"trips", "trip", ""},
	dPerson:  {"people", "person", ""},
	dStart:   {"starts", "start", ""},
}

// bases maps a basis word to its slot and the plain slot it is taken from.
var bases = map[string]struct{ from, to int }{
	"dry":   {dMass, dDry},
	"wet":   {dMass, dWet},
	"gross": {dEnergy, dGross},
	"net":   {dEnergy, dNet},
	"AC":    {dEnergy, dAC},
	"DC":    {dEnergy, dDC},
}

// IsRatio tells whether d has no dimension.
func (d Dim) IsRatio() bool { return d == Dim{} }

// Plain is d with every basis taken off.
func (d Dim) Plain() Dim {
	for _, b := range bases {
		d[b.from] += d[b.to]
		d[b.to] = 0
	}
	return d
}

// count tells whether d is a number of things of one sort.
func (d Dim) count() bool {
	for i := dPot; i < slots; i++ {
		var one Dim
		one[i] = 1
		if d == one {
			return true
		}
	}
	return false
}

func (d Dim) inverse() Dim {
	for i := range d {
		d[i] = -d[i]
	}
	return d
}

// String says d in words: "mass per time", "energy per dry mass", "ratio".
func (d Dim) String() string {
	if d.IsRatio() {
		return "ratio"
	}
	apparent := Dim{dVoltage: 1, dCurrent: 1}
	resistance := Dim{dVoltage: 1, dCurrent: -1}
	conductance := Dim{dVoltage: -1, dCurrent: 1}
	var over, under []string
	switch {
	case d[dVoltage] == 1 && d[dCurrent] == 1:
		over, d = append(over, "apparent power"), d.times(apparent, -1)
	case d[dVoltage] == -1 && d[dCurrent] == -1:
		under, d = append(under, "apparent power"), d.times(apparent, 1)
	case d[dVoltage] == 1 && d[dCurrent] == -1:
		over, d = append(over, "resistance"), d.times(resistance, -1)
	case d[dVoltage] == -1 && d[dCurrent] == 1:
		over, d = append(over, "conductance"), d.times(conductance, -1)
	}
	d.each(func(i, exp int, power bool) {
		word := slot[i].word
		if power {
			word = strings.Replace(word, "energy", "power", 1)
		}
		if exp > 0 {
			over = append(over, raise(word, exp))
		} else {
			under = append(under, raise(word, -exp))
		}
	})
	text := strings.Join(over, " times ")
	if len(under) > 0 {
		text += " per " + strings.Join(under, " per ")
	}
	return strings.TrimSpace(text)
}

// each visits the base quantities of d, reading energy per time as power where
// it can.
func (d Dim) each(visit func(slot, exp int, power bool)) {
	for i := range dTime {
		if exp := int(d[i]); exp != 0 {
			if dEnergy <= i && i <= dDC {
				power := 0
				for exp-power > 0 && d[dTime] < 0 {
					power, d[dTime] = power+1, d[dTime]+1
				}
				for exp-power < 0 && d[dTime] > 0 {
					power, d[dTime] = power-1, d[dTime]-1
				}
				if power != 0 {
					visit(i, power, true)
				}
				exp -= power
			}
			if exp != 0 {
				visit(i, exp, false)
			}
		}
	}
	for i := dTime; i < slots; i++ {
		if d[i] != 0 {
			visit(i, int(d[i]), false)
		}
	}
}

// times is the dimension of d times e^n.
func (d Dim) times(e Dim, n int8) Dim {
	for i := range d {
		d[i] += n * e[i]
	}
	return d
}

func raise(word string, exp int) string {
	if exp == 1 {
		return word
	}
	return word + "^" + strconv.Itoa(exp)
}
