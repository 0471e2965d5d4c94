#!/bin/sh
# Brings PyPSA and Clarabel into bench/.env (ignored by git), once for each state of
# pypsa/requirements.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
env="$here/.env"
if cmp -s "$here/pypsa/requirements.txt" "$env/requirements.txt"; then exit 0; fi
echo "bench: bringing PyPSA and Clarabel into bench/.env (about 1 GB)" >&2
rm -rf "$env"
"$python" -m pip install -q --disable-pip-version-check --target "$env" -r "$here/pypsa/requirements.txt" >&2
cp "$here/pypsa/requirements.txt" "$env/requirements.txt"
