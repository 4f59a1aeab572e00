#include "host/node/reservation_attempt.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/contract/invalid.h"
#include "host/contract/name.h"
#include "host/node/reservation_file.h"
#include "host/node/reservation_folder.h"
#include "host/node/reservation_judge.h"
#include "host/node/reservation_record.h"
#include "host/node/reservation_scan.h"

rein_result_void rein_i_reservation_check_held(const rein_reservation *reservation) {
    return reservation == NULL
               ? rein_i_invalid(REIN_HERE, "the reservation" MUST_NOT_BE_NULL, 0, 0, 0)
               : rein_i_fork_guard_check(reservation->process, "reservation");
}

/* Fills in a record except the bytes and the time. */
static rein_result_void describe(const rein_reservation_request *request,
                                 rein_reservation_record *out_record) {
    const rein_admission_request *admission = &request->admission;
    memset(out_record, 0, sizeof *out_record);
    REIN_TRY(rein_result_void,
             rein_device_uuid_normalize(admission->device->uuid, out_record->device_uuid));
    REIN_TRY(rein_result_void, rein_i_name_copy(request->holder, out_record->holder));
    out_record->device_total_bytes = admission->device->total_bytes;
    out_record->process_count = rein_admission_process_count(admission);
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
        return rein_i_invalid(REIN_HERE, "the request and out_models" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    const rein_admission_request *admission = &request->admission;
    if (admission->device == NULL || request->clock == NULL) {
        return rein_i_invalid(REIN_HERE, "the request's device and clock" MUST_NOT_BE_NULL, 0, 0,
                              0);
    }
    if (admission->model_count > REIN_RESERVATION_MODELS_MAX) {
        return rein_i_invalid(REIN_HERE, "model_count is {i}" MUST_BE_FROM_1_TO,
                              admission->model_count, REIN_RESERVATION_MODELS_MAX, 0);
    }
    if (admission->models == NULL && admission->model_count > 0) {
        return rein_i_invalid(REIN_HERE, "models" MUST_HOLD_ELEMENTS, admission->model_count, 0, 0);
    }
    return rein_done();
}

rein_result_void rein_i_reservation_attempt_prepare(reservation_attempt *attempt,
                                                    const rein_model_verdict *out_models) {
    REIN_TRY(rein_result_void, check_request(attempt->request, out_models));
    return describe(attempt->request, &attempt->record);
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

static rein_result_void publish(reservation_attempt *attempt, const reservation_folder *folder,
                                uint64_t bytes) {
    attempt->record.bytes = bytes;
    attempt->record.since_unix_s = (int64_t)time(NULL);
    REIN_TRY(rein_result_void, rein_i_reservation_record_validate(&attempt->record));
    int published =
        REIN_TRY(rein_result_void,
                 rein_i_reservation_file_publish(folder, &attempt->target->id, &attempt->record));
    if (attempt->directory == NULL) {
        rein_i_reservation_file_unlock(attempt->target->file_descriptor);
    }
    attempt->target->file_descriptor = published;
    attempt->target->bytes = bytes;
    return rein_done();
}

/* Publishes a new reservation, and ends it again if the folder was moved meanwhile: other processes
 * then look into another folder. */
static rein_result_void publish_new(reservation_attempt *attempt, const reservation_folder *folder,
                                    uint64_t bytes) {
    REIN_TRY(rein_result_void, publish(attempt, folder, bytes));
    rein_result_void placed =
        rein_i_reservation_folder_check_place(folder->descriptor, attempt->target->device_uuid);
    if (rein_result_void_is_error(placed)) {
        rein_i_reservation_file_end(folder->descriptor, &attempt->target->id,
                                    attempt->target->file_descriptor);
    }
    return placed;
}

/* Judges and, if it fits, publishes the file, under the folder's lock. The caller's clock may have
 * forked while it slept, and parent and child must not both go on. */
static rein_result_reservation_verdict try_in_folder(reservation_attempt *attempt,
                                                     const reservation_folder *folder) {
    const rein_admission_request *admission = &attempt->request->admission;
    REIN_TRY(rein_result_reservation_verdict, rein_i_reservation_check_held(attempt->target));
    rein_reservation_summary others =
        REIN_TRY(rein_result_reservation_verdict, scan_others(folder, attempt->target));
    uint64_t held_bytes = attempt->directory == NULL ? attempt->target->bytes : 0;
    rein_result_reservation_verdict judged =
        rein_i_reservation_judge(admission, &others, held_bytes, attempt->models);
    REIN_TRY(rein_result_reservation_verdict, judged);
    if (REIN_VALUE(judged).outcome == REIN_ADMISSION_FITS) {
        REIN_TRY(rein_result_reservation_verdict,
                 attempt->directory == NULL
                     ? publish(attempt, folder, REIN_VALUE(judged).bytes)
                     : publish_new(attempt, folder, REIN_VALUE(judged).bytes));
    }
    return judged;
}

bool rein_i_reservation_attempt_is_granted(const rein_result_reservation_verdict *tried) {
    return tried->is_ok && REIN_VALUE(*tried).outcome == REIN_ADMISSION_FITS;
}

static lock_wait lock_wait_of(const reservation_attempt *attempt) {
    return (lock_wait){.clock = attempt->request->clock, .deadline = attempt->request->deadline};
}

static rein_result_reservation_verdict try_to_take(reservation_attempt *attempt) {
    reservation_folder folder;
    const lock_wait wait = lock_wait_of(attempt);
    REIN_TRY(rein_result_reservation_verdict,
             rein_i_reservation_folder_open_locked(attempt->directory, attempt->target->device_uuid,
                                                   &wait, &folder));
    rein_result_reservation_verdict tried = try_in_folder(attempt, &folder);
    if (rein_i_reservation_attempt_is_granted(&tried)) {
        attempt->target->folder_descriptor = folder.descriptor;
        rein_i_reservation_folder_unlock(&folder);
    } else {
        rein_i_reservation_folder_close(&folder);
    }
    return tried;
}

static rein_result_reservation_verdict try_to_change(reservation_attempt *attempt) {
    const rein_reservation *held = attempt->target;
    reservation_folder folder;
    const lock_wait wait = lock_wait_of(attempt);
    REIN_TRY(rein_result_reservation_verdict,
             rein_i_reservation_folder_relock(held->folder_descriptor, held->device_uuid, &wait,
                                              &folder));
    rein_result_void counted = rein_i_reservation_file_check_place(
        held->folder_descriptor, &held->id, held->file_descriptor);
    rein_result_reservation_verdict tried =
        rein_result_void_is_ok(counted) ? try_in_folder(attempt, &folder)
                                        : rein_result_reservation_verdict_fail(REIN_ERROR(counted));
    rein_i_reservation_folder_unlock(&folder);
    return tried;
}

/* Returns whether the models would fit without the other reservations. */
static bool is_worth_waiting(const reservation_attempt *attempt) {
    const rein_reservation_summary none = {.live_count = 0};
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    rein_result_reservation_verdict alone =
        rein_i_reservation_judge(&attempt->request->admission, &none, 0, models);
    return rein_i_reservation_attempt_is_granted(&alone);
}

/* Writes `out_models` unless the last try was an error, even after refusals. */
static rein_result_reservation_verdict finish(const reservation_attempt *attempt,
                                              rein_result_reservation_verdict tried,
                                              rein_model_verdict *out_models) {
    if (tried.is_ok) {
        memcpy(out_models, attempt->models,
               attempt->request->admission.model_count * sizeof *out_models);
    }
    return tried;
}

rein_result_reservation_verdict rein_i_reservation_attempt_run(reservation_attempt *attempt,
                                                               rein_model_verdict *out_models) {
    const rein_clock *clock = attempt->request->clock;
    rein_timestamp deadline = attempt->request->deadline;
    int64_t pause_ns = REIN_NS_PER_MS;
    for (;;) {
        rein_result_reservation_verdict tried =
            attempt->directory == NULL ? try_to_change(attempt) : try_to_take(attempt);
        rein_timestamp now = rein_clock_now(clock);
        if (!tried.is_ok || rein_i_reservation_attempt_is_granted(&tried) ||
            rein_timestamp_compare(now, deadline) >= 0 || !is_worth_waiting(attempt)) {
            return finish(attempt, tried, out_models);
        }
        rein_timestamp wake = rein_timestamp_add_saturating(now, rein_duration_from_ns(pause_ns));
        bool is_last = rein_timestamp_compare(wake, deadline) > 0;
        rein_clock_sleep_until(clock, is_last ? deadline : wake);
        pause_ns = pause_ns < 64 * REIN_NS_PER_MS ? pause_ns * 2 : 100 * REIN_NS_PER_MS;
    }
}
