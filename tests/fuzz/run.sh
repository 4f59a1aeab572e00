#!/usr/bin/env bash
# run.sh TARGET CORPUS FOUND OPTION...: runs a fuzz target on its committed corpus, continues from
# there, and prints a summary. A longer run keeps inputs that reached something new in FOUND (`-`:
# discards them). An input that failed is left in the current folder, under the name that is
# printed.
set -u
target=$1 corpus=$2 found=$3
shift 3
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
if [[ $found == - ]]; then
    found=$work/found
fi
mkdir -p "$found"
name=$(basename "$target")
start=$SECONDS
"$target" "$@" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$name-" \
    "$found" "$corpus" >"$work/output" 2>&1
status=$?
if ((status != 0)); then
    cat "$work/output"
    exit "$status"
fi
# The last line about coverage: "#N DONE cov: EDGES ft: FEATURES corp: ...".
edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$work/output" | tail -n 1)
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/output")
seeds=$(find "$corpus" -type f | wc -l)
echo "$name: ${runs:-0} runs, ${edges:-0} edges, from $seeds seeds, $((SECONDS - start)) s"
((${runs:-0} > 0 && seeds > 0))
