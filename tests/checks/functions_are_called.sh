#!/usr/bin/env bash
# functions_are_called.sh TEST PATTERN EXCEPT HEADER...: the test calls every function of the headers
# whose declaration, from its name on, begins with what the extended regular expression PATTERN
# matches, so that a new function cannot be left out. Functions whose names match EXCEPT, from end to
# end, need not be called. Comments count neither in the headers nor in the test.
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
