#!/usr/bin/env bash
# no_leftovers.sh [ROOT]: checks that no line says that the work is unfinished.
set -u
root=${1:-.}

found=$(cd "$root" && grep -rnE --exclude=no_leftovers.sh --exclude=checks_bite.sh \
    '\b(TODO|FIXME|XXX|HACK)\b' include src tests examples bench cmake scripts docs 2>/dev/null)
if [[ -n $found ]]; then
    printf '%s\n' "$found"
    exit 1
fi
