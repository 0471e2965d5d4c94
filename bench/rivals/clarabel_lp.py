"""Clarabel's side of the comparison of solvers: the LP that `bench arrays` wrote,
solved once, its point written beside it for `bench certify`.

    clarabel_lp.py FOLDER THREADS LIMIT    prints JSON

Clarabel takes min q'x, Ax + s = b, s in a cone: equations come first (the zero
cone), then every finite side of a row and every finite bound of a column (the
nonnegative cone). That writing is not timed; setting up and solving is.
"""

import json
import sys
import time
from pathlib import Path

import clarabel
import numpy as np
from scipy import sparse


def peak_mib():
    """Most memory this process has held: VmHWM, as on the other side."""
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return 0.0


def main(folder, threads, limit):
    folder = Path(folder)
    read = lambda name, kind=np.float64: np.fromfile(folder / name, dtype=kind)
    cost, start, index = read("cost"), read("start", np.int64), read("index", np.int32)
    row_lower, row_upper = read("row_lower"), read("row_upper")
    col_lower, col_upper = read("col_lower"), read("col_upper")
    n, m = len(cost), len(row_lower)
    a = sparse.csc_matrix((read("value"), index, start), shape=(m, n)).tocsr()
    one = sparse.identity(n, format="csr")

    equal, fixed = row_lower == row_upper, col_lower == col_upper
    low, high = ~equal & np.isfinite(row_lower), ~equal & np.isfinite(row_upper)
    above, below = ~fixed & np.isfinite(col_lower), ~fixed & np.isfinite(col_upper)
    parts = [
        (a[equal], row_lower[equal]),
        (one[fixed], col_lower[fixed]),
        (-a[low], -row_lower[low]),
        (a[high], row_upper[high]),
        (-one[above], -col_lower[above]),
        (one[below], col_upper[below]),
    ]
    matrix = sparse.vstack([p[0] for p in parts], format="csc")
    b = np.concatenate([p[1] for p in parts])
    zero = int(equal.sum() + fixed.sum())
    cones = [clarabel.ZeroConeT(zero), clarabel.NonnegativeConeT(len(b) - zero)]

    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-8
    settings.time_limit = limit
    settings.max_threads = threads
    begin = time.perf_counter()
    solver = clarabel.DefaultSolver(sparse.csc_matrix((n, n)), cost, matrix, b, cones, settings)
    out = solver.solve()
    seconds = time.perf_counter() - begin

    # Clarabel's z is the multiplier of Ax + s = b; a row's price is minus that of
    # its upper side and equation, plus that of its lower side.
    z = np.array(out.z)
    cuts = np.cumsum([0] + [len(p[1]) for p in parts])
    part = [z[cuts[k] : cuts[k + 1]] for k in range(len(parts))]
    y = np.zeros(m)
    y[equal] = -part[0]
    y[low] += part[2]
    y[high] -= part[3]
    np.array(out.x, dtype=np.float64).tofile(folder / "x")
    y.tofile(folder / "y")
    json.dump({"status": str(out.status), "seconds": seconds, "iterations": out.iterations, "peak_mib": peak_mib()}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
