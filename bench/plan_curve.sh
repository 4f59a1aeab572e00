#!/usr/bin/env bash
# plan_curve.sh BENCH_PLAN OUTPUT.svg [HARD_FOLDER]: draws the planner's processor time against the
# number of tensors, by family. BENCH_PLAN is the program bench_plan, preferably of a release build;
# HARD_FOLDER has hard instances as .csv. Each point is a file at its median over three seeds (a
# single seed for large files), at the command's default effort; hollow points are undecided. Needs
# gnuplot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if (($# < 2 || $# > 3)); then
    sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
bench=$1
output=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly EFFORT=300000 SEEDS=3

# Writes COUNT instances of a kind to the folder of a family: FAMILY COUNT NAME ARGUMENTS..., in
# which % is replaced by the number.
make_instances() {
    local family=$1 count=$2 name=$3 number
    shift 3
    mkdir -p "$work/$family"
    for ((number = 1; number <= count; number++)); do
        python3 "$here/synthetic.py" "${@//%/$number}" >"$work/$family/$name.$number.csv"
    done
}

for buffers in 25 50 100 200 400; do
    make_instances guillotine 4 "$buffers" guillotine "$buffers" 0 %
    make_instances guillotine 4 "$buffers.dropped" guillotine "$buffers" 0.05 %
done
for buffers in 10 15 20 25 30 35; do
    make_instances tight 150 "$buffers" tight "$buffers" 12 %
done
for count in 1000 3000 10000 30000 100000 300000 1000000; do
    make_instances large 1 "$count" lifetimes "$count" %
done
mkdir -p "$work/real" "$work/hard"
cp "$here"/../examples/fleet/lifetimes/*.csv "$work/real"
if (($# == 3)); then
    cp "$3"/*.csv "$work/hard"
fi

# Measures a family with further options.
measure() {
    local family=$1
    shift
    "$bench" --effort "$EFFORT" --seeds "$SEEDS" "$@" "$work/$family" >"$work/$family.txt"
}

# Prints the files of a family with a matching answer, as `tensors milliseconds`.
pick() {
    awk -v pattern="$2" 'NR > 1 && NF == 10 && $3 ~ pattern {print $2, ($9 > 0.001 ? $9 : 0.001)}' "$work/$1.txt"
}

measure guillotine
measure tight
measure hard
measure real --minimise
measure large --minimise --seeds 1
for family in guillotine tight hard real large; do
    pick "$family" '^(fits|cannot)$' >"$work/$family.decided"
    pick "$family" '^unknown$' >"$work/$family.undecided"
done
pick tight '^cannot$' >"$work/tight.decided"

gnuplot <<PLOT
set terminal svg size 900,560 font "system-ui,sans-serif,14"
set output "$work/curve.svg"
set logscale xy
set xrange [8:1500000]
set yrange [0.001:20000]
set format x "10^{%L}"
set format y "%g"
set xlabel "tensors"
set ylabel "processor time, ms"
set grid xtics ytics linecolor "grey" linewidth 0.5
set key right bottom reverse Left
set border linecolor "black"
plot "$work/tight.decided" title "tight, no plan reaches the peak" with points pt 7 ps 0.6 lc "#d55e00", \
     "$work/guillotine.decided" title "guillotine packings" with points pt 7 ps 0.6 lc "#2a86c8", \
     "$work/guillotine.undecided" title "guillotine, undecided at this effort" with points pt 6 ps 0.7 lc "#2a86c8", \
     "$work/hard.decided" title "hard instances" with points pt 9 ps 0.8 lc "#cc79a7", \
     "$work/real.decided" title "real networks" with points pt 5 ps 0.6 lc "#009e73", \
     "$work/large.decided" title "large, synthetic" with points pt 13 ps 0.8 lc "#e69f00", \
     "$work/large.undecided" title "large, synthetic, best plan at this effort" with points pt 12 ps 0.9 lc "#e69f00"
PLOT

# Makes black and grey follow the page's colours.
black='rgb(  0,   0,   0)'
grey='rgb(192, 192, 192)'
style="<style>@media (prefers-color-scheme:dark){text{fill:#f0f6fc}[color=\"black\"]{color:#9198a1}"
style+="[stroke=\"$black\"]{stroke:#9198a1}[stroke=\"$grey\"]{stroke:#3d444d}}<\/style>"
sed "0,/<defs>/s//$style<defs>/" "$work/curve.svg" >"$output"
cat "$work"/*.txt
