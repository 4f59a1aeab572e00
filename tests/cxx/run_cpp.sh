#!/usr/bin/env bash
# run_cpp.sh COMPILER STANDARD SOURCE [ARGUMENT...]: compiles a C++ test with the arguments,
# without a warning, and runs it.
set -u
compiler=$1 standard=$2 source=$3
shift 3
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

warnings=(-Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow)
if ! "$compiler" "-std=$standard" "${warnings[@]}" "$source" "$@" -pthread \
    -o "$folder/test"; then
    echo "$source: does not compile with $compiler as $standard"
    exit 1
fi
"$folder/test"
