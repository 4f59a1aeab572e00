# The component `command`: the rein command and its files.

set(REIN_INSTALL_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
    CACHE STRING "Where zsh looks for completions")

install(TARGETS rein_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)
if(BUILD_SHARED_LIBS)
  # The libraries are found relative to the command, so that the tree can be moved.
  file(RELATIVE_PATH REIN_LIBDIR_FROM_BINDIR
    /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${CMAKE_INSTALL_LIBDIR})
  set_target_properties(rein_command PROPERTIES INSTALL_RPATH "\$ORIGIN/${REIN_LIBDIR_FROM_BINDIR}")
endif()

install(FILES src/cli/completions/rein.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME rein COMPONENT command)
install(FILES src/cli/completions/_rein DESTINATION ${REIN_INSTALL_ZSH_DIR} COMPONENT command)
install(FILES src/cli/completions/rein.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT command)

# The files that the help and the man pages refer to: docs/..., and the examples to start from.
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/rein COMPONENT command
  FILES_MATCHING PATTERN "*.md" PATTERN "*.schema.json" PATTERN "*.svg"
  PATTERN roadmap.md EXCLUDE PATTERN testing.md EXCLUDE PATTERN man EXCLUDE
  PATTERN site EXCLUDE)
install(DIRECTORY examples/cases examples/converters examples/devices examples/fleet examples/guides examples/models
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/rein/examples COMPONENT command
  USE_SOURCE_PERMISSIONS PATTERN "*.gguf" EXCLUDE)

# Man pages: docs/man/NAME.SECTION.scd, built if scdoc is installed. Debian requires compressed
# ones.
file(GLOB REIN_MAN_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.scd)
find_program(REIN_SCDOC scdoc)
mark_as_advanced(REIN_SCDOC)
if(REIN_MAN_SOURCES AND NOT REIN_SCDOC)
  message(STATUS "Rein: man pages: not built (scdoc was not found)")
elseif(REIN_MAN_SOURCES)
  set(pages "")
  foreach(source IN LISTS REIN_MAN_SOURCES)
    get_filename_component(page ${source} NAME_WLE)
    string(REGEX MATCH "[0-9]$" section ${page})
    set(built ${PROJECT_BINARY_DIR}/man/${page})
    set(make_page "\"$1\" < \"$2\" > \"$3\"")
    if(REIN_PACKAGE)
      set(built ${built}.gz)
      set(make_page "\"$1\" < \"$2\" | gzip -9n > \"$3\"")
    endif()
    add_custom_command(OUTPUT ${built} DEPENDS ${source} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
      COMMAND sh -c "${make_page}" sh ${REIN_SCDOC} ${source} ${built})
    list(APPEND pages ${built})
    install(FILES ${built} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT command)
  endforeach()
  add_custom_target(rein_man ALL DEPENDS ${pages})
endif()
