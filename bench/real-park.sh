#!/bin/sh
# The park on series of real years beside the synthetic one: writes the workspace, checks it,
# runs both by representative weeks and over the full year, writes their
# reports and says what differs.
#
#   sh bench/real-park.sh [DIR]          DIR (default bench/out/real-park) is written anew
#
# BUSBAR_SHARED names the folder of shared data (default ../shared), BUSBAR the
# program, SOLVER the solver, STUDIES the pairs to run, as "SYNTHETIC:REAL ...".
set -eu
cd "$(dirname "$0")/.."
busbar=${BUSBAR:-bin/busbar}
shared=${BUSBAR_SHARED:-../shared}
dir=${1:-bench/out/real-park}
if [ -e "$dir" ] && [ ! -e "$dir/series/yunnan-2020.csv" ]; then
	echo "real-park: $dir is there and was not made by this script" >&2
	exit 1
fi
rm -rf "$dir"
${GO:-go} run ./bench real-park -shared "$shared" -out "$dir"
"$busbar" check "$dir"
has() { "$busbar" help "$1" 2>/dev/null | grep -q "busbar $1"; }
for pair in ${STUDIES:-weeks:real-weeks base:real}; do
	for study in ${pair%:*} ${pair#*:}; do
		"$busbar" run "$dir" --study "$study" --solver "${SOLVER:-auto}" --out "$dir/runs/$study"
		if has report; then "$busbar" report "$dir/runs/$study"; fi
	done
	if has compare; then "$busbar" compare "$dir/runs/${pair%:*}" "$dir/runs/${pair#*:}"; fi
done
