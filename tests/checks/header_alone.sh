#!/usr/bin/env bash
# header_alone.sh INCLUDE_FOLDER HEADER: checks that a file that includes only this header compiles
# without a warning. Tries gcc and clang, C11 and C17 (unless it is a .hpp), C++17 and C++23.
set -u
include_folder=$1 header=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
# Compiled through an #include, because a header compiled directly warns of unused static functions.
echo "#include \"$header\"" >"$folder/alone.c"

warnings=(-Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow)
status=0
compile() {
    local compiler=$1 language=$2 standard=$3
    shift 3
    if ! "$compiler" "$@" -x "$language" "-std=$standard" "${warnings[@]}" "-I$include_folder" \
        -fsyntax-only "$folder/alone.c"; then
        echo "$header: does not compile alone with $compiler as $standard $*"
        status=1
    fi
}
if [[ $header != *.hpp ]]; then
    for compiler in gcc clang; do
        compile "$compiler" c c11
        compile "$compiler" c c17
    done
fi
for compiler in g++ clang++; do
    compile "$compiler" c++ c++17
    compile "$compiler" c++ c++2b
    if [[ $header == *.hpp ]]; then
        compile "$compiler" c++ c++17 -fno-exceptions -fno-rtti
    fi
done
exit "$status"
