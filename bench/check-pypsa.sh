#!/bin/sh
# Walks networks through Busbar's export into PyPSA, which must come to the
# objective that the suite has: check-pypsa.sh BUSBAR [NAME ...]. The suite is
# $CASES, or cases/pypsa of $BUSBAR_SHARED.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
busbar=$1
shift
cases=${CASES:-${BUSBAR_SHARED:-$here/../../shared}/cases/pypsa}
if [ ! -d "$cases" ]; then
	echo "check-pypsa: no networks in $cases; set CASES or BUSBAR_SHARED" >&2
	exit 2
fi
sh "$here/pypsa.sh"
PYTHONPATH="$here/.env" exec "${PYTHON:-python3}" "$here/pypsa/check.py" "$busbar" "$cases" "$@"
