#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "reservation_expect.h"

TestSuite(reservation_holding, .init = open_case, .fini = close_case);

/* Starts a child that reserves, reports so through a pipe, and ends when it is killed or this test
 * ends. */
static pid_t start_holder(void) {
    int ready[2];
    int stay[2];
    cr_assert(pipe(ready) == 0 && pipe(stay) == 0, "pipes");
    pid_t child = fork();
    if (child == 0) {
        rein_reservation held;
        case_open_again(&trial);
        rein_result_reservation_verdict taken =
            rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
        char outcome = taken.is_ok ? (char)REIN_VALUE(taken).outcome : 0;
        close(stay[1]);
        bool is_told = write(ready[1], &outcome, 1) == 1 && read(stay[0], &outcome, 1) == 0;
        _exit(is_told ? 3 : 4);
    }
    char outcome = 0;
    close(ready[1]);
    close(stay[0]);
    cr_assert(read(ready[0], &outcome, 1) == 1 && outcome == REIN_ADMISSION_FITS, "it reserves");
    close(ready[0]);
    return child;
}

static void kill_holder(pid_t child) {
    int status = 0;
    cr_assert(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child, "killed");
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "by the signal");
}

Test(reservation_holding, ends_when_its_holder_is_killed) {
    rein_reservation held;
    pid_t child = start_holder();
    expect_sum(1, 400, 0);
    trial.models[0].budget.memory_limit_bytes = 601;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    kill_holder(child);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 1, "a reader removes nothing");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, NULL) == 1, "a reserver removes dead files");
    rein_reservation_release(&held);
}

Test(reservation_holding, is_seen_without_a_standard_input) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    close(STDIN_FILENO);
    errno = EINTR; /* left by an earlier call */
    expect_sum(1, 400, 0);
    cr_assert(fcntl(STDIN_FILENO, F_GETFD) == -1, "and nothing is left in its place");
    rein_reservation_release(&held);
}

Test(reservation_holding, is_held_by_a_child_too) {
    rein_reservation held;
    int told[2];
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(pipe(told) == 0, "a pipe");
    pid_t child = fork();
    if (child == 0) {
        char end = 0;
        close(told[1]);
        _exit(read(told[0], &end, 1) == 0 ? 3 : 4);
    }
    close(told[0]);
    close(held.file_descriptor);
    expect_sum(1, 400, 0);
    close(told[1]);
    cr_assert(waitpid(child, NULL, 0) == child, "the child ends");
    expect_sum(0, 0, 0);
    close(held.folder_descriptor);
}

Test(reservation_holding, survives_exec) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert((fcntl(held.file_descriptor, F_GETFD) & FD_CLOEXEC) != 0, "closed on exec");
    cr_assert(rein_result_void_is_ok(rein_reservation_keep_on_exec(&held)), "kept");
    cr_assert((fcntl(held.file_descriptor, F_GETFD) & FD_CLOEXEC) == 0, "open");
    cr_assert(held.file_descriptor >= 10, "at %d", held.file_descriptor);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation_holding, survives_exec_at_any_free_descriptor) {
    static const rlim_t limits[] = {1000, 100, 32, 10};
    static const int lowest[] = {700, 64, 10};
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    for (size_t index = 0; index < 4; index++) {
        struct rlimit limit = {.rlim_cur = limits[index], .rlim_max = RLIM_INFINITY};
        int before = held.file_descriptor;
        cr_assert(getrlimit(RLIMIT_NOFILE, &limit) == 0, "the limit");
        limit.rlim_cur = limits[index];
        cr_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0, "lowered to %d", (int)limits[index]);
        rein_result_void kept = rein_reservation_keep_on_exec(&held);
        bool is_there = index < 3 ? held.file_descriptor >= lowest[index] &&
                                        held.file_descriptor < (int)limits[index]
                                  : held.file_descriptor == before;
        cr_assert(kept.is_ok == (index < 3) && is_there, "limit %d: descriptor %d",
                  (int)limits[index], held.file_descriptor);
    }
    rein_reservation_release(&held);
}

Test(reservation_holding, waits_until_the_deadline) {
    rein_reservation held;
    rein_reservation late;
    trial.models[0].budget.memory_limit_bytes = 800;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.deadline = rein_timestamp_from_ns(3 * REIN_NS_PER_S);
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    cr_assert(rein_clock_now(&trial.clock).ns == 3 * REIN_NS_PER_S, "waited 3 s, no longer");
    trial.models[0].budget.memory_limit_bytes = 1000;
    trial.request.deadline = rein_timestamp_from_ns(5 * REIN_NS_PER_S);
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    cr_assert(rein_clock_now(&trial.clock).ns == 5 * REIN_NS_PER_S, "for all of the device, too");
    rein_reservation_release(&held);
}

Test(reservation_holding, does_not_wait_for_what_never_fits) {
    rein_reservation held;
    rein_reservation late;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.deadline = rein_timestamp_from_ns(3 * REIN_NS_PER_S);
    trial.models[0].budget.memory_limit_bytes = 1001;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    trial.models[0].weights_bytes = rein_fact_u64_unknown();
    trial.models[0].budget.memory_limit_bytes = 1;
    expect_take(REIN_ADMISSION_CANNOT_TELL, &late);
    trial.models[0].weights_bytes = rein_fact_u64_known(1);
    trial.device.free_bytes = rein_fact_u64_known(0);
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "no time passed");
    rein_reservation_release(&held);
}

/* A clock that releases the holder's reservation in one of its sleeps. */
typedef struct releasing_clock {
    rein_reservation *held;
    int releases_at;
    int64_t now_ns;
    int sleeps;
} releasing_clock;

static rein_timestamp releasing_now(void *self) {
    return rein_timestamp_from_ns(((releasing_clock *)self)->now_ns);
}

static void releasing_sleep(void *self, rein_timestamp wake) {
    releasing_clock *clock = self;
    clock->now_ns = wake.ns;
    clock->sleeps++;
    if (clock->sleeps == clock->releases_at) {
        rein_reservation_release(clock->held);
    }
}

static void expect_wait(int sleeps, int64_t milliseconds) {
    rein_reservation held;
    rein_reservation late;
    trial.models[0].budget.memory_limit_bytes = 800;
    expect_take(REIN_ADMISSION_FITS, &held);
    releasing_clock state = {.held = &held, .releases_at = sleeps};
    rein_clock clock = {.now = releasing_now, .sleep_until = releasing_sleep, .self = &state};
    trial.request.clock = &clock;
    trial.request.deadline = rein_timestamp_never();
    expect_take(REIN_ADMISSION_FITS, &late);
    cr_assert(state.sleeps == sleeps && state.now_ns == milliseconds * REIN_NS_PER_MS,
              "%d sleeps, until %zu ns", state.sleeps, (size_t)state.now_ns);
    rein_reservation_release(&late);
    trial.request.clock = &trial.clock;
}

Test(reservation_holding, waits_for_room_to_appear) {
    expect_wait(3, 1 + 2 + 4);
    expect_wait(10, 127 + 3 * 100);
}

/* Replaces the folder with a file in the clock's first sleep. */
static void breaking_sleep(void *self, rein_timestamp wake) {
    char from[2 * CASE_PATH_CAPACITY];
    char to[CASE_PATH_CAPACITY + sizeof "/moved"];
    case_file(&trial, "", from);
    from[strlen(from) - 1] = '\0';
    snprintf(to, sizeof to, "%s/moved", trial.path);
    cr_assert(rename(from, to) == 0, "moved");
    int file = open(from, O_WRONLY | O_CREAT | O_EXCL, 0600);
    cr_assert(file >= 0 && close(file) == 0, "a file in its place");
    ((releasing_clock *)self)->now_ns = wake.ns;
}

Test(reservation_holding, an_error_after_a_refusal_leaves_the_verdicts_as_they_were) {
    rein_reservation held;
    rein_reservation late;
    trial.models[0].budget.memory_limit_bytes = 800;
    expect_take(REIN_ADMISSION_FITS, &held);
    releasing_clock state = {.held = &held};
    rein_clock clock = {.now = releasing_now, .sleep_until = breaking_sleep, .self = &state};
    trial.request.clock = &clock;
    trial.request.deadline = rein_timestamp_never();
    memset(trial.verdicts, 0x5A, sizeof trial.verdicts);
    rein_model_verdict before = trial.verdicts[0];
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &late);
    cr_assert(rein_result_reservation_verdict_is_error(taken) && state.now_ns > 0, "refused once");
    cr_assert(memcmp(&before, trial.verdicts, sizeof before) == 0, "the verdicts");
    rein_reservation_release(&held);
}

Test(reservation_holding, reports_a_lock_that_is_never_free) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    make_folder();
    case_file(&trial, "", path);
    int ready[2];
    int done[2];
    cr_assert(pipe(ready) == 0 && pipe(done) == 0, "pipes");
    pid_t child = fork();
    if (child == 0) {
        char answer = lock_as_another(path) >= 0;
        close(done[1]);
        ssize_t unused = write(ready[1], &answer, 1);
        unused = read(done[0], &answer, 1);
        _exit(unused == 0 ? 3 : 4);
    }
    char answer = 0;
    cr_assert(read(ready[0], &answer, 1) == 1 && answer == 1, "the child has the lock");
    close(STDIN_FILENO); /* the folder's descriptor is then 0, which is valid */
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).code == REIN_ERROR_TIMEOUT, "it gives up");
    cr_assert(REIN_ERROR(taken).numbers[0] == REIN_RESERVATION_LOCK_WAIT_S,
              "it has the waited time");
    /* Pauses from 50 us, doubled up to 6.4 ms, until 10 s have passed. */
    cr_assert(rein_clock_now(&trial.clock).ns == 10003150 * REIN_NS_PER_US, "at %zu ns",
              (size_t)rein_clock_now(&trial.clock).ns);
    close(done[1]);
    cr_assert(waitpid(child, NULL, 0) == child, "the child ends");
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
}
