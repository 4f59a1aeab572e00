# Cross-builds for 64-bit Arm Linux (Jetson, Grace) with Debian's compiler, and runs the programs
# under qemu-user. scripts/aarch64.sh lists the packages to link with.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

get_filename_component(REIN_AARCH64_ROOT ${CMAKE_CURRENT_LIST_DIR}/../build/aarch64-sysroot/root
                       ABSOLUTE)
set(CMAKE_SYSROOT ${REIN_AARCH64_ROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${REIN_AARCH64_ROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${REIN_AARCH64_ROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${REIN_AARCH64_ROOT}/usr/share/pkgconfig)

# tests/aarch64 builds the library exec_under_emulator.
find_program(REIN_EMULATOR qemu-aarch64 REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${REIN_EMULATOR} -L ${REIN_AARCH64_ROOT}
    -E REIN_EMULATOR=${REIN_EMULATOR} -E REIN_EMULATOR_ROOT=${REIN_AARCH64_ROOT}
    -E LD_PRELOAD=${CMAKE_BINARY_DIR}/exec_under_emulator.so)
