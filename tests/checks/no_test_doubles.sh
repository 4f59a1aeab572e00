#!/usr/bin/env bash
# no_test_doubles.sh MOCKS FILE...: checks that none of the files contains a symbol of the archive
# of test doubles.
set -u
mocks=$1
shift

doubles=$(nm --defined-only --extern-only --format=posix "$mocks" | awk 'NF >= 2 { print $1 }' | sort -u)
for known in mock_backend_create virtual_clock_init; do
    if ! grep -q "^${known%_*}" <<<"$doubles"; then
        echo "$mocks: defines nothing like $known: is it the archive of test doubles?"
        exit 1
    fi
done
status=0
for file in "$@"; do
    if ! symbols=$(nm --format=posix "$file") || [[ -z $symbols ]]; then
        echo "$file: its symbols cannot be read"
        exit 1
    fi
    if awk '{ print $1 }' <<<"$symbols" | grep -E '^(mock_|virtual_clock_)' ||
        awk '{ print $1 }' <<<"$symbols" | grep -Fx -f <(printf '%s\n' "$doubles"); then
        echo "$file: the symbols above belong to tests/mocks"
        status=1
    fi
done
exit "$status"
