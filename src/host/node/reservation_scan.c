#include "host/node/reservation_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/messages.h"
#include "host/base/text_writer.h"
#include "host/node/folder_list.h"
#include "host/node/folder_lock.h"
#include "host/node/reservation_record.h"
#include "host/node/system_file.h"

static const char reservation_suffix[] = ".reservation";
static const char new_suffix[] = ".new";

enum { ID_LENGTH = REIN_REQUEST_ID_TEXT_CAPACITY - 1 };

typedef struct running_scan {
    const reservation_scan *scan;
    rein_reservation_summary summary;
} running_scan;

void rein_i_reservation_scan_file_name(const rein_request_id *id, bool is_new,
                                       char out_name[REIN_RESERVATION_NAME_CAPACITY]) {
    char text[REIN_REQUEST_ID_TEXT_CAPACITY];
    rein_request_id_format(id, text);
    text_writer writer = rein_i_text_writer_make(out_name, REIN_RESERVATION_NAME_CAPACITY);
    rein_i_text_writer_append(&writer, text);
    rein_i_text_writer_append(&writer, is_new ? new_suffix : reservation_suffix);
}

static bool has_name(const char *name, const char *suffix) {
    char text[REIN_REQUEST_ID_TEXT_CAPACITY];
    if (strlen(name) != ID_LENGTH + strlen(suffix) || strcmp(name + ID_LENGTH, suffix) != 0) {
        return false;
    }
    memcpy(text, name, ID_LENGTH);
    text[ID_LENGTH] = '\0';
    return rein_result_request_id_is_ok(rein_request_id_parse(text));
}

bool rein_i_reservation_scan_is_reservation(const char *name) {
    return has_name(name, reservation_suffix);
}

static void set_unknown(file_finding *finding, const char *reason) {
    finding->state = FILE_UNKNOWN;
    finding->reason = reason;
}

/* Returns NULL if the file has the type and size of a reservation's file, else the reason. */
static const char *refuse_kind(int file) {
    struct stat facts;
    if (fstat(file, &facts) != 0) {
        return "its state cannot be read";
    }
    if (!S_ISREG(facts.st_mode)) {
        return "it is not a regular file";
    }
    if (facts.st_nlink > 1) {
        return "it has a second name";
    }
    return facts.st_size >= RECORD_TEXT_CAPACITY ? "it is too large" : NULL;
}

static const char *read_record(int file, const char *device_uuid,
                               rein_reservation_record *out_record) {
    char text[RECORD_TEXT_CAPACITY];
    ssize_t length = rein_i_system_read_all(file, text, sizeof text - 1);
    if (length < 0) {
        return "it cannot be read";
    }
    text[length] = '\0';
    if (!rein_i_reservation_record_read(text, (size_t)length, out_record)) {
        return "it is damaged";
    }
    bool is_its_own = device_uuid == NULL || strcmp(out_record->device_uuid, device_uuid) == 0;
    return is_its_own ? NULL : "it is of another device";
}

void rein_i_reservation_scan_judge_file(int file, const char *device_uuid,
                                        file_finding *out_finding) {
    int locked = rein_i_system_is_locked(file);
    if (locked <= 0) {
        out_finding->state = FILE_DEAD;
        if (locked < 0) {
            set_unknown(out_finding, "its lock cannot be read");
        }
        return;
    }
    out_finding->state = FILE_LIVE;
    const char *reason = refuse_kind(file);
    if (reason == NULL) {
        reason = read_record(file, device_uuid, &out_finding->record);
    }
    if (reason != NULL) {
        set_unknown(out_finding, reason);
    }
}

/* Returns whether the error means that no process can hold the file: it ended during the scan, or
 * is a symbolic link (ELOOP) or socket (ENXIO), which cannot be locked. */
static bool is_unlockable_file(int native_code) {
    return native_code == ENOENT || native_code == ELOOP || native_code == ENXIO;
}

static void judge_name(const reservation_scan *scan, const char *name, file_finding *finding) {
    int file =
        rein_i_system_open(scan->folder_descriptor, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (file < 0) {
        finding->state = FILE_DEAD;
        if (!is_unlockable_file(errno)) {
            set_unknown(finding, "it cannot be opened");
        }
        return;
    }
    rein_i_reservation_scan_judge_file(file, scan->device_uuid, finding);
    if (finding->state == FILE_LIVE && !rein_i_reservation_scan_is_reservation(name)) {
        set_unknown(finding, "its name is not a reservation's");
    }
    close(file);
}

/* Removes a dead file if possible. A file that another user's process left may not be removable,
 * but is dead too. */
static void drop_dead(const reservation_scan *scan, const char *name) {
    if (scan->drops_dead) {
        unlinkat(scan->folder_descriptor, name, 0);
    }
}

static void count_live(rein_reservation_summary *summary, file_finding *finding) {
    uint64_t sum = 0;
    if (__builtin_add_overflow(summary->live_bytes, finding->record.bytes, &sum)) {
        set_unknown(finding, "the sum of all reservations" MUST_FIT_64_BITS);
        return;
    }
    rein_fact_u64 total = finding->record.device_total_bytes;
    rein_fact_u64 *first = &summary->device_total_bytes;
    if (total.is_known && first->is_known && total.value != first->value) {
        set_unknown(finding, "it states another total of the device than another reservation");
        return;
    }
    summary->live_count++;
    summary->live_bytes = sum;
    *first = first->is_known ? *first : total;
}

/* Counts a file that is not dead. */
static void count_file(running_scan *running, const char *name, file_finding *finding) {
    rein_reservation_entry entry = {.file_name = name};
    if (finding->state == FILE_LIVE) {
        count_live(&running->summary, finding);
    }
    if (finding->state == FILE_LIVE) {
        entry.record = &finding->record;
    } else {
        running->summary.unknown_count++;
        entry.reason = finding->reason;
    }
    if (running->scan->visit != NULL) {
        running->scan->visit(&entry, running->scan->context);
    }
}

static void scan_name(const char *name, void *context) {
    running_scan *running = context;
    const reservation_scan *scan = running->scan;
    bool is_own = scan->own_name != NULL && strcmp(name, scan->own_name) == 0;
    if (is_own || rein_i_folder_lock_has_name(name)) {
        return;
    }
    /* Only the lock's holder writes these files, and a scan that removes files holds the lock: the
     * writer is dead. A lock file is written without the lock, but its writer tries again. */
    if (has_name(name, new_suffix) || rein_i_folder_lock_is_unfinished(name)) {
        drop_dead(scan, name);
        return;
    }
    file_finding finding;
    judge_name(scan, name, &finding);
    if (finding.state != FILE_DEAD) {
        count_file(running, name, &finding);
    } else if (rein_i_reservation_scan_is_reservation(name)) {
        drop_dead(scan, name);
    }
}

rein_result_reservation_summary rein_i_reservation_scan(const reservation_scan *scan) {
    running_scan running = {.scan = scan};
    REIN_TRY(rein_result_reservation_summary,
             rein_i_folder_list(scan->folder_descriptor, scan_name, &running));
    return rein_result_reservation_summary_ok(running.summary);
}
