#!/usr/bin/env bash
# wrong_backends_are_rejected.sh INCLUDE_FOLDER: checks that the compiler rejects each variant of
# wrong_backend.cpp with the expected sentence. Both compilers must accept the file without a macro.
set -u
include_folder=$1
source=$(dirname "$0")/wrong_backend.cpp
status=0

# fails MACRO SENTENCE
fails() {
    local errors
    if errors=$(g++ -std=c++17 "-D$1" "-I$include_folder" -fsyntax-only "$source" 2>&1); then
        echo "a backend with $1 is accepted"
        status=1
    elif ! grep -qF "$2" <<<"$errors"; then
        printf '%s\n' "'$2' is not said of a backend with $1, but:" "$errors"
        status=1
    fi
}

for compiler in g++ clang++; do
    "$compiler" -std=c++17 -Wall -Wextra -Werror "-I$include_folder" -fsyntax-only "$source" ||
        status=1
done
fails WITHOUT_ESTIMATE_STATE 'must have all of estimate_state, open_sequence and close_sequence'
fails WITHOUT_OPEN_SEQUENCE 'must have all of estimate_state, open_sequence and close_sequence'
fails WITHOUT_CLOSE_SEQUENCE 'must have all of estimate_state, open_sequence and close_sequence'
fails WITHOUT_SUBMIT 'must have both submit and drain, or neither'
fails WITHOUT_DRAIN 'must have both submit and drain, or neither'
fails WITHOUT_ALLOCATE_BUFFER 'must have both allocate_buffer and release_buffer, or neither'
fails WITHOUT_RELEASE_BUFFER 'must have both allocate_buffer and release_buffer, or neither'
fails WRONG_THROWING_RELEASE_BUFFER 'release_buffer must be noexcept'
fails WRONG_THROWING_CAPABILITIES 'capabilities must be noexcept'
fails WRONG_VALUE_OF_CAPABILITIES 'capabilities must return a reference'
fails WRONG_THROWING_IS_LOADED 'is_loaded must be noexcept'
fails WRONG_THROWING_DESTRUCTOR 'the destructor must be noexcept'
fails WRONG_WARMUP 'warmup'
exit "$status"
