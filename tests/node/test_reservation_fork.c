/* Children of fork: they do not end their parent's reservation or keep its lock, and reserve on
 * their own. */
#include <criterion/criterion.h>

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/wait.h>

#include "end_child.h"
#include "reservation_expect.h"
#include "system_wraps.h"

TestSuite(reservation_fork, .init = open_case, .fini = close_case);

enum { ENDED_WELL = 42 };

/* Runs `work` in a child and expects true. */
static void expect_in_child(bool (*work)(rein_reservation *held), rein_reservation *held) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        end_child(work(held) ? ENDED_WELL : 1);
    }
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status), "the child ends");
    cr_assert(WEXITSTATUS(status) == ENDED_WELL, "the child finds what it expects");
}

static bool release_all(rein_reservation *held) {
    int folder = held->folder_descriptor;
    int file = held->file_descriptor;
    int directory = trial.directory.descriptor;
    rein_reservation_release(held);
    rein_state_directory_close(&trial.directory);
    return fcntl(folder, F_GETFD) < 0 && fcntl(file, F_GETFD) < 0 && fcntl(directory, F_GETFD) < 0;
}

static bool release_in_grandchild(rein_reservation *held) {
    expect_in_child(release_all, held);
    return release_all(held);
}

Test(reservation_fork, a_child_that_releases_ends_nothing) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_in_child(release_all, &held);
    expect_sum(1, 400, 0);
    expect_in_child(release_in_grandchild, &held);
    expect_sum(1, 400, 0);
    cr_assert(rein_reservation_check(&held).is_ok, "it still counts");
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    rein_reservation_release(&held);
    expect_sum(0, 0, 0);
}

static bool is_refused(const rein_error *error) {
    return error->code == REIN_ERROR_INVALID_STATE;
}

static void ignore_device(const char *device_uuid, void *context) {
    (void)device_uuid;
    (void)context;
}

/* Returns whether each function that takes a directory or a reservation refuses. */
static bool is_refused_everywhere(rein_reservation *held) {
    rein_reservation more;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &more);
    rein_result_reservation_verdict changed =
        rein_reservation_change(held, &trial.request, trial.verdicts);
    rein_result_reservation_summary visited =
        rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL);
    rein_result_void listed =
        rein_state_directory_visit_devices(&trial.directory, ignore_device, NULL);
    rein_result_void kept = rein_reservation_keep_on_exec(held);
    rein_result_void checked = rein_reservation_check(held);
    return !taken.is_ok && is_refused(&REIN_ERROR(taken)) && !changed.is_ok &&
           is_refused(&REIN_ERROR(changed)) && !visited.is_ok && is_refused(&REIN_ERROR(visited)) &&
           !listed.is_ok && is_refused(&REIN_ERROR(listed)) && !kept.is_ok &&
           is_refused(&REIN_ERROR(kept)) && !checked.is_ok && is_refused(&REIN_ERROR(checked));
}

Test(reservation_fork, a_child_is_refused_everything_else) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_in_child(is_refused_everywhere, &held);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation_fork, a_zeroed_or_closed_handle_is_refused_and_closes_nothing) {
    rein_reservation held = {.bytes = 0};
    rein_state_directory kept = trial.directory;
    trial.directory = (rein_state_directory){.descriptor = 0};
    cr_assert(is_refused_everywhere(&held), "zeroed");
    rein_reservation_release(&held);
    rein_state_directory_close(&trial.directory);
    cr_assert(fcntl(STDIN_FILENO, F_GETFD) >= 0, "descriptor 0 is still open");
    trial.directory = kept;
    rein_reservation_release(NULL);
    rein_state_directory_close(NULL);
    rein_result_reservation_verdict taken =
        rein_reservation_take(NULL, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).code == REIN_ERROR_INVALID_ARGUMENT, "NULL");
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    int first = dup(STDIN_FILENO);
    int second = dup(STDIN_FILENO);
    rein_reservation_release(&held);
    cr_assert(fcntl(first, F_GETFD) >= 0 && fcntl(second, F_GETFD) >= 0, "a second release");
    close(first);
    close(second);
}

static bool reserve_in_child(rein_reservation *held) {
    rein_reservation own;
    rein_reservation_release(held);
    case_open_again(&trial);
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &own);
    bool is_beside_parent = taken.is_ok && REIN_VALUE(taken).outcome == REIN_ADMISSION_FITS &&
                            REIN_VALUE(taken).others.live_bytes == 400;
    rein_reservation_release(&own);
    return is_beside_parent;
}

Test(reservation_fork, a_child_reserves_with_a_directory_of_its_own) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_in_child(reserve_in_child, &held);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

/* The next listing of a folder forks a child, which reports that it runs and lives until the pipe
 * is closed. */
static struct {
    bool is_armed;
    bool kills_parent; /* the parent holds the folder's lock */
    int ends[2];
    int runs[2];
} fork_at_listing;

static void live_until_the_pipe_ends(void) {
    char end = 0;
    close(fork_at_listing.ends[1]);
    bool is_told = write(fork_at_listing.runs[1], &end, 1) == 1;
    end_child(is_told && read(fork_at_listing.ends[0], &end, 1) == 0 ? ENDED_WELL : 1);
}

/* Two threads reserve on two devices. Each reports when it lists its folder, and waits until it may
 * go on. */
static struct {
    bool is_armed;
    sem_t lists;
    sem_t goes_on[2];
} two_locks;

static _Thread_local int thread_number = -1;

static void wait_at_listing(void) {
    if (two_locks.is_armed && thread_number >= 0) {
        sem_post(&two_locks.lists);
        sem_wait(&two_locks.goes_on[thread_number]);
        thread_number = -1;
    }
}

WRAPPED(ssize_t, getdents64, (int file, void *buffer, size_t size)) {
    if (fork_at_listing.is_armed) {
        fork_at_listing.is_armed = false;
        if (fork() == 0) {
            live_until_the_pipe_ends();
        }
        if (fork_at_listing.kills_parent) {
            end_child(ENDED_WELL);
        }
    }
    wait_at_listing();
    return __real_getdents64(file, buffer, size);
}

static void arm_fork(bool kills_parent) {
    cr_assert(pipe(fork_at_listing.ends) == 0 && pipe(fork_at_listing.runs) == 0, "pipes");
    fork_at_listing.kills_parent = kills_parent;
    fork_at_listing.is_armed = true;
}

/* As a child that another thread forks while this one holds the folder's lock. */
Test(reservation_fork, a_child_does_not_keep_the_folder_locked) {
    rein_reservation held;
    rein_reservation more;
    int status = 0;
    make_folder();
    arm_fork(false);
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(!fork_at_listing.is_armed, "forked under the lock");
    expect_take(REIN_ADMISSION_FITS, &more);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "without waiting");
    close(fork_at_listing.ends[1]);
    cr_assert(wait(&status) > 0 && WEXITSTATUS(status) == ENDED_WELL, "the child ends");
    rein_reservation_release(&held);
    rein_reservation_release(&more);
}

static bool take_and_exit(rein_reservation *held) {
    case_open_again(&trial);
    REIN_IGNORE(rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, held));
    return false;
}

Test(reservation_fork, a_child_does_not_keep_the_lock_of_a_dead_parent) {
    rein_reservation held;
    char runs = 0;
    make_folder();
    arm_fork(true);
    expect_in_child(take_and_exit, &held);
    fork_at_listing.is_armed = false; /* the child's copy was */
    cr_assert(read(fork_at_listing.runs[0], &runs, 1) == 1, "the grandchild lives");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "without waiting");
    close(fork_at_listing.ends[1]);
    rein_reservation_release(&held);
}

/* A clock whose first sleep forks. */
typedef struct forking_clock {
    int lock; /* the lock of another process, closed by the first sleep */
    pid_t child;
} forking_clock;

static rein_timestamp still(void *self) {
    (void)self;
    return rein_timestamp_from_ns(0);
}

static void fork_once(void *self, rein_timestamp wake) {
    forking_clock *clock = self;
    (void)wake;
    if (clock->lock >= 0) {
        close(clock->lock);
        clock->lock = -1;
        clock->child = fork();
    }
    sched_yield(); /* parent and child may wait for each other */
}

Test(reservation_fork, a_child_forked_during_the_wait_is_refused) {
    rein_reservation held;
    int status = 0;
    make_folder();
    forking_clock state = {.lock = lock_device_as_another()};
    rein_clock clock = {.now = still, .sleep_until = fork_once, .self = &state};
    trial.request.clock = &clock;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    if (state.child == 0) {
        end_child(!taken.is_ok && is_refused(&REIN_ERROR(taken)) ? ENDED_WELL : 1);
    }
    cr_assert(taken.is_ok && waitpid(state.child, &status, 0) == state.child, "both return");
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == ENDED_WELL, "the child is refused");
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

static bool has_no_lock(rein_reservation *held) {
    (void)held;
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    close(lock_as_another(path));
    return true;
}

Test(reservation_fork, a_child_has_no_lock_of_its_parent) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_in_child(has_no_lock, &held);
    rein_reservation_release(&held);
}

static void *reserve_on_own_device(void *number) {
    static reservation_case cases[2];
    reservation_case *own = &cases[*(int *)number];
    rein_reservation held;
    *own = trial;
    own->device.uuid[0] = (char)('A' + *(int *)number);
    own->request.admission.device = &own->device;
    own->request.admission.models = own->models;
    own->request.clock = &own->clock;
    thread_number = *(int *)number;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&own->directory, &own->request, own->verdicts, &held);
    rein_reservation_release(&held);
    return taken.is_ok ? number : NULL;
}

static int numbers[2] = {0, 1};

/* Takes the locks one after the other and releases `first` first. */
static void expect_two_locks(int first) {
    pthread_t threads[2];
    void *done[2];
    for (int number = 0; number < 2; number++) {
        cr_assert(pthread_create(&threads[number], NULL, reserve_on_own_device, &numbers[number]) ==
                      0,
                  "a thread");
        sem_wait(&two_locks.lists);
    }
    rein_reservation none = {.bytes = 0};
    expect_in_child(has_no_lock, &none);
    for (int turn = 0; turn < 2; turn++) {
        int number = (first + turn) % 2;
        sem_post(&two_locks.goes_on[number]);
        cr_assert(pthread_join(threads[number], &done[number]) == 0 && done[number] != NULL,
                  "thread %d reserves", number);
    }
}

Test(reservation_fork, locks_of_several_threads_are_released_in_any_order) {
    make_folder();
    for (int number = 0; number < 2; number++) {
        cr_assert(reserve_on_own_device(&numbers[number]) != NULL, "makes its folder");
    }
    sem_init(&two_locks.lists, 0, 0);
    sem_init(&two_locks.goes_on[0], 0, 0);
    sem_init(&two_locks.goes_on[1], 0, 0);
    two_locks.is_armed = true;
    expect_two_locks(0);
    expect_two_locks(1);
    two_locks.is_armed = false;
    case_empty_folder_of(&trial, "apu-test");
    case_empty_folder_of(&trial, "bpu-test");
}
