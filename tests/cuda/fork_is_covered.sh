#!/usr/bin/env bash
# fork_is_covered.sh [ROOT]: test_cuda_fork.c calls every public function of the CUDA module.
set -u
root=${1:-.}

status=0
functions=$(grep -ohE '\brein_cuda_[a-z0-9_]+\(' "$root"/include/cuda/*.h | sort -u)
if [[ -z $functions ]]; then
    echo "include/cuda declares no function: this check is blind"
    exit 1
fi
for function in $functions; do
    if ! grep -qF "$function" "$root/tests/cuda/test_cuda_fork.c"; then
        echo "tests/cuda/test_cuda_fork.c: $function) is not called in a forked child"
        status=1
    fi
done
exit "$status"
