# What every target of this project is compiled with.

function(rein_configure_target target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 17 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wswitch-enum -Wvla -Wformat=2
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
