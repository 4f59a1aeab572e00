#include "ort_file.h"

#include <errno.h>

bool ort_is_missing(int reason) {
    return reason == ENOENT || reason == ENOTDIR;
}

rein_result_void ort_look_at(const char *path, struct stat *out_file) {
    if (stat(path, out_file) == 0) {
        return rein_done();
    }
    int reason = errno;
    rein_error_code code = ort_is_missing(reason) ? REIN_ERROR_NOT_FOUND : REIN_ERROR_BACKEND_ERROR;
    rein_error error = rein_error_make(code, REIN_HERE, "cannot open {text}");
    error = rein_error_with_native_code(error, reason);
    return rein_result_void_fail(rein_error_with_text(error, path));
}
