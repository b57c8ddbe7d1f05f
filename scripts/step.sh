#!/usr/bin/env bash
# step.sh <what> <command …>: runs a step that goes on beside others, and says when it begins and when it is done. Its output is
# shown only when it fails, so that the progress of the host, which takes longest, stays readable.
set -uo pipefail
what=$1; shift
log=$(mktemp); trap 'rm -f "$log"' EXIT
echo "== $what: begun"
if "$@" >"$log" 2>&1; then
    echo "== $what: done in $SECONDS s"
else
    status=$?
    cat "$log"
    echo "== $what: FAILED after $SECONDS s" >&2
    exit "$status"
fi
