# Shared functions of the tests of the installed product.
# shellcheck shell=bash disable=SC2034

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
consumers=$source/examples/consumers
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
status=0

# complain TEXT...: reports a fault; the test goes on and fails at the end.
complain() {
    printf '%s\n' "$*"
    status=1
}

# must COMMAND...: runs a command that the test needs. If it fails, prints its output and ends the
# test.
must() {
    "$@" >"$folder/said" 2>&1 || {
        tail -n 40 "$folder/said"
        echo "failed: $*"
        exit 1
    }
}

# refuses REASON COMMAND...: expects the command to fail with the reason.
refuses() {
    local reason=$1 said
    shift
    if said=$("$@" 2>&1); then
        complain "succeeded, expected it to fail with '$reason': $*"
    elif ! tr -s '[:space:]' ' ' <<<"$said" | grep -qF -- "$reason"; then
        complain "$said" "failed without '$reason': $*"
    fi
}

# prints EXPECTED COMMAND...
prints() {
    local expected=$1 said
    shift
    said=$("$@" 2>&1) || complain "failed: $*"
    [[ $said == "$expected" ]] || complain "printed '$said', expected '$expected': $*"
}
