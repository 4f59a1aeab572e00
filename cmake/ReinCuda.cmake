# Decides whether to build the CUDA module: REIN_CUDA=AUTO|ON|OFF sets REIN_BUILD_CUDA.
#
#   OFF   does not search for the toolkit
#   ON    requires the toolkit
#   AUTO  builds the module if a toolkit of at least 12.2 is in a configured place:
#         CUDAToolkit_ROOT, CUDA_PATH or CUDA_HOME, nvcc on the PATH, or /usr/local/cuda. A
#         toolkit found elsewhere (a package's own copy, a Conda environment that is not active)
#         is ignored. As a subproject the default is OFF.
#
# If CUDAToolkit_ROOT is set, no other place is searched.

set(REIN_CUDA_DEFAULT OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(REIN_CUDA_DEFAULT AUTO)
endif()
set(REIN_CUDA ${REIN_CUDA_DEFAULT} CACHE STRING "Build the CUDA module: AUTO, ON or OFF")
set_property(CACHE REIN_CUDA PROPERTY STRINGS AUTO ON OFF)
set(REIN_CUDA_MINIMUM_TOOLKIT 12.2)

function(rein_explain_missing_toolkit out_text)
  set(${out_text} "no CUDA toolkit of at least ${REIN_CUDA_MINIMUM_TOOLKIT} with the static runtime \
was found (set CUDAToolkit_ROOT to where it is)" PARENT_SCOPE)
endfunction()

# Sets out_root to the directory of a configured toolkit, or to an empty text.
function(rein_find_chosen_toolkit out_root)
  set(${out_root} "" PARENT_SCOPE)
  find_program(REIN_NVCC nvcc)
  mark_as_advanced(REIN_NVCC)
  set(candidates "$ENV{CUDA_PATH}" "$ENV{CUDA_HOME}")
  if(REIN_NVCC)
    get_filename_component(nvcc_path "${REIN_NVCC}" REALPATH)
    get_filename_component(nvcc_bin "${nvcc_path}" DIRECTORY)
    get_filename_component(nvcc_root "${nvcc_bin}" DIRECTORY)
    list(APPEND candidates "${nvcc_root}")
  endif()
  list(APPEND candidates /usr/local/cuda)
  if(CUDAToolkit_ROOT)
    set(candidates "${CUDAToolkit_ROOT}")
  elseif(DEFINED ENV{CUDAToolkit_ROOT})
    set(candidates "$ENV{CUDAToolkit_ROOT}")
  endif()
  foreach(candidate IN LISTS candidates)
    if(candidate AND EXISTS "${candidate}/include/cuda_runtime_api.h")
      set(${out_root} "${candidate}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

set(REIN_BUILD_CUDA OFF)
if(REIN_CUDA STREQUAL "ON" OR REIN_CUDA STREQUAL "AUTO")
  rein_find_chosen_toolkit(REIN_CUDA_ROOT)
  if(REIN_CUDA_ROOT)
    set(CUDAToolkit_ROOT "${REIN_CUDA_ROOT}")
    find_package(CUDAToolkit ${REIN_CUDA_MINIMUM_TOOLKIT} QUIET)
  elseif(REIN_CUDA STREQUAL "ON" AND NOT CUDAToolkit_ROOT)
    find_package(CUDAToolkit ${REIN_CUDA_MINIMUM_TOOLKIT} QUIET)
  endif()
  if(TARGET CUDA::cudart_static)
    set(REIN_BUILD_CUDA ON)
    message(STATUS "Rein: CUDA module: built (REIN_CUDA=${REIN_CUDA}, toolkit \
${CUDAToolkit_VERSION} in ${CUDAToolkit_INCLUDE_DIRS})")
  else()
    rein_explain_missing_toolkit(REIN_CUDA_REASON)
    if(REIN_CUDA STREQUAL "ON")
      message(FATAL_ERROR "REIN_CUDA=ON, but ${REIN_CUDA_REASON}")
    endif()
    message(STATUS "Rein: CUDA module: not built (REIN_CUDA=AUTO, ${REIN_CUDA_REASON})")
  endif()
elseif(REIN_CUDA STREQUAL "OFF")
  message(STATUS "Rein: CUDA module: not built (REIN_CUDA=OFF)")
else()
  message(FATAL_ERROR "REIN_CUDA is ${REIN_CUDA}; it must be AUTO, ON or OFF")
endif()
