#!/usr/bin/env bash
# rust_runs_sieve.sh PROGRAM: the caller in Rust prints what the backend in Rust computes, makes room for
# an output when an error says how much, and prints errors.
set -u
. "$(dirname "$0")/../../package/common.sh"
program=$1

echo 0.5 >"$folder/half"
prints $'weights 4B\nneeds 12B, has 0B\nkept [1.0, 0.5, 2.0], sum 3.5' "$program" "$folder/half" 1 0.25 0.5 2
prints $'weights 4B\nkept [], sum 0' "$program" "$folder/half" 0.25
refuses 'usage: sieve MODEL VALUE...' "$program"
refuses "NotFound: '$folder/none' does not exist (native code 2)" "$program" "$folder/none" 1
refuses 'InvalidArgument: dimension 0 is 0' "$program" "$folder/half"
echo half >"$folder/text"
refuses "BackendError: '$folder/text' is not a model: it must hold a finite number" "$program" "$folder/text" 1
exit "$status"
