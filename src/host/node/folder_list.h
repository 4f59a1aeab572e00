/* Lists the names in a folder without allocating. */
#ifndef REIN_HOST_NODE_FOLDER_LIST_H
#define REIN_HOST_NODE_FOLDER_LIST_H

#include "contract/result.h"

typedef void (*folder_visitor)(const char *name, void *context);

/* Calls `visit` with each name except "." and "..". Reads the folder from its start; the caller's
 * descriptor keeps its position. Errors: InternalError with the errno. */
rein_result_void rein_i_folder_list(int descriptor, folder_visitor visit, void *context);

#endif
