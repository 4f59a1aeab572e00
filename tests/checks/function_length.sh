#!/usr/bin/env bash
# function_length.sh [ROOT]: checks that no public header is longer than 250 lines, and no function
# longer than 60, from its opening line to its closing brace. Relies on clang-format: a
# brace that opens a function's body ends a line that begins in the first column, or ends the
# signature that such a line began.
set -u
root=${1:-.}
. "$(dirname "$0")/common.sh"

c_files include src tests examples bench | (cd "$root" && xargs -r awk -v limit=60 '
    FNR == 1 { start = 0 }
    /^[A-Za-z_]/ { start = /\(/ ? FNR : 0 }
    /^}/ {
        length_lines = FNR - start + 1
        if (start && length_lines > limit) {
            printf "%s:%d: a function of %d lines; the most is %d\n", FILENAME, start, length_lines, limit
            found = 1
        }
        start = 0
    }
    END { exit found }')
status=$?

while read -r header; do
    lines=$(wc -l <"$root/$header")
    if ((lines > 250)); then
        echo "$header: $lines lines; a public header has at most 250"
        status=1
    fi
done < <(c_files include)
exit "$status"
