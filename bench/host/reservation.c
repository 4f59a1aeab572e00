/* Reserving and releasing beside other live reservations, and the system calls on a file that any
 * reservation needs. */
#include "node/reservation.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "contract/units.h"
#include "host/subject.h"
#include "host/topics.h"

#define RESERVATION_TABLE "reservation: reserve and release"

enum { PATH_BYTES = 64, DESCRIPTORS_BESIDE = 64 };

/* A device in its own state directory, with reservations that are held to the end. */
typedef struct live_set {
    size_t count;
    const char *name;
    bool is_ready;
    char path[PATH_BYTES];
    rein_state_directory directory;
    rein_reservation *held;
} live_set;

static live_set sets[] = {
    {.count = 0, .name = "0 others"},
    {.count = 10, .name = "10 others"},
    {.count = 100, .name = "100 others"},
    {.count = 1000, .name = "1000 others"},
};

enum { SET_COUNT = sizeof sets / sizeof sets[0] };

static const char device_uuid[] = "GPU-bench";
static rein_device_profile device;
static rein_model_demand model;

static rein_reservation take(const live_set *set) {
    rein_model_verdict verdict;
    rein_reservation taken;
    rein_reservation_request request = {.admission =
                                            rein_admission_request_make(&model, 1, &device),
                                        .holder = "bench",
                                        .clock = rein_clock_system(),
                                        .deadline = rein_timestamp_from_ns(0)};
    rein_result_reservation_verdict judged =
        rein_reservation_take(&set->directory, &request, &verdict, &taken);
    if (rein_result_reservation_verdict_is_error(judged) ||
        REIN_VALUE(judged).outcome != REIN_ADMISSION_FITS) {
        bench_stop("a reservation was not given");
    }
    return taken;
}

static void make_demand(void) {
    device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    snprintf(device.uuid, sizeof device.uuid, "%s", device_uuid);
    device.total_bytes = rein_fact_u64_known(UINT64_C(1) << 40);
    device.context_overhead_bytes = rein_fact_u64_known(0);
    device.allocation_granularity_bytes = rein_fact_u64_known(2 * REIN_MIB);
    model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("model")),
                                   rein_resource_budget_default());
    model.weights_bytes = rein_fact_u64_known(REIN_MIB);
    model.activation_bytes = rein_fact_u64_known(REIN_MIB);
    model.activation_lower_bound_bytes = rein_fact_u64_known(REIN_MIB);
}

static void allow_descriptors(size_t count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        bench_stop("the limit of open files is not known");
    }
    if (limit.rlim_cur < count) {
        limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Makes the directory in memory if possible, as a state directory should be. */
static void make_directory(char *out_path) {
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(out_path, PATH_BYTES, "%s/rein-bench-XXXXXX", parent);
    if (mkdtemp(out_path) == NULL) {
        bench_stop("no directory for reservations");
    }
}

static void remove_in(const char *path, const char *name) {
    char inner[PATH_BYTES + 64];
    snprintf(inner, sizeof inner, "%s/%s", path, name);
    remove(inner);
}

static void end_all(void) {
    for (int i = 0; i < SET_COUNT; i++) {
        if (!sets[i].is_ready) {
            continue;
        }
        for (size_t held = 0; held < sets[i].count; held++) {
            rein_reservation_release(&sets[i].held[held]);
        }
        rein_state_directory_close(&sets[i].directory);
        remove_in(sets[i].path, "GPU-bench/lock");
        remove_in(sets[i].path, "GPU-bench");
        remove(sets[i].path);
    }
}

static void make_live(void *context) {
    live_set *set = context;
    if (set->is_ready) {
        return;
    }
    make_demand();
    allow_descriptors(2 * set->count + DESCRIPTORS_BESIDE);
    make_directory(set->path);
    set->directory = REIN_UNWRAP(rein_state_directory_open(set->path));
    set->held = calloc(set->count + 1, sizeof *set->held);
    if (set->held == NULL) {
        bench_stop("no memory for reservations");
    }
    set->is_ready = true;
    for (size_t i = 0; i < set->count; i++) {
        set->held[i] = take(set);
    }
}

static uint64_t run_reserve(void *context, uint64_t count) {
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_reservation taken = take(context);
        bytes += taken.bytes;
        rein_reservation_release(&taken);
    }
    return bytes;
}

/* Creates, locks, writes, names and removes one file. */
static uint64_t file_once(int folder, const char *text, size_t length) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = openat(folder, "file.new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0 || fcntl(file, F_OFD_SETLK, &lock) != 0 ||
        write(file, text, length) != (ssize_t)length ||
        renameat(folder, "file.new", folder, "file") != 0 || unlinkat(folder, "file", 0) != 0) {
        bench_stop("a file cannot be written");
    }
    close(file);
    return length;
}

static uint64_t run_file(void *context, uint64_t count) {
    static const char text[400] = "as long as the file of a reservation";
    const live_set *set = context;
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < count; i++) {
        bytes += file_once(set->directory.descriptor, text, sizeof text);
    }
    return bytes;
}

void bench_add_reservation(void) {
    atexit(end_all);
    for (int i = 0; i < SET_COUNT; i++) {
        bench_subject subject = {.table = RESERVATION_TABLE,
                                 .case_name = sets[i].name,
                                 .subject = "rein",
                                 .role = BENCH_OURS,
                                 .run = run_reserve,
                                 .context = &sets[i],
                                 .batch = 1,
                                 .prepare = make_live};
        bench_add(&subject);
        subject.subject = "one file, locked and removed";
        subject.role = BENCH_LIMIT;
        subject.run = run_file;
        bench_add(&subject);
    }
}
