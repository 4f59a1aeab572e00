#!/usr/bin/env bash
# evidence_bites.sh: checks that the exit code and the last line of scripts/evidence.sh report
# whether every part passed, some failed, or some were not run. Its tools are stubs: nothing is
# installed or built.
set -u
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
status=0

mkdir "$tree"/{scripts,bin}
cp "$scripts"/{common,evidence}.sh "$tree/scripts/"
printf '#!/bin/sh\nexit 0\n' >"$tree/scripts/test.sh"
chmod +x "$tree/scripts/test.sh"
for tool in gcovr clang-tidy cppcheck frama-c why3 z3 cvc4 valgrind; do
    cp "$tree/scripts/test.sh" "$tree/bin/$tool"
done
# The preset proof fails.
cat >"$tree/bin/cmake" <<'EOF'
#!/bin/sh
[ "$1" != --version ] || exec echo cmake version 3.25.1
[ "$3" != proof ]
EOF
chmod +x "$tree/bin/cmake"

# ends CODE LAST_LINE BEGAN ARGUMENT...: expects the outcome of a run that began BEGAN seconds ago.
ends() {
    local code=$1 last=$2 began=$3 output found
    shift 3
    output=$(SECONDS=$began PATH="$tree/bin:$PATH" "$tree/scripts/evidence.sh" "$@" 2>&1)
    found=$?
    if ((found != code)) || ! tail -n 1 <<<"$output" | grep -qE "^evidence.sh: $last"; then
        printf '%s\n' "$output" "evidence.sh $*: exit code $found, expected $code and: $last"
        status=1
    fi
}

ends 0 'PASSED in [0-9]+ s$' 0 --minutes 1 drd thorough
ends 0 'PASSED in [0-9]+ s$' 0 drd
ends 1 'FAILED after [0-9]+ s: \[proof\]$' 0 drd proof thorough
ends 1 'FAILED after [0-9]+ s: \[proof\]$' 0 --change
ends 3 'INCOMPLETE after [0-9]+ s; not run: \[drd\] \[thorough\]$' 60 --minutes 1 drd thorough
ends 3 'INCOMPLETE after .*\[coverage\].*\[drd\] \[thorough\] \[spin\]$' 60 --minutes 1 --change spin
ends 2 "unknown part 'none'" 0 none
ends 2 "--minutes '0'" 0 --minutes 0
exit "$status"
