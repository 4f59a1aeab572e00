#!/usr/bin/env bash
# parity.sh PROGRAM MODEL: the example program prints the estimate and the parity of every pattern, and
# refuses a file that is not a model.
set -u
program=$1
model=$2

expected="weights 156B, activations 384B"
for a in 0 1; do for b in 0 1; do for c in 0 1; do for d in 0 1; do
    expected+=$'\n'"$a $b $c $d -> $((a ^ b ^ c ^ d))"
done; done; done; done
if ! printed=$("$program" "$model") || [[ $printed != "$expected" ]]; then
    diff <(echo "$expected") <(echo "$printed")
    echo "expected the lines on the left, and an exit code of 0"
    exit 1
fi
if "$program" "$model.missing" 2>/dev/null; then
    echo "a missing model: expected an exit code above 0"
    exit 1
fi
