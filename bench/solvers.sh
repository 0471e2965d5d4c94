#!/bin/sh
# Native beside HiGHS and Clarabel, and where its time goes: the figures of
# docs/benchmarks.md on solvers.
#
#   make bench-solver              all of it, some hours: the largest cases stop at 30 times native's time
#   BENCH=quick make bench-solver  a few minutes, small cases
#   sh bench/solvers.sh -sizes 1x8760 -parts race,phases        parts: race, phases, iterations, growth, netlib
#   sh bench/solvers.sh -workspace DIR -study base
#
# BUSBAR names another binary, PYTHON another Python, BUSBAR_SHARED the folder with
# the Netlib problems (default ../shared). Tables go to the screen and, with every
# figure, to bench/out/ (ignored by git).
set -eu
cd "$(dirname "$0")/.."
sh bench/pypsa.sh
mkdir -p bench/out
${GO:-go} build -o bench/out/bench ./bench
[ "${BENCH:-}" = quick ] && set -- -quick "$@"
exec bench/out/bench solvers -busbar "${BUSBAR:-bin/busbar}" -python "${PYTHON:-python3}" "$@"
