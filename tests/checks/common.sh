# Shared functions of the checks. A check prints each finding as FILE:LINE: WHAT and exits with 1.
# shellcheck shell=bash

# Prints the existing C and C++ sources and headers under the given folders of $root, a file per
# line.
c_files() {
    local folder
    for folder in "$@"; do
        if [[ -d ${root:?}/$folder ]]; then
            (cd "$root" && find "$folder" -name '*.[ch]' -o -name '*.[ch]pp' | sort)
        fi
    done
}

# Prints the folders of public headers of the host libraries, without the CUDA module's, a folder
# per line.
host_includes() {
    (cd "${root:?}" && find include -mindepth 1 -maxdepth 1 -type d ! -name cuda | sort)
}

# Prints the text of each file on one line, without comments.
code_of() {
    sed -zE 's,/\*([^*]|\*+[^*/])*\*+/, ,g; s,//[^\n]*,,g' "$@" | tr '\n\0' ' \n'
}

# Prints each line of the files named on standard input that matches the extended regular
# expression, with the reason. Returns 1 if there was a match.
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
