#!/usr/bin/env bash
# Installs missing packages, builds the rein command, and checks the example fleet: against this
# machine's GPU if it has one, else against the device profile that the fleet names. Exits as `rein
# check` does: 0 fits, 1 does not fit, 2 bad input, 3 cannot tell.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/common.sh

fleet=examples/fleet/edge-8gib.yaml
rein=build/command/src/cli/rein

finish() {
    local status=$1
    shift
    say "run.sh: $*"
    exit "$status"
}

install_missing "${build_things[@]}" || finish 2 'not run: a tool is missing'
say 'Building the rein command'
cmake --workflow --preset command || finish 2 'not run: the build failed'

say "Checking $fleet"
arguments=(check "$fleet" --device auto)
device="this machine's GPU"
answer=$("$rein" "${arguments[@]}" 2>&1)
if (($? == 3)); then
    echo "On this machine's GPU: ${answer##*$'\n'}"
    echo 'On the device profile that the fleet names instead:'
    echo
    arguments=(check "$fleet")
    device='the device profile that it names: no GPU answered'
fi
"$rein" "${arguments[@]}"
status=$?
case $status in
0) finish 0 "the example fleet fits, on $device" ;;
1) finish 1 "the example fleet does not fit, on $device" ;;
3) finish 3 "cannot tell whether the example fleet fits, on $device" ;;
*) finish "$status" "rein check failed" ;;
esac
