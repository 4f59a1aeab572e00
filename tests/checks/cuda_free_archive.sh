#!/usr/bin/env bash
# cuda_free_archive.sh CC ARCHIVE [ARCHIVE...]: checks that the first archive needs only libc and
# the other archives, and contains no CUDA symbols.
set -u
compiler=$1 archive=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# Only libc may define the symbols that the library of all objects leaves undefined.
if ! "$compiler" -shared -nodefaultlibs -o "$folder/library.so" -Wl,--no-undefined \
    -Wl,--whole-archive "$archive" -Wl,--no-whole-archive "$@" -lc; then
    echo "$archive: needs more than libc $*"
    exit 1
fi
needed=$(readelf -d "$folder/library.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vE '^(libc|libpthread|ld-linux[^.]*)\.so')
if [[ -n $needed ]]; then
    echo "$archive: loads $needed"
    exit 1
fi
symbols=$(nm "$archive") || exit 1
if grep -E ' (.*[cC][uU][dD][aA].*|cu[A-Z].*|nvml.*)$' <<<"$symbols"; then
    echo "$archive: a symbol of CUDA"
    exit 1
fi
