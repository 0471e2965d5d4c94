// Package unit reads quantities ("500 kt/a", "13.5 MWh/t", "95 %") and converts
// them exactly.
//
// What enters: the text of a number, a unit or both, and the unit that is
// wanted. What leaves: one float64, or an *Error that says what was read and
// what would fit.
//
// # How a quantity is written
//
// A number, then a unit; the space between them may be left out. The number is
// a decimal: 500, 0.07, .5, 1_000, 1.2e6. A comma is refused, since 5,000 and
// 0,5 mean different things to different readers. The unit:
//
//	product    t*km   t·km            quotient  USD/t/km   USD/(t*km)   1/h
//	power      m3  m^3  m³  kA^2      share     %   %/h
//	basis      t dry   MWh net/t wet   5500 kcal/kg gross   MW AC
//	money      USD   USc   MUSD   EUR2020   LAK/kWh   currency
//
// Names are case-sensitive. Every quotient after the first divides:
// USD/t/km = USD/(t*km). A product after a quotient without parentheses
// (USD/t*km) is refused, since half its readers get it wrong. "5/h" reads as
// 5 1/h. A number without a unit is a ratio, or the count of whatever is
// counted (362 where pots are wanted), and a bare 0 is zero in any unit.
//
// # Dimensions
//
// A power is an energy per time: MW = MWh/h, so USD/kW/a and USD/MWh have the
// same dimension. 1 a = 8,760 h everywhere. % is 0.01. Length, area and volume
// are three dimensions of their own and not powers of one, because their base
// units km, ha and m3 are not; m^2 and km^3 are read as the area and the volume
// they name. So are voltage, current and power: MVA is kV times kA and not MW,
// which would hide a power factor. Each thing that is counted (pot, truck,
// person ...) is a dimension too.
//
// # Basis
//
// A basis makes a dimension of its own: t, t dry and t wet are three
// dimensions, and none converts into another, since only moisture or the
// fuel's hydrogen could say how. A basis word belongs to the nearest unit
// before it that can carry it:
//
//	dry, wet     mass: with or without its moisture
//	gross, net   energy of a fuel: calorific value (not power: "MW net" would
//	             be read as a plant's own consumption taken off)
//	AC, DC       electric energy or power; kWp is kW DC
//
// So 5500 kcal/kg gross is gross energy per mass, and t dry/t is dry mass per
// mass. A quantity fits its target only if each part says what the target says,
// no more and no less; else the error "unit-basis" says which word is missing.
//
// # Exactness
//
// A unit's factor is held as an exact fraction. A number is read as a decimal,
// multiplied exactly, and rounded once. So 2.01 GW and 2010 MW are the same
// float64 in MW, and so are 0.1 t/h and 876 t/a in t/h.
//
// # Money
//
// A unit holds at most one currency, with the year of its prices or without.
// "currency" is the study's own, in money of the base year. Another currency or
// year needs its line in the workspace's money: table, see Money.
package unit
