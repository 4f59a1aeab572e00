#include "host/models/file_check.h"

#include "host/contract/invalid.h"

rein_result_void rein_i_model_file_check(const rein_model_file *file, rein_source_location where) {
    if (file == NULL || file->read_at == NULL) {
        return rein_i_invalid(where, "the file and its read_at" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    return rein_done();
}

rein_result_void rein_i_model_file_changed(rein_source_location where) {
    return rein_i_invalid(where, "the file changed while it was read; read it again", 0, 0, 0);
}
