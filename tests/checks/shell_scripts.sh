#!/usr/bin/env bash
# shell_scripts.sh [ROOT]: checks every shell script with shellcheck.
set -u
root=${1:-.}

cd "$root" && {
    find scripts tests examples bench -name '*.sh'
    [[ ! -f .ci/run ]] || echo .ci/run
} 2>/dev/null | sort | xargs -r shellcheck --external-sources --source-path=SCRIPTDIR
