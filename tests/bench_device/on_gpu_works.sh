#!/usr/bin/env bash
# on_gpu_works.sh ON_GPU BUNDLE BENCH SUITES: tests the script for machines with a GPU, with the
# bundled programs, with those of the simulation, and with a suite that fails. SUITES is the folder of
# the suites that are linked with the simulation.
set -u

on_gpu=$1
bundle=$2
bench=$3
suites=$4
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status=0

expect() {
    if ! grep -qE -- "$2" <<<"$output"; then
        printf '%s: no line matches "%s" in:\n%s\n' "$1" "$2" "$output"
        status=1
    fi
}

# run NAME CODE FOLDER ARGUMENT...: runs the script in a new folder, sets $output and $where.
run() {
    local name=$1 expected=$2 code
    shift 2
    where=$work/$name
    mkdir "$where" || exit 1
    output=$(cd "$where" && "$on_gpu" "$@" 2>&1)
    code=$?
    if ((code != expected)); then
        printf '%s: exit code %d, expected %d:\n%s\n' "$name" "$code" "$expected" "$output"
        status=1
    fi
}

# make_folder NAME: creates a bundle of the programs that are linked with the simulation.
make_folder() {
    mkdir "$work/$1" && cp "$bench" "$work/$1/bench_device" || exit 1
    for suite in conformance device_loss stress_cuda; do
        cp "$suites/${suite}_simulated" "$work/$1/${suite}_gpu" || exit 1
    done
}

run bundled 0 --quick "$bundle"
for step in conformance device_loss stress bench; do
    expect bundled "^$step: (passed|waived: no device)\$"
done
expect bundled '^to send back: .*\.tar\.gz$'

export REIN_SIMULATED_DEVICES=1
make_folder simulated
run run_simulated 0 --quick "$work/simulated"
for step in conformance device_loss stress bench; do
    expect simulated "^$step: passed\$"
done
expect simulated '^records: simulated-device-[0-9T-]+Z$'
for file in device.json observations.json summary.txt bench.txt conformance.txt device_loss.txt stress.txt; do
    if ! compgen -G "$where/simulated-device-*/$file" >/dev/null; then
        echo "simulated: the records lack $file"
        status=1
    fi
done

make_folder failing
cp /bin/false "$work/failing/conformance_gpu"
run run_failing 1 --quick "$work/failing"
expect failing '^conformance: FAILED: exit code 1'
expect failing '^device_loss: passed$'
expect failing '^bench: passed$'

run mistaken 2 --quik
expect mistaken 'unknown option --quik'
run empty 2 "$work/mistaken"
expect empty 'has no bench_device'
exit "$status"
