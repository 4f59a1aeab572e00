#include "cli/fleet/reservations.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"

const char *state_error_text(arena *memory, const rein_error *error) {
    const char *message = error_text(memory, error);
    return error->native_code == 0
               ? message
               : arena_print(memory, "%s: %s", message, strerror(error->native_code));
}

/* Opens the state directory. A missing directory of the user is not an error. Callers handle
 * NotFound. */
static rein_result_void open_found(node_state *out_state) {
    *out_state = (node_state){.is_open = false};
    rein_state_origin found = REIN_TRY(rein_result_void, rein_state_path_find(out_state->path));
    rein_result_state_directory opened = rein_state_directory_open(out_state->path);
    out_state->is_open = rein_result_state_directory_is_ok(opened);
    if (out_state->is_open) {
        out_state->directory = REIN_VALUE(opened);
        return rein_done();
    }
    bool is_empty =
        found == REIN_STATE_FROM_RUNTIME && REIN_ERROR(opened).code == REIN_ERROR_NOT_FOUND;
    return is_empty ? rein_done() : rein_result_void_fail(REIN_ERROR(opened));
}

bool state_open(diagnostics *sink, node_state *out_state) {
    rein_result_void opened = open_found(out_state);
    if (rein_result_void_is_error(opened)) {
        report(sink, "%s", state_error_text(sink->memory, &REIN_ERROR(opened)));
        return false;
    }
    return true;
}

void state_close(node_state *state) {
    rein_state_directory_close(&state->directory);
}

/* logind's runtime directories, and its list of users with lingering enabled. */
static const char runtime_parent[] = "/run/user/";
static const char linger_parent[] = "/var/lib/systemd/linger/";

static bool is_managed(const char *path) {
    return strncmp(path, runtime_parent, sizeof runtime_parent - 1) == 0;
}

static bool lingers(arena *memory) {
    const struct passwd *user = getpwuid(getuid());
    return user != NULL &&
           access(arena_print(memory, "%s%s", linger_parent, user->pw_name), F_OK) == 0;
}

/* Reports that logind will empty the state directory `path`, unless the user lingers or logind does
 * not manage the directory. */
static void warn_unless_lingering(diagnostics *sink, const char *path) {
    if (is_managed(path) && !lingers(sink->memory)) {
        report(sink,
               "%s is emptied at your last logout, which discards reservations that are still "
               "held; enable lingering (loginctl enable-linger) or create /run/rein",
               text_quote(sink->memory, path));
    }
}

bool state_open_to_reserve(diagnostics *sink, rein_state_directory *out_directory) {
    node_state state;
    if (!state_open(sink, &state)) {
        return false;
    }
    if (!state.is_open) {
        warn_unless_lingering(sink, state.path);
        rein_result_state_directory made = rein_state_directory_create(state.path);
        if (rein_result_state_directory_is_error(made)) {
            report(sink, "%s", state_error_text(sink->memory, &REIN_ERROR(made)));
            return false;
        }
        state.directory = REIN_VALUE(made);
    }
    *out_directory = state.directory;
    return true;
}

const char *contradicted_totals_text(arena *memory, uint64_t profile_bytes, uint64_t live_bytes) {
    const uint64_t sizes[] = {profile_bytes, live_bytes};
    size_t unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    return arena_print(
        memory, "the device's total memory is %s in its profile and %s in the live reservations",
        bytes_in_unit(memory, profile_bytes, unit), bytes_in_unit(memory, live_bytes, unit));
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
    node_state state;
    rein_result_void opened = open_found(&state);
    if (rein_result_void_is_error(opened)) {
        bool is_missing = REIN_ERROR(opened).code == REIN_ERROR_NOT_FOUND;
        return is_missing ? none : unknown(sink, &REIN_ERROR(opened));
    }
    if (!state.is_open) {
        return none;
    }
    rein_result_reservation_summary counted =
        rein_reservation_visit(&state.directory, device->uuid, NULL, NULL);
    state_close(&state);
    return rein_result_reservation_summary_is_ok(counted) ? REIN_VALUE(counted)
                                                          : unknown(sink, &REIN_ERROR(counted));
}
