#!/usr/bin/env bash
# functions_are_called.sh TEST PATTERN EXCEPT HEADER...: checks that the test calls every function
# of the headers that PATTERN selects, so that a new function cannot be forgotten. PATTERN is an
# extended regular expression that matches the beginning of a declaration, from the function's name
# on. Functions whose whole name matches EXCEPT need not be called. Ignores comments in the headers and in the test.
set -u
. "$(dirname "$0")/common.sh"
test=$1 pattern=$2 except=$3
shift 3

status=0
calls=$(code_of "$test")
declared=$(code_of "$@" | grep -oE "\\b($pattern)" | grep -oE '^[a-z0-9_]+' | sort -u)
functions=$(grep -vxE "$except" <<<"$declared")
if [[ -z $functions ]]; then
    echo "no function of the headers matches $pattern: this check is blind"
    exit 1
fi
for function in $functions; do
    if ! grep -qE "\\b$function\\(" <<<"$calls"; then
        echo "$test: $function() is not called"
        status=1
    fi
done
exit "$status"
