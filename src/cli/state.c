#include "cli/state.h"

#include <string.h>

static bool is_missing(const rein_error *error) {
    return error->code == REIN_ERROR_NOT_FOUND;
}

/* NotFound is for the caller to judge. */
static rein_result_state_directory open_found(void) {
    char path[REIN_STATE_PATH_CAPACITY];
    rein_result_void found = rein_state_path_find(path);
    REIN_RETURN_IF_ERROR(rein_result_state_directory, found);
    return rein_state_directory_open(path);
}

const char *state_error_text(arena *memory, const rein_error *error) {
    const char *message = error_text(memory, error);
    return error->native_code == 0
               ? message
               : arena_print(memory, "%s: %s", message, strerror(error->native_code));
}

bool state_open(diagnostics *sink, rein_state_directory *out_directory) {
    rein_result_state_directory opened = open_found();
    if (rein_result_state_directory_is_error(opened)) {
        report(sink, "%s", state_error_text(sink->memory, &REIN_ERROR(opened)));
        return false;
    }
    *out_directory = REIN_VALUE(opened);
    return true;
}

static rein_reservation_summary unknown(diagnostics *sink, const rein_error *error) {
    report(sink, "%s", state_error_text(sink->memory, error));
    return (rein_reservation_summary){.unknown_count = 1};
}

rein_reservation_summary count_live_reservations(diagnostics *sink,
                                                 const rein_device_profile *device) {
    const rein_reservation_summary none = {.live_count = 0};
    if (*device->uuid == '\0') {
        return none;
    }
    rein_result_state_directory opened = open_found();
    if (rein_result_state_directory_is_error(opened)) {
        const rein_error *error = &REIN_ERROR(opened);
        return is_missing(error) ? none : unknown(sink, error);
    }
    rein_result_reservation_summary counted =
        rein_reservation_visit(&REIN_VALUE(opened), device->uuid, rein_clock_system(), NULL, NULL);
    rein_state_directory_close(&REIN_VALUE(opened));
    return rein_result_reservation_summary_is_ok(counted) ? REIN_VALUE(counted)
                                                          : unknown(sink, &REIN_ERROR(counted));
}
