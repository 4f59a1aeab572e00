#!/usr/bin/env bash
# python_runs_dense.sh PYTHON PROGRAM LIBREIN BACKEND MODEL: the caller in Python runs the backend in C on
# all patterns of four bits.
set -u
. "$(dirname "$0")/../../package/common.sh"
export PYTHONDONTWRITEBYTECODE=1
interpreter=$1 program=$2 library=$3 backend=$4 model=$5

bits=() parities=
for a in 0 1; do for b in 0 1; do for c in 0 1; do for d in 0 1; do
    bits+=("$a" "$b" "$c" "$d")
    parities+=" $((a ^ b ^ c ^ d))"
done; done; done; done
prints "weights 156B, activations 384B
takes input [1 to 16, 4]
gives output [1 to 16, 1]
output needs 4B
output needs 64B
output:$parities" "$interpreter" "$program" "$library" "$backend" dense_backend_create "$model" "${bits[@]}"
refuses 'InvalidArgument: dimension 0 is 17' \
    "$interpreter" "$program" "$library" "$backend" dense_backend_create "$model" "${bits[@]}" 0 0 0 0
exit "$status"
