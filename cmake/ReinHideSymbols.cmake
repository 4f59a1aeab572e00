# Renames what an archive defines and no header declares, rein_private_NAME: a program that links
# the archive may have a function of the same name. Run with ARCHIVE, NM and OBJCOPY.
#
# Objects for link-time optimisation are not machine code yet and stay as they are. That everything
# else was renamed is what the test archive_takes_no_name looks at.

execute_process(COMMAND ${NM} --defined-only --extern-only --format=posix ${ARCHIVE}
  OUTPUT_VARIABLE symbols ERROR_QUIET)
# A line: NAME TYPE VALUE SIZE. The first line names the first object.
string(REGEX MATCHALL "\n[A-Za-z_][A-Za-z0-9_]* [A-Z] " names "${symbols}")
set(renames "")
foreach(name IN LISTS names)
  string(REGEX MATCH "[A-Za-z_][A-Za-z0-9_]*" name "${name}")
  if(NOT name MATCHES "^(rein_|__)")
    string(APPEND renames "${name} rein_private_${name}\n")
  endif()
endforeach()
if(renames)
  file(WRITE ${ARCHIVE}.renames "${renames}")
  execute_process(COMMAND ${OBJCOPY} --redefine-syms=${ARCHIVE}.renames ${ARCHIVE}
    RESULT_VARIABLE failed ERROR_QUIET)
  file(REMOVE ${ARCHIVE}.renames)
  if(failed)
    message(STATUS "Rein: ${ARCHIVE} keeps the names of its inner functions (link-time optimisation?)")
  endif()
endif()
