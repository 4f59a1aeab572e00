#include "contract/reservation.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/invalid.h"
#include "host/reservation_file.h"
#include "host/reservation_folder.h"
#include "host/reservation_record.h"
#include "host/reservation_scan.h"
#include "host/system_file.h"
#include "host/text.h"

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

static void add_bytes(uint64_t bytes, bool *is_bounded, uint64_t *sum) {
    *is_bounded = !__builtin_add_overflow(*sum, bytes, sum) && *is_bounded;
}

/* What a reservation of these models takes: 0 where that is not known. */
static uint64_t bytes_of(const rein_device_verdict *device) {
    uint64_t bytes = device->requested_bytes;
    bool is_bounded = device->context_bytes.is_known;
    add_bytes(device->context_bytes.value, &is_bounded, &bytes);
    return is_bounded ? bytes : 0;
}

/* Admission with what the others hold. `held_bytes` is what the caller gives up for it. */
static rein_result_reservation_verdict judge(const rein_admission_request *request,
                                             const rein_reservation_summary *others,
                                             uint64_t held_bytes, rein_model_verdict *out_models) {
    rein_admission_request with_others = *request;
    bool is_bounded = true;
    add_bytes(others->live_bytes, &is_bounded, &with_others.reserved_bytes);
    if (!is_bounded) {
        return rein_result_reservation_verdict_fail(
            invalid_error(REIN_HERE, "what is reserved does not fit in 64 bits", 0, 0, 0));
    }
    rein_result_admission_verdict decided = rein_admission_decide(&with_others, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, decided);
    rein_reservation_verdict verdict = {.admission = REIN_VALUE(decided), .others = *others};
    uint64_t bytes = bytes_of(&verdict.admission.device);
    bool do_models_fit = verdict.admission.first_failing_model == request->model_count;
    bool is_shrinking = do_models_fit && bytes > 0 && bytes <= held_bytes;
    verdict.outcome = verdict.admission.outcome;
    if (verdict.outcome == REIN_ADMISSION_FITS && others->unknown_count > 0) {
        verdict.outcome = REIN_ADMISSION_CANNOT_TELL;
    }
    verdict.outcome = is_shrinking ? REIN_ADMISSION_FITS : verdict.outcome;
    verdict.bytes = verdict.outcome == REIN_ADMISSION_FITS ? bytes : 0;
    return rein_result_reservation_verdict_ok(verdict);
}

/* A try to take a reservation, or to change one. */
typedef struct attempt {
    const rein_state_directory *directory; /* NULL: to change */
    const rein_reservation_request *request;
    rein_model_verdict *out_models;
    rein_reservation *target; /* to take: its id and device are set */
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

/* Under the folder's lock; puts the file in place where it fits. */
static rein_result_reservation_verdict try_in(const attempt *of, const reservation_folder *folder) {
    const rein_admission_request *admission = &of->request->admission;
    rein_result_reservation_summary others = scan_others(folder, of->target);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, others);
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    uint64_t held_bytes = of->directory == NULL ? of->target->bytes : 0;
    rein_result_reservation_verdict judged =
        judge(admission, &REIN_VALUE(others), held_bytes, models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, judged);
    if (REIN_VALUE(judged).outcome == REIN_ADMISSION_FITS) {
        rein_result_void put = put_in_place(of, folder, REIN_VALUE(judged).bytes);
        REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, put);
    }
    memcpy(of->out_models, models, admission->model_count * sizeof *models);
    return judged;
}

static bool is_granted(const rein_result_reservation_verdict *tried) {
    return tried->is_ok && REIN_VALUE(*tried).outcome == REIN_ADMISSION_FITS;
}

static rein_result_reservation_verdict try_to_take(const attempt *of) {
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

static rein_result_reservation_verdict try_to_change(const attempt *of) {
    reservation_folder folder;
    rein_result_void locked =
        folder_lock(of->target->folder_descriptor, FOLDER_TO_CHANGE, of->request->clock, &folder);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, locked);
    rein_result_reservation_verdict tried = try_in(of, &folder);
    folder_unlock(&folder);
    return tried;
}

/* Whether it would fit were the others gone. */
static bool is_worth_waiting(const attempt *of) {
    const rein_reservation_summary none = {.live_count = 0};
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    rein_result_reservation_verdict alone = judge(&of->request->admission, &none, 0, models);
    return is_granted(&alone);
}

static rein_result_reservation_verdict try_until(const attempt *of) {
    const rein_clock *clock = of->request->clock;
    rein_timestamp deadline = of->request->deadline;
    int64_t pause_ns = REIN_NS_PER_MS;
    for (;;) {
        rein_result_reservation_verdict tried =
            of->directory == NULL ? try_to_change(of) : try_to_take(of);
        rein_timestamp now = rein_clock_now(clock);
        if (!tried.is_ok || is_granted(&tried) || rein_timestamp_compare(now, deadline) >= 0 ||
            !is_worth_waiting(of)) {
            return tried;
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
    memcpy(taken.device_uuid, request->admission.device->uuid, sizeof taken.device_uuid);
    attempt of = {
        .directory = directory, .request = request, .out_models = out_models, .target = &taken};
    rein_result_reservation_verdict tried = try_until(&of);
    if (is_granted(&tried)) {
        *out_reservation = taken;
    }
    return tried;
}

rein_result_reservation_verdict rein_reservation_change(rein_reservation *reservation,
                                                        const rein_reservation_request *request,
                                                        rein_model_verdict *out_models) {
    rein_result_void checked = check_request(request, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, checked);
    if (strcmp(request->admission.device->uuid, reservation->device_uuid) != 0) {
        return rein_result_reservation_verdict_fail(
            invalid_error(REIN_HERE, "the device is another one than the reservation's", 0, 0, 0));
    }
    attempt of = {.request = request, .out_models = out_models, .target = reservation};
    return try_until(&of);
}

void rein_reservation_release(rein_reservation *reservation) {
    char name[REIN_RESERVATION_NAME_CAPACITY];
    scan_file_name(&reservation->id, false, name);
    unlinkat(reservation->folder_descriptor, name, 0);
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
