# Shared functions of the scripts: messages, and installing missing packages.
# shellcheck shell=bash

say() {
    printf '\n== %s\n' "$*"
}

# The project uses a version of CMake's presets that needs CMake 3.25.
cmake_is_new_enough() {
    local version
    version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')
    [[ -n $version && $(printf '%s\n' 3.25 "$version" | sort -V | head -n 1) == 3.25 ]]
}

# Prints the Debian package of each missing thing, a package per line. A thing is given as
# command:NAME:PACKAGE, header:NAME:PACKAGE, library:PKG_CONFIG_NAME:PACKAGE, python:MODULE:PACKAGE
# or file:PATTERN:PACKAGE.
missing_packages() {
    local thing kind name package
    for thing in "$@"; do
        IFS=: read -r kind name package <<<"$thing"
        case $kind in
        command) command -v "$name" >/dev/null ;;
        header) gcc -fsyntax-only -include "$name" -xc /dev/null 2>/dev/null ;;
        library) pkg-config --exists "$name" 2>/dev/null ;;
        file) compgen -G "$name" >/dev/null ;;
        # Prefers Debian's own interpreter, for which its packages install.
        python) "$(command -v /usr/bin/python3 || echo python3)" -c "import $name" 2>/dev/null ;;
        esac || echo "$package"
    done | sort -u
}

# A machine that has just started may be installing updates.
wait_for_lock=(-o DPkg::Lock::Timeout=300)

# Installs the missing ones of the given things. Runs no package tool if nothing is missing.
install_missing() {
    local packages as_root=()
    mapfile -t packages < <(missing_packages "$@")
    if ((${#packages[@]} > 0)); then
        if ! command -v apt-get >/dev/null; then
            echo "Missing, by the names of Debian's packages: ${packages[*]}"
            echo "Install them and run this again."
            return 1
        fi
        if ((EUID != 0)); then
            if ! command -v sudo >/dev/null; then
                echo "Missing: ${packages[*]}. Run as root, or install sudo."
                return 1
            fi
            as_root=(sudo)
        fi
        say "Installing ${packages[*]}"
        "${as_root[@]}" apt-get "${wait_for_lock[@]}" update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${wait_for_lock[@]}" \
                install -q -y --no-install-recommends "${packages[@]}" || return 1
    fi
    if ! cmake_is_new_enough; then
        echo "$(cmake --version | head -n 1) is too old: 3.25 or later is needed."
        return 1
    fi
}

# Compiles what the builds have in common only once, if ccache is installed. Keeps variables that
# are already set.
share_compilations() {
    if command -v ccache >/dev/null; then
        export CMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER-ccache}
        export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
        export CCACHE_DIR=${CCACHE_DIR-$PWD/build/ccache}
    fi
}

failed=()
left_out=()

# run_part NAME COMMAND...: runs a part, even if an earlier one failed.
run_part() {
    local name=$1 began=$SECONDS
    shift
    say "$name"
    "$@" || failed+=("$name")
    printf '== %s: %d s\n' "$name" $((SECONDS - began))
}

# finish_parts SCRIPT: prints the outcome as the last line. Returns 1 if a part failed, 3 if none
# failed but some were not run.
finish_parts() {
    local not_run='' status=0
    if ((${#left_out[@]} > 0)); then
        not_run="; not run:$(printf ' [%s]' "${left_out[@]}")"
        status=3
    fi
    if ((${#failed[@]} > 0)); then
        printf '\n%s: FAILED after %d s:%s%s\n' "$1" "$SECONDS" "$(printf ' [%s]' "${failed[@]}")" "$not_run"
        status=1
    elif ((status == 3)); then
        printf '\n%s: INCOMPLETE after %d s%s\n' "$1" "$SECONDS" "$not_run"
    else
        printf '\n%s: PASSED in %d s\n' "$1" "$SECONDS"
    fi
    return "$status"
}

# Build dependencies of the library and the command.
# shellcheck disable=SC2034
build_things=(
    command:gcc:gcc
    header:stdio.h:libc6-dev
    command:cmake:cmake
    command:ninja:ninja-build
    command:pkg-config:pkg-config
    library:yaml-0.1:libyaml-dev
    library:json-c:libjson-c-dev
    library:zlib:zlib1g-dev
)
