#!/usr/bin/env bash
# make.sh DOXYGEN PYTHON DOXYFILE SITE: builds the site in SITE from scratch. Fails if Doxygen warns, a
# public symbol has no text, or a picture is missing.
set -euo pipefail
doxygen=$1 python=$2 doxyfile=$3 site=$4
rm -rf "$site/html" "$site/xml"
"$doxygen" "$doxyfile"
"$python" "$(dirname "${BASH_SOURCE[0]}")/documented.py" "$site/xml"
grep -oh '<img [^>]*src="[^"]*"' "$site"/html/*.html | sed 's/.*src="//; s/"$//' | sort -u |
    while read -r picture; do
        [[ $picture == *:* || -f $site/html/$picture ]] || {
            echo "picture $picture is not in the site, expected its folder in IMAGE_PATH of the Doxyfile" >&2
            exit 1
        }
    done
