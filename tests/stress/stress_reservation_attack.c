/* Reservations under attack. Processes reserve in two threads, fork children that release what they
 * inherited, and are killed, stopped and traced at random instants. Readers lock everything that
 * they can. The live bytes never exceed the device, and no reservation is kept waiting.
 *
 * stress_reservation_attack [EVENTS]: the number of kills, stops and traces. Readers need root;
 * without it there are none, and the last line says so. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "node/reservation_case.h"
#include "stress/reservation_storm.h"

enum { WORKER_COUNT = 4, READER_COUNT = 2, READER = 65534, ENDED_WELL = 42 };

typedef struct tally {
    atomic_uint_fast64_t grants;
    atomic_uint_fast64_t children; /* children that released an inherited reservation */
    atomic_uint_fast64_t locks;    /* locks taken by readers */
    atomic_int faults;
} tally;

static reservation_case trial;
static tally *shared;

/* Yields a random number of times, fewer than `times`. */
static void yield_up_to(uint64_t *seed, uint64_t times) {
    for (uint64_t left = random_next(seed) % times; left > 0; left--) {
        sched_yield();
    }
}

/* Closes an inherited reservation in a child; the parent's reservation still counts. */
static void fork_and_release(rein_reservation *held, uint64_t *seed) {
    pid_t child = fork();
    if (child == 0) {
        rein_reservation copy = *held;
        rein_reservation_release(&copy);
        yield_up_to(seed, 100);
        _exit(ENDED_WELL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    atomic_fetch_add(&shared->children, 1);
    expect(WIFEXITED(status) && WEXITSTATUS(status) == ENDED_WELL, "a child ends");
    expect(rein_reservation_check(held).is_ok, "a child's release ends nothing");
}

static void reserve_once(uint64_t *seed) {
    rein_reservation held;
    rein_model_demand model = case_model("small", 1 + random_next(seed) % 600);
    rein_model_verdict verdict;
    rein_reservation_request request = trial.request;
    request.admission.models = &model;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &request, &verdict, &held);
    if (!is_granted(&taken)) {
        return;
    }
    atomic_fetch_add(&shared->grants, 1);
    if (random_next(seed) % 4 == 0) {
        fork_and_release(&held, seed);
    }
    model.budget.memory_limit_bytes = 1 + random_next(seed) % 900;
    rein_result_reservation_verdict changed = rein_reservation_change(&held, &request, &verdict);
    (void)is_granted(&changed);
    rein_reservation_release(&held);
}

static void *reserve_repeatedly(void *seed) {
    for (;;) {
        reserve_once(seed);
    }
    return NULL;
}

static pid_t start_worker(uint64_t *seed) {
    uint64_t seeds[2] = {random_next(seed), random_next(seed)};
    pid_t child = fork();
    if (child != 0) {
        return child;
    }
    case_open_again(&trial);
    pthread_t beside;
    expect(pthread_create(&beside, NULL, reserve_repeatedly, &seeds[1]) == 0, "a second thread");
    reserve_repeatedly(&seeds[0]);
    _exit(1);
}

/* Locks a file or a folder briefly, in every way that its mode allows. */
static void lock_for_a_moment(const char *path, uint64_t *seed) {
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        bool is_locked = flock(file, LOCK_EX | LOCK_NB) == 0;
        is_locked = fcntl(file, F_OFD_SETLK, &whole) == 0 || is_locked;
        atomic_fetch_add(&shared->locks, is_locked);
        yield_up_to(seed, 50);
        close(file);
    }
}

static void lock_each_file(uint64_t *seed) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    DIR *folder = opendir(path);
    lock_for_a_moment(path, seed);
    for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char inner[2 * CASE_PATH_CAPACITY + 256];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        lock_for_a_moment(inner, seed);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    lock_for_a_moment(trial.path, seed);
}

static pid_t start_reader(uint64_t *seed) {
    uint64_t own = random_next(seed);
    pid_t child = fork();
    if (child != 0) {
        return child;
    }
    if (setgroups(0, NULL) != 0 || setgid(READER) != 0 || setuid(READER) != 0) {
        _exit(1);
    }
    for (;;) {
        lock_each_file(&own);
    }
}

static void observe(void) {
    rein_result_reservation_summary found =
        rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL);
    expect(found.is_ok && REIN_VALUE(found).unknown_count == 0, "an observer understands all");
}

static pid_t kill_and_start(pid_t worker, uint64_t *seed) {
    kill(worker, SIGKILL);
    waitpid(worker, NULL, 0);
    return start_worker(seed);
}

static void stop_for_a_moment(pid_t worker, uint64_t *seed) {
    kill(worker, SIGSTOP);
    yield_up_to(seed, 1000);
    observe();
    kill(worker, SIGCONT);
}

static void trace_for_a_moment(pid_t worker, uint64_t *seed) {
    int status = 0;
    if (ptrace(PTRACE_SEIZE, worker, NULL, NULL) != 0) {
        return;
    }
    if (ptrace(PTRACE_INTERRUPT, worker, NULL, NULL) == 0) {
        waitpid(worker, &status, __WALL);
        yield_up_to(seed, 1000);
        observe();
    }
    ptrace(PTRACE_DETACH, worker, NULL, NULL);
}

static void attack(uint64_t events, pid_t *workers, uint64_t *seed) {
    for (uint64_t event = 0; event < events; event++) {
        size_t victim = random_next(seed) % WORKER_COUNT;
        yield_up_to(seed, 1000);
        switch (random_next(seed) % 3) {
        case 0:
            workers[victim] = kill_and_start(workers[victim], seed);
            break;
        case 1:
            stop_for_a_moment(workers[victim], seed);
            break;
        default:
            trace_for_a_moment(workers[victim], seed);
            break;
        }
        observe();
    }
}

/* Expects that nothing is left. Children of killed workers may live a moment longer. */
static void expect_nothing_left(void) {
    rein_reservation held;
    trial.models[0].budget.memory_limit_bytes = STORM_DEVICE_BYTES;
    trial.request.deadline = rein_timestamp_add_saturating(
        rein_clock_now(&trial.clock), rein_duration_from_ns(10 * REIN_NS_PER_S));
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    expect(is_granted(&taken), "the whole device is available");
    expect(case_files(&trial, NULL) == 1, "no file of a killed process is left");
    rein_reservation_release(&held);
}

static void run(uint64_t events) {
    pid_t workers[WORKER_COUNT];
    pid_t readers[READER_COUNT];
    uint64_t seed = 2026;
    bool has_readers = geteuid() == 0;
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        workers[index] = start_worker(&seed);
    }
    for (size_t index = 0; index < READER_COUNT && has_readers; index++) {
        readers[index] = start_reader(&seed);
    }
    attack(events, workers, &seed);
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        kill(workers[index], SIGKILL);
        waitpid(workers[index], NULL, 0);
    }
    expect_nothing_left();
    for (size_t index = 0; index < READER_COUNT && has_readers; index++) {
        kill(readers[index], SIGKILL);
        waitpid(readers[index], NULL, 0);
    }
    expect(!has_readers || atomic_load(&shared->locks) > 0, "readers have locks");
}

int main(int count, char **arguments) {
    uint64_t events = count > 1 ? strtoull(arguments[1], NULL, 10) : 200;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    storm_faults = &shared->faults;
    case_open(&trial);
    trial.clock = *rein_clock_system();
    expect(chmod(trial.path, 0755) == 0, "readers may look");
    run(events);
    expect(atomic_load(&shared->grants) > 0, "someone is granted something");
    case_close(&trial);
    printf("%llu events, %llu grants, %llu forked releases, %llu locks of readers%s, %d broken\n",
           (unsigned long long)events, (unsigned long long)atomic_load(&shared->grants),
           (unsigned long long)atomic_load(&shared->children),
           (unsigned long long)atomic_load(&shared->locks),
           geteuid() == 0 ? "" : " (not root: none)", atomic_load(&shared->faults));
    return atomic_load(&shared->faults) == 0 ? 0 : 1;
}
