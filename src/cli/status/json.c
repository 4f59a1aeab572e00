#include "cli/write/json.h"
#include "cli/base/date.h"
#include "cli/status/report.h"

static void add_models(json_object *object, const rein_reservation_record *record) {
    json_object *models = json_add_array(object, "models");
    for (size_t index = 0; index < record->model_count; index++) {
        const rein_reserved_model *model = &record->models[index];
        json_object *added = json_append_object(models);
        json_add_text(added, "id", rein_model_id_text(&model->id));
        json_add_budget(added, &model->budget);
    }
}

static void add_live(arena *memory, json_object *array, const status_entry *entry) {
    const rein_reservation_record *record = &entry->record;
    json_object *object = json_append_object(array);
    json_add_text(object, "file", entry->file_name);
    json_add_unsigned(object, "bytes", record->bytes);
    json_add_unsigned(object, "processes", record->process_count);
    json_add_text(object, "holder", record->holder);
    json_add_signed(object, "pid", record->pid);
    json_add_unsigned(object, "uid", record->uid);
    json_add_text(object, "since", date_text(memory, record->since_unix_s));
    add_models(object, record);
}

static void add_unknown(json_object *array, const status_entry *entry) {
    json_object *object = json_append_object(array);
    json_add_text(object, "file", entry->file_name);
    json_add_text(object, "reason", entry->reason);
}

static void add_device(arena *memory, json_object *devices, const status_device *device) {
    json_object *object = json_append_object(devices);
    json_add_text(object, "uuid", device->uuid);
    json_add_text(object, "failure", device->failure);
    json_add_fact(object, "total_bytes", device->total_bytes);
    json_add_unsigned(object, "reserved_bytes", device->summary.live_bytes);
    json_add_fact(object, "free_bytes", status_free_bytes(device));
    json_object *live = json_add_array(object, "reservations");
    json_object *unknown = json_add_array(object, "unknown");
    for (size_t index = 0; index < device->entry_count; index++) {
        const status_entry *entry = &device->entries[index];
        if (entry->reason == NULL) {
            add_live(memory, live, entry);
        } else {
            add_unknown(unknown, entry);
        }
    }
}

bool status_print_json(diagnostics *sink, const status *found) {
    json_object *document = json_document("status");
    json_object *devices = json_add_array(document, "devices");
    for (size_t index = 0; index < found->device_count; index++) {
        add_device(sink->memory, devices, &found->devices[index]);
    }
    return json_print(sink, document);
}
