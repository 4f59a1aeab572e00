#include "ort_file.h"

#include <errno.h>

rein_result_void ort_look_at(const char *path, struct stat *out_file) {
    if (stat(path, out_file) == 0) {
        return rein_done();
    }
    int reason = errno;
    bool is_missing = reason == ENOENT || reason == ENOTDIR;
    rein_error error = rein_error_make(is_missing ? REIN_ERROR_NOT_FOUND : REIN_ERROR_BACKEND_ERROR,
                                       REIN_HERE, "cannot open {text}");
    error = rein_error_with_native_code(error, reason);
    return rein_result_void_fail(rein_error_with_text(error, path));
}
