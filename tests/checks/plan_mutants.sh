#!/bin/sh
# Makes each cut of the exact search slightly wrong, one at a time, and fails unless the tests of the
# plan notice every one.
#
#     plan_mutants.sh SOURCE_DIRECTORY
set -eu

source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile="${CC:-cc} -std=c17 -O1 -D_POSIX_C_SOURCE=200809L -I$source/include -I$source/src"
criterion=$(pkg-config --cflags --libs criterion)

for file in "$source"/src/host/*.c; do
    $compile -c "$file" -o "$work/host_$(basename "$file" .c).o"
done
for file in "$source"/src/host/plan/*.c; do
    $compile -c "$file" -o "$work/$(basename "$file" .c).o"
done
for test in test_plan test_plan_refutation; do
    $compile -I"$source/tests" -c "$source/tests/$test.c" -o "$work/$test.main"
done

# Links both tests and runs them; succeeds if both pass.
tests_pass() {
    for test in test_plan test_plan_refutation; do
        # shellcheck disable=SC2086
        ${CC:-cc} -x none "$work/$test.main.o" "$work"/*.o.lib -o "$work/run" $criterion -lpthread
        timeout 10 "$work/run" >"$work/output" 2>&1 || return 1
    done
}

for object in "$work"/*.o; do
    mv "$object" "$object.lib"
done
for main in "$work"/*.main; do
    mv "$main" "$main.o"
done
tests_pass || { echo "plan_mutants: the tests fail without a mutant"; cat "$work/output"; exit 1; }

count=0
survivors=0

# mutant FILE TEXT REPLACEMENT: a plain text that stands once in the file.
mutant() {
    count=$((count + 1))
    python3 - "$source/src/host/plan/$1" "$work/$1" "$2" "$3" <<'PYTHON'
import sys
text = open(sys.argv[1]).read()
if text.count(sys.argv[3]) != 1:
    sys.exit("plan_mutants: not once in the source: " + sys.argv[3])
open(sys.argv[2], "w").write(text.replace(sys.argv[3], sys.argv[4]))
PYTHON
    object="$work/$(basename "$1" .c).o.lib"
    cp "$object" "$work/kept"
    $compile -c "$work/$1" -o "$object"
    if tests_pass; then
        survivors=$((survivors + 1))
        echo "survives: $1: $2  ->  $3"
    else
        echo "noticed:  $1: $2  ->  $3"
    fi
    mv "$work/kept" "$object"
    rm "$work/$1"
}

mutant state.c 'st->total[s] > st->capacity - floor' 'st->total[s] >= st->capacity - floor'
mutant state.c 'in->size[tensor] > st->capacity - low)' 'in->size[tensor] >= st->capacity - low)'
mutant state.c 'in->size[other] <= floor &&' 'in->size[other] <= floor + 1 &&'
mutant state.c 'in->first[other] >= in->first[tensor] &&' 'true &&'
mutant state.c 'in->last[other] <= in->last[tensor] &&' 'true &&'
mutant state.c '!instance_is_fixed(in, other);' 'true;'
mutant state.c 'in->size[left] == in->size[right] &&' 'true &&'
mutant state.c 'in->first[left] == in->first[right] && in->last[left] == in->last[right] &&' 'true &&'
mutant state.c 'next = low < next ? low : next;' 'next = low < next ? low + 1 : next;'
mutant state.c 'if (low == floor) {' 'if (low == floor || true) {'
mutant state.c 'st->total[s] += in->size[tensor];' 'st->total[s] += in->size[tensor] + 1;'
mutant state.c 'if (low == PLAN_NEVER || instance_is_fixed(in, tensor)) {' 'if (low == PLAN_NEVER || low > st->rest[tensor]) {'
mutant niche.c 'st->floor[plateau.from - 1] > floor)' 'st->floor[plateau.from - 1] != floor)'
mutant niche.c 'if (!is_local_minimum(st, p, plateau)) {' 'if (p.from > plateau.from + 99) {'
mutant niche.c 'st->crossing[p.until] > 0' 'st->crossing[p.until] > 1'
mutant search.c 'st->low[tensor], st->rest[tensor]);' 'st->low[tensor], 0);'
mutant search.c 'memo_key_add(&key, tensor, st->low[tensor]' 'memo_key_add(&key, tensor, 0'
mutant search.c 'if (top->from < p.until && p.from < top->until) {' 'if (top->from < p.until && p.from + 1 < top->until) {'
mutant search.c 'known->need > se->st.capacity' 'known->need + 1 > se->st.capacity'
mutant search.c 'bool is_waste = child == top->children_count;' 'bool is_waste = child + 1 >= top->children_count;'

echo "$count mutants, $survivors survive"
[ "$survivors" -eq 0 ]
