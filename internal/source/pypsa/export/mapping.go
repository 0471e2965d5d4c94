package export

// Mapping says what each primitive becomes in PyPSA; docs/pypsa.md shows it.
var Mapping = []struct{ From, To string }{
	{"bus", "Bus, with the commodity as carrier (AC where lines meet) and v_nom 1"},
	{"bus on steps longer than a tick", "Bus and a Store that is empty at the end of each step (e_set 0), so that only the step's sum balances"},
	{"balance free", "a Generator of sign -1 that takes any surplus"},
	{"account", "nothing; its price is part of marginal_cost, a limit on it is a limit"},
	{"unit of one port", "Generator; its ratio is the sign"},
	{"unit that draws 1 from a bus", "Link: that bus is bus0, other ratios are efficiencies"},
	{"any other unit", "Process: ratios are rates"},
	{"unit on longer steps", "the same, with ramp_limit_up and _down 0 within each step where something would see a difference"},
	{"delay of a port", "delay, cyclic_delay"},
	{"commitment, maintenance, ramps, curves", "the attributes of those names; efficiency or rate piecewise; start and stop costs times their weight"},
	{"rolling window", "a Store that the rate enters and, Hours later, leaves; its level is the window's sum"},
	{"private bus with a store, a unit out and a unit in of one size", "StorageUnit; also where a limit ties the store's capacity to hours of the power's"},
	{"private bus with a store and one signed unit", "Store"},
	{"any other store", "Store on its bus; inflow a negative Load; spilling a Generator, Link or Process; final level e_min_pu of the last snapshot; value of what is left in marginal_cost_storage"},
	{"route", "Link; with loss, delay or cost both ways two Links that draw on a bus of room, which the capacity feeds"},
	{"line", "Line, or Transformer where it shifts the phase; x in rad per MW, r from its losses; transmission_losses in options.json"},
	{"outages", "entry_point security_constrained in options.json"},
	{"demand", "Load; shedding and elastic blocks are Generators"},
	{"trade", "Generator, or a Link or Process where more than its bus sees it; one for each block"},
	{"capacity", "p_nom, s_nom or e_nom; what may be built p_nom_extendable with p_nom_min, p_nom_max (what stands included), p_nom_mod, capital_cost (annuity) and fom_cost (fixed cost), times what the study's length counts"},
	{"capacity of several rates", "a Link each; a transmission_volume_expansion_limit over lengths 1 and -1 holds their sizes equal"},
	{"cost that nothing changes", "capital_cost of a Generator constant, whose size is 1"},
	{"limit on Generators and final levels over the horizon or an investment period", "primary_energy, with a column of carriers.csv for the limit and coefficients in efficiency"},
	{"limit on sizes", "tech_capacity_expansion_limit, max_growth and max_relative_growth of a carrier, or transmission_volume_expansion_limit"},
	{"discharging less charging, given", "p_set of the StorageUnit"},
	{"any other limit, total of a trade", "a Bus that the rates flow into, a Store that is empty at the end of each span, and a Generator that takes out what is allowed; soft: two more at its price"},
	{"scenarios and risk", "scenarios of the netCDF file, with the same assets; risk_preference in options.json"},
	{"investment periods", "investment_periods.csv, build_year, lifetime; multi_investment_periods in options.json"},
}

// Refused lists what PyPSA has no place for; an export that meets it ends with
// an error that names asset and attribute.
var Refused = []string{
	"representative periods; scenarios as CSV, and a limit over several of them; what is built in one scenario only",
	"a limit on money, on the flow of a line, on levels before the last, on what a two-way route without loss carries both ways, or on a rate of what would be one storage",
	"a rolling window or a final level where the size may be built; a window of a fraction of a step",
	"a capacity that a level or a line shares with other rates; modules or a curve of a capacity that several rates share",
	"modules beside a size that stands; curves of a rate whose size may be built, or beside other costs of it",
	"a ramp from the last step to the first; a cyclic commitment",
	"commitment, maintenance, curves and quadratic costs on steps longer than a tick; ramps of one direction there",
	"a line that carries more one way than the other, or whose angle has different limits either way; losses that differ in their tangents from line to line; an outage that only some lines must survive",
	"relaxed commitment beside whole; an asset that ceases to exist and comes back",
}
