#!/usr/bin/env bash
# make.sh DOXYGEN PYTHON DOXYFILE SITE: makes the site anew in SITE. Fails on any warning of Doxygen's,
# and where a public symbol has no text.
set -euo pipefail
doxygen=$1 python=$2 doxyfile=$3 site=$4
rm -rf "$site/html" "$site/xml"
"$doxygen" "$doxyfile"
"$python" "$(dirname "${BASH_SOURCE[0]}")/documented.py" "$site/xml"
