# Installation. The install components:
#
#   host       headers, libraries, CMake package, pkg-config file: to build with the contract, the
#              planner, the readers of model files and the reservations of a node
#   cuda       the same for the CUDA module
#   command    the rein command, its completions, man pages, documents and examples
#   testing    the test doubles and the conformance suite, for tests of other projects. Excluded
#              from a full install: only `cmake --install DIR --component testing` and the Debian
#              package librein-testing-dev install it
#
# Headers are in include/rein, which is the include directory. They are included as in the source
# tree, "contract/contract.h", without using a name as general as "contract" in include itself.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(REIN_INSTALL_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR}/rein)
set(REIN_INSTALL_TESTING_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR}/rein-testing)
set(REIN_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/rein)

# rein_install_library(COMPONENT INCLUDE_DIRECTORY [EXCLUDE_FROM_ALL] TARGETS name...): installs the
# targets rein_NAME as rein::NAME, and exports them to a file that rein-config.cmake includes.
function(rein_install_library component include_directory)
  cmake_parse_arguments(PARSE_ARGV 2 ARG EXCLUDE_FROM_ALL "" TARGETS)
  set(in_component COMPONENT ${component})
  if(ARG_EXCLUDE_FROM_ALL)
    list(APPEND in_component EXCLUDE_FROM_ALL)
  endif()
  foreach(name IN LISTS ARG_TARGETS)
    set(target rein_${name})
    if(name STREQUAL rein)
      set(target rein)
    endif()
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS ${target} EXPORT rein-${component}
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${in_component}
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${in_component}
      INCLUDES DESTINATION ${include_directory})
  endforeach()
  install(EXPORT rein-${component} NAMESPACE rein:: FILE rein-${component}-targets.cmake
    DESTINATION ${REIN_INSTALL_CMAKEDIR} ${in_component})
endfunction()

# rein_install_headers(COMPONENT FOLDER...)
function(rein_install_headers component)
  foreach(folder IN LISTS ARGN)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/${folder}
      DESTINATION ${REIN_INSTALL_INCLUDEDIR} COMPONENT ${component})
  endforeach()
endfunction()

# rein_install_pkg_config(COMPONENT NAME)
function(rein_install_pkg_config component name)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/install/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc
    @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT ${component})
endfunction()

# pkg-config files state the prefix relative to themselves, so that the tree can be moved.
file(RELATIVE_PATH REIN_PREFIX_FROM_PKG_CONFIG
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" REIN_PREFIX_FROM_PKG_CONFIG "${REIN_PREFIX_FROM_PKG_CONFIG}")
set(REIN_PKG_CONFIG_LIBRARIES "-lrein")
set(REIN_PKG_CONFIG_CUDA_LIBRARIES "")
set(REIN_PACKAGE_NEEDS_TOOLKIT OFF)
if(NOT BUILD_SHARED_LIBS)
  set(REIN_PKG_CONFIG_LIBRARIES "-lrein_models -lrein_plan -lrein_node -lrein_contract -pthread")
  if(REIN_BUILD_CUDA)
    get_target_property(REIN_CUDART CUDA::cudart_static LOCATION)
    get_filename_component(REIN_CUDART_DIRECTORY ${REIN_CUDART} DIRECTORY)
    set(REIN_PKG_CONFIG_CUDA_LIBRARIES " -L\${cuda_libdir} -lcudart_static -ldl -lrt")
    set(REIN_PACKAGE_NEEDS_TOOLKIT ON)
  endif()
endif()

rein_install_library(host ${REIN_INSTALL_INCLUDEDIR} TARGETS contract plan models node rein)
rein_install_headers(host contract plan models node)
rein_install_pkg_config(host rein)
# Before 1.0, any minor version may break its users.
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
endif()
configure_package_config_file(cmake/install/rein-config.cmake.in rein-config.cmake
  INSTALL_DESTINATION ${REIN_INSTALL_CMAKEDIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(rein-config-version.cmake COMPATIBILITY ${compatibility})
install(FILES ${PROJECT_BINARY_DIR}/rein-config.cmake ${PROJECT_BINARY_DIR}/rein-config-version.cmake
  DESTINATION ${REIN_INSTALL_CMAKEDIR} COMPONENT host)

if(REIN_BUILD_CUDA)
  rein_install_library(cuda ${REIN_INSTALL_INCLUDEDIR} TARGETS cuda)
  rein_install_headers(cuda cuda)
  rein_install_pkg_config(cuda rein-cuda)
endif()

if(REIN_BUILD_MOCKS)
  rein_install_library(testing ${REIN_INSTALL_TESTING_INCLUDEDIR} EXCLUDE_FROM_ALL
    TARGETS mocks conformance)
  set(headers mock_backend mock_buffers mock_latency mock_sequences mock_shapes mock_submission
    virtual_clock)
  list(TRANSFORM headers PREPEND tests/mocks/)
  list(TRANSFORM headers APPEND .h)
  install(FILES ${headers}
    DESTINATION ${REIN_INSTALL_TESTING_INCLUDEDIR}/mocks COMPONENT testing EXCLUDE_FROM_ALL)
  install(FILES tests/conformance/backend_conformance.h
    DESTINATION ${REIN_INSTALL_TESTING_INCLUDEDIR}/conformance COMPONENT testing EXCLUDE_FROM_ALL)
endif()

if(REIN_BUILD_CLI)
  include(ReinInstallCommand)
endif()
