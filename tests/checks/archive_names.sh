#!/usr/bin/env bash
# archive_names.sh ARCHIVE...: whoever links the archive gets no name but those that begin with
# rein_, so that none of their own is in the way.
set -u
status=0
for archive in "$@"; do
    names=$(nm --defined-only --extern-only --format=posix "$archive" | awk 'NF >= 2 { print $1 }')
    if ! grep -q '^rein_' <<<"$names"; then
        echo "$archive: defines nothing that begins with rein_"
        status=1
    fi
    if grep -v '^rein_' <<<"$names"; then
        echo "$archive: the names above do not begin with rein_"
        status=1
    fi
done
exit "$status"
