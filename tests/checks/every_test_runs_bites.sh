#!/usr/bin/env bash
# every_test_runs_bites.sh: checks that every_test_runs.py passes on two builds that each run what
# the other omits, and names the test that both omit.
set -u
check=$(dirname "$(realpath "$0")")/every_test_runs.py
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
status=0

mkdir "$tree/scripts"
printf 'cmake --workflow --preset one\ncmake --workflow --preset two\n' >"$tree/scripts/test.sh"
cat >"$tree/CMakeLists.txt" <<'EOT'
cmake_minimum_required(VERSION 3.22)
project(p LANGUAGES NONE)
enable_testing()
foreach(label a b c)
  add_test(NAME is_${label} COMMAND true)
  set_tests_properties(is_${label} PROPERTIES LABELS ${label})
endforeach()
EOT

# presets LABELS: the labels that the second build omits.
presets() {
    cat >"$tree/CMakePresets.json" <<EOT
{"version": 6,
 "configurePresets": [{"name": "one", "binaryDir": "build/one"}, {"name": "two", "binaryDir": "build/two"}],
 "testPresets": [
  {"name": "one", "configurePreset": "one", "filter": {"include": {"label": "^(a|b)$"}}},
  {"name": "two", "configurePreset": "two", "filter": {"exclude": {"label": "$1"}}}]}
EOT
}
# expect CODE TEXT
expect() {
    local said code
    said=$("$check" "$tree" 2>&1)
    code=$?
    if ((code != $1)) || ! grep -qF -- "$2" <<<"$said"; then
        printf '%s\n' "$said" "exited with $code, expected $1 with '$2'"
        status=1
    fi
}

presets '^(a|b)$'
for build in one two; do
    (cd "$tree" && cmake --preset "$build") >"$tree/said" 2>&1 || {
        cat "$tree/said"
        exit 1
    }
done
expect 0 '3 tests, 0 that nothing runs'
presets '^(a|c)$'
expect 1 'is_c: no test preset of the builds one, two chooses it'
exit "$status"
