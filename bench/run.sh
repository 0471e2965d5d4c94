#!/bin/sh
# The figures of docs/benchmarks.md: Busbar beside PyPSA, and against time.
#
#   make bench                 all of it, some fifteen minutes
#   BENCH=quick make bench     under three minutes, PyPSA there already
#   SIZES=1x8760 sh bench/run.sh -parts build      sizes as BUSES x HOURS; parts: check, build, load, start, park, networks, small
#
# BUSBAR names another binary, PYTHON another Python. Tables go to the screen
# and, with every figure, to bench/out/ (ignored by git).
set -eu
cd "$(dirname "$0")/.."
sh bench/pypsa.sh
mkdir -p bench/out
${GO:-go} build -o bench/out/bench ./bench
[ "${BENCH:-}" = quick ] && set -- -quick "$@"
[ -n "${SIZES:-}" ] && set -- -sizes "$SIZES" "$@"
exec bench/out/bench measure -busbar "${BUSBAR:-bin/busbar}" -python "${PYTHON:-python3}" "$@"
