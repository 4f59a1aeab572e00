#include "host/node/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/text_writer.h"
#include "host/node/system_file.h"
#include "node/reservation.h"

#define LOCK_NAME ".lock"

static const char unfinished_prefix[] = LOCK_NAME ".";

bool rein_i_folder_lock_has_name(const char *name) {
    return strcmp(name, LOCK_NAME) == 0;
}

bool rein_i_folder_lock_is_unfinished(const char *name) {
    return strncmp(name, unfinished_prefix, sizeof unfinished_prefix - 1) == 0;
}

/* Returns whether the file exists, or another try may succeed: another process has just made it, or
 * has removed the unfinished one. */
static bool is_published(int linked) {
    return linked == 0 || errno == EEXIST || errno == ENOENT;
}

/* Gives the file its final name only after it has the folder's group and its mode regardless of the
 * umask. */
static int publish_lock_file(int folder, const char *unfinished, const struct stat *facts) {
    int file = rein_i_system_open(folder, unfinished, O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return -1;
    }
    mode_t mode = (facts->st_mode & S_IWGRP) != 0 ? 0660 : 0600;
    bool is_there = rein_i_system_share(file, facts, mode) == 0 &&
                    is_published(linkat(folder, unfinished, folder, LOCK_NAME, 0));
    int native_code = errno;
    unlinkat(folder, unfinished, 0);
    close(file);
    errno = native_code;
    return is_there ? 0 : -1;
}

/* Makes the lock file. Only users who may write to the folder may open it. */
static int make_lock_file(int folder) {
    struct stat facts;
    rein_result_request_id unique = rein_request_id_generate();
    if (!unique.is_ok) {
        errno = REIN_ERROR(unique).native_code;
        return -1;
    }
    if (fstat(folder, &facts) != 0) {
        return -1;
    }
    char id[REIN_REQUEST_ID_TEXT_CAPACITY];
    char unfinished[sizeof unfinished_prefix + sizeof id];
    rein_request_id_format(&REIN_VALUE(unique), id);
    text_writer writer = rein_i_text_writer_make(unfinished, sizeof unfinished);
    rein_i_text_writer_append(&writer, unfinished_prefix);
    rein_i_text_writer_append(&writer, id);
    return publish_lock_file(folder, unfinished, &facts);
}

static bool open_lock_file(int folder, guarded_descriptor *out_lock) {
    enum { TRIES = 4 }; /* each retry needs another process that removes the file at that moment */
    static const int flags = O_RDWR | O_NONBLOCK | O_NOCTTY;
    for (int tries = 0; !rein_i_fork_guard_open(folder, LOCK_NAME, flags, out_lock); tries++) {
        if (errno != ENOENT || tries == TRIES || make_lock_file(folder) != 0) {
            return false;
        }
    }
    return true;
}

/* Returns 1 if locked; 0 if another process has the lock or the file lost its name before it was
 * locked; -1 with errno set. */
static int try_to_lock(int folder, guarded_descriptor *out_lock) {
    if (!open_lock_file(folder, out_lock)) {
        return -1;
    }
    int locked = rein_i_system_try_lock(out_lock->number, F_WRLCK) == 0
                     ? rein_i_system_is_same_file(folder, LOCK_NAME, out_lock->number)
                     : (errno == EAGAIN ? 0 : -1);
    if (locked != 1) {
        int native_code = errno;
        rein_i_folder_lock_end(out_lock);
        errno = native_code;
    }
    return locked;
}

static rein_result_void refuse_to_wait(rein_duration waited, const char *name) {
    rein_error error = rein_error_make(
        REIN_ERROR_TIMEOUT, REIN_HERE,
        "{text} was locked for {u} s: a process that reserves there may be stopped; continue or "
        "end it ('fuser -v' on its " LOCK_NAME " shows it)");
    error = rein_error_with_numbers(error, (uint64_t)(waited.ns / REIN_NS_PER_S), 0, 0);
    return rein_result_void_fail(rein_error_with_text(error, name));
}

static rein_timestamp last_try(const lock_wait *wait, rein_timestamp start) {
    rein_timestamp least = rein_timestamp_add_saturating(
        start, rein_duration_from_ns(REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S));
    return rein_timestamp_compare(wait->deadline, least) > 0 ? wait->deadline : least;
}

rein_result_void rein_i_folder_lock_begin(int folder, const lock_wait *wait, const char *name,
                                          guarded_descriptor *out_lock) {
    rein_timestamp start = rein_clock_now(wait->clock);
    rein_timestamp last = last_try(wait, start);
    rein_timestamp now = start;
    int64_t pause_ns = 50 * REIN_NS_PER_US;
    int locked = 0;
    while ((locked = try_to_lock(folder, out_lock)) == 0) {
        if (rein_timestamp_compare(now, last) >= 0) {
            return refuse_to_wait(rein_timestamp_since_saturating(now, start), name);
        }
        rein_clock_sleep_until(wait->clock,
                               rein_timestamp_add_saturating(now, rein_duration_from_ns(pause_ns)));
        pause_ns = pause_ns < 4 * REIN_NS_PER_MS ? pause_ns * 2 : pause_ns;
        now = rein_clock_now(wait->clock);
    }
    return locked > 0
               ? rein_done()
               : rein_result_void_fail(rein_i_system_error(REIN_HERE, "cannot lock {text}", name));
}

void rein_i_folder_lock_end(guarded_descriptor *lock) {
    (void)rein_i_system_try_lock(lock->number, F_UNLCK);
    rein_i_fork_guard_close(lock);
}
