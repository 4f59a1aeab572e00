#include "host/reservation_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/reservation_record.h"
#include "host/system_file.h"
#include "host/text_writer.h"

static const char reservation_suffix[] = ".reservation";
static const char new_suffix[] = ".new";

enum { ID_LENGTH = REIN_REQUEST_ID_TEXT_CAPACITY - 1 };

typedef enum file_state {
    FILE_GONE,   /* ended while we looked, or dead: counts nothing */
    FILE_LIVE,   /* held, and understood */
    FILE_UNKNOWN /* held by someone or not: nobody can tell what it stands for */
} file_state;

typedef struct file_finding {
    file_state state;
    const char *reason; /* why it is unknown */
    rein_reservation_record record;
} file_finding;

typedef struct running_scan {
    const reservation_scan *scan;
    rein_reservation_summary summary;
} running_scan;

void scan_file_name(const rein_request_id *id, bool is_new,
                    char out_name[REIN_RESERVATION_NAME_CAPACITY]) {
    char text[REIN_REQUEST_ID_TEXT_CAPACITY];
    rein_request_id_format(id, text);
    text_writer writer = text_writer_make(out_name, REIN_RESERVATION_NAME_CAPACITY);
    text_writer_append(&writer, text);
    text_writer_append(&writer, is_new ? new_suffix : reservation_suffix);
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

static void set_unknown(file_finding *finding, const char *reason) {
    finding->state = FILE_UNKNOWN;
    finding->reason = reason;
}

/* NULL where the file's kind and size are those of a reservation. */
static const char *refuse_kind(int file) {
    struct stat facts;
    if (fstat(file, &facts) != 0) {
        return "its state cannot be read";
    }
    if (!S_ISREG(facts.st_mode)) {
        return "it is no regular file";
    }
    if (facts.st_nlink > 1) {
        return "it has a second name";
    }
    return facts.st_size >= RECORD_TEXT_CAPACITY ? "it is too large" : NULL;
}

static const char *read_record(int file, const char *device_uuid,
                               rein_reservation_record *out_record) {
    char text[RECORD_TEXT_CAPACITY];
    ssize_t length = system_read_all(file, text, sizeof text - 1);
    if (length < 0) {
        return "it cannot be read";
    }
    text[length] = '\0';
    if (!record_read(text, (size_t)length, out_record)) {
        return "it is damaged";
    }
    return strcmp(out_record->device_uuid, device_uuid) == 0 ? NULL : "it is of another device";
}

static void judge_open_file(int file, const char *device_uuid, file_finding *finding) {
    const char *reason = refuse_kind(file);
    if (reason == NULL) {
        reason = read_record(file, device_uuid, &finding->record);
    }
    if (reason != NULL) {
        set_unknown(finding, reason);
        return;
    }
    int locked = system_is_locked(file);
    if (locked < 0) {
        set_unknown(finding, "its lock cannot be looked at");
    } else {
        finding->state = locked ? FILE_LIVE : FILE_GONE;
    }
}

static void judge_file(const reservation_scan *scan, const char *name, file_finding *finding) {
    int file = system_open(scan->folder->descriptor, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (file < 0) {
        /* A release removes its file whenever it likes. */
        finding->state = FILE_GONE;
        if (errno != ENOENT) {
            set_unknown(finding, errno == ELOOP ? "it is a symbolic link" : "it cannot be opened");
        }
        return;
    }
    judge_open_file(file, scan->device_uuid, finding);
    close(file);
    /* Who may not remove a file of another may still know that it is dead. */
    if (finding->state == FILE_GONE && scan->drops_dead) {
        unlinkat(scan->folder->descriptor, name, 0);
    }
}

/* Such a file is written under the folder's lock, which is ours: its writer is dead. */
static void drop_unfinished(const reservation_scan *scan, const char *name) {
    if (scan->drops_dead) {
        unlinkat(scan->folder->descriptor, name, 0);
    }
}

static void count_file(running_scan *running, const char *name, file_finding *finding) {
    rein_reservation_summary *summary = &running->summary;
    rein_reservation_entry entry = {.file_name = name};
    uint64_t sum = 0;
    if (finding->state == FILE_LIVE &&
        __builtin_add_overflow(summary->live_bytes, finding->record.bytes, &sum)) {
        set_unknown(finding, "the sum of all reservations does not fit in 64 bits");
    }
    if (finding->state == FILE_LIVE) {
        summary->live_count++;
        summary->live_bytes = sum;
        entry.record = &finding->record;
    } else if (finding->state == FILE_UNKNOWN) {
        summary->unknown_count++;
        entry.reason = finding->reason;
    } else {
        return;
    }
    if (running->scan->visit != NULL) {
        running->scan->visit(&entry, running->scan->context);
    }
}

static void look_at(const char *name, void *context) {
    running_scan *running = context;
    const reservation_scan *scan = running->scan;
    if (scan->own_name != NULL && strcmp(name, scan->own_name) == 0) {
        return;
    }
    if (has_name(name, new_suffix)) {
        drop_unfinished(scan, name);
        return;
    }
    file_finding finding = {.state = FILE_UNKNOWN, .reason = "its name is no reservation's"};
    if (has_name(name, reservation_suffix)) {
        judge_file(scan, name, &finding);
    }
    count_file(running, name, &finding);
}

rein_result_reservation_summary scan_reservations(const reservation_scan *scan) {
    running_scan running = {.scan = scan};
    rein_result_void listed = folder_list(scan->folder->descriptor, look_at, &running);
    REIN_RETURN_IF_ERROR(rein_result_reservation_summary, listed);
    return rein_result_reservation_summary_ok(running.summary);
}
