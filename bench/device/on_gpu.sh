#!/usr/bin/env bash
# on_gpu.sh [--quick] [FOLDER]: runs all checks for a machine with a GPU, within seven minutes. They
# are the suites for hardware, the benchmark, and two suites again under compute-sanitizer if it is
# installed.
# FOLDER is the copied bundle or a build folder; the default is the folder of this script. Needs a
# driver, but no toolkit, compiler or network. Writes its records to a new folder below the current
# one, named by device and date. Exits with 1 if a step failed, 0 if all passed or there is no
# device, 2 if an argument is wrong.
set -u

quick=()
folder=
for argument in "$@"; do
    case $argument in
    --quick) quick=(--quick) ;;
    -*)
        echo "on_gpu.sh: unknown option $argument; expected --quick or a folder" >&2
        exit 2
        ;;
    *)
        if [[ -n $folder ]]; then
            echo "on_gpu.sh: $argument is a second folder; expected only one" >&2
            exit 2
        fi
        folder=$argument
        ;;
    esac
done
folder=${folder:-$(dirname "${BASH_SOURCE[0]}")}

# find_program NAME PATH...: prints the first of the paths below the folder that is a program.
find_program() {
    local name=$1 path
    shift
    for path in "$@"; do
        if [[ -x $folder/$path && ! -d $folder/$path ]]; then
            printf '%s\n' "$(cd "$(dirname "$folder/$path")" && pwd)/$(basename "$path")"
            return 0
        fi
    done
    echo "on_gpu.sh: $folder has no $name; it must be a folder made by the target bench_device_bundle" >&2
    return 1
}

bench=$(find_program bench_device bench_device bench/device/bench_device) || exit 2
conformance=$(find_program conformance_gpu conformance_gpu tests/cuda/conformance_gpu) || exit 2
device_loss=$(find_program device_loss_gpu device_loss_gpu tests/cuda/device_loss_gpu) || exit 2
stress=$(find_program stress_cuda_gpu stress_cuda_gpu tests/cuda/stress_cuda_gpu) || exit 2

records=$(mktemp -d "$PWD/records.XXXXXX") || exit 1
summary=$records/summary.txt
failures=0

# note STEP WHAT: adds a line to the summary, and prints it.
note() {
    printf '%s: %s\n' "$1" "$2" | tee -a "$summary"
}

# judge STEP CODE: notes the result; 77 means no device, 124 a timeout.
judge() {
    case $2 in
    0) note "$1" passed ;;
    77) note "$1" "waived: no device" ;;
    124)
        note "$1" "FAILED: it took too long"
        failures=$((failures + 1))
        ;;
    *)
        note "$1" "FAILED: exit code $2, see $1.txt"
        failures=$((failures + 1))
        ;;
    esac
}

# run_suite STEP SECONDS PROGRAM ARGUMENT...
run_suite() {
    local step=$1 seconds=$2
    shift 2
    timeout "$seconds" "$@" >"$records/$step.txt" 2>&1
    judge "$step" $?
}

run_bench() {
    timeout 230 "$bench" "${quick[@]}" --json "$records/device.json" >"$records/bench.txt" 2>&1
    local code=$?
    if ((code == 0)) && grep -q '^waived: ' "$records/bench.txt"; then
        code=77
    fi
    judge bench "$code"
}

# run_sanitized STEP PROGRAM ARGUMENT...: runs a suite under compute-sanitizer. Only memory errors
# count, because suites provoke API errors on purpose.
run_sanitized() {
    local step=$1 sanitizer
    shift
    sanitizer=$(command -v compute-sanitizer || command -v /usr/local/cuda/bin/compute-sanitizer)
    if [[ -z $sanitizer ]]; then
        note "$step" "waived: there is no compute-sanitizer"
        return
    fi
    run_suite "$step" 40 "$sanitizer" --tool memcheck --leak-check full --report-api-errors no \
        --error-exitcode 3 "$@"
}

describe_device() {
    if command -v nvidia-smi >/dev/null; then
        nvidia-smi --query-gpu=name,driver_version,memory.total,mig.mode.current,compute_mode,persistence_mode,clocks.max.sm \
            --format=csv >"$records/gpu.csv" 2>&1 || rm -f "$records/gpu.csv"
    fi
    [[ ! -f $folder/commit.txt ]] || cp "$folder/commit.txt" "$records/"
}

# Prints the benchmark's name of the device, in a form that is valid as a file name.
device_name() {
    local name
    name=$(sed -n 's/^ *"device": *"\(.*\)",*$/\1/p' "$records/device.json" 2>/dev/null | head -n 1)
    printf '%s' "${name:-no device}" | tr -cs '[:alnum:]' '-' | tr '[:upper:]' '[:lower:]'
}

describe_device
run_suite conformance 20 "$conformance" "$records/observations.json"
run_suite device_loss 20 "$device_loss"
run_suite stress 40 "$stress" 8 5
run_bench
run_sanitized conformance_sanitized "$conformance" "$records/observations_sanitized.json"
run_sanitized stress_sanitized "$stress" 4

named=$PWD/$(device_name)-$(date -u +%Y-%m-%dT%H%M%SZ)
mv "$records" "$named" || exit 1
echo "records: $(basename "$named")"
if command -v tar >/dev/null && tar -C "$(dirname "$named")" -czf "$named.tar.gz" "$(basename "$named")"; then
    echo "to send back: $(basename "$named").tar.gz"
fi
exit $((failures > 0))
