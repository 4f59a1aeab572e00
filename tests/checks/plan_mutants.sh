#!/usr/bin/env bash
# plan_mutants.sh [ROOT [TABLE]]: makes each mutant of the exact search in the table, one at a time,
# and fails unless the tests of the plan detect all of them. Reports the failing test, or that a run
# did not end: then no test found a wrong answer. A mutant that does not build is an error.
set -u
root=$(cd "${1:-.}" && pwd) || exit 2
table=${2:-$(dirname "${BASH_SOURCE[0]}")/plan_mutants.txt}
tests=(test_plan test_plan_refutation)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
compile=("${CC:-cc}" -std=c17 -O1 -w -D_GNU_SOURCE
    "-I$root/include" "-I$root/src" "-I$root/tests")
read -ra criterion <<<"$(pkg-config --cflags --libs criterion)"
export TIME_LIMIT_S=60

# Links the tests of a folder's objects and runs them. Prints why they fail, or nothing.
why_red() {
    local folder=$1 test status
    for test in "${tests[@]}"; do
        "${compile[@]}" -x none "$work/$test.main" "$folder"/*.o -o "$folder/run" "${criterion[@]}" \
            -lpthread || return 2
        timeout "$TIME_LIMIT_S" "$folder/run" >"$folder/output" 2>&1
        status=$?
        if ((status == 124)); then
            echo "no end in $TIME_LIMIT_S s of $test"
            return 0
        elif ((status != 0)); then
            sed -n 's/^\[.*FAIL.*\] \([a-z_]*::[a-z_]*\).*/\1/p; s/^\[.*----.*\] .*\(CRASH!\)/\1/p' \
                "$folder/output" | head -n 1 | grep . || echo "$test exits with $status"
            return 0
        fi
    done
}

# Prints a line: noticed, SURVIVES or BROKEN, and the mutant.
judge() {
    local number=$1 file=$2 text=$3 replacement=$4 folder why
    folder=$work/mutant_$number
    cp -r "$work/sound" "$folder"
    if ! python3 - "$root/src/host/plan/$file" "$folder/$file" "$text" "$replacement" <<'PYTHON'
import sys

source = open(sys.argv[1]).read()
if source.count(sys.argv[3]) != 1:
    sys.exit(1)
open(sys.argv[2], "w").write(source.replace(sys.argv[3], sys.argv[4]))
PYTHON
    then
        echo "BROKEN:   not once in $file: $text"
    elif ! "${compile[@]}" -c "$folder/$file" -o "$folder/plan_${file%.c}.o" ||
        ! why=$(why_red "$folder"); then
        echo "BROKEN:   does not build: $file: $text  ->  $replacement"
    elif [[ -z $why ]]; then
        echo "SURVIVES: $file: $text  ->  $replacement"
    else
        echo "noticed:  $file: $text  ->  $replacement  [$why]"
    fi
    rm -rf "$folder"
}

mkdir "$work/sound"
for file in "$root"/src/host/*/*.c; do
    name=$(basename "$(dirname "$file")")_$(basename "$file" .c)
    "${compile[@]}" -c "$file" -o "$work/sound/$name.o" || exit 2
done
for test in "${tests[@]}"; do
    "${compile[@]}" -c "$root/tests/plan/$test.c" -o "$work/$test.main.o" || exit 2
    mv "$work/$test.main.o" "$work/$test.main"
done
cp -r "$work/sound" "$work/unchanged"
start=$SECONDS
if ! why=$(why_red "$work/unchanged") || [[ -n $why ]]; then
    echo "plan_mutants: the tests fail without a mutant: $why"
    exit 2
fi
# A run counts as endless only long after the time that the tests take by themselves on this
# machine.
TIME_LIMIT_S=$((30 + 10 * (SECONDS - start)))

count=0
while IFS= read -r line; do
    [[ -z $line || $line == \#* ]] && continue
    count=$((count + 1))
    file=${line%% ~> *}
    rest=${line#* ~> }
    while (($(jobs -rp | wc -l) >= $(nproc))); do
        wait -n
    done
    judge "$count" "$file" "${rest%% ~> *}" "${rest#* ~> }" >"$work/verdict_$count" 2>&1 &
done <"$table"
wait

for ((number = 1; number <= count; number++)); do
    cat "$work/verdict_$number"
done >"$work/verdicts"
cat "$work/verdicts"
noticed=$(grep -c '^noticed: ' "$work/verdicts")
echo "$count mutants, $((count - noticed)) not noticed, $SECONDS s"
((count > 0 && noticed == count))
