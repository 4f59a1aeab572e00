#!/usr/bin/env bash
# archive_names.sh INCLUDE_FOLDER ARCHIVE...: checks that every name that an archive exports is a
# function in a public header (outside comments) or begins with rein_i_. Names of the program then
# cannot conflict.
set -u
. "$(dirname "$0")/common.sh"
include_folder=$1
shift
mapfile -t headers < <(find "$include_folder" -name '*.h')
declared=$(code_of "${headers[@]}" | grep -oE '\brein_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u)
status=0
for archive in "$@"; do
    names=$(nm --defined-only --extern-only --format=posix "$archive" | awk 'NF >= 2 { print $1 }')
    if ! grep -q '^rein_' <<<"$names"; then
        echo "$archive: defines nothing that begins with rein_"
        status=1
    fi
    if grep -v '^rein_i_' <<<"$names" | grep -vxFf <(echo "$declared"); then
        echo "$archive: the names above are in no public header and do not begin with rein_i_"
        status=1
    fi
done
exit "$status"
