#include "host/contract/admission_processes.h"

#include <stddef.h>

#include "host/base/checked.h"

/* Returns whether the request has this library's layout. Otherwise only the size may be read. */
static bool is_readable(const rein_admission_request *request) {
    return request != NULL && request->struct_size == sizeof *request;
}

bool rein_admission_has_own_processes(const rein_admission_request *request) {
    if (!is_readable(request) || request->models == NULL) {
        return false;
    }
    for (size_t index = 0; index < request->model_count; index++) {
        const rein_model_demand *model = &request->models[index];
        if (model->struct_size != sizeof *model) {
            return false;
        }
        if (model->process_count > 0 || rein_model_demand_covers_contexts(model)) {
            return true;
        }
    }
    return false;
}

uint64_t rein_admission_process_count(const rein_admission_request *request) {
    if (!rein_admission_has_own_processes(request)) {
        return is_readable(request) ? request->process_count : 0;
    }
    uint64_t count = 0;
    for (size_t index = 0; index < request->model_count; index++) {
        count = add_saturating(count, rein_i_admission_processes_of(&request->models[index]));
    }
    return count;
}
