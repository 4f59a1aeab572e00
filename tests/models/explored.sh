#!/usr/bin/env bash
# explored.sh MODEL.pml: a model that was explored as it is now, with explore.sh as it is now, need not
# be explored again: explored.txt, beside the model, has the hash of both. One without its hash there
# is explored; if it holds, the line that explored.txt is to have is printed. Exits with 0 only
# if that line is there, with 77 if it is not and there is no spin.
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
