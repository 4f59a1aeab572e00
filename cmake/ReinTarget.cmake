# Compile options of every target of this project.

function(rein_configure_target target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 17 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE
    $<$<BOOL:${REIN_WARNINGS_AS_ERRORS}>:-Werror>
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    -Wswitch-enum -Wvla -Wformat=2
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  if(REIN_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${REIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${REIN_SANITIZE})
  endif()
  if(REIN_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()

# Common properties of the libraries that others link.
function(rein_configure_library target)
  rein_configure_target(${target})
  set(abi_version ${PROJECT_VERSION_MAJOR})
  if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(abi_version 0.${PROJECT_VERSION_MINOR})
  endif()
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden VERSION ${PROJECT_VERSION} SOVERSION ${abi_version})
endfunction()
