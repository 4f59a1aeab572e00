#!/usr/bin/env bash
# abi.sh SOURCE: checks that the shared library can replace that of the last release: it exports
# everything that the old headers declared, unchanged. The last release is the newest tag vX.Y.Z
# that is an ancestor. Exits with 77, reported as skipped, if there is no tag to compare with or
# the source is not a repository. The same holds if the soname differs, since it marks an
# incompatible library.
set -u
source=$1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

skip() {
    echo "skipped: $*"
    exit 77
}
# build SOURCE NAME: builds its shared library with the data that abidiff reads, as NAME.so.
build() {
    if ! { cmake -S "$1" -B "$folder/$2" -DBUILD_SHARED_LIBS=ON -DREIN_CUDA=OFF -DREIN_BUILD_CLI=OFF \
        -DREIN_BUILD_EXAMPLES=OFF -DREIN_BUILD_MOCKS=OFF -DREIN_BUILD_TESTS=OFF \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$folder/said" 2>&1 &&
        cmake --build "$folder/$2" --target rein -j "$(nproc)" >>"$folder/said" 2>&1; }; then
        tail -n 20 "$folder/said"
        echo "$1: no shared library could be built"
        exit 1
    fi
    cp -L "$(find "$folder/$2" -name librein.so)" "$folder/$2.so"
}
soname() {
    readelf -d "$1" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p'
}

tag=$(git -C "$source" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) ||
    skip 'there is no release yet, or no repository'
mkdir "$folder/then"
git -C "$source" archive "$tag" | tar -x -C "$folder/then" || exit 1
build "$folder/then" before
build "$source" now
if [[ $(soname "$folder/before.so") != $(soname "$folder/now.so") ]]; then
    skip "$tag has another soname, $(soname "$folder/before.so")"
fi
if ! abidiff --no-added-syms --headers-dir1 "$folder/then/include" --headers-dir2 "$source/include" \
    "$folder/before.so" "$folder/now.so"; then
    echo "the ABI is another one than that of $tag, under the same soname: a new minor version, or a"
    echo 'new major one from 1.0 on, is needed (include/contract/version.h)'
    exit 1
fi
echo "compatible with $tag"
