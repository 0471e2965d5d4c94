package formulate

// variable is a family of columns. What it means and its formula stand in
// emit's doc comment, from which docs/formulation.md is written.
type variable struct {
	what What
	name string // kind and attribute, in names of columns or rows
	over string // what there is one of it for
	emit func(*builder)
}

// constraint is a family of rows, as told in emit's doc comment.
type constraint struct {
	what What
	name string // kind and attribute, in names of columns or rows
	over string // what there is one of it for
	emit func(*builder)
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
		{Built, "capacity.built", "capacity with Max > Min", builtColumns},
		{Activity, "unit.activity", "unit, step", activityColumns},
		{Sliding, "unit.sum", "unit, long window, step", slidingColumns},
		{Level, "store.level", "store, step", levelColumns},
		{Spill, "store.spill", "store that spills, step", spillColumns},
		{Start, "store.start", "store, original period", startColumns},
		{Low, "store.low", "store, representative period", lowColumns},
		{Spread, "store.spread", "store, representative period", spreadColumns},
		{Forward, "route.forward", "route, step", forwardColumns},
		{Back, "route.back", "route with Back > 0, step", backColumns},
		{Shed, "demand.shed", "demand with ShedMax > 0, step", shedColumns},
		{Elastic, "demand.elastic", "demand, block, step", elasticColumns},
		{Rate, "trade.rate", "trade, step", rateColumns},
		{Further, "trade.block", "trade, block, step", furtherColumns},
		{Over, "limit.over", "soft limit with Max, span", overColumns},
		{Under, "limit.under", "soft limit with Min, span", underColumns},
		{Modules, "capacity.modules", "capacity with Module and Max > Min", moduleColumns},
		{Online, "unit.online", "unit with commitment, step", onlineColumns},
		{Started, "unit.started", "unit with commitment, step", startedColumns},
		{Stopped, "unit.stopped", "unit with commitment, step", stoppedColumns},
		{Serviced, "unit.serviced", "unit with maintenance, step", servicedColumns},
		{Service, "unit.service", "unit with maintenance, step", serviceColumns},
		{Out, "unit.out", "unit with maintenance, with commitment or on a capacity that may be built, step", outColumns},
		{Piece, "unit.piece", "unit, curve, piece, step", pieceColumns},
		{Filled, "unit.filled", "unit, curve that doesn't fill itself, inner point, step", filledColumns},
		{BuiltPiece, "capacity.piece", "capacity with Curve and Max > Min, piece", builtPieceColumns},
		{BuiltFilled, "capacity.filled", "capacity with a Curve that doesn't fill itself, inner point", builtFilledColumns},
		{AtRisk, "risk.value", "model with Risk", atRiskColumns},
		{Excess, "risk.excess", "model with Risk, scenario", excessColumns},
		{Through, "line.flow", "line, step", throughColumns},
		{Lost, "line.loss", "line with losses, step", lostColumns},
		{Shifted, "line.shift", "line with ShiftMin < ShiftMax, step", shiftColumns},
	}
	constraints = []constraint{
		{Balance, "balance", "bus that balances, step of its commodity", balance},
		{UnitMax, "unit.max", "unit on a capacity that may be built, step with Max != 0", unitMax},
		{UnitMin, "unit.min", "unit on a capacity that may be built, step with Min != 0", unitMin},
		{UnitFixed, "unit.fixed", "unit, step with a fixed value", unitFixed},
		{UnitRamp, "unit.ramp", "unit with a ramp that can bind, step", unitRamp},
		{UnitSlide, "unit.slide", "unit, long window, step", unitSlide},
		{UnitWindow, "unit.window", "unit, window that can bind, step it begins or ends with", unitWindow},
		{StoreMax, "store.max", "store on a capacity that may be built, step with Max != 0; every store with representative periods", storeMax},
		{StoreMin, "store.min", "store on a capacity that may be built, step with Min != 0", storeMin},
		{StoreFixed, "store.fixed", "store, step with a fixed level", storeFixed},
		{StoreLink, "store.link", "store, original period", storeLink},
		{StoreAbove, "store.above", "store, original period", storeAbove},
		{StoreWithin, "store.within", "store, original period", storeWithin},
		{RouteMax, "route.max", "route with both directions, or on a capacity that may be built, step", routeMax},
		{RouteBack, "route.back_max", "route with 0 < Back < 1 on a capacity that may be built, step", routeBack},
		{TradeMax, "trade.max", "trade that shares a capacity, with blocks or one that may be built, step", tradeMax},
		{TradeMin, "trade.min", "trade that shares a capacity, with blocks or one that may be built, step with Min != 0", tradeMin},
		{TradeTotal, "trade.total", "trade, total, span", tradeTotal},
		{LineMax, "line.max", "line with losses, or on a capacity that may be built, step", lineMax},
		{LineMin, "line.min", "line with losses, or on a capacity that may be built, step", lineMin},
		{LineCycle, "line.cycle", "cycle of lines, step", lineCycle},
		{LineAngle, "line.angle", "line with a limit of its angle, step", lineAngle},
		{LineLoss, "line.cut", "line with losses, tangent or secant, side, step", lineLoss},
		{OutageMax, "outage.max", "outage, monitored line, step", outageMax},
		{OutageMin, "outage.min", "outage, monitored line with losses, or on a capacity that may be built, step", outageMin},
		{CapacityModules, "capacity.module", "capacity with Module and Max > Min", capacityModules},
		{UnitRoomMax, "unit.room_max", "unit with commitment or maintenance, step", unitRoomMax},
		{UnitRoomMin, "unit.room_min", "unit with commitment or maintenance, step with Min != 0", unitRoomMin},
		{UnitMachines, "unit.machines", "unit with commitment of machines that may be built, step", unitMachines},
		{UnitStart, "unit.start", "unit with commitment, step", unitStart},
		{UnitStop, "unit.stop", "unit with commitment, step", unitStop},
		{UnitUpTime, "unit.up_time", "unit with MinUp, step", unitUpTime},
		{UnitDownTime, "unit.down_time", "unit with MinDown, step", unitDownTime},
		{UnitOnRamp, "unit.on_ramp", "unit with commitment and ramps, side, step", unitOnRamp},
		{UnitTight, "unit.tight", "unit with a tightened commitment, row, step", unitTight},
		{UnitServices, "unit.services", "unit with maintenance", unitServices},
		{UnitServiced, "unit.maintain", "unit with maintenance, step", unitServiced},
		{UnitOut, "unit.out_of", "unit with maintenance, with commitment or on a capacity that may be built, side, step", unitOut},
		{UnitCurve, "unit.curve", "unit, curve, step", unitCurve},
		{UnitOrder, "unit.order", "unit, curve that doesn't fill itself, inner point, step", unitOrder},
		{CapacityCurve, "capacity.curve", "capacity with Curve and Max > Min", capacityCurve},
		{CapacityOrder, "capacity.order", "capacity with a Curve that doesn't fill itself, inner point", capacityOrder},
		{RiskExcess, "risk.over", "model with Risk, scenario", riskExcess},
		{LimitSum, "limit", "limit, span", limitSum},
	}
}
