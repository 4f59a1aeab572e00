#!/usr/bin/env bash
# machines.sh INCLUDE_FOLDER: checks that the headers reject a machine that is not 64-bit or not
# little-endian, for that reason, and accept this one.
set -u
include_folder=$1
status=0

compile() {
    LC_ALL=C "$1" -std=c17 -fsyntax-only "-I$include_folder" "${@:2}" -xc - 2>&1 \
        <<<'#include "contract/ids.h"'
}
refuses() {
    local reason=$1 output
    if output=$(compile "${@:2}"); then
        echo "${*:2}: compiles"
        status=1
    elif ! grep -q "error: .*Rein needs a $reason machine" <<<"$output"; then
        printf '%s\n' "$output" "${*:2}: refused, but for another reason"
        status=1
    fi
}

for compiler in gcc clang; do
    compile "$compiler" || status=1
    refuses 64-bit "$compiler" -m32
    refuses little-endian "$compiler" -Wno-builtin-macro-redefined \
        -D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__
done
exit "$status"
