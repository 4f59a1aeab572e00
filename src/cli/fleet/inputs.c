#include "cli/fleet/inputs.h"

#include "cli/write/output.h"

static bool is_file_replaced(const model_description *described, const char *path) {
    size_t index = 0;
    while (index < described->file_count && !output_replaces(path, described->files[index])) {
        index++;
    }
    return index < described->file_count;
}

static bool is_model_replaced(const fleet_model *model, const char *path) {
    return (model->lifetimes_path != NULL && output_replaces(path, model->lifetimes_path)) ||
           (model->described != NULL && is_file_replaced(model->described, path));
}

bool fleet_input_is_replaced(const fleet *gathered, const char *path) {
    bool is_replaced = output_replaces(path, gathered->device.path);
    for (size_t index = 0; !is_replaced && index < gathered->model_count; index++) {
        is_replaced = is_model_replaced(&gathered->models[index], path);
    }
    return is_replaced;
}
