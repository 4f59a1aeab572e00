/* Checks of a file that a caller gives, and of its contents between two reads. */
#ifndef REIN_HOST_MODELS_FILE_CHECK_H
#define REIN_HOST_MODELS_FILE_CHECK_H

#include "models/file.h"

/* Checks that the file and its read_at are not NULL; `where` is the caller's. Errors:
 * InvalidArgument. */
rein_result_void rein_i_model_file_check(const rein_model_file *file, rein_source_location where);

/* Returns the error about a file with other contents than when it was read before. */
__attribute__((cold)) rein_result_void rein_i_model_file_changed(rein_source_location where);

#endif
