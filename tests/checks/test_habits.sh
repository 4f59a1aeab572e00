#!/usr/bin/env bash
# test_habits.sh [ROOT]: checks that tests do not use constructs that make a test pass wrongly or
# intermittently.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

status=0
ban() {
    c_files tests | forbid "$1" "$2" || status=1
}
ban '(^|[^_[:alnum:]])(eq|ne|lt|le|gt|ge|zero|ieee_ulp_eq|epsilon_eq)\((int|long|u64|i64|u32|i32|sz|str|flt|dbl|ptr|type|chr)' \
    'a typed comparator: in Criterion 2.4.1 gt(int, 2, 2) passes; write cr_assert(a > b, ...)'
ban 'criterion/new/' 'the header of the typed comparators: gt(int, 2, 2) passes there'
ban '(^|[^_[:alnum:]])(sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep)\(' \
    'a test that sleeps; use the virtual clock'
ban '(^|[^_[:alnum:]])(exit|_exit|_Exit|quick_exit)\((0|EXIT_SUCCESS)\)' \
    'a test that exits with 0 counts as passed, whatever it has not yet checked'
exit "$status"
