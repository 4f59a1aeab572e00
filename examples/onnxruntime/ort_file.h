/* Files as the system sees them. */
#ifndef REIN_EXAMPLES_ORT_FILE_H
#define REIN_EXAMPLES_ORT_FILE_H

#include <sys/stat.h>

#include <contract/contract.h>

/* Writes the status of the file at `path`. Errors: NotFound if the path does not exist;
 * BackendError if the system does not tell. Both have the errno as native code. */
REIN_MUST_USE rein_result_void ort_look_at(const char *path, struct stat *out_file);

#endif
