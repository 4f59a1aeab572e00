#!/usr/bin/env bash
# prove.sh [ROOT [FUNCTIONS [MUTANTS]]]: proves the contracts of the listed functions in the
# compiled sources, for all inputs and without overflow. Fails unless each listed mutant breaks a
# proof. Needs frama-c, why3, z3 and cvc4; exits with 77 if one of them is missing.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "${1:-$here/../..}" && pwd) || exit 2
functions=${2:-$here/functions.txt}
mutants=${3:-$here/mutants.txt}
for tool in frama-c why3 z3 cvc4; do
    if ! command -v "$tool" >/dev/null; then
        echo "prove: not run: $tool is missing (Debian: frama-c-base why3 z3 cvc4)"
        exit 77
    fi
done
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export WHY3CONFIG=$work/why3.conf
why3 -C "$WHY3CONFIG" config detect >"$work/detected" 2>&1 || {
    cat "$work/detected"
    exit 2
}

# The slowest goal takes a second or two on an idle machine. The unprovable goals of a mutant always
# take the whole limit.
PROVER_LIMIT_S=60
MUTANT_LIMIT_S=4

# in_background COMMAND...: waits for a free processor, then runs the command in the background.
in_background() {
    while (($(jobs -rp | wc -l) >= $(nproc))); do
        wait -n
    done
    "$@" &
}

# prove TREE FILE LIMIT_S OPTION...: prints the output of Frama-C for one source of a tree.
prove() {
    local tree=$1 file=$2 limit=$3 unit
    shift 3
    unit=$(mktemp --suffix=.c -p "$work") || return 2
    echo "#include \"$tree/$file\"" >"$unit"
    frama-c -c11 -machdep gcc_x86_64 "${kind[@]}" -wp -wp-rte -warn-unsigned-overflow \
        -wp-prover z3,cvc4 -wp-par 1 -wp-timeout "$limit" "$@" "$unit" 2>&1
}

# select_source FILE TREE: sets the options of a listed source; fails if it is not listed.
select_source() {
    local line file macro=PROOF_UNSIGNED rest
    line=$(grep -F "$1 ~> " "$functions") || return 1
    read -r file _ rest <<<"$line"
    [[ $file == "$1" ]] || return 1
    [[ $rest == 'signed '* ]] && macro=PROOF_SIGNED
    listed=${rest#* ~> }
    inlined=${listed#* ~>}
    listed=${listed%% ~>*}
    read -ra inlined_names <<<"$inlined"
    read -ra listed_names <<<"$listed"
    kind=()
    ((${#inlined_names[@]})) && kind+=(-inline-calls "$(joined "${inlined_names[@]}")")
    preprocess="-I$2/include -I$2/src -D_POSIX_C_SOURCE=200809L -D$macro -include $here/compiler.h"
    kind+=(-cpp-extra-args="$preprocess")
}

joined() {
    local IFS=,
    echo "$*"
}

# counts OUTPUT: prints the two numbers of "Proved goals: P / N", or nothing.
counts() {
    sed -n 's|^\[wp\] Proved goals: *\([0-9]*\) / \([0-9]*\)$|\1 \2|p' "$1"
}

total=0
total_proven=0
faults=0

# fault TEXT...
fault() {
    echo "FAILED: $*"
    faults=$((faults + 1))
}

# add_goals FILE WHAT OUTPUT
add_goals() {
    local proven goals
    read -r proven goals <<<"$(counts "$3")"
    if [[ -z ${goals:-} || $goals == 0 ]]; then
        fault "$1: $2: no goal"
        tail -n 5 "$3"
        return
    fi
    echo "$1: $2: $proven of $goals goals proven"
    if ((proven != goals)); then
        fault "$1: $2"
        grep -A 2 '^\[wp\] \[Failed\]' "$3"
    fi
    total=$((total + goals))
    total_proven=$((total_proven + proven))
}

has_lemmas() {
    grep -q '^ *\(/\*@\)\? *lemma ' "$root/$1"
}

# output_of FILE KIND: prints the name of the output file for a source.
output_of() {
    echo "$work/${1//\//_}.$2"
}

start_source() {
    local file=$1
    select_source "$file" "$root" || return
    in_background prove "$root" "$file" "$PROVER_LIMIT_S" -wp-fct "$(joined "${listed_names[@]}")" \
        >"$(output_of "$file" functions)"
    if has_lemmas "$file"; then
        in_background prove "$root" "$file" "$PROVER_LIMIT_S" -wp-prop @lemma \
            >"$(output_of "$file" lemmas)"
    fi
}

judge_source() {
    local file=$1 name output
    select_source "$file" "$root" || return
    output=$(output_of "$file" functions)
    for name in "${listed_names[@]}"; do
        grep -q " Goal typed_${name}_" "$output" || fault "$file: $name: no goal"
        grep -qF "$file ~> $name ~> " "$mutants" || fault "$file: $name: no mutant"
    done
    add_goals "$file" "${#listed_names[@]} functions" "$output"
    if has_lemmas "$file"; then
        add_goals "$file" 'lemmas' "$(output_of "$file" lemmas)"
    fi
}

# Proves clear_low_bits with bit vectors, which WP cannot do. The formula restates the function, so
# its text in checked.h must not change.
prove_bits() {
    local prover answer wrong
    grep -qF 'return number & ~mask;' "$root/src/host/base/checked.h" ||
        fault 'clear_low_bits is no longer what clear_low_bits.smt2 is about'
    sed 's/(bvult k (_ bv64 64))/(bvule k (_ bv64 64))/; s/bvnot mask/bvnot (bvlshr mask (_ bv1 64))/' \
        "$here/clear_low_bits.smt2" >"$work/wrong.smt2"
    for prover in z3 cvc4; do
        answer=$("$prover" "$here/clear_low_bits.smt2")
        wrong=$("$prover" "$work/wrong.smt2")
        echo "src/host/base/checked.h: clear_low_bits: $prover: $answer; of half the mask: $wrong"
        [[ $answer == unsat && $wrong == sat ]] || fault "clear_low_bits by $prover"
    done
}

# mutate TREE FILE TEXT REPLACEMENT: fails unless the text occurs exactly once in the file.
mutate() {
    mkdir -p "$1"
    cp -r "$root/include" "$root/src" "$1"
    python3 - "$1/$2" "$3" "$4" <<'PYTHON'
import sys

path, text, replacement = sys.argv[1:]
source = open(path).read()
if source.count(text) != 1:
    sys.exit(1)
open(path, "w").write(source.replace(text, replacement))
PYTHON
}

# try_mutant FOLDER FILE NAME TEXT REPLACEMENT
try_mutant() {
    mutate "$1/tree" "$2" "$4" "$5" && select_source "$2" "$1/tree" &&
        prove "$1/tree" "$2" "$MUTANT_LIMIT_S" -wp-fct "$3" >"$1/output"
    rm -rf "$1/tree"
}

# judge_mutant FOLDER FILE NAME TEXT REPLACEMENT
judge_mutant() {
    local output=$1/output file=$2 name=$3 text=$4 replacement=$5 proven goals
    if [[ ! -e $output ]]; then
        fault "$file is not listed, or has not once: $text"
        return
    fi
    read -r proven goals <<<"$(counts "$output")"
    if [[ -z ${goals:-} || $goals == 0 ]]; then
        fault "mutant of $name: no goal"
    elif ((proven == goals)); then
        fault "SURVIVES: $name: $text  ->  $replacement"
    else
        echo "noticed: $name: $text  ->  $replacement  [$((goals - proven)) of $goals]"
        noticed=$((noticed + 1))
    fi
}

mapfile -t sources < <(grep -v -e '^$' -e '^#' "$functions")
for line in "${sources[@]}"; do
    start_source "${line%% ~> *}"
done
wait
for line in "${sources[@]}"; do
    judge_source "${line%% ~> *}"
done
prove_bits
echo "$total_proven of $total goals proven, $SECONDS s"

# for_each_mutant COMMAND...: calls COMMAND with a folder, the file, the function, the text and its
# replacement.
for_each_mutant() {
    local line file rest name
    count=0
    while IFS= read -r line; do
        [[ -z $line || $line == \#* ]] && continue
        count=$((count + 1))
        file=${line%% ~> *}
        rest=${line#* ~> }
        name=${rest%% ~> *}
        rest=${rest#* ~> }
        "$@" "$work/mutant_$count" "$file" "$name" "${rest%% ~> *}" "${rest#* ~> }"
    done <"$mutants"
}
noticed=0
for_each_mutant in_background try_mutant
wait
for_each_mutant judge_mutant
echo "$count mutants, $((count - noticed)) not noticed, $SECONDS s"
((total > 0 && count > 0 && faults == 0))
