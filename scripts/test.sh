#!/usr/bin/env bash
# test.sh [--install]: installs missing packages and runs every test; with --install it stops before
# the tests. Each part runs even if an earlier one failed; the last line reports the outcome.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/common.sh

test_things=(
    "${build_things[@]}"
    command:g++:g++
    command:clang:clang
    command:clang++:clang
    command:clang-format:clang-format
    file:/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev
    command:shellcheck:shellcheck
    command:rustc:rustc
    command:python3:python3
    python:jsonschema:python3-jsonschema
    python:yaml:python3-yaml
    python:onnx:python3-onnx
    file:/usr/share/libonnx-testdata/data:libonnx-testdata
    library:criterion:libcriterion-dev
    library:zlib:zlib1g-dev
    library:benchmark:libbenchmark-dev
    command:cadical:cadical
    command:scdoc:scdoc
    command:doxygen:doxygen
    command:spin:spin
    command:zsh:zsh
    command:fish:fish
    command:make:make
    command:dpkg-shlibdeps:dpkg-dev
    command:fakeroot:fakeroot
    command:lintian:lintian
    command:abidiff:abigail-tools
    command:git:git
    command:ccache:ccache
)
install_missing "${test_things[@]}" || {
    say 'test.sh: FAILED: a tool is missing'
    exit 1
}
if [[ ${1-} == --install ]]; then
    exit 0
fi
CTEST_PARALLEL_LEVEL=$(nproc)
export CTEST_PARALLEL_LEVEL
share_compilations

run_part 'Debug with ASan and UBSan; headers, sources, canaries' cmake --workflow --preset debug
run_part 'Release; the CUDA-free archive, pages, packages, benchmarks' cmake --workflow --preset release
run_part 'Release without a CUDA toolkit' cmake --workflow --preset no-cuda
run_part 'ThreadSanitizer stress' cmake --workflow --preset tsan
run_part 'Fuzz targets, shortly' cmake --workflow --preset fuzz-short
run_part 'No test is left out' tests/checks/every_test_runs.py .

finish_parts test.sh
