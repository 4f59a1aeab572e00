# Debian packages, made by cpack from the components: librein-dev, librein-cuda-dev, rein, and
# librein-testing-dev. The component `testing` has its own package, so that a product cannot link a
# test double unless that package is installed.

if(BUILD_SHARED_LIBS)
  message(FATAL_ERROR "REIN_PACKAGE=ON and BUILD_SHARED_LIBS=ON exclude each other: the packages \
hold the static libraries")
endif()
# A domain reserved for examples, which does not reach any person.
set(REIN_NO_CONTACT "Rein developers <rein@example.org>")
set(REIN_PACKAGE_CONTACT "${REIN_NO_CONTACT}"
    CACHE STRING "Whom the packages name as their maintainer: NAME <ADDRESS>")
if(NOT REIN_PACKAGE_CONTACT MATCHES "^[^<>]+ <[^<>@ ]+@[^<>@ ]+>$")
  message(FATAL_ERROR "REIN_PACKAGE_CONTACT is '${REIN_PACKAGE_CONTACT}'; it must be NAME <ADDRESS>")
elseif(REIN_PACKAGE_CONTACT STREQUAL REIN_NO_CONTACT)
  message(STATUS "Rein: packages: no maintainer (REIN_PACKAGE_CONTACT), so do not publish them")
endif()
find_program(REIN_GZIP gzip REQUIRED)
mark_as_advanced(REIN_GZIP)

# The date is SOURCE_DATE_EPOCH's if set.
string(TIMESTAMP REIN_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(REIN_DEBIAN_DIR ${PROJECT_BINARY_DIR}/debian)
configure_file(cmake/debian/changelog.in ${REIN_DEBIAN_DIR}/changelog @ONLY)
execute_process(COMMAND ${REIN_GZIP} -9nf ${REIN_DEBIAN_DIR}/changelog COMMAND_ERROR_IS_FATAL ANY)

# rein_describe_package(COMPONENT NAME SECTION DEPENDS TEXT): describes a component's package, with
# the fields that every package needs.
function(rein_describe_package component name section depends text)
  string(TOUPPER ${component} upper)
  install(FILES cmake/debian/copyright ${REIN_DEBIAN_DIR}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component}-debian EXCLUDE_FROM_ALL)
  list(APPEND CPACK_COMPONENTS_ALL ${component} ${component}-debian)
  set(CPACK_COMPONENTS_ALL "${CPACK_COMPONENTS_ALL}" PARENT_SCOPE)
  foreach(part ${component} ${component}-debian)
    string(TOUPPER ${part} part)
    set(CPACK_COMPONENT_${part}_GROUP ${component} PARENT_SCOPE)
  endforeach()
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${text}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_FILE_NAME DEB-DEFAULT PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
endfunction()

set(CPACK_COMPONENTS_ALL "")
rein_describe_package(host librein-dev libdevel libc6-dev
  "Rein says before loading whether a set of models fits a device, and keeps
the account of what each model uses while it runs.
.
This package has the host libraries and their headers: the contract, the
planner, the readers of model files, and the reservations of a node. They
need libc alone.")
if(REIN_BUILD_CUDA)
  rein_describe_package(cuda librein-cuda-dev libdevel "librein-dev (= ${PROJECT_VERSION})"
    "Rein says before loading whether a set of models fits a device, and keeps
the account of what each model uses while it runs.
.
This package has the CUDA module, which reads a live device and holds each
model to its budget: memory pools, streams, compute time. It is linked with
the static runtime of a CUDA toolkit, which is not part of it.")
endif()
if(REIN_BUILD_MOCKS)
  rein_describe_package(testing librein-testing-dev libdevel "librein-dev (= ${PROJECT_VERSION})"
    "Rein says before loading whether a set of models fits a device, and keeps
the account of what each model uses while it runs.
.
This package is for the tests of programs that use Rein: a mock backend, a
virtual clock, and a conformance suite that any backend can be run through.")
endif()
if(REIN_BUILD_CLI)
  rein_describe_package(command rein utils ""
    "The command says whether a set of models fits a device, places their
tensors in as little memory as possible with a proof, and reserves budgets
for the processes of a node.")
  set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rein)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "${REIN_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_VENDOR Rein)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
