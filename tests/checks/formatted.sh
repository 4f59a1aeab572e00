#!/usr/bin/env bash
# formatted.sh [ROOT]: checks that every C file is formatted by clang-format.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

c_files include src tests examples bench |
    (cd "$root" && xargs -r clang-format --style=file --dry-run -Werror)
