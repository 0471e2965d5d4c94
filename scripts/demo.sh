#!/bin/sh
# Plans the Oudomxay park: by representative weeks, then hour by hour, and
# writes the report of the full year. $1 is the busbar to use.
set -eu
busbar=$1
dir=${DEMO:-runs/demo}
rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
"$busbar" new "$dir" --from oudomxay
echo
echo "== a first answer, by representative weeks"
"$busbar" run "$dir" --study weeks --out "$dir/runs/weeks"
echo
echo "== the full year, hour by hour"
"$busbar" run "$dir" --study base --out "$dir/runs/base"
echo
"$busbar" report "$dir/runs/base"
