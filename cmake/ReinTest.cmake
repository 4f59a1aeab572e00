# How every Criterion test of this project is built and listed.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)

# A test that found nothing to run, or whose runner warned, has failed: Criterion alone would exit 0.

# rein_add_criterion_test(NAME SOURCES file... [LIBRARIES target...])
function(rein_add_criterion_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${ARG_SOURCES})
  rein_configure_target(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE rein::contract PkgConfig::CRITERION ${ARG_LIBRARIES})
  add_test(NAME ${name} COMMAND ${name} --verbose)
  set_tests_properties(${name} PROPERTIES
    FAIL_REGULAR_EXPRESSION "Tested: 0 \\|;Warning!" TIMEOUT 120 LABELS host)
endfunction()
