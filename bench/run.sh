#!/usr/bin/env bash
# bench/run.sh [--quick] [--build FOLDER] [--output FOLDER] [LIFETIMES.csv...]
#
# Builds Release, measures everything that this machine can, and writes the report into
# bench/results, named by the kind of machine and the date. Reports what it cannot measure as
# waived. A missed goal is not a failure.
#
#   --quick          a single short repetition of everything: shows that all of it runs
#   --build FOLDER   measure an existing build; builds nothing
#   --output FOLDER  write the report there
#
# LIFETIMES: files for the planner, in the format of `rein plan`; the examples' if none is given.
set -uo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/common.sh
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

quick=()
build=
output=bench/results
lifetimes=()

# Prints a path relative to the caller's directory as an absolute path.
absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$caller/$1" ;;
    esac
}

finish() {
    say "bench/run.sh: $2"
    exit "$1"
}

while (($# > 0)); do
    case $1 in
    --quick) quick=(--quick) ;;
    --build | --output)
        (($# > 1)) || finish 2 "$1 lacks its value"
        if [[ $1 == --build ]]; then build=$(absolute "$2"); else output=$(absolute "$2"); fi
        shift
        ;;
    -*) finish 2 "unknown option $1; expected --quick, --build or --output" ;;
    *)
        lifetimes+=("$(absolute "$1")")
        [[ -r ${lifetimes[-1]} ]] || finish 2 "$1 cannot be read"
        ;;
    esac
    shift
done
if ((${#lifetimes[@]} == 0)); then
    lifetimes=(examples/fleet/lifetimes/*.csv)
fi

# Optional peers and tools; measurements that need a missing one are waived.
optional=(
    command:g++:g++ library:benchmark:libbenchmark-dev library:absl_statusor:libabsl-dev
    library:libxxhash:libxxhash-dev command:gnuplot:gnuplot-nox command:valgrind:valgrind
)
missing=$(missing_packages "${optional[@]}" | tr '\n' ' ')
[[ -z $missing ]] || say "Without these packages something is waived: $missing"

if [[ -z $build ]]; then
    build=build/bench
    say 'Building'
    { cmake --preset bench && cmake --build --preset bench; } || finish 2 'the build failed'
fi
[[ -f $build/bench/build.json ]] ||
    finish 77 'bench_host is not built: Google Benchmark or a C++ compiler is missing'
parts=$build/bench/parts
mkdir -p "$parts" "$output" || finish 2 "$output cannot be made"

say 'Measuring the host half'
bench/tools/host_part.py "$build/bench/build.json" "$parts/host.json" "${quick[@]}" \
    "${lifetimes[@]}" || finish 1 'the host half failed'

say 'Measuring the device half'
device=$build/bench/device/bench_device
if [[ -x $device ]]; then
    "$device" --json "$parts/device.json" "${quick[@]}" || finish 1 'the device half failed'
else
    bench/tools/device_waived.py "$parts/device.json" 'bench_device is not built, expected a CUDA toolkit' ||
        finish 1 'the device half cannot be waived'
    echo 'Waived: it is not built.'
fi

say 'Report'
bench/tools/report.py "$output" "$parts/host.json" "$parts/device.json" ||
    finish 1 'the report failed'
finish 0 "done in $SECONDS s"
