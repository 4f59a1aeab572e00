#!/usr/bin/env bash
# serve.sh PROGRAM PAGE: the program prints what the page says, and leaves no reservation. It fails if
# it cannot make its state directory.
set -u
program=$1
page=$2

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
expected=$(sed -n '/^<!-- prints -->$/,/^```$/p' "$page" | sed '1,2d;$d')
if ! printed=$("$program" "$folder/state") || [[ $printed != "$expected" ]]; then
    diff <(echo "$expected") <(echo "$printed")
    echo "expected the lines on the left, and an exit code of 0"
    exit 1
fi
left=$(find "$folder/state/GPU-example" -type f -not -name '.*')
if [[ -n $left ]]; then
    echo "expected no reservation: $left"
    exit 1
fi
if "$program" "$folder/missing/state" 2>/dev/null; then
    echo "a state directory that cannot be made: expected an exit code above 0"
    exit 1
fi
