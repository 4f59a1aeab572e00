# Functions that build, list and guard the tests of this project.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
find_package(Threads REQUIRED)
# Prefers Debian's own interpreter, which has python3-jsonschema.
find_program(REIN_TEST_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(REIN_TEST_PYTHON NAMES python3 REQUIRED)

# A sanitizer's finding kills the process by a signal, because Criterion ignores the exit status of
# a process whose test ran to its end.
set(REIN_TEST_ENVIRONMENT
  ASAN_OPTIONS=abort_on_error=1:detect_leaks=1:detect_stack_use_after_return=1
  TSAN_OPTIONS=halt_on_error=1
  UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1)

set(REIN_TEST_TIMEOUT_S 240)
set(REIN_TEST_DIVISOR 1)
if(CMAKE_CROSSCOMPILING OR REIN_VALGRIND) # under an emulator
  set(REIN_TEST_TIMEOUT_S 1800)
  set(REIN_TEST_DIVISOR 4)
elseif(REIN_COVERAGE) # the counts of threads are atomic, without optimisation
  set(REIN_TEST_TIMEOUT_S 900)
  set(REIN_TEST_DIVISOR 2)
elseif(REIN_SANITIZE)
  set(REIN_TEST_DIVISOR 4)
endif()

# Makes failures of the listed tests visible and limits their time. Every test needs this; a check
# finds those without it.
function(rein_guard_tests)
  set_tests_properties(${ARGN} PROPERTIES
    ENVIRONMENT "${REIN_TEST_ENVIRONMENT}" TIMEOUT ${REIN_TEST_TIMEOUT_S})
endfunction()

# Adds a test program with its options and libraries. A debug build optimises the tested code, but
# not the test: with sanitizers that would take most of the build time.
function(rein_add_test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${ARG_SOURCES})
  rein_configure_target(${name})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Debug>:-O0>)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    _POSIX_C_SOURCE=200809L REIN_TEST_DIVISOR=${REIN_TEST_DIVISOR}
    $<$<BOOL:${REIN_COVERAGE}>:REIN_COVERAGE>)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} rein::rein Threads::Threads)
endfunction()

# rein_add_criterion_test(NAME SOURCES file... [LIBRARIES target...] [CONFIGURATIONS config...])
#
# With CONFIGURATIONS the test is listed only under `ctest -C config`. A run without tests, with a
# warning of the runner, or with a leak found by memcheck fails: Criterion alone would exit with 0.
function(rein_add_criterion_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES;CONFIGURATIONS")
  rein_add_test_program(${name}
    SOURCES ${ARG_SOURCES} LIBRARIES ${ARG_LIBRARIES} PkgConfig::CRITERION)
  add_test(NAME ${name} CONFIGURATIONS ${ARG_CONFIGURATIONS} COMMAND ${name} --verbose)
  rein_guard_tests(${name})
  set_tests_properties(${name} PROPERTIES
    FAIL_REGULAR_EXPRESSION "Tested: 0 \\|;Warning!;definitely lost in loss record" LABELS host)
endfunction()

# rein_add_library_tests(LIBRARY...): adds each test_NAME.c of this folder as the Criterion test
# test_NAME. Adds none under ThreadSanitizer, with which Criterion's runner does not work.
function(rein_add_library_tests)
  if(REIN_SANITIZE MATCHES thread)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS test_*.c)
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    rein_add_criterion_test(${name} SOURCES ${source} LIBRARIES ${ARGN})
  endforeach()
endfunction()

# rein_add_stress_test(NAME SOURCES file... [LIBRARIES target...] [CONFIGURATIONS config...])
#
# Adds a program with a plain main that exits with 0 on success. ThreadSanitizer needs this, because
# it does not work with Criterion's runner.
function(rein_add_stress_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES;CONFIGURATIONS")
  rein_add_test_program(${name} SOURCES ${ARG_SOURCES} LIBRARIES ${ARG_LIBRARIES})
  add_test(NAME ${name} CONFIGURATIONS ${ARG_CONFIGURATIONS} COMMAND ${name})
  rein_guard_tests(${name})
  set_tests_properties(${name} PROPERTIES LABELS stress)
endfunction()

# rein_add_check(NAME LABELS COMMAND...)
#
# Adds a script that exits with 0 on success. Label `static`: it reads only the sources, so running
# it in a single build is enough.
function(rein_add_check name labels)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  rein_guard_tests(${name})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}")
endfunction()
