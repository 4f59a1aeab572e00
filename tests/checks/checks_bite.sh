#!/usr/bin/env bash
# checks_bite.sh: every check of the sources must pass on a clean tree, and fail for the right
# reason on a tree that breaks its rule.
set -u
checks=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
status=0

# header PATH [LINE]: writes a guarded header of include or src in the tree.
header() {
    local guard
    guard=$(tr 'a-z/.' 'A-Z__' <<<"REIN_${1#*/}")
    mkdir -p "$(dirname "$tree/$1")"
    printf '#ifndef %s\n#define %s\n%s\n#endif\n' "$guard" "$guard" "${2-int one(void);}" >"$tree/$1"
}

clean_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{tests/contract,scripts}
    cp "$checks/../../.clang-format" "$tree/"
    header include/contract/one.h \
        $'REIN_RESULT_DEFINE(rein_result_void, rein_unit)\nREIN_MUST_USE rein_result_void rein_one(void);'
    header src/host/base/utf8.h
    header src/host/base/checked.h
    header src/host/plan/search.h '#include "host/base/checked.h"'
    printf 'int two(void) {\n    return rein_i_invalid(here, "two is {u}", 2, 0, 0);\n}\n' >"$tree/src/host/plan/search.c"
    header src/cli/read/fields.h '#include "host/base/utf8.h"'
    header src/cli/check/report.h '#include "cli/read/fields.h"'
    header src/cli/plan/report.h '#include "contract/one.h"'
    printf 'int main(void) {\n    return 0;\n}\n' >"$tree/tests/contract/test_one.c"
    printf '#!/usr/bin/env bash\necho one\n' >"$tree/scripts/one.sh"
}

# bites CHECK FILE REASON: expects the check to fail, with the offending file's text on standard
# input.
bites() {
    local check=$1 file=$2 reason=$3 output
    clean_tree
    if ! output=$("$checks/$check" "$tree" 2>&1); then
        printf '%s\n' "$output" "$check: red on a clean tree"
        status=1
    fi
    mkdir -p "$(dirname "$tree/$file")"
    cat >"$tree/$file"
    if output=$("$checks/$check" "$tree" 2>&1); then
        echo "$check: green on $file, expected: $reason"
        status=1
    elif ! grep -qE -- "$reason" <<<"$output"; then
        printf '%s\n' "$output" "$check: red on $file, but without: $reason"
        status=1
    fi
}

bites no_leftovers.sh src/host/bad.c 'src/host/bad.c:1:' <<<'/* TODO */'
bites test_habits.sh tests/bad.c 'tests/bad.c:1: a typed comparator' <<<'cr_assert(gt(int, 2, 2));'
bites test_habits.sh tests/bad.c 'tests/bad.c:1: the header' <<<'#include <criterion/new/assert.h>'
for call in 'sleep(1)' 'usleep(1)' 'nanosleep(&t, NULL)'; do
    bites test_habits.sh tests/bad.c 'tests/bad.c:1: a test that sleeps' <<<"    $call;"
done
bites test_habits.sh tests/bad.c 'tests/bad.c:1: a test that exits with 0' <<<'    exit(0);'
bites formatted.sh src/host/bad.c 'bad.c:1:.*clang-format-violations' <<<'int   one;'
bites headers_have_tests.sh include/contract/two.h 'tests/contract/test_two.c is missing' <<<'int two(void);'
bites headers_have_tests.sh include/later/two.h 'tests/later/test_two.c is missing' <<<'int two(void);'
bites cuda_free_sources.sh src/host/bad.c 'bad.c:1: a preprocessor' <<<'#include <cuda_runtime_api.h>'
bites cuda_free_sources.sh include/contract/bad.h 'bad.h:1: a preprocessor' <<<'#ifdef __CUDACC__'
bites cuda_free_sources.sh include/later/bad.h 'bad.h:1: a preprocessor' <<<'#ifdef __CUDACC__'
bites shell_scripts.sh scripts/bad.sh 'SC2086' <<<$'#!/usr/bin/env bash\necho $1'
for declaration in 'rein_result_void rein_two(void);' 'static inline const rein_result_void *rein_two(void) {' \
    $'typedef struct rein_verdict {\n    int one;\n} rein_verdict;\nrein_verdict rein_two(void);' \
    $'typedef struct verdict rein_verdict;\nconst rein_verdict *const\nrein_two(void);' \
    $'REIN_RESULT_DEFINE(rein_answer, int)\nrein_answer rein_two(int);'; do
    bites must_use.py include/plan/two.h 'rein_two lacks REIN_MUST_USE' <<<"$declaration"
done
bites layering.py src/host/base/bad.c 'base/bad.c: includes include/contract/one.h' <<<'#include "contract/one.h"'
bites layering.py src/host/verify/bad.c 'includes src/host/plan/search.h' <<<'#include "host/plan/search.h"'
bites layering.py src/host/verify/bad.c 'includes src/host/plan/search.h' <<<'#include <host/plan/search.h>'
bites layering.py src/cli/read/bad.c 'includes src/cli/check/report.h' <<<'#include "cli/check/report.h"'
bites layering.py src/cli/plan/bad.c 'includes src/cli/check/report.h' <<<'#include "cli/check/report.h"'
bites layering.py src/cli/read/bad.c 'includes src/host/base/checked.h' <<<'#include "host/base/checked.h"'
bites layering.py src/cli/unlisted/bad.c 'src/cli/unlisted: has no rule' <<<'int bad;'
bites layering.py src/host/plan/deep/bad.c 'src/host/plan/deep: has no rule' <<<'int bad;'
bites layering.py src/host/plan/bad.c 'bad.c: includes "search.h", expected' <<<'#include "search.h"'
bites layering.py src/host/verify/bad.c 'includes "../plan/search.h", expected' <<<'#include "../plan/search.h"'
bites layering.py src/host/verify/bad.c 'includes "host/base/../plan/search.h", expected' \
    <<<'#include "host/base/../plan/search.h"'
bites layering.py src/cli/bad.c 'bad.c: lies outside the folders' <<<'int bad;'
# Two headers that include each other; the clean tree has the second.
bites layering.py src/host/base/checked.h 'base/checked -> .*plan/search -> .*base/checked: a circle' \
    <<<'#include "host/plan/search.h"'
bites include_guards.py src/host/plan/bad.h 'bad.h: the include guard must be REIN_HOST_PLAN_BAD_H' \
    <<<$'#ifndef REIN_HOST_PLAN_SEARCH_H\n#define REIN_HOST_PLAN_SEARCH_H\n#endif'
bites include_guards.py include/plan/bad.hpp 'bad.hpp: the include guard must be REIN_PLAN_BAD_HPP' <<<'int bad;'
bites templates.py src/host/bad.c 'bad.c:1: 1 placeholders for 2 numbers: {u}' <<<'rein_i_invalid(here, "{u}", one, two, 0);'
bites templates.py src/host/bad.c 'bad.c:2: 2 placeholders for 1 numbers: {u} of {i}' \
    <<<$'#define OF " of {i}"\nrein_i_invalid_error(here, "{u}" OF, one(2, 3), 0, 0);'
bites templates.py src/cuda/bad.c 'bad.c:1: 1 placeholders for 0 numbers: {bytes}' <<<'rein_i_cuda_check(code, here, "{bytes}", 0, 0);'
bites templates.py src/host/bad.c 'bad.c:1: 4 placeholders for numbers' <<<'rein_i_invalid(here, "{u}{u}{u}{u}", 1, 2, 3);'
bites templates.py src/host/bad.c 'bad.c:1: does not show the text: closed' <<<'rein_i_error_about(code, here, "closed", name);'
prose=../../scripts/prose.py
bites $prose src/host/bad.c 'bad.c:1: where: NULL where' <<<'/* NULL where there is a thread. */'
bites $prose src/host/bad.c 'bad.c:2: is-no: the word is no' <<<$'/* Fails. */\nfail("the word is no command");'
bites $prose src/host/bad.c 'bad.c:2: expected: the word' <<<$'/* Fails. */\nfail("the word is long, expected a short one");'
bites $prose src/cli/bad.c 'bad.c:1: expected: %s, expected %s' <<<'fail("%s, expected %s");'
bites $prose src/host/bad.c 'bad.c:1: phrase: All that' <<<'// All that fits.'
bites $prose src/host/bad.c 'bad.c:1: subject: Of a tensor' <<<'/* Of a tensor. */'
bites $prose scripts/bad.sh 'bad.sh:2: long: word' < <(printf '#!/bin/sh\n#%s.\n' "$(printf ' word%.0s' {1..31})")
bites $prose include/plan/bad.h 'bad.h:1: verb: The size' <<<$'/* The size of one. */\nint one(void);'
bites $prose include/plan/bad.h "include:1: statistic: 'if' 0.0 times" < <(yes '/* Returns the size. */' | head -n 400)
bites $prose scripts/prose_allowed.txt 'allows nothing' <<<'src/host/bad.c: where: NULL where | none'
bites $prose docs/man/bad.scd 'bad.scd:2: phrase: Hears' <<<$'*--wait*\n\tHears it.'
# Sentences that keep the rules, one that is allowed, and a page that may break them.
clean_tree
cat >"$tree/src/host/good.c" <<'END'
/* Keeps it where it is stored. There is no command, so `where` is not read. Who calls it? */
// Nobody calls it.
END
# Directives, and the rows of a table, are not one sentence.
{
    yes '# explore: one or two' | head -n 11
    yes '# shellcheck disable=SC1 # one' | head -n 11
    yes '#   NAME   three more words' | head -n 11
} >"$tree/scripts/good.sh"
echo 'src/host/good.c: phrase: Nobody calls | shows an entry' >"$tree/scripts/prose_allowed.txt"
echo 'All that fits.' >"$tree/README.md"
"$checks/$prose" "$tree" || status=1
# One line beyond the limit, and the limit itself.
long_function() {
    printf 'static int count(void) {\n'
    yes '    one();' | head -n "$(($1 - 2))"
    printf '}\n'
}
bites function_length.sh src/host/bad.c 'bad.c:1: a function of 61 lines' < <(long_function 61)
clean_tree
long_function 60 >"$tree/src/host/good.c"
if ! "$checks/function_length.sh" "$tree"; then
    echo "function_length.sh: red on a function of 60 lines"
    status=1
fi
bites function_length.sh include/plan/bad.h 'bad.h: 251 lines' < <(yes '' | head -n 251)
# A function that the test calls, one that it only names in a comment, and one that it does not
# name.
calls() {
    "$checks/functions_are_called.sh" "$tree/tests/contract/test_one.c" "$1" "${2:-none}" "$tree/include/contract/one.h"
}
printf 'int one(void);\nint two(void);\n' >"$tree/include/contract/one.h"
printf '    one(); /* two() */ // two()\n' >"$tree/tests/contract/test_one.c"
calls one || status=1
calls "one|two" two || status=1
for case in 'one|two:two() is not called' 'three:is blind'; do
    if output=$(calls "${case%%:*}") || ! grep -qF -- "${case#*:}" <<<"$output"; then
        printf '%s\n' "$output" "functions_are_called.sh: expected: ${case#*:}"
        status=1
    fi
done
exit "$status"
