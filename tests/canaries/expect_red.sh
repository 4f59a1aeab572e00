#!/usr/bin/env bash
# expect_red.sh CTEST DIRECTORY CANARY REASON
#
# Runs a canary as the suite runs its tests. Passes if the run fails and its output matches the
# extended regular expression REASON.
set -u
ctest=$1 directory=$2 canary=$3 reason=$4

if output=$("$ctest" --test-dir "$directory" -C canary -R "^$canary\$" --output-on-failure \
    --no-tests=error 2>&1); then
    printf '%s\n' "$output" "The seeded fault of $canary was not noticed."
    exit 1
fi
for expected in '1 tests failed out of 1' "$reason"; do
    if ! grep -qE -- "$expected" <<<"$output"; then
        printf '%s\n' "$output" "The run of $canary failed, but not with: $expected"
        exit 1
    fi
done
grep -E -- "$reason" <<<"$output" | head -n 1
