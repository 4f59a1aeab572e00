#!/usr/bin/env bash
# debian.sh REIN_CUDA FOLDER: checks the packages that cpack made in the folder. They must satisfy
# lintian, install into a root of their own, work there, and leave nothing behind when removed.
# shellcheck disable=SC2317 # functions are called through must and refuses
set -u
. "$(dirname "$0")/common.sh"
cuda=$1
packages=("$2"/*.deb)
root=$folder/root

in_root() { # in_root OPTION...: dpkg on the scratch root
    fakeroot dpkg --root="$root" --force-not-root --force-depends --log=/dev/null "$@"
}
files() {
    find "$root/usr" ! -type d 2>/dev/null
}

names=$(for package in "${packages[@]}"; do dpkg-deb --field "$package" Package; done | sort | xargs)
expected='librein-dev librein-testing-dev rein'
[[ $cuda == ON ]] && expected="librein-cuda-dev $expected"
[[ $names == "$expected" ]] || complain "the packages are '$names', expected '$expected'"

# Only an unwritten man page may be missing.
suppressed=()
compgen -G "$source/docs/man/rein.1.scd" >/dev/null || suppressed=(--suppress-tags no-manual-page)
lintian --allow-root --fail-on error,warning "${suppressed[@]}" "${packages[@]}" 2>"$folder/said" ||
    complain 'lintian has something to say about the packages'

mkdir -p "$root"/usr "$root"/var/lib/dpkg/{info,updates}
touch "$root/var/lib/dpkg/status"
must in_root --install "${packages[@]}"
for name in $names; do
    for document in copyright changelog.gz; do
        [[ -s $root/usr/share/doc/$name/$document ]] || complain "$name has no $document"
    done
done
for package in "${packages[@]}"; do
    [[ $package == */librein-testing-dev_* ]] && continue
    dpkg-deb --contents "$package" | grep -E 'mock|virtual_clock|conformance|testing' &&
        complain "$package contains the test doubles above"
done
grep -q 'License: Apache-2.0' "$root/usr/share/doc/rein/copyright" || complain 'copyright names no license'

version=$(sed -n 's/#define REIN_VERSION_STRING "\(.*\)"/\1/p' "$source/include/contract/version.h")
prints "rein $version" "$root/usr/bin/rein" --version
"$root/usr/bin/rein" check "$root/usr/share/doc/rein/examples/fleet/edge-8gib.yaml" >"$folder/said" 2>&1 ||
    complain "$(tail -n 3 "$folder/said")" 'the packaged example does not fit'
pc=$(dirname "$(find "$root/usr" -name rein.pc)")
cp -r "$consumers/pkg-config" "$folder/ledger"
must env "PKG_CONFIG_PATH=$pc" make -C "$folder/ledger"
prints 'refused: 400 of 512 MiB are in use, short by 88 MiB' "$folder/ledger/ledger"
config=$(find "$root/usr" -name rein-config.cmake)
must cmake -S "$consumers/testing" -B "$folder/testing" "-Drein_DIR=$(dirname "$config")"
must cmake --build "$folder/testing"
prints '3 executions took 4 tries and 30 ms of virtual time' "$folder/testing/scheduler_test"

# shellcheck disable=SC2086 # one argument for each name
must in_root --purge $names
files | grep . && complain 'the files above are left behind'
exit "$status"
