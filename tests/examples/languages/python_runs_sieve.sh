#!/usr/bin/env bash
# python_runs_sieve.sh PYTHON PROGRAM LIBREIN BACKEND: checks that the caller in Python runs the
# backend in Rust. Covers an input and an output of variable size, and errors of both.

# shellcheck disable=SC2317 # run is called through prints and refuses
set -u
. "$(dirname "$0")/../../package/common.sh"
export PYTHONDONTWRITEBYTECODE=1
run() { # run MODEL VALUE...
    "$interpreter" "$program" "$library" "$backend" sieve_backend_create "$@"
}
interpreter=$1 program=$2 library=$3 backend=$4

echo 0.5 >"$folder/half"
prints 'weights 4B, activations 0B
takes values [1 to 1024]
gives kept [0 to 1024], sum []
sum needs 4B
kept needs 12B
kept: 1 0.5 2
sum: 3.5' run "$folder/half" 1 0.25 0.5 2
refuses "NotFound: '$folder/none' does not exist (native code 2)" run "$folder/none" 1
mapfile -t too_many < <(seq 1025)
refuses 'InvalidArgument: dimension 0 is 1025' run "$folder/half" "${too_many[@]}"
refuses 'usage: run_backend.py' "$interpreter" "$program"
refuses 'undefined symbol: no_such_function' \
    "$interpreter" "$program" "$library" "$backend" no_such_function "$folder/half" 1
exit "$status"
