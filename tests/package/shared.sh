#!/usr/bin/env bash
# shared.sh REIN_CUDA: checks the shared libraries. They must export exactly the functions that the
# public headers declare, and their soname must have the version. A consumer and the command must
# find them after the tree is moved.
set -u
. "$(dirname "$0")/common.sh"
cuda=$1
# Each library, and the folders of its headers.
libraries=("librein contract plan models node")
[[ $cuda == ON ]] && libraries+=("librein_cuda cuda")

# declared FOLDER: prints the functions that its headers declare but do not define.
declared() {
    local header
    for header in "$source/include/$1"/*.h; do
        echo "#include \"$1/${header##*/}\""
    done | gcc -x c -I"$source/include" -fsyntax-only -aux-info /dev/stdout - |
        sed -n "s|^/\* [^ ]*include/$1/[^ ]*:NC \*/ extern .*[ *]\(rein_[a-z0-9_]*\) (.*|\1|p" | sort -u
}
exported() {
    nm --dynamic --defined-only --format=posix "$1" | awk '{ print $1 }' | sort -u
}

# Not optimised: optimising would take most of the time, and does not change the exports.
must cmake -G Ninja -S "$source" -B "$folder/build" -DBUILD_SHARED_LIBS=ON "-DREIN_CUDA=$cuda" \
    -DREIN_BUILD_EXAMPLES=OFF -DREIN_BUILD_MOCKS=OFF -DCMAKE_BUILD_TYPE=
must cmake --build "$folder/build"
must cmake --install "$folder/build" --prefix "$folder/first"
mv "$folder/first" "$folder/moved"

version=$(sed -n 's/#define REIN_VERSION_STRING "\(.*\)"/\1/p' "$source/include/contract/version.h")
for entry in "${libraries[@]}"; do
    read -r name folders <<<"$entry"
    library=$folder/moved/lib/$name.so
    [[ $(readlink -f "$library") == *.so.$version ]] || complain "$library is not of version $version"
    readelf -d "$library" | grep -qF "[$name.so.${version%.*}]" ||
        complain "$library: its soname is not $name.so.${version%.*}"
    for headers in $folders; do
        functions=$(declared "$headers")
        [[ $(wc -l <<<"$functions") -gt 5 ]] || complain "found few functions in include/$headers"
        printf '%s\n' "$functions"
    done | sort -u >"$folder/declared"
    if ! diff "$folder/declared" <(exported "$library"); then
        complain "$library: < is declared in a header and not exported, > the other way round"
    fi
done

must cmake -S "$consumers/cmake" -B "$folder/fleet" "-DCMAKE_PREFIX_PATH=$folder/moved"
must cmake --build "$folder/fleet"
prints $'detector fits\ntracker fits\nthe device is short by 600MiB' "$folder/fleet/fleet"
readelf -d "$folder/fleet/fleet" | grep -q 'NEEDED.*librein\.so' || complain 'fleet is not linked with it'
prints "rein $version" "$folder/moved/bin/rein" --version
exit "$status"
