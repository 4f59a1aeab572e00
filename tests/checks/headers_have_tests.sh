#!/usr/bin/env bash
# headers_have_tests.sh [ROOT]: every header of the contract has a test file of its name.
set -u
root=${1:-.}

status=0
for header in "$root"/include/contract/*.h; do
    name=$(basename "$header" .h)
    # contract.h only includes the others; platform.h compiles or does not (machines.sh); api.h is
    # tested on what a shared library exports.
    if [[ ! $name =~ ^(contract|platform|api)$ && ! -f $root/tests/test_$name.c ]]; then
        echo "include/contract/$name.h: tests/test_$name.c is missing"
        status=1
    fi
done
exit "$status"
