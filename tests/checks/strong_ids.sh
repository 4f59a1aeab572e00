#!/usr/bin/env bash
# strong_ids.sh INCLUDE_FOLDER: checks that a tensor id, a request id or a text in place of a model
# id does not compile, in C or C++, with gcc or clang. The same file must compile with a model id,
# which shows that the rest is correct. Uses no warning options: the language's own rules reject it.
set -u
include_folder=$1
source=$(dirname "$0")/strong_ids.c
status=0

compile() {
    local compiler=$1 language=$2 standard=$3 argument=$4
    LC_ALL=C "$compiler" -x "$language" "-std=$standard" -pedantic-errors "-I$include_folder" \
        -fsyntax-only "-DARGUMENT=$argument" "$source" 2>&1
}
refuses() {
    local output reason='incompatible pointer type|cannot convert|no matching function'
    if output=$(compile "$@"); then
        echo "$1 as $3 takes a '$4' for a model id"
        status=1
    elif ! grep -qE "error: .*($reason)" <<<"$output"; then
        printf '%s\n' "$output" "$1 as $3 refuses a '$4', but for another reason"
        status=1
    fi
}
check() {
    local argument
    if ! compile "$@" model; then
        echo "$1 as $3 does not take a model id"
        status=1
    fi
    for argument in tensor request text '"a literal"'; do
        refuses "$@" "$argument"
    done
}
check gcc c c17
check clang c c17
check g++ c++ c++17
check clang++ c++ c++17
exit "$status"
