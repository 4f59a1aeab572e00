#!/usr/bin/env bash
# explore_bites.sh: checks that explore.sh prints WRONG and the reason for models that do not behave
# as their lines say, and that explored.sh explores a model that has changed. Exits with 77 if spin
# is not installed.
set -u
explore=$(dirname "${BASH_SOURCE[0]}")/explore.sh
if ! command -v spin >/dev/null; then
    echo "explore_bites.sh: SKIPPED: there is no spin; scripts/test.sh installs it"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0
# The models have few states: an optimised build would take longer than the search.
export EXPLORE_OPTIMISATION=-O0

# expect_wrong WHAT PATTERN: fails unless explore.sh refuses the model on standard input with a line
# that matches PATTERN.
expect_wrong() {
    local what=$1 pattern=$2 output
    cat >"$work/model.pml"
    if output=$("$explore" "$work/model.pml" 2>&1) || ! grep -qE "$pattern" <<<"$output"; then
        printf 'explore.sh does not see %s:\n%s\n' "$what" "$output"
        failed=1
    fi
}

# Counts to LIMIT and asserts that it stays below 10.
counter='
hidden byte stays_small = 0;
int count = 0;
active proctype counter() {
    do
    :: count < LIMIT -> count++; assert(stays_small || count < 10)
    :: count == LIMIT -> break
    od
}'
expect_wrong 'a violated assertion' 'WRONG: model holds .*assertion violated \(stays_small' <<EOT
/* explore: holds -DLIMIT=20
 * explore: fails stays_small -DLIMIT=20 */$counter
EOT
expect_wrong 'a bug that breaks nothing' 'WRONG: model fails stays_small -DLIMIT=5: it holds' <<EOT
/* explore: fails stays_small -DLIMIT=5 */$counter
EOT
expect_wrong 'a bug that breaks another rule' 'WRONG: model fails deadlock .*: it fails otherwise' <<EOT
/* explore: fails deadlock -DLIMIT=20
 * explore: fails stays_small -DLIMIT=20 */$counter
EOT
expect_wrong 'a rule that is part of a name' 'WRONG: model fails small .*: it fails otherwise' <<EOT
/* explore: fails small -DLIMIT=20
 * explore: fails stays_small -DLIMIT=20 */$counter
EOT
expect_wrong 'a rule that no variant breaks' 'WRONG: model: no variant breaks the rule stays_small' <<EOT
/* explore: holds -DLIMIT=5 */$counter
EOT
expect_wrong 'a search that was cut short' 'WRONG: model holds -.*max search depth too small' <<EOT
/* explore: holds -DLIMIT=9000000
 * explore: fails stays_small -DLIMIT=20 */${counter/count < 10/count >= 0 || LIMIT < 100}
EOT
expect_wrong 'a process that waits for ever' 'WRONG: model holds -.*invalid end state' <<'EOT'
/* explore: holds */
chan queue = [0] of { byte };
active proctype reader() { byte got; queue?got }
EOT
expect_wrong 'a statement that is never reached' 'WRONG: model holds -.*never reached: line [0-9]+: count = 7' <<'EOT'
/* explore: holds */
int count = 0;
active proctype counter() {
    count++;
    if
    :: count == 1
    :: count == 2 -> count = 7
    fi
}
EOT
expect_wrong 'a model that asks for nothing' '^0 variants' <<<'init { skip }'
expect_wrong 'a model that does not build' 'WRONG: model holds -.*did not end' <<'EOT'
/* explore: holds */
active proctype counter() { count++ }
EOT

# expect_explored CODE PATTERN: fails unless explored.sh exits with CODE and prints a line that
# matches PATTERN. Sets `line` to the last line printed.
expect_explored() {
    local output code
    output=$("${explore%/*}/explored.sh" "$work/model.pml" 2>&1)
    code=$?
    if ((code != $1)) || ! grep -qE -- "$2" <<<"$output"; then
        printf 'explored.sh exits with %d, expected %d and: %s\n%s\n' "$code" "$1" "$2" "$output"
        failed=1
    fi
    line=$(tail -n 1 <<<"$output")
}
line=
printf '/* explore: holds -DLIMIT=5\n * explore: fails stays_small -DLIMIT=20 */%s\n' "$counter" >"$work/model.pml"
expect_explored 1 '^ok: +model holds - -DLIMIT=5'
echo "$line" >"$work/explored.txt"
expect_explored 0 '^as it was explored: [0-9a-f]{64}  model$'
sed -i 's/count < 10/count < 3/' "$work/model.pml"
expect_explored 1 'WRONG: model holds - -DLIMIT=5: .*assertion violated'
((failed == 0)) && echo "explore_bites.sh: explore.sh sees them all"
exit "$failed"
