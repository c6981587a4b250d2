#!/usr/bin/env bash
# Runs every fuzz target of every module for a while: scripts/fuzz.sh 20s
set -euo pipefail

time=${1:-20s}
found=0
while IFS= read -r file; do
	dir=$(dirname "$file")
	while IFS= read -r target; do
		found=$((found + 1))
		echo "== $dir $target"
		(cd "$dir" && go test -run='^$' -fuzz="^${target}\$" -fuzztime="$time" .)
	done < <(grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //')
done < <(git ls-files '*_test.go' | xargs grep -lE '^func Fuzz' | sort)
echo "$found fuzz targets ran for $time each"
((found > 0))
