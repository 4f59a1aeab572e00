#!/usr/bin/env bash
# evidence.sh [--minutes N]: what scripts/test.sh has no time for, the most telling first: coverage,
# analyzers, proofs, valgrind, thorough runs, mutation. No part is begun after N minutes (without
# the option: all are); the last lines name those that were not run, and the outcome.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/common.sh

minutes=''
if [[ $# -eq 2 && $1 == --minutes && $2 =~ ^[1-9][0-9]*$ ]]; then
    minutes=$2
elif (($# > 0)); then
    echo "evidence.sh: $*: expected nothing, or --minutes and a number above 0" >&2
    exit 2
fi
evidence_things=(
    command:gcovr:gcovr
    command:clang-tidy:clang-tidy
    command:cppcheck:cppcheck
    command:frama-c:frama-c-base
    command:why3:why3
    command:z3:z3
    command:cvc4:cvc4
    command:valgrind:valgrind
)
left_out=()

# run_in_time NAME COMMAND...
run_in_time() {
    if [[ -n $minutes ]] && ((SECONDS >= minutes * 60)); then
        left_out+=("$1")
        return
    fi
    run_part "$@"
}

if ! scripts/test.sh --install || ! install_missing "${evidence_things[@]}"; then
    say 'evidence.sh: FAILED: a tool is missing'
    exit 1
fi
CTEST_PARALLEL_LEVEL=$(nproc)
export CTEST_PARALLEL_LEVEL

run_in_time 'Coverage of src/host, src/cuda and src/cli' cmake --workflow --preset coverage
run_in_time 'Analysis by clang-tidy and cppcheck' cmake --workflow --preset analysis
run_in_time 'Analysis by gcc' cmake --workflow --preset analysis-gcc
run_in_time 'Proofs of the arithmetic' cmake --workflow --preset proof
run_in_time "Races, by valgrind's drd" cmake --workflow --preset drd
run_in_time "Memory, by valgrind's memcheck" cmake --workflow --preset memcheck
run_in_time 'Every fault, all hostile input, many problems' cmake --workflow --preset thorough
run_in_time '64-bit Arm, under an emulator' scripts/aarch64.sh
run_in_time 'Mutation' cmake --workflow --preset mutation
run_in_time 'Load' cmake --workflow --preset soak

if ((${#left_out[@]} > 0)); then
    printf '\nevidence.sh: not run, for %d minutes had passed:' "$minutes"
    printf ' [%s]' "${left_out[@]}"
    printf '\n'
fi
finish_parts evidence.sh
