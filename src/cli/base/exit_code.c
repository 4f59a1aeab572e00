#include "cli/base/exit_code.h"

exit_code exit_code_of(rein_admission_outcome outcome) {
    if (outcome == REIN_ADMISSION_FITS) {
        return EXIT_CODE_FITS;
    }
    return outcome == REIN_ADMISSION_DOES_NOT_FIT ? EXIT_CODE_DOES_NOT_FIT : EXIT_CODE_CANNOT_TELL;
}
