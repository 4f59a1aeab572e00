/* Users who may read but not write the state directory must not be able to make a process wait by a
 * lock. Needs root, to become another user. */
#include <criterion/criterion.h>

#include <errno.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "reservation_expect.h"

TestSuite(reservation_readers, .init = open_case, .fini = close_case);

enum { READER = 65534, ENDED_WELL = 42 };

/* Locks a file, if the reader can open it: with flock, and with a read lock on the whole file. */
static void lock_if_possible(const char *path) {
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        (void)flock(file, LOCK_EX | LOCK_NB);
        (void)fcntl(file, F_OFD_SETLK, &whole);
    }
}

static bool is_denied(int done) {
    return done < 0 && (errno == EACCES || errno == EPERM);
}

/* Returns whether the reader cannot make, remove, replace or write a file. */
static bool cannot_change_anything(const char *name) {
    char record[2 * CASE_PATH_CAPACITY];
    char made[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, record);
    case_file(&trial, "made", made);
    return is_denied(open(made, O_WRONLY | O_CREAT, 0600)) && is_denied(unlink(record)) &&
           is_denied(rename(record, made)) && is_denied(open(record, O_WRONLY)) &&
           is_denied(link(record, made));
}

static bool can_read(void) {
    rein_result_state_directory opened = rein_state_directory_open(trial.path);
    rein_result_reservation_summary found =
        rein_reservation_visit(&REIN_VALUE(opened), CASE_DEVICE, NULL, NULL);
    return found.is_ok && REIN_VALUE(found).live_bytes == 400 &&
           REIN_VALUE(found).unknown_count == 0;
}

static bool cannot_open_any_lock(void) {
    char lock[2 * CASE_PATH_CAPACITY];
    case_file(&trial, ".lock", lock);
    bool is_refused = is_denied(open(lock, O_RDONLY));
    snprintf(lock, sizeof lock, "%s/.lock", trial.path);
    return is_refused && is_denied(open(lock, O_RDONLY));
}

/* Locks everything it can, reports what it found, and lives until the pipe is closed. */
static void run_reader(const char *name, int answer, int end) {
    char path[2 * CASE_PATH_CAPACITY];
    bool is_reader = setgroups(0, NULL) == 0 && setgid(READER) == 0 && setuid(READER) == 0;
    lock_if_possible(trial.path);
    case_file(&trial, "", path);
    lock_if_possible(path);
    case_file(&trial, name, path);
    lock_if_possible(path);
    char found = is_reader && can_read() && cannot_change_anything(name) && cannot_open_any_lock();
    bool is_sent = write(answer, &found, 1) == 1;
    _exit(is_sent && read(end, &found, 1) == 0 ? ENDED_WELL : 1);
}

/* Expects that others proceed while the reader has its locks. */
static void expect_no_wait(rein_reservation *held) {
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &more);
    expect_change(REIN_ADMISSION_FITS, 500, held);
    rein_reservation_release(&more);
    rein_reservation_release(held);
    strcpy(trial.device.uuid, "GPU-other");
    expect_take(REIN_ADMISSION_FITS, held);
    rein_reservation_release(held);
    case_empty_folder_of(&trial, "GPU-other");
    strcpy(trial.device.uuid, CASE_DEVICE);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "no process waits");
    expect_sum(0, 0, 0);
}

static void expect_harmless_reader(mode_t mode) {
    rein_reservation held;
    char name[REIN_RESERVATION_NAME_CAPACITY];
    int answer[2];
    int end[2];
    int status = 0;
    char found = 0;
    cr_assert(chmod(trial.path, mode) == 0 && pipe(answer) == 0 && pipe(end) == 0, "set up");
    trial.models[0].budget.memory_limit_bytes = 400;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, name) == 1, "its file");
    pid_t reader = fork();
    if (reader == 0) {
        rein_reservation_release(&held);
        close(end[1]);
        run_reader(name, answer[1], end[0]);
    }
    close(answer[1]);
    cr_assert(read(answer[0], &found, 1) == 1 && found == 1, "mode %o: the reader", (unsigned)mode);
    expect_no_wait(&held);
    close(end[1]);
    cr_assert(waitpid(reader, &status, 0) == reader && WEXITSTATUS(status) == ENDED_WELL, "ends");
    close(answer[0]);
    close(end[0]);
    case_empty_folder_of(&trial, CASE_DEVICE);
}

Test(reservation_readers, do_not_block_other_processes) {
    if (geteuid() != 0) {
        cr_skip_test("it needs root");
    }
    expect_harmless_reader(0755);
    expect_harmless_reader(02775);
}
