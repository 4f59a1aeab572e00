#!/usr/bin/env bash
# headers_have_tests.sh [ROOT]: checks that every header of a host library has a test file of its
# name.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

status=0
for library in $(host_includes | xargs -n 1 basename); do
    for header in "$root/include/$library"/*.h; do
        [[ -e $header ]] || continue
        name=$(basename "$header" .h)
        # contract.h only includes the others; platform.h compiles or not (machines.sh); api.h is
        # tested by the exports of a shared library.
        if [[ ! $name =~ ^(contract|platform|api)$ && ! -f $root/tests/$library/test_$name.c ]]; then
            echo "include/$library/$name.h: tests/$library/test_$name.c is missing"
            status=1
        fi
    done
done
exit "$status"
