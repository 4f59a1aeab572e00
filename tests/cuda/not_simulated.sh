#!/usr/bin/env bash
# not_simulated.sh SIMULATION PRODUCT...: checks that the products contain no symbols of the
# simulation. Fails if the simulation has none, because the check would then find nothing.
set -u

if ! nm "$1" 2>/dev/null | grep -q ' simulated_enter'; then
    echo "$1 has no simulation in it: this check is blind"
    exit 1
fi
shift
for product in "$@"; do
    found=$(nm "$product" 2>/dev/null | grep ' simulated_')
    if [[ -n $found ]]; then
        printf '%s:\n%s\n' "$product" "$found"
        exit 1
    fi
done
