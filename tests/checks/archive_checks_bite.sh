#!/usr/bin/env bash
# archive_checks_bite.sh CC AR: the checks of built archives must fail, for the right reason, on
# archives that break their rules.
set -u
compiler=$1 ar=$2
checks=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
status=0

# archive NAME: makes an archive of a C file read from standard input.
archive() {
    "$compiler" -x c -fPIC -c -o "$1.o" - && rm -f "$1.a" && "$ar" rcs "$1.a" "$1.o"
}
bites() {
    local reason=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "$*: green, expected: $reason"
        status=1
    elif ! grep -qE -- "$reason" <<<"$output"; then
        printf '%s\n' "$output" "$*: red, but without: $reason"
        status=1
    fi
}
passes() {
    if ! "$@"; then
        echo "$*: red on an archive that breaks no rule"
        status=1
    fi
}

archive clean <<<'int puts(const char *); int one(void) { return puts("one"); }'
archive calls_cuda <<<'int cudaGetDevice(int *); int one(int *d) { return cudaGetDevice(d); }'
archive defines_cuda <<<'int cuInit(unsigned f) { return (int)f; }'
archive needs_libm <<<'double lgamma(double); double one(double x) { return lgamma(x); }'
archive doubles <<<'int mock_backend_create; int virtual_clock_init; int fixture_reset;'
archive has_mock <<<'int mock_backend_create;'
archive has_fixture <<<'extern int fixture_reset; int one(void) { return fixture_reset; }'

passes "$checks/cuda_free_archive.sh" "$compiler" clean.a
bites 'undefined reference to .cudaGetDevice' "$checks/cuda_free_archive.sh" "$compiler" calls_cuda.a
bites 'a symbol of CUDA' "$checks/cuda_free_archive.sh" "$compiler" defines_cuda.a
bites 'needs more than libc' "$checks/cuda_free_archive.sh" "$compiler" needs_libm.a
passes "$checks/no_test_doubles.sh" doubles.a clean.a
bites 'mock_backend_create' "$checks/no_test_doubles.sh" doubles.a has_mock.a
bites 'fixture_reset' "$checks/no_test_doubles.sh" doubles.a clean.a has_fixture.a
bites 'is it the archive' "$checks/no_test_doubles.sh" clean.a clean.a
mkdir include
printf '%s\n' '/* As rein_two(), but' ' * not rein_search. */' 'int rein_one(void); // rein_three()' \
    'typedef int rein_four;' >include/one.h
archive named <<<'int rein_one(void) { return 1; } static int two(void) { return 2; } int (*rein_i_two)(void) = two;'
archive takes_name <<<'int rein_one(void) { return 1; } int search(void) { return 2; }'
archive undeclared <<<'int rein_one(void) { return 1; } int rein_search(void) { return 2; }'
passes "$checks/archive_names.sh" include named.a
bites 'names above are in no public header' "$checks/archive_names.sh" include named.a takes_name.a
bites 'names above are in no public header' "$checks/archive_names.sh" include undeclared.a
for name in two three four; do
    archive "$name" <<<"int rein_one(void) { return 1; } int rein_$name(void) { return 2; }"
    bites 'names above are in no public header' "$checks/archive_names.sh" include "$name.a"
done
bites 'defines nothing that begins' "$checks/archive_names.sh" include clean.a
archive first <<<'int second(void); int first(void) { return second(); }'
archive second <<<'int third(void); int second(void) { return third(); }'
archive third <<<'int third(void) { return 3; }'
archive back <<<'int first(void); int third(void) { return first(); }'
passes "$checks/call_circles.py" 'first.o;second.o' third.o
bites 'first.o -> second.o -> back.o -> first.o: a circle' "$checks/call_circles.py" first.o second.o back.o
bites 'this check is blind' "$checks/call_circles.py" third.o
exit "$status"
