package formulate

// variable is a family of columns. Its formula stands in emit's doc comment.
type variable struct {
	what    What
	name    string
	over    string
	formula string
	meaning string
	emit    func(*builder)
}

// constraint is a family of rows.
type constraint struct {
	what    What
	name    string
	over    string
	formula string
	meaning string
	emit    func(*builder)
}

// The order of the tables is the order of columns and rows in the problem.
// They are filled in init because String, which the functions' blocks use,
// reads them.
var (
	variables   []variable
	constraints []constraint
)

func init() {
	variables = []variable{
		{Built, "capacity.built", "capacity with Max > Min", "Min <= built <= Max",
			"what is built beside what stands", builtColumns},
		{Activity, "unit.activity", "unit, step", "Min Coef size <= a <= Max Coef size",
			"the rate at which a unit works", activityColumns},
		{Sliding, "unit.sum", "unit, long window, step", "Min Coef size <= S <= Max Coef size",
			"the sum of the activity over the window that begins with the step", slidingColumns},
		{Level, "store.level", "store, step", "Min Coef size <= e <= Max Coef size; Final <= e_last",
			"what is in a store after the step", levelColumns},
		{Spill, "store.spill", "store that spills, step", "0 <= spill <= SpillMax",
			"the rate that leaves a store unused", spillColumns},
		{Start, "store.start", "store, original period", "0 <= S_p; S_0 = Initial; Final <= S_end",
			"what is in a store when an original period starts (representative periods only)", startColumns},
		{Low, "store.low", "store, representative period", "0 <= low",
			"no more than the lowest start of the periods a representative stands for", lowColumns},
		{Spread, "store.spread", "store, representative period", "0 <= spread",
			"by how much the highest of those starts lies above low, at least", spreadColumns},
		{Forward, "route.forward", "route, step", "0 <= f <= Max Coef size",
			"the rate sent from From to To", forwardColumns},
		{Back, "route.back", "route with Back > 0, step", "0 <= g <= Back Max Coef size",
			"the rate sent from To to From", backColumns},
		{Shed, "demand.shed", "demand with ShedMax > 0, step", "0 <= shed <= ShedMax Amount",
			"the part of a demand that is not served", shedColumns},
		{Elastic, "demand.elastic", "demand, block, step", "0 <= x_k <= Size_k",
			"what a demand takes beyond its amount", elasticColumns},
		{Rate, "trade.rate", "trade, step", "Min <= r <= Max, or Min Coef size <= r <= Max Coef size",
			"the rate bought or sold", rateColumns},
		{Further, "trade.block", "trade, block, step", "0 <= r_k <= Size_k",
			"further amounts at other prices", furtherColumns},
		{Over, "limit.over", "soft limit with Max, span", "0 <= over",
			"by how much a limit is exceeded", overColumns},
		{Under, "limit.under", "soft limit with Min, span", "0 <= under",
			"by how much a limit is missed", underColumns},
	}
	constraints = []constraint{
		{Balance, "balance", "bus that balances, step of its commodity",
			"sum_flows sum_{t in step} (h_t/H) ratio_t v_t + sum_stores (decay^H e_prev - e)/H = sum_demands Amount - sum_stores Inflow",
			"what flows in meets what is taken, in mean rate; >= where the balance is free", balance},
		{UnitMax, "unit.max", "unit on a capacity that may be built, step with Max != 0",
			"a - Max Coef built <= Max Coef Existing",
			"a unit works within its capacity; = where Min is Max", unitMax},
		{UnitMin, "unit.min", "unit on a capacity that may be built, step with Min != 0",
			"a - Min Coef built >= Min Coef Existing",
			"a unit keeps to its minimum", unitMin},
		{UnitFixed, "unit.fixed", "unit, step with a fixed value", "a = Fixed",
			"a unit's activity is given", unitFixed},
		{UnitRamp, "unit.ramp", "unit with a ramp that can bind, step",
			"-Down h Coef size <= a - a_prev <= Up h Coef size",
			"a unit changes no faster than it can; two rows if its size may be built", unitRamp},
		{UnitSlide, "unit.slide", "unit, long window, step",
			"S - S_prev + h_prev a_prev - sum_{entering} h a = 0",
			"the sum over a window, from that of the window before", unitSlide},
		{UnitWindow, "unit.window", "unit, window that can bind, step it begins or ends with",
			"Min Coef size <= sum_{t in window} h_t a_t <= Max Coef size",
			"a unit's sum over any Hours consecutive hours is within limits", unitWindow},
		{StoreMax, "store.max", "store on a capacity that may be built, step with Max != 0; every store with representative periods",
			"e + decay^H_t spread - Max Coef built <= Max Coef Existing",
			"a level stays within its capacity (spread only with representative periods)", storeMax},
		{StoreMin, "store.min", "store on a capacity that may be built, step with Min != 0",
			"e - Min Coef built >= Min Coef Existing",
			"a level keeps to its minimum", storeMin},
		{StoreFixed, "store.fixed", "store, step with a fixed level", "e = Fixed",
			"a store's level is given", storeFixed},
		{StoreLink, "store.link", "store, original period",
			"S_p+1 - decay^N S_p - e_last + decay^N low = 0",
			"a period starts where the one before it ends (representative periods only)", storeLink},
		{StoreAbove, "store.above", "store, original period", "S_p - low >= 0",
			"no period starts below the lowest of its representative", storeAbove},
		{StoreWithin, "store.within", "store, original period", "S_p - low - spread <= 0",
			"no period starts above the highest of its representative", storeWithin},
		{RouteMax, "route.max", "route with both directions, or on a capacity that may be built, step",
			"f + g - Max Coef built <= Max Coef Existing",
			"both directions of a route share its capacity", routeMax},
		{RouteBack, "route.back_max", "route with 0 < Back < 1 on a capacity that may be built, step",
			"g - Back Max Coef built <= Back Max Coef Existing",
			"the direction back has its share of the capacity", routeBack},
		{TradeMax, "trade.max", "trade that shares a capacity, with blocks or one that may be built, step",
			"r + sum_k r_k - Max Coef built <= Max Coef Existing",
			"a trade with its blocks stays within the capacity it shares", tradeMax},
		{TradeMin, "trade.min", "trade that shares a capacity, with blocks or one that may be built, step with Min != 0",
			"r + sum_k r_k - Min Coef built >= Min Coef Existing",
			"a trade with its blocks keeps to its minimum", tradeMin},
		{TradeTotal, "trade.total", "trade, total, span",
			"Min_s <= sum_{t in s} w_t (r_t + sum_k r_kt) <= Max_s",
			"what a trade amounts to in a span is within limits", tradeTotal},
		{LimitSum, "limit", "limit, span",
			"Min_s <= sum_terms sum_{t in s} w_t coef_t v_t - over_s + under_s <= Max_s",
			"a sum over anything is within limits", limitSum},
	}
}
