#!/usr/bin/env bash
# Cross-builds for 64-bit Arm and runs the tests under qemu-user: the preset `aarch64`, after
# installing its needs. Debian's arm64 packages are unpacked into build/aarch64-sysroot. The system
# does not change, except that a missing compiler or emulator is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh

# make_sysroot FOLDER: fetches the packages with a package tool that has its own lists.
make_sysroot() {
    local folder=$1
    local packages=(libc6-dev libyaml-dev libjson-c-dev zlib1g-dev libcriterion-dev) package
    # A changed list gets a new folder.
    if [[ -f $folder/complete && $(<"$folder/complete") == "${packages[*]}" ]]; then
        return
    fi
    rm -rf "$folder"
    mkdir -p "$folder"/apt/{state/lists/partial,cache/archives/partial} "$folder/root"
    : >"$folder/apt/state/status"
    cat >"$folder/apt/apt.conf" <<CONFIGURATION
Dir::State "$folder/apt/state";
Dir::State::status "$folder/apt/state/status";
Dir::Cache "$folder/apt/cache";
APT::Architecture "arm64";
APT::Architectures "arm64";
APT::Sandbox::User "";
Debug::NoLocking "true";
CONFIGURATION
    APT_CONFIG=$folder/apt/apt.conf apt-get update -q
    APT_CONFIG=$folder/apt/apt.conf apt-get install -q -y --no-install-recommends --download-only \
        "${packages[@]}"
    for package in "$folder"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$folder/root"
    done
    # Links that leave the folder would point to this machine's own files.
    find "$folder/root" -type l -lname '/*' -printf '%p %l\n' | while read -r link target; do
        ln -sfn "$folder/root$target" "$link"
    done
    rm -rf "$folder/apt/cache"
    printf '%s' "${packages[*]}" >"$folder/complete"
}

install_missing "${build_things[@]}" command:aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu \
    command:qemu-aarch64:qemu-user python:jsonschema:python3-jsonschema
make_sysroot "$PWD/build/aarch64-sysroot"
# The emulator is slow, and most tests wait for other processes.
CTEST_PARALLEL_LEVEL=$(nproc) cmake --workflow --preset aarch64
