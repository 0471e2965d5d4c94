// Package native solves linear and convex quadratic problems by a primal-dual
// interior point method written in Go alone. It is made for hourly planning
// problems (long chains in time, a few capacities that link every hour) and
// is a general sparse solver besides.
//
// What enters: an lp.Problem without integers, and lp.Options.
// What leaves: an lp.Solution with the primal point, the row duals, or a ray
// that proves the problem infeasible or unbounded.
//
// Solve keeps to one promise: a status other than lp.Unknown, lp.Limit or
// lp.Cancelled has been checked on the original data before it is returned.
//
// The method is described in docs/native-solver.md. In short: presolve
// (presolve.go and one file a reduction), scaling (scale.go), predictor and
// weighted correctors on the central path (ipm.go, step.go, corrector.go), Newton
// steps from the regularised quasi-definite system (kkt.go) by a multifrontal
// signed LDL' factorisation (order.go, order_time.go, symbolic.go, factor.go).
package native
