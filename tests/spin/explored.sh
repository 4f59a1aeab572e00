#!/usr/bin/env bash
# explored.sh MODEL.pml: explores the model unless explored.txt, beside it, has the hash of the
# current model and the current explore.sh. If the model holds, prints the new line for explored.txt.
# Exits with 0 only if explored.txt has that line, with 77 if it does not and spin is not installed.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
model=$(realpath "${1:?expected: explored.sh MODEL.pml}") || exit 2
record=$(dirname "$model")/explored.txt
line="$(cat "$model" "$here/explore.sh" | sha256sum | cut -d ' ' -f 1)  $(basename "$model" .pml)"
if grep -qxF -- "$line" "$record" 2>/dev/null; then
    echo "as it was explored: $line"
    exit 0
fi
"$here/explore.sh" "$model" || exit
echo "the model holds; replace its line in $record with:"
echo "$line"
exit 1
