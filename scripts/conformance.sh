#!/usr/bin/env bash
# Runs the kits of the storage contract and of the pipeline's promises on every
# store, over private PostgreSQL and Redis servers, which it installs if they
# are missing, starts and stops. It fails if a case fails or is skipped, or if a
# store has run none. With CAREWIRE_SERVICES set the servers that run are used.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z ${CAREWIRE_SERVICES:-} ]]; then
	vars=$(scripts/services.sh start)
	eval "$vars"
	trap 'scripts/services.sh stop "$CAREWIRE_SERVICES"' EXIT
fi
export CAREWIRE_REQUIRE_SERVERS=1 # a missing server is a failure, not a skip

kits='^Test(Contract|Pipeline|Conformance|Bulk|Cluster|Ring|ExecModes|History|Erasing|Import)'
status=0
for store in memstore sqlitestore pgstore redisstore; do
	out=$(go test -count=1 -v -run "$kits" "./store/$store" 2>&1) || status=1
	# A case is a subtest; "contract" only groups them.
	cases=$(grep -E '^ *--- (PASS|FAIL|SKIP): [^ ]*/' <<<"$out" | grep -vE '/contract ' || true)
	passed=$(grep -c -- '--- PASS' <<<"$cases" || true)
	failed=$(grep -c -- '--- FAIL' <<<"$cases" || true)
	skipped=$(grep -cE '^ *--- SKIP' <<<"$out" || true)
	printf '%s: %d cases passed, %d failed, %d skipped\n' "$store" "$passed" "$failed" "$skipped"
	if ((failed + skipped > 0 || passed < 100)) || ((status)); then
		status=1
		grep -vE '^ *--- PASS|^=== ' <<<"$out" || true
	fi
done
exit "$status"
