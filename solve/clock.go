package solve

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"example.org/busbar/lp"
)

// clock shares one time limit among the solves of a run and knows when the
// user stopped it.
type clock struct {
	deadline time.Time    // zero: none
	stop     atomic.Int64 // Unix nanoseconds of ctx's end, 0 before
}

// overtime is how long after a stop a run may still work: less than the two
// seconds that are promised.
const overtime = 1800 * time.Millisecond

func newClock(ctx context.Context, limit time.Duration) *clock {
	c := &clock{}
	if limit > 0 {
		c.deadline = time.Now().Add(limit)
	}
	context.AfterFunc(ctx, func() { c.stop.Store(time.Now().UnixNano()) })
	return c
}

// left is the time limit of a solve that starts now, 0 for none.
func (c *clock) left() time.Duration {
	if c.deadline.IsZero() {
		return 0
	}
	return max(time.Until(c.deadline), time.Millisecond)
}

// stopped reports whether the limit has passed or the user stopped the run.
func (c *clock) stopped() bool {
	return c.stop.Load() != 0 || !c.deadline.IsZero() && time.Now().After(c.deadline)
}

// overtime lets a solve run for what is left of the time after a stop, and
// leaves it behind then.
func (c *clock) overtime(solve func(context.Context, *lp.Problem) (*lp.Solution, error)) func(context.Context, *lp.Problem) (*lp.Solution, error) {
	return func(ctx context.Context, q *lp.Problem) (*lp.Solution, error) {
		end := c.deadline
		if at := c.stop.Load(); at != 0 {
			end = time.Unix(0, at)
		}
		ctx, cancel := context.WithDeadline(ctx, end.Add(overtime))
		defer cancel()
		late := &clock{deadline: end.Add(overtime)}
		type outcome struct {
			sol *lp.Solution
			err error
		}
		done := make(chan outcome, 1)
		go func() {
			r := &runner{clock: late, p: q, serves: true}
			sol, _, err := r.run(ctx, autoAttempts(q, lp.Options{}))
			done <- outcome{sol, err}
		}()
		select {
		case o := <-done:
			return o.sol, o.err
		case <-ctx.Done():
			return nil, errors.New("stopped before the point could be certified")
		}
	}
}
