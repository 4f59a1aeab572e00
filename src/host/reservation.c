#include "contract/reservation.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/invalid.h"
#include "host/reservation_file.h"
#include "host/reservation_folder.h"
#include "host/reservation_judge.h"
#include "host/reservation_record.h"
#include "host/reservation_scan.h"
#include "host/system_file.h"
#include "host/text.h"
#include "host/text_writer.h"

static const char no_uuid[] = "the device has no UUID that can name a folder, expected 1 to 63 "
                              "letters, digits, '-', '_' and '.'";

static rein_result_void check_request(const rein_reservation_request *request,
                                      const rein_model_verdict *out_models) {
    const rein_admission_request *admission = &request->admission;
    if (admission->device == NULL || !record_is_device_uuid(admission->device->uuid)) {
        return invalid(REIN_HERE, no_uuid, 0, 0, 0);
    }
    if (request->clock == NULL || out_models == NULL) {
        return invalid(REIN_HERE, "the clock or the room for verdicts is NULL, expected both", 0, 0,
                       0);
    }
    size_t count = admission->model_count;
    if (count == 0 || count > REIN_RESERVATION_MODELS_MAX) {
        return invalid(REIN_HERE, "{u} models, expected 1 to {u}", count,
                       REIN_RESERVATION_MODELS_MAX, 0);
    }
    char name[REIN_NAME_MAX_BYTES + 1];
    return text_copy_name(request->holder, name);
}

static void describe(const rein_reservation_request *request, uint64_t bytes,
                     rein_reservation_record *out_record) {
    const rein_admission_request *admission = &request->admission;
    memset(out_record, 0, sizeof *out_record);
    memcpy(out_record->device_uuid, admission->device->uuid, sizeof out_record->device_uuid);
    out_record->bytes = bytes;
    out_record->process_count = admission->process_count;
    out_record->pid = getpid();
    out_record->uid = geteuid();
    out_record->since_unix_s = (int64_t)time(NULL);
    memcpy(out_record->holder, request->holder, strlen(request->holder));
    out_record->model_count = admission->model_count;
    for (size_t index = 0; index < admission->model_count; index++) {
        out_record->models[index] = (rein_reserved_model){
            .id = admission->models[index].id, .budget = admission->models[index].budget};
    }
}

/* A try to take a reservation, or to change one. */
typedef struct attempt {
    const rein_state_directory *directory; /* NULL: to change */
    const rein_reservation_request *request;
    rein_reservation *target;                               /* to take: its id and device are set */
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX]; /* of the last try */
} attempt;

static rein_result_reservation_summary scan_others(const reservation_folder *folder,
                                                   const rein_reservation *own) {
    char own_name[REIN_RESERVATION_NAME_CAPACITY];
    scan_file_name(&own->id, false, own_name);
    reservation_scan scan = {.folder = folder,
                             .device_uuid = own->device_uuid,
                             .own_name = own_name,
                             .drops_dead = true};
    return scan_reservations(&scan);
}

static rein_result_void put_in_place(const attempt *of, const reservation_folder *folder,
                                     uint64_t bytes) {
    rein_reservation_record record;
    describe(of->request, bytes, &record);
    result_descriptor put = file_put(folder, &of->target->id, &record);
    REIN_RETURN_IF_ERROR(rein_result_void, put);
    if (of->directory == NULL) {
        close(of->target->file_descriptor);
    }
    of->target->file_descriptor = REIN_VALUE(put);
    of->target->bytes = bytes;
    return rein_done();
}

/* A new reservation counts where others look for it, or is taken back: they may have moved the
 * folder, and look into another one. */
static rein_result_void put_new_in_place(const attempt *of, const reservation_folder *folder,
                                         uint64_t bytes) {
    rein_result_void put = put_in_place(of, folder, bytes);
    REIN_RETURN_IF_ERROR(rein_result_void, put);
    rein_result_void placed = folder_check_place(folder, of->target->device_uuid);
    if (rein_result_void_is_error(placed)) {
        file_remove(folder->descriptor, &of->target->id);
        close(of->target->file_descriptor);
    }
    return placed;
}

/* Under the folder's lock; puts the file in place where it fits. */
static rein_result_reservation_verdict try_in(attempt *of, const reservation_folder *folder) {
    const rein_admission_request *admission = &of->request->admission;
    rein_result_reservation_summary others = scan_others(folder, of->target);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, others);
    uint64_t held_bytes = of->directory == NULL ? of->target->bytes : 0;
    rein_result_reservation_verdict judged =
        judge_reservation(admission, &REIN_VALUE(others), held_bytes, of->models);
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

static rein_result_reservation_verdict try_to_take(attempt *of) {
    result_reservation_folder opened = folder_open_locked(of->directory, of->target->device_uuid,
                                                          FOLDER_TO_CHANGE, of->request->clock);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, opened);
    reservation_folder folder = REIN_VALUE(opened);
    rein_result_reservation_verdict tried = try_in(of, &folder);
    folder_unlock(&folder);
    of->target->folder_descriptor = folder.descriptor;
    if (!is_granted(&tried)) {
        folder_close(&folder);
    }
    return tried;
}

static rein_result_reservation_verdict try_to_change(attempt *of) {
    const rein_reservation *held = of->target;
    reservation_folder folder;
    rein_result_void locked =
        folder_lock_again(held->folder_descriptor, held->device_uuid, of->request->clock, &folder);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, locked);
    rein_result_void counted = file_check_place(&folder, &held->id, held->file_descriptor);
    rein_result_reservation_verdict tried =
        rein_result_void_is_ok(counted) ? try_in(of, &folder)
                                        : rein_result_reservation_verdict_fail(REIN_ERROR(counted));
    folder_unlock(&folder);
    return tried;
}

/* Whether it would fit were the others gone. */
static bool is_worth_waiting(const attempt *of) {
    const rein_reservation_summary none = {.live_count = 0};
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    rein_result_reservation_verdict alone =
        judge_reservation(&of->request->admission, &none, 0, models);
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
    rein_result_void checked = check_request(request, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, checked);
    rein_result_request_id id = rein_request_id_generate();
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, id);
    rein_reservation taken = {.id = REIN_VALUE(id)};
    /* check_request has looked. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    memcpy(taken.device_uuid, request->admission.device->uuid, sizeof taken.device_uuid);
    attempt of = {.directory = directory, .request = request, .target = &taken};
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
    text_writer_append_bytes(writer, uuid, length < SHOWN_MAX ? length : SHOWN_MAX);
    text_writer_append(writer, length > SHOWN_MAX ? ".." : "");
}

static rein_result_void check_same_device(const char *requested, const char *held) {
    /* check_request has looked. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    if (strcmp(requested, held) == 0) {
        return rein_done();
    }
    char text[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    text_writer writer = text_writer_make(text, sizeof text);
    append_uuid(&writer, requested);
    text_writer_append(&writer, " and ");
    append_uuid(&writer, held);
    rein_error error = rein_error_make(
        REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
        "the device of the request and that of the reservation are {text}, expected "
        "the same");
    return rein_result_void_fail(rein_error_with_text(error, text));
}

rein_result_reservation_verdict rein_reservation_change(rein_reservation *reservation,
                                                        const rein_reservation_request *request,
                                                        rein_model_verdict *out_models) {
    rein_result_void checked = check_request(request, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, checked);
    rein_result_void same =
        check_same_device(request->admission.device->uuid, reservation->device_uuid);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, same);
    attempt of = {.request = request, .target = reservation};
    return try_until(&of, out_models);
}

void rein_reservation_release(rein_reservation *reservation) {
    file_remove(reservation->folder_descriptor, &reservation->id);
    close(reservation->file_descriptor);
    close(reservation->folder_descriptor);
    reservation->file_descriptor = -1;
    reservation->folder_descriptor = -1;
}

rein_result_void rein_reservation_keep_on_exec(rein_reservation *reservation) {
    /* Above what scripts number by hand, below what every system allows; else wherever there is
     * room. */
    static const int lowest[] = {700, 64, 10};
    int kept = -1;
    for (size_t index = 0; index < sizeof lowest / sizeof lowest[0] && kept < 0; index++) {
        kept = fcntl(reservation->file_descriptor, F_DUPFD, lowest[index]);
    }
    if (kept < 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot keep the reservation open for another program", ""));
    }
    close(reservation->file_descriptor);
    reservation->file_descriptor = kept;
    return rein_done();
}

rein_result_reservation_summary
rein_reservation_visit(const rein_state_directory *directory, const char *device_uuid,
                       const rein_clock *clock, rein_reservation_visitor visit, void *context) {
    if (device_uuid == NULL || !record_is_device_uuid(device_uuid)) {
        return rein_result_reservation_summary_fail(invalid_error(REIN_HERE, no_uuid, 0, 0, 0));
    }
    result_reservation_folder opened =
        folder_open_locked(directory, device_uuid, FOLDER_TO_READ, clock);
    REIN_RETURN_IF_ERROR(rein_result_reservation_summary, opened);
    reservation_folder folder = REIN_VALUE(opened);
    rein_reservation_summary none = {.live_count = 0};
    rein_result_reservation_summary scanned = rein_result_reservation_summary_ok(none);
    if (folder.descriptor >= 0) {
        reservation_scan scan = {
            .folder = &folder, .device_uuid = device_uuid, .visit = visit, .context = context};
        scanned = scan_reservations(&scan);
    }
    folder_close(&folder);
    return scanned;
}
