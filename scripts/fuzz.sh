#!/bin/sh
# Runs every fuzz target of the tree for $1 each.
set -eu
time=${1:-60s}
for file in $(grep -rl --include='*_test.go' '^func Fuzz' . | sort); do
	pkg=$(dirname "$file")
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		echo "== $pkg $target"
		go test "$pkg" -run '^$' -fuzz "^$target\$" -fuzztime "$time"
	done
done
