#!/usr/bin/env bash
# formatted.sh [ROOT]: every C file is as clang-format writes it.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

c_files include src tests examples bench |
    (cd "$root" && xargs -r clang-format --style=file --dry-run -Werror)
