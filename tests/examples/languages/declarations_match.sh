#!/usr/bin/env bash
# declarations_match.sh CC INCLUDE PRINTER...: the C that PRINTER prints of the declarations of another
# language compiles with the headers, and does not with headers that differ from them.
set -u
compiler=$1
include=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
status=0

{
    echo '#include <stddef.h>'
    echo '#include "contract/contract.h"'
    "$@" || exit 1
} >"$folder/declarations.c" || exit 1
declared=$(grep -c . "$folder/declarations.c")
((declared > 100)) || {
    echo "only $declared declarations: this check is blind"
    exit 1
}

compile() { # compile INCLUDE
    "$compiler" -std=c17 -Wall -Wconversion -Werror -fsyntax-only "-I$1" "$folder/declarations.c" 2>&1
}
# notices REASON HEADER COMMAND: headers in which sed's COMMAND changed HEADER are refused for REASON.
notices() {
    local said
    rm -rf "$folder/include"
    cp -r "$include" "$folder/include"
    sed -i "$3" "$folder/include/contract/$2"
    if cmp -s "$include/contract/$2" "$folder/include/contract/$2"; then
        echo "$2 has nothing that this changes: $3"
        status=1
    elif said=$(compile "$folder/include"); then
        echo "not noticed: $3"
        status=1
    elif ! grep -qF -- "$1" <<<"$said"; then
        printf '%s\n' "$said" "refused without '$1': $3"
        status=1
    fi
}

compile "$include" || exit 1
notices 'REIN_ERROR_BUFFER_TOO_SMALL has another value' error.h 's/_TOO_SMALL = 14/_TOO_SMALL = 16/'
notices 'rein_execution_request has another size' execution.h 's/^    rein_timestamp deadline;/    int64_t spare;\n&/'
notices 'rein_tensor.capacity_bytes' tensor.h 's/^    void \*data; /    uint64_t capacity_bytes; void *data;/; s/^    uint64_t capacity_bytes; *\/.*//'
notices 'rein_backend_load' backend.h '/rein_result_void rein_backend_load(/,/;/s/const char \*model_path,/&int flags,/'
if grep -qF '(rein_backend_interface' "$folder/declarations.c"; then
    notices 'rein_backend_interface.unload has another type' backend.h 's/(\*unload)(void \*self)/(*unload)(void *self, int flags)/'
fi
exit "$status"
