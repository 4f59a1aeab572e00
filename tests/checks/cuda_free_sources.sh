#!/usr/bin/env bash
# cuda_free_sources.sh [ROOT]: the host libraries' sources include nothing of CUDA and ask for nothing of
# it. The forward declaration of struct CUstream_st is all they know.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

mapfile -t includes < <(host_includes)
c_files "${includes[@]}" src/host |
    forbid '^[[:space:]]*#.*([cC][uU][dD][aA]|CUDART|__NVCC__|nvml|driver_types)' \
        'a preprocessor line about CUDA in a host library'
