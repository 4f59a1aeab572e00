#include "node/reservation.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/node/reservation_attempt.h"
#include "host/node/reservation_file.h"
#include "host/node/reservation_folder.h"
#include "host/node/reservation_scan.h"
#include "host/node/system_file.h"

rein_result_reservation_verdict rein_reservation_take(const rein_state_directory *directory,
                                                      const rein_reservation_request *request,
                                                      rein_model_verdict *out_models,
                                                      rein_reservation *out_reservation) {
    REIN_TRY(rein_result_reservation_verdict, rein_i_reservation_folder_check_directory(directory));
    if (out_reservation == NULL) {
        return rein_result_reservation_verdict_fail(
            rein_i_invalid_error(REIN_HERE, "out_reservation" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    rein_reservation taken = {.process = directory->process};
    reservation_attempt attempt = {.directory = directory, .request = request, .target = &taken};
    REIN_TRY(rein_result_reservation_verdict,
             rein_i_reservation_attempt_prepare(&attempt, out_models));
    rein_request_id id = REIN_TRY(rein_result_reservation_verdict, rein_request_id_generate());
    taken.id = id;
    memcpy(taken.device_uuid, attempt.record.device_uuid, sizeof taken.device_uuid);
    rein_result_reservation_verdict tried = rein_i_reservation_attempt_run(&attempt, out_models);
    if (rein_i_reservation_attempt_is_granted(&tried)) {
        *out_reservation = taken;
    }
    return tried;
}

/* Appends a shortened UUID, so that an error's text has room for two. */
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
    REIN_TRY(rein_result_reservation_verdict, rein_i_reservation_check_held(reservation));
    reservation_attempt attempt = {.request = request, .target = reservation};
    REIN_TRY(rein_result_reservation_verdict,
             rein_i_reservation_attempt_prepare(&attempt, out_models));
    REIN_TRY(rein_result_reservation_verdict,
             check_same_device(attempt.record.device_uuid, reservation->device_uuid));
    return rein_i_reservation_attempt_run(&attempt, out_models);
}

rein_result_void rein_reservation_check(const rein_reservation *reservation) {
    REIN_TRY(rein_result_void, rein_i_reservation_check_held(reservation));
    REIN_TRY(rein_result_void, rein_i_reservation_folder_check_place(reservation->folder_descriptor,
                                                                     reservation->device_uuid));
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
    /* Above the descriptors that scripts use and below the usual limits; as a last resort any free
     * descriptor from 10 on. */
    static const int lowest[] = {700, 64, 10};
    REIN_TRY(rein_result_void, rein_i_reservation_check_held(reservation));
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
    REIN_TRY(rein_result_reservation_summary, rein_device_uuid_normalize(device_uuid, uuid));
    REIN_TRY(rein_result_reservation_summary, rein_i_reservation_folder_check_directory(directory));
    reservation_folder folder;
    REIN_TRY(rein_result_reservation_summary,
             rein_i_reservation_folder_open(directory, uuid, &folder));
    rein_reservation_summary none = {.live_count = 0};
    rein_result_reservation_summary scanned = rein_result_reservation_summary_ok(none);
    if (folder.descriptor >= 0) {
        reservation_scan scan = {.folder_descriptor = folder.descriptor,
                                 .device_uuid = uuid,
                                 .visit = visit,
                                 .context = context};
        scanned = rein_i_reservation_scan(&scan);
    }
    rein_i_reservation_folder_close(&folder);
    return scanned;
}
