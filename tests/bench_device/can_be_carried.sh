#!/usr/bin/env bash
# can_be_carried.sh PROGRAM: the program loads only the system's C library and its parts, and the
# libraries of sanitizers.
set -u

needed=$(objdump -p "$1" | awk '/NEEDED/ { print $2 }')
if ! grep -qx 'libc\.so\.6' <<<"$needed"; then
    echo "$1 does not load libc.so.6: this check is blind"
    exit 1
fi
extra=$(grep -vxE '(libc|libm|libdl|librt|libpthread|ld-linux-[a-z0-9-]+|lib[al]san|libubsan|libtsan|libgcov|libgcc_s)\.so\.[0-9]+' <<<"$needed")
if [[ -n $extra ]]; then
    printf '%s loads what a machine may lack:\n%s\n' "$1" "$extra"
    exit 1
fi
