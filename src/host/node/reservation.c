#include "node/reservation.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/contract/name.h"
#include "host/node/reservation_file.h"
#include "host/node/reservation_folder.h"
#include "host/node/reservation_judge.h"
#include "host/node/reservation_record.h"
#include "host/node/reservation_scan.h"
#include "host/node/system_file.h"

/* Checks that this process took the reservation. */
static rein_result_void check_held(const rein_reservation *reservation) {
    return reservation == NULL
               ? rein_i_invalid(REIN_HERE, "the reservation must not be NULL", 0, 0, 0)
               : rein_i_fork_guard_check(reservation->process, "reservation");
}

/* Everything that a record states but the bytes and the time. */
static rein_result_void describe(const rein_reservation_request *request,
                                 rein_reservation_record *out_record) {
    const rein_admission_request *admission = &request->admission;
    memset(out_record, 0, sizeof *out_record);
    rein_result_void named =
        rein_device_uuid_normalize(admission->device->uuid, out_record->device_uuid);
    REIN_RETURN_IF_ERROR(rein_result_void, named);
    rein_result_void held = rein_i_name_copy(request->holder, out_record->holder);
    REIN_RETURN_IF_ERROR(rein_result_void, held);
    out_record->device_total_bytes = admission->device->total_bytes;
    out_record->process_count = admission->process_count;
    out_record->pid = getpid();
    out_record->uid = geteuid();
    out_record->model_count = admission->model_count;
    for (size_t index = 0; index < admission->model_count; index++) {
        out_record->models[index] = (rein_reserved_model){
            .id = admission->models[index].id, .budget = admission->models[index].budget};
    }
    return rein_i_reservation_record_validate(out_record);
}

static rein_result_void check_request(const rein_reservation_request *request,
                                      const rein_model_verdict *out_models) {
    if (request == NULL || out_models == NULL) {
        return rein_i_invalid(REIN_HERE, "the request and the room for verdicts must not be NULL",
                              0, 0, 0);
    }
    const rein_admission_request *admission = &request->admission;
    if (admission->device == NULL || request->clock == NULL) {
        return rein_i_invalid(REIN_HERE, "the request's device and clock must not be NULL", 0, 0,
                              0);
    }
    if (admission->model_count > REIN_RESERVATION_MODELS_MAX) {
        return rein_i_invalid(REIN_HERE, "there are {u} models; reserve for 1 to {u}",
                              admission->model_count, REIN_RESERVATION_MODELS_MAX, 0);
    }
    if (admission->models == NULL && admission->model_count > 0) {
        return rein_i_invalid(REIN_HERE, "the models must not be NULL", 0, 0, 0);
    }
    return rein_done();
}

/* A try to take a reservation, or to change one. */
typedef struct attempt {
    const rein_state_directory *directory; /* NULL: to change */
    const rein_reservation_request *request;
    rein_reservation *target; /* to take: its id, device and process are set */
    rein_reservation_record record;
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX]; /* of the last try */
} attempt;

/* Checks the request and describes it in the attempt's record. */
static rein_result_void prepare(attempt *of, const rein_model_verdict *out_models) {
    rein_result_void checked = check_request(of->request, out_models);
    REIN_RETURN_IF_ERROR(rein_result_void, checked);
    return describe(of->request, &of->record);
}

static rein_result_reservation_summary scan_others(const reservation_folder *folder,
                                                   const rein_reservation *own) {
    if (folder->descriptor < 0) {
        rein_reservation_summary removed = {.unknown_count = folder->removed_count};
        return rein_result_reservation_summary_ok(removed);
    }
    char own_name[REIN_RESERVATION_NAME_CAPACITY];
    rein_i_reservation_scan_file_name(&own->id, false, own_name);
    reservation_scan scan = {.folder_descriptor = folder->descriptor,
                             .device_uuid = own->device_uuid,
                             .own_name = own_name,
                             .drops_dead = true};
    return rein_i_reservation_scan(&scan);
}

static rein_result_void put_in_place(attempt *of, const reservation_folder *folder,
                                     uint64_t bytes) {
    of->record.bytes = bytes;
    of->record.since_unix_s = (int64_t)time(NULL);
    rein_result_void valid = rein_i_reservation_record_validate(&of->record);
    REIN_RETURN_IF_ERROR(rein_result_void, valid);
    result_descriptor put = rein_i_reservation_file_put(folder, &of->target->id, &of->record);
    REIN_RETURN_IF_ERROR(rein_result_void, put);
    if (of->directory == NULL) {
        rein_i_reservation_file_unlock(of->target->file_descriptor);
    }
    of->target->file_descriptor = REIN_VALUE(put);
    of->target->bytes = bytes;
    return rein_done();
}

/* A new reservation counts where others look for it, or is taken back: they may have moved the
 * folder, and look into another one. */
static rein_result_void put_new_in_place(attempt *of, const reservation_folder *folder,
                                         uint64_t bytes) {
    rein_result_void put = put_in_place(of, folder, bytes);
    REIN_RETURN_IF_ERROR(rein_result_void, put);
    rein_result_void placed =
        rein_i_device_folder_check_place(folder->descriptor, of->target->device_uuid);
    if (rein_result_void_is_error(placed)) {
        rein_i_reservation_file_end(folder->descriptor, &of->target->id,
                                    of->target->file_descriptor);
    }
    return placed;
}

/* Under the folder's lock; puts the file in place if it fits. The caller's clock may have forked
 * while it slept: parent and child must not both go on. */
static rein_result_reservation_verdict try_in(attempt *of, const reservation_folder *folder) {
    const rein_admission_request *admission = &of->request->admission;
    rein_result_void own = check_held(of->target);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, own);
    rein_result_reservation_summary others = scan_others(folder, of->target);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, others);
    uint64_t held_bytes = of->directory == NULL ? of->target->bytes : 0;
    rein_result_reservation_verdict judged =
        rein_i_reservation_judge(admission, &REIN_VALUE(others), held_bytes, of->models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, judged);
    if (REIN_VALUE(judged).outcome == REIN_ADMISSION_FITS) {
        rein_result_void put = of->directory == NULL
                                   ? put_in_place(of, folder, REIN_VALUE(judged).bytes)
                                   : put_new_in_place(of, folder, REIN_VALUE(judged).bytes);
        REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, put);
    }
    return judged;
}

static bool is_granted(const rein_result_reservation_verdict *tried) {
    return tried->is_ok && REIN_VALUE(*tried).outcome == REIN_ADMISSION_FITS;
}

static lock_wait wait_of(const attempt *of) {
    return (lock_wait){.clock = of->request->clock, .deadline = of->request->deadline};
}

static rein_result_reservation_verdict try_to_take(attempt *of) {
    reservation_folder folder;
    const lock_wait wait = wait_of(of);
    rein_result_void opened =
        rein_i_device_folder_open_locked(of->directory, of->target->device_uuid, &wait, &folder);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, opened);
    rein_result_reservation_verdict tried = try_in(of, &folder);
    if (is_granted(&tried)) {
        of->target->folder_descriptor = folder.descriptor;
        rein_i_device_folder_unlock(&folder);
    } else {
        rein_i_device_folder_close(&folder);
    }
    return tried;
}

static rein_result_reservation_verdict try_to_change(attempt *of) {
    const rein_reservation *held = of->target;
    reservation_folder folder;
    const lock_wait wait = wait_of(of);
    rein_result_void locked =
        rein_i_folder_lock_again(held->folder_descriptor, held->device_uuid, &wait, &folder);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, locked);
    rein_result_void counted = rein_i_reservation_file_check_place(
        held->folder_descriptor, &held->id, held->file_descriptor);
    rein_result_reservation_verdict tried =
        rein_result_void_is_ok(counted) ? try_in(of, &folder)
                                        : rein_result_reservation_verdict_fail(REIN_ERROR(counted));
    rein_i_device_folder_unlock(&folder);
    return tried;
}

/* Whether the models would fit if the others were gone. */
static bool is_worth_waiting(const attempt *of) {
    const rein_reservation_summary none = {.live_count = 0};
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    rein_result_reservation_verdict alone =
        rein_i_reservation_judge(&of->request->admission, &none, 0, models);
    return is_granted(&alone);
}

/* An error after a refusal leaves `out_models` as they were, too. */
static rein_result_reservation_verdict
finish(const attempt *of, rein_result_reservation_verdict tried, rein_model_verdict *out_models) {
    if (tried.is_ok) {
        memcpy(out_models, of->models, of->request->admission.model_count * sizeof *out_models);
    }
    return tried;
}

static rein_result_reservation_verdict try_until(attempt *of, rein_model_verdict *out_models) {
    const rein_clock *clock = of->request->clock;
    rein_timestamp deadline = of->request->deadline;
    int64_t pause_ns = REIN_NS_PER_MS;
    for (;;) {
        rein_result_reservation_verdict tried =
            of->directory == NULL ? try_to_change(of) : try_to_take(of);
        rein_timestamp now = rein_clock_now(clock);
        if (!tried.is_ok || is_granted(&tried) || rein_timestamp_compare(now, deadline) >= 0 ||
            !is_worth_waiting(of)) {
            return finish(of, tried, out_models);
        }
        rein_timestamp wake = rein_timestamp_add_saturating(now, rein_duration_from_ns(pause_ns));
        bool is_last = rein_timestamp_compare(wake, deadline) > 0;
        rein_clock_sleep_until(clock, is_last ? deadline : wake);
        pause_ns = pause_ns < 64 * REIN_NS_PER_MS ? pause_ns * 2 : 100 * REIN_NS_PER_MS;
    }
}

rein_result_reservation_verdict rein_reservation_take(const rein_state_directory *directory,
                                                      const rein_reservation_request *request,
                                                      rein_model_verdict *out_models,
                                                      rein_reservation *out_reservation) {
    rein_result_void usable = rein_i_device_folder_check_directory(directory);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, usable);
    if (out_reservation == NULL) {
        return rein_result_reservation_verdict_fail(rein_i_invalid_error(
            REIN_HERE, "the room for the reservation must not be NULL", 0, 0, 0));
    }
    rein_reservation taken = {.process = directory->process};
    attempt of = {.directory = directory, .request = request, .target = &taken};
    rein_result_void prepared = prepare(&of, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, prepared);
    rein_result_request_id id = rein_request_id_generate();
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, id);
    taken.id = REIN_VALUE(id);
    memcpy(taken.device_uuid, of.record.device_uuid, sizeof taken.device_uuid);
    rein_result_reservation_verdict tried = try_until(&of, out_models);
    if (is_granted(&tried)) {
        *out_reservation = taken;
    }
    return tried;
}

/* Both fit into an error's text where each is cut. */
static void append_uuid(text_writer *writer, const char *uuid) {
    enum { SHOWN_MAX = 27 };
    size_t length = strlen(uuid);
    rein_i_text_writer_append_bytes(writer, uuid, length < SHOWN_MAX ? length : SHOWN_MAX);
    rein_i_text_writer_append(writer, length > SHOWN_MAX ? ".." : "");
}

static rein_result_void check_same_device(const char *requested, const char *held) {
    /* Both are arrays. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    if (strcmp(requested, held) == 0) {
        return rein_done();
    }
    char text[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    text_writer writer = rein_i_text_writer_make(text, sizeof text);
    append_uuid(&writer, requested);
    rein_i_text_writer_append(&writer, " and ");
    append_uuid(&writer, held);
    return rein_result_void_fail(rein_i_error_about(
        REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
        "the request and the reservation are for different devices: {text}", text));
}

rein_result_reservation_verdict rein_reservation_change(rein_reservation *reservation,
                                                        const rein_reservation_request *request,
                                                        rein_model_verdict *out_models) {
    rein_result_void usable = check_held(reservation);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, usable);
    attempt of = {.request = request, .target = reservation};
    rein_result_void prepared = prepare(&of, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, prepared);
    rein_result_void same = check_same_device(of.record.device_uuid, reservation->device_uuid);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, same);
    return try_until(&of, out_models);
}

rein_result_void rein_reservation_check(const rein_reservation *reservation) {
    rein_result_void usable = check_held(reservation);
    REIN_RETURN_IF_ERROR(rein_result_void, usable);
    rein_result_void placed =
        rein_i_device_folder_check_place(reservation->folder_descriptor, reservation->device_uuid);
    REIN_RETURN_IF_ERROR(rein_result_void, placed);
    return rein_i_reservation_file_check_place(reservation->folder_descriptor, &reservation->id,
                                               reservation->file_descriptor);
}

void rein_reservation_release(rein_reservation *reservation) {
    if (reservation == NULL || reservation->process == 0) {
        return;
    }
    if (reservation->process == rein_i_fork_guard_process()) {
        rein_i_reservation_file_end(reservation->folder_descriptor, &reservation->id,
                                    reservation->file_descriptor);
    } else {
        close(reservation->file_descriptor);
    }
    close(reservation->folder_descriptor);
    reservation->file_descriptor = -1;
    reservation->folder_descriptor = -1;
    reservation->process = 0;
}

rein_result_void rein_reservation_keep_on_exec(rein_reservation *reservation) {
    /* Above the numbers that scripts use, below the limit of every system; else wherever there is
     * room. */
    static const int lowest[] = {700, 64, 10};
    rein_result_void usable = check_held(reservation);
    REIN_RETURN_IF_ERROR(rein_result_void, usable);
    int kept = -1;
    for (size_t index = 0; index < sizeof lowest / sizeof lowest[0] && kept < 0; index++) {
        kept = fcntl(reservation->file_descriptor, F_DUPFD, lowest[index]);
    }
    if (kept < 0) {
        return rein_result_void_fail(rein_i_system_error(
            REIN_HERE, "cannot keep the reservation open for another program", ""));
    }
    close(reservation->file_descriptor);
    reservation->file_descriptor = kept;
    return rein_done();
}

rein_result_reservation_summary rein_reservation_visit(const rein_state_directory *directory,
                                                       const char *device_uuid,
                                                       rein_reservation_visitor visit,
                                                       void *context) {
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    rein_result_void named = rein_device_uuid_normalize(device_uuid, uuid);
    REIN_RETURN_IF_ERROR(rein_result_reservation_summary, named);
    rein_result_void usable = rein_i_device_folder_check_directory(directory);
    REIN_RETURN_IF_ERROR(rein_result_reservation_summary, usable);
    reservation_folder folder;
    rein_result_void opened = rein_i_device_folder_open(directory, uuid, &folder);
    REIN_RETURN_IF_ERROR(rein_result_reservation_summary, opened);
    rein_reservation_summary none = {.live_count = 0};
    rein_result_reservation_summary scanned = rein_result_reservation_summary_ok(none);
    if (folder.descriptor >= 0) {
        reservation_scan scan = {.folder_descriptor = folder.descriptor,
                                 .device_uuid = uuid,
                                 .visit = visit,
                                 .context = context};
        scanned = rein_i_reservation_scan(&scan);
    }
    rein_i_device_folder_close(&folder);
    return scanned;
}
