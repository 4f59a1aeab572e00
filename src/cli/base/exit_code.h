/* The command's exit status. */
#ifndef REIN_CLI_BASE_EXIT_CODE_H
#define REIN_CLI_BASE_EXIT_CODE_H

#include "contract/admission.h"

typedef enum exit_code {
    EXIT_CODE_FITS = 0, /* also: success, if there is no verdict */
    EXIT_CODE_DOES_NOT_FIT = 1,
    EXIT_CODE_BAD_INPUT = 2, /* bad usage, bad input, or output that could not be written */
    EXIT_CODE_CANNOT_TELL = 3,
    EXIT_CODE_NOT_EXECUTABLE = 126, /* of `rein run`, as in env(1) */
    EXIT_CODE_NO_COMMAND = 127,
    /* For certificates. */
    EXIT_CODE_PROVES = 0,
    EXIT_CODE_DOES_NOT_PROVE = 1
} exit_code;

static inline exit_code exit_code_of(rein_admission_outcome outcome) {
    if (outcome == REIN_ADMISSION_FITS) {
        return EXIT_CODE_FITS;
    }
    return outcome == REIN_ADMISSION_DOES_NOT_FIT ? EXIT_CODE_DOES_NOT_FIT : EXIT_CODE_CANNOT_TELL;
}

#endif
