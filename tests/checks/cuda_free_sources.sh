#!/usr/bin/env bash
# cuda_free_sources.sh [ROOT]: checks that the host libraries' sources include and use nothing of
# CUDA. They only know the forward declaration of struct CUstream_st.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

mapfile -t includes < <(host_includes)
c_files "${includes[@]}" src/host |
    forbid '^[[:space:]]*#.*([cC][uU][dD][aA]|CUDART|__NVCC__|nvml|driver_types)' \
        'a preprocessor line about CUDA in a host library'
