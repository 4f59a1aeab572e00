# How the tests of this project are built, listed and guarded.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
find_package(Threads REQUIRED)
# Debian's own interpreter comes first: python3-jsonschema is installed there.
find_program(REIN_TEST_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(REIN_TEST_PYTHON NAMES python3 REQUIRED)

# A sanitizer's finding ends the process by a signal: Criterion takes no notice of the exit status
# of a process whose test ran to its end.
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

# Makes failures of the listed tests visible and bounds their time. Every test gets this; a check
# looks that none was forgotten.
function(rein_guard_tests)
  set_tests_properties(${ARGN} PROPERTIES
    ENVIRONMENT "${REIN_TEST_ENVIRONMENT}" TIMEOUT ${REIN_TEST_TIMEOUT_S})
endfunction()

# What a program under test is compiled with and linked to. A debug build optimises what is tested, not
# the test: with sanitizers that would be most of the time that the build takes.
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
# With CONFIGURATIONS the test is listed only under `ctest -C config`. A run that found no test, whose
# runner warned, or in which memcheck found a leak, has failed: Criterion alone would exit with 0.
function(rein_add_criterion_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES;CONFIGURATIONS")
  rein_add_test_program(${name}
    SOURCES ${ARG_SOURCES} LIBRARIES ${ARG_LIBRARIES} PkgConfig::CRITERION)
  add_test(NAME ${name} CONFIGURATIONS ${ARG_CONFIGURATIONS} COMMAND ${name} --verbose)
  rein_guard_tests(${name})
  set_tests_properties(${name} PROPERTIES
    FAIL_REGULAR_EXPRESSION "Tested: 0 \\|;Warning!;definitely lost in loss record" LABELS host)
endfunction()

# rein_add_library_tests(LIBRARY...): each test_NAME.c of this folder as the Criterion test test_NAME.
# There are none under ThreadSanitizer: Criterion's runner does not work with it.
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
# A program with a plain main, which exits with 0 when all is well: what ThreadSanitizer needs, for
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
# A script that exits with 0 when all is well. Label `static`: it looks at the sources alone, so one
# build is enough to run it in.
function(rein_add_check name labels)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  rein_guard_tests(${name})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}")
endfunction()
