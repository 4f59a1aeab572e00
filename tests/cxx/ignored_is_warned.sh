#!/usr/bin/env bash
# ignored_is_warned.sh INCLUDE_FOLDER: both compilers warn of each statement that drops a result, a
# verdict or a charge, and of nothing else.
set -u
include_folder=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cat >"$folder/drops.cpp" <<'CPP'
#include "node/rein_node.hpp"
REIN_RESULT_DEFINE(rein_result_unused, int)
rein::result<int> answer();
void use(rein_ledger &ledger, rein::result<int> kept) {
    kept = answer();
    answer(); // dropped
    kept.map([](int value) { return value; }); // dropped
    kept.and_then([](int) { return answer(); }); // dropped
    kept.or_else([](const rein_error &) { return answer(); }); // dropped
    kept.with_context("loading"); // dropped
    kept.to_c<rein_result_unused>(); // dropped
    rein::memory_charge(ledger, 1); // dropped
    rein_ledger_charge_memory(&ledger, 1); // dropped
    rein::open_state_directory("/run/rein"); // dropped
}
CPP
expected=$(grep -n '// dropped' "$folder/drops.cpp" | cut -d: -f1)
status=0
for compiler in g++ clang++; do
    found=$("$compiler" -std=c++17 -Wall -Wextra "-I$include_folder" -fsyntax-only \
        "$folder/drops.cpp" 2>&1 | sed -nE 's/.*drops\.cpp:([0-9]+):[0-9]+: (warning|error).*/\1/p' |
        sort -nu)
    if [[ $found != "$expected" ]]; then
        echo "$compiler warns of lines: ${found//$'\n'/ }; expected: ${expected//$'\n'/ }"
        status=1
    fi
done
exit "$status"
