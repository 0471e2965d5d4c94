package native

import (
	"sync"
	"sync/atomic"
)

// team runs independent tasks on a number of threads. What a task computes
// must not depend on which thread runs it or when, so that results are the
// same to the last bit on any number of threads.
type team struct {
	threads int // 0 and 1: the caller alone
}

// run calls do for every task in 0..tasks-1 and returns when all are done.
func (t team) run(tasks int, do func(task int)) {
	if t.threads <= 1 || tasks <= 1 {
		for q := range tasks {
			do(q)
		}
		return
	}
	var next atomic.Int32
	work := func() {
		for {
			q := int(next.Add(1)) - 1
			if q >= tasks {
				return
			}
			do(q)
		}
	}
	var wait sync.WaitGroup
	for range min(t.threads, tasks) - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
}

// pieces is how many pieces a vector loop is cut into.
const pieces = 8

// small is the length below which a vector loop is not worth a second thread.
const small = 20000

// each cuts 0..n-1 into pieces and calls do for each. The cut depends on n
// alone.
func (t team) each(n int, do func(piece, from, to int)) {
	if n < small {
		do(0, 0, n)
		return
	}
	t.run(pieces, func(q int) { do(q, n*q/pieces, n*(q+1)/pieces) })
}
