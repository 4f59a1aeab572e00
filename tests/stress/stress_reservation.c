/* Processes race to reserve, grow, shrink and release; then processes are killed at random
 * instants. The live bytes never exceed the device, and at the end nothing is left.
 *
 * In the first part each process records in shared memory what it holds, after a grant and before a
 * release. The recorded bytes are therefore never above the granted ones. In the second part a
 * killed process could not remove its record, so each process checks what it finds under the lock.
 * The observer takes no lock. It may count both a reservation that ends and one that begins, and
 * checks that every file is valid.
 *
 * stress_reservation [ROUNDS]: the number of rounds for each process, and of kills. */
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "node/reservation_case.h"
#include "stress/reservation_storm.h"

enum { WORKER_COUNT = 6, ENDED_WELL = 42 };

typedef struct witness {
    atomic_bool is_trusted; /* true in the first part */
    atomic_uint_fast64_t held_bytes;
    atomic_uint_fast64_t grants;
    atomic_int faults;
} witness;

static reservation_case trial;
static witness *shared;

static void claim(uint64_t bytes) {
    uint64_t held = atomic_fetch_add(&shared->held_bytes, bytes) + bytes;
    expect(held <= STORM_DEVICE_BYTES || !atomic_load(&shared->is_trusted),
           "all reservations together fit the device");
}

static void change_to(rein_reservation *held, uint64_t bytes) {
    uint64_t before = held->bytes;
    trial.models[0].budget.memory_limit_bytes = bytes;
    if (bytes < before) {
        atomic_fetch_sub(&shared->held_bytes, before - bytes);
    }
    rein_result_reservation_verdict changed =
        rein_reservation_change(held, &trial.request, trial.verdicts);
    bool is_changed = is_granted(&changed);
    expect(is_changed || bytes > before, "shrinking is always granted");
    if (is_changed && bytes > before) {
        claim(bytes - before);
    }
}

static void one_round(uint64_t *seed) {
    rein_reservation held;
    trial.models[0].budget.memory_limit_bytes = 1 + random_next(seed) % 600;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    if (!is_granted(&taken)) {
        return;
    }
    atomic_fetch_add(&shared->grants, 1);
    claim(held.bytes);
    change_to(&held, 1 + random_next(seed) % 900);
    atomic_fetch_sub(&shared->held_bytes, held.bytes);
    rein_reservation_release(&held);
}

/* `rounds` of 0: runs until it is killed. */
static pid_t start_worker(uint64_t seed, uint64_t rounds) {
    pid_t child = fork();
    if (child != 0) {
        return child;
    }
    case_open_again(&trial);
    for (uint64_t round = 0; rounds == 0 || round < rounds; round++) {
        one_round(&seed);
    }
    _exit(ENDED_WELL);
}

static void observe(void) {
    rein_result_reservation_summary found =
        rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL);
    expect(found.is_ok, "the observer can read");
    if (found.is_ok) {
        expect(REIN_VALUE(found).unknown_count == 0, "the observer understands every file");
    }
}

static void race(uint64_t rounds) {
    pid_t children[WORKER_COUNT];
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        children[index] = start_worker(index + 1, rounds);
    }
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        int status = 0;
        while (waitpid(children[index], &status, WNOHANG) == 0) {
            observe();
        }
        expect(WIFEXITED(status) && WEXITSTATUS(status) == ENDED_WELL, "a worker ends by itself");
    }
    expect(atomic_load(&shared->held_bytes) == 0, "everything is released");
    expect(case_files(&trial, NULL) == 0, "no file is left");
}

static void kill_worker(pid_t child) {
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "a worker runs until it is killed");
}

static void storm(uint64_t kills) {
    pid_t children[WORKER_COUNT];
    uint64_t seed = 99;
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        children[index] = start_worker(random_next(&seed), 0);
    }
    for (uint64_t count = 0; count < kills; count++) {
        for (uint64_t looks = random_next(&seed) % 4; looks > 0; looks--) {
            observe();
        }
        size_t victim = random_next(&seed) % WORKER_COUNT;
        kill_worker(children[victim]);
        observe();
        children[victim] = start_worker(random_next(&seed), 0);
    }
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        kill_worker(children[index]);
    }
}

/* Expects that the whole device can be reserved, and that dead files are removed. */
static void expect_nothing_left(void) {
    rein_reservation held;
    trial.models[0].budget.memory_limit_bytes = STORM_DEVICE_BYTES;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    bool is_held = is_granted(&taken);
    expect(is_held, "nothing is left reserved");
    expect(case_files(&trial, NULL) == 1, "no file of a killed process is left");
    if (is_held) {
        rein_reservation_release(&held);
    }
}

int main(int count, char **arguments) {
    uint64_t rounds = count > 1 ? strtoull(arguments[1], NULL, 10) : 300;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    storm_faults = &shared->faults;
    case_open(&trial);
    trial.clock = *rein_clock_system();
    atomic_store(&shared->is_trusted, true);
    race(rounds);
    uint64_t granted = atomic_load(&shared->grants);
    expect(granted > 0, "someone is granted something");
    atomic_store(&shared->is_trusted, false);
    storm(rounds);
    expect_nothing_left();
    case_close(&trial);
    printf("%llu rounds each, %llu grants, %llu kills, %d broken\n", (unsigned long long)rounds,
           (unsigned long long)granted, (unsigned long long)rounds, atomic_load(&shared->faults));
    return atomic_load(&shared->faults) == 0 ? 0 : 1;
}
