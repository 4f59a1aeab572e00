# What the checks share. A check prints each finding as FILE:LINE: WHAT and exits with 1.
# shellcheck shell=bash

# The sources and headers of C and C++ under the given folders of $root that exist, one a line.
c_files() {
    local folder
    for folder in "$@"; do
        if [[ -d ${root:?}/$folder ]]; then
            (cd "$root" && find "$folder" -name '*.[ch]' -o -name '*.[ch]pp' | sort)
        fi
    done
}

# The folders of public headers of the host libraries, one a line: all but the CUDA module's.
host_includes() {
    (cd "${root:?}" && find include -mindepth 1 -maxdepth 1 -type d ! -name cuda | sort)
}

# The text of the files in one line each, without comments.
code_of() {
    sed -zE 's,/\*([^*]|\*+[^*/])*\*+/, ,g; s,//[^\n]*,,g' "$@" | tr '\n\0' ' \n'
}

# Prints where in the files named on standard input a line matches the extended regular expression,
# and the reason. Returns 1 if there was one.
forbid() {
    local expression=$1 reason=$2
    (cd "${root:?}" && xargs -r grep -nHE -- "$expression") | {
        local file line found=0
        while IFS=: read -r file line _; do
            echo "$file:$line: $reason"
            found=1
        done
        return "$found"
    }
}
