#include "cli/fleet/measured_models.h"

#include <string.h>

#include "cli/base/path.h"
#include "cli/base/text.h"

/* Reports a limit that is stated not to include the contexts, although the measurement, which must
 * be within it, does. */
static bool check_contexts(diagnostics *sink, const char *manifest_path,
                           const manifest_model *stated, const measurement *measured) {
    const stated_flag *includes = &stated->limit_includes_context;
    if (!includes->is_stated || includes->is_set || !measured->includes_contexts) {
        return true;
    }
    report_at(sink, manifest_path, includes->at,
              "limit_includes_context is false, but the measurement %s includes the contexts; "
              "remove the key, or set it to true",
              text_quote(sink->memory, stated->measured.text));
    return false;
}

static bool read_measurement(diagnostics *sink, const char *manifest_path, fleet_model *model) {
    const manifest_model *stated = model->stated;
    measurement *measured = arena_allocate(sink->memory, 1, sizeof *measured);
    const char *path = path_resolve(sink->memory, manifest_path, stated->measured.text);
    if (!measurement_read(sink, path, measured)) {
        note_at(sink, manifest_path, stated->measured.at,
                "named here as the measurement of model '%s'", rein_model_id_text(&stated->id));
        return false;
    }
    model->measured = measured;
    return check_contexts(sink, manifest_path, stated, measured);
}

bool fleet_read_measurements(diagnostics *sink, fleet *target) {
    bool is_sound = true;
    for (size_t index = 0; index < target->model_count; index++) {
        fleet_model *model = &target->models[index];
        if (model->stated->measured.text != NULL) {
            is_sound = read_measurement(sink, target->from->path, model) && is_sound;
        }
    }
    return is_sound;
}

const char *measured_elsewhere(arena *memory, const fleet *checked, const fleet_model *model) {
    char *uuid = arena_allocate(memory, REIN_DEVICE_UUID_CAPACITY, 1);
    bool are_known = *model->measured->device_uuid != '\0' &&
                     rein_device_uuid_normalize(checked->device.profile.uuid, uuid).is_ok;
    return are_known && strcmp(uuid, model->measured->device_uuid) != 0 ? uuid : NULL;
}
