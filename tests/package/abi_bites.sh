#!/usr/bin/env bash
# abi_bites.sh: checks that abi.sh passes if a function is added, fails if one is changed, and is
# skipped if there is nothing to compare. Uses a library with a single function.
# shellcheck disable=SC2317 # functions are called through must and refuses
set -u
. "$(dirname "$0")/common.sh"
tree=$folder/tree
check=$(dirname "$0")/abi.sh

library() { # library SOVERSION PARAMETERS [MORE]
    mkdir -p "$tree/include"
    printf '%s\n' 'cmake_minimum_required(VERSION 3.22)' 'project(pair C)' \
        'add_library(rein one.c)' 'target_include_directories(rein PRIVATE include)' \
        "set_target_properties(rein PROPERTIES SOVERSION $1)" >"$tree/CMakeLists.txt"
    printf 'typedef struct rein_pair { int first; %s } rein_pair;\nint rein_one(const rein_pair *pair);\n%s\n' \
        "$2" "${3-}" >"$tree/include/one.h"
    printf '#include "one.h"\nint rein_one(const rein_pair *pair) { return pair->first; }\n%s\n' \
        "${3:+int rein_two(void) { return 2; \}}" >"$tree/one.c"
}
git_in_tree() {
    git -C "$tree" -c user.name=test -c user.email=test@localhost "$@" >/dev/null 2>&1
}
expect() { # expect CODE TEXT
    local said code
    said=$("$check" "$tree" 2>&1)
    code=$?
    if [[ $code != "$1" ]] || ! grep -qF -- "$2" <<<"$said"; then
        complain "$said" "exited with $code, expected $1 with '$2'"
    fi
}

library 1 'int second;'
expect 77 'skipped: there is no release yet, or no repository'
must git_in_tree init -b main
must git_in_tree add .
must git_in_tree commit -m one
expect 77 'skipped: there is no release yet'
must git_in_tree tag v1.0.0
expect 0 'compatible with v1.0.0'
library 1 'int second;' 'int rein_two(void);'
expect 0 'compatible with v1.0.0'
library 1 'long second;'
expect 1 'the ABI is another one than that of v1.0.0'
library 2 'long second;'
expect 77 'skipped: v1.0.0 has another soname'
exit "$status"
