/* The check of a file that a caller gives. */
#ifndef REIN_HOST_MODELS_FILE_CHECK_H
#define REIN_HOST_MODELS_FILE_CHECK_H

#include "models/file.h"

/* Checks that the file and its read_at are not NULL; `where` is the caller's. Errors:
 * InvalidArgument. */
rein_result_void rein_i_model_file_check(const rein_model_file *file, rein_source_location where);

#endif
