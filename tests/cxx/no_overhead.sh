#!/usr/bin/env bash
# no_overhead.sh INCLUDE_FOLDER: checks that a charge held by a C++ object compiles to no more
# instructions than the same charge in C, with gcc and clang. Counts the instructions up to the
# function's last return: the landing pads after it run only after a throw.
set -u
include_folder=$1
sources=$(dirname "$0")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# Prints the number of instructions of `serve` in an object.
count() {
    objdump -d --no-show-raw-insn -j .text "$1" | awk '
        /^[0-9a-f]+ <serve>:/ { inside = 1; next }
        /^$/ { inside = 0 }
        inside && !/nop/ { count++ }
        inside && /\tret/ { last = count }
        END { print last + 0 }'
}
status=0
compare() {
    local c_compiler=$1 cpp_compiler=$2 in_c in_cpp
    "$c_compiler" -std=c17 -O2 "-I$include_folder" -c "$sources/overhead_c.c" -o "$folder/c.o" &&
        "$cpp_compiler" -std=c++17 -O2 "-I$include_folder" -c "$sources/overhead_cpp.cpp" \
            -o "$folder/cpp.o" || exit 1
    in_c=$(count "$folder/c.o")
    in_cpp=$(count "$folder/cpp.o")
    echo "$c_compiler: $in_c instructions, $cpp_compiler: $in_cpp"
    if ((in_c == 0 || in_cpp > in_c)); then
        echo "$cpp_compiler: expected at most the $in_c of C"
        status=1
    fi
}
compare gcc g++
compare clang clang++
exit "$status"
