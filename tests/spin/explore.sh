#!/usr/bin/env bash
# explore.sh MODEL.pml: explores every state of a Promela model with spin, once for each variant that
# the model names in a line of its own, anywhere in the file:
#
#     explore: holds [-DNAME[=VALUE]...]        no assertion is violated, no process waits forever,
#                                               and every statement is reached
#     explore: fails RULE [-DNAME[=VALUE]...]   a seeded bug: the assertion that names RULE is
#                                               violated; for the RULE `deadlock`, a process waits
#                                               forever
#
# A variable with the name of the rule, which is 0, puts the rule into an assertion:
#
#     hidden byte sum_fits = 0;
#     assert(sum_fits || sum <= LIMIT);
#
# The search is exhaustive and without reduction; a truncated search fails. Each rule with such a
# variable needs a fails line. Exits with 0 if every variant ended as expected, with 1 if not, with
# 77 if spin is not installed.
set -u
model=$(realpath "${1:?expected: explore.sh MODEL.pml}") || exit 2
name=$(basename "$model" .pml)
if ! command -v spin >/dev/null; then
    echo "explore.sh: SKIPPED: there is no spin; scripts/test.sh installs it"
    exit 77
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
depth_max=1000000

# Builds and runs pan for the variant; writes its report to `output`.
search() {
    local folder=$1
    shift
    mkdir "$folder" && cd "$folder" &&
        spin "$@" -a "$model" >output 2>&1 &&
        "${CC:-cc}" "${EXPLORE_OPTIMISATION:--O2}" -w -DSAFETY -DNOREDUCE -o pan pan.c >>output 2>&1 &&
        ./pan "-m$depth_max" >>output 2>&1
}

# Prints why the variant does not hold, or nothing.
why_not_held() {
    grep -E '^pan:[0-9]+: |^error: |Search not completed|hash conflicts: +-|max search depth' \
        "$1" | head -n 1
    grep -q 'errors: 0$' "$1" || echo 'the search did not end'
    # A process that never ends does not reach its end state.
    sed -n 's/^\t.*:\([0-9]*\), state [0-9]*, \("\(.*\)"\)$/never reached: line \1: \3/p' "$1" |
        grep -v -- ': -end-$' | head -n 1
}

# Prints why the variant did not fail as expected, or nothing.
why_not_failed() {
    local rule=$1 output=$2 violation
    violation=$(sed -n 's/^pan:[0-9]*: //p' "$output" | head -n 1)
    if [[ -z $violation ]]; then
        echo "it holds, or does not build: $(head -n 1 "$output")"
    elif [[ $rule == deadlock && $violation == 'invalid end state'* ]] ||
        [[ $violation == 'assertion violated'* && $violation =~ (^|[^a-z_])$rule([^a-z_]|$) ]]; then
        return
    else
        echo "it fails otherwise: $violation"
    fi
}

# Explores one variant; prints `ok` or `WRONG`, and the variant.
judge() {
    local number=$1 kind=$2 rule=- why states
    shift 2
    if [[ $kind == fails ]]; then
        rule=$1
        shift
    fi
    search "$work/$number" "$@"
    if [[ $kind == holds ]]; then
        why=$(why_not_held "$work/$number/output")
    else
        why=$(why_not_failed "$rule" "$work/$number/output")
    fi
    states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' "$work/$number/output")
    if [[ -z $why ]]; then
        echo "ok:    $name $kind $rule $* (${states:-0} states)"
    else
        echo "WRONG: $name $kind $rule $*: $why"
    fi
    rm -rf "${work:?}/$number"
}

mapfile -t variants < <(sed -n 's| *\*/ *$||; s/^.*explore: \(holds\|fails\)/\1/p' "$model")
mapfile -t rules < <(sed -n 's/^hidden byte \([a-z_]*\) = 0;.*/\1/p' "$model")
for number in "${!variants[@]}"; do
    read -ra words <<<"${variants[$number]}"
    while (($(jobs -rp | wc -l) >= $(nproc))); do
        wait -n
    done
    judge "$number" "${words[@]}" >"$work/verdict_$number" &
done
wait

for number in "${!variants[@]}"; do
    cat "$work/verdict_$number"
done >"$work/verdicts"
for rule in "${rules[@]}"; do
    printf '%s\n' "${variants[@]}" | grep -qE "^fails $rule( |\$)" ||
        echo "WRONG: $name: no variant breaks the rule $rule"
done >>"$work/verdicts"
cat "$work/verdicts"
wrong=$(grep -c '^WRONG' "$work/verdicts")
echo "${#variants[@]} variants of $name, $wrong not as expected, $SECONDS s"
((${#variants[@]} > 0 && wrong == 0))
