#!/bin/sh
# Brings what package managers have and Go has not into .deps/: see deps.py.
here=$(dirname "$0")
for python in "${PYTHON:-python3}" python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
    exec "$python" "$here/deps.py" "$@"
  fi
done
echo "deps: no Python 3.8 or later found; install it (Debian: apt-get install python3 python3-pip), or set PYTHON" >&2
exit 1
