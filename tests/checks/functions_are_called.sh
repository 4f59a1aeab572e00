#!/usr/bin/env bash
# functions_are_called.sh TEST PATTERN HEADER...: the test calls every function of the headers whose
# name matches the extended regular expression, so that a new function cannot be left out.
set -u
test=$1 pattern=$2
shift 2

status=0
functions=$(grep -ohE "\\b($pattern)\\(" "$@" | sort -u)
if [[ -z $functions ]]; then
    echo "no function of the headers matches $pattern: this check is blind"
    exit 1
fi
for function in $functions; do
    if ! grep -qF "$function" "$test"; then
        echo "$test: $function) is not called"
        status=1
    fi
done
exit "$status"
