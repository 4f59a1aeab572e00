#!/usr/bin/env bash
# install.sh BUILD: checks that `cmake --install` installs a complete tree without test doubles that
# can be moved, and that a missing component is reported by name.
# shellcheck disable=SC2317 # functions are called through must and refuses
set -u
. "$(dirname "$0")/common.sh"
build=$1

installed() { # installed PREFIX: the paths of the files, relative to it
    (cd "$1" && find . -type f | sort)
}
configure() { # configure NAME LINE: configures a project with this line, which must find Rein
    mkdir -p "$folder/$1"
    printf 'cmake_minimum_required(VERSION 3.22)\nproject(p C)\n%s\n' "$2" >"$folder/$1/CMakeLists.txt"
    cmake -S "$folder/$1" -B "$folder/$1/build" "-DCMAKE_PREFIX_PATH=$folder/moved"
}

# The product, moved away from its install prefix.
must cmake --install "$build" --prefix "$folder/first"
mv "$folder/first" "$folder/moved"
installed "$folder/moved" >"$folder/production"
for file in ./bin/rein ./lib/librein_contract.a ./lib/librein_plan.a ./lib/librein_node.a ./lib/pkgconfig/rein.pc ./include/rein/contract/contract.h \
    ./include/rein/contract/rein.hpp ./share/bash-completion/completions/rein; do
    grep -qxF "$file" "$folder/production" || complain "$file is not installed"
done
if grep -E 'mock|virtual_clock|conformance|testing' "$folder/production"; then
    complain 'the test doubles above are installed with everything'
fi
if grep -rlF -e "$folder/first" -e "$source" -e "$build" "$folder/moved"; then
    complain 'the files above name the folder that they were built in or installed to'
fi
for doubtful in "$folder"/moved/lib/*.a "$folder/moved/bin/rein"; do
    nm "$doubtful" | grep -E ' (mock_|virtual_clock_|conformance_)' && complain "$doubtful: a test double"
done

# A missing component.
refuses "its component 'testing' is not: install its component 'testing'" \
    configure no_testing 'find_package(rein REQUIRED COMPONENTS testing)'
refuses "Rein has no component 'contrct', expected one of: contract, plan, models, node, cuda, testing" \
    configure misspelt 'find_package(rein REQUIRED COMPONENTS contrct)'
refuses 'compatible with requested version "0.99"' configure newer 'find_package(rein 0.99 REQUIRED)'
must configure optional 'find_package(rein REQUIRED OPTIONAL_COMPONENTS testing)
if(rein_testing_FOUND OR TARGET rein::mocks OR NOT TARGET rein::contract)
  message(FATAL_ERROR "testing is not there, contract is")
endif()'
must cmake --install "$build" --prefix "$folder/host_alone" --component host
mkdir "$folder/with_cuda" && mv "$folder/moved" "$folder/with_cuda/" && mv "$folder/host_alone" "$folder/moved"
refuses "its component 'cuda' is not: build Rein with REIN_CUDA=ON" \
    configure no_cuda 'find_package(rein REQUIRED COMPONENTS contract cuda)'
if installed "$folder/moved" | grep -E 'cuda|bin/|share/'; then
    complain 'the files above are installed with the component host'
fi

# The doubles, installed by their component's name.
must cmake --install "$build" --prefix "$folder/moved" --component testing
must configure testing 'find_package(rein REQUIRED COMPONENTS testing)
if(NOT TARGET rein::mocks OR NOT TARGET rein::conformance)
  message(FATAL_ERROR "the targets of testing are missing")
endif()'

# The doubles' headers support C++ too.
for header in mocks/mock_backend.h mocks/mock_buffers.h mocks/mock_latency.h mocks/mock_sequences.h \
    mocks/mock_shapes.h mocks/mock_submission.h mocks/virtual_clock.h conformance/backend_conformance.h; do
    must g++ -std=c++17 -Wall -Werror -fsyntax-only -include "$header" "-I$folder/moved/include/rein" \
        "-I$folder/moved/include/rein-testing" -xc++ /dev/null
done
exit "$status"
