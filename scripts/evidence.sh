#!/usr/bin/env bash
# evidence.sh [--minutes N] [--change] [PART...]: runs the tests for which scripts/test.sh has no
# time. Without a PART it runs all, the most informative first. A part is named as its preset;
# --change selects the parts that every change must pass. No part is started after N minutes; the
# last line lists those that failed or were not run. Exits with 0 only if every part passed, with 1
# if a part failed, with 2 if it cannot start, else with 3 if a part was not run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/common.sh

known=(coverage analysis analysis-gcc proof drd thorough spin memcheck aarch64 soak mutation)
change=(coverage analysis analysis-gcc proof drd thorough)
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

refuse() {
    echo "evidence.sh: $*" >&2
    exit 2
}

# run_preset NAME
run_preset() {
    if [[ $1 == aarch64 ]]; then
        scripts/aarch64.sh
    else
        cmake --workflow --preset "$1"
    fi
}

minutes=
if [[ ${1-} == --minutes ]]; then
    [[ ${2-} =~ ^[1-9][0-9]*$ ]] || refuse "--minutes '${2-}', expected a number above 0"
    minutes=$2
    shift 2
fi
parts=()
if [[ ${1-} == --change ]]; then
    parts=("${change[@]}")
    shift
fi
parts+=("$@")
for part in "${parts[@]}"; do
    [[ " ${known[*]} " == *" $part "* ]] || refuse "unknown part '$part', expected one of: ${known[*]}"
done
((${#parts[@]} > 0)) || parts=("${known[@]}")

if ! scripts/test.sh --install || ! install_missing "${evidence_things[@]}"; then
    say 'evidence.sh: FAILED: a tool is missing'
    exit 1
fi
CTEST_PARALLEL_LEVEL=$(nproc)
export CTEST_PARALLEL_LEVEL
share_compilations

for part in "${parts[@]}"; do
    if [[ -n $minutes ]] && ((SECONDS >= minutes * 60)); then
        left_out+=("$part")
    else
        run_part "$part" run_preset "$part"
    fi
done
finish_parts evidence.sh
