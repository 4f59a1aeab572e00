/* Measures the planner over files of lifetimes: `id,lower,upper,size[,alignment]`, also gzipped.
 *
 *     bench_plan [--capacity BYTES | --minimise] [--seeds N] [--effort STEPS] [--limit MS]
 *                [--mirror] [--shuffle] [--refute] PATH...
 *
 * A path may be a directory. --limit bounds the processor time of each call. --refute writes each
 * Cannot as a refutation, within the time limit, and replays it. Prints for each file the answer,
 * the height and its bound, and the median and worst time over the seeds. Checks every placement.
 * Without a capacity, decides whether the peak of the live bytes is reached. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "plan/plan.h"

enum { LINE_CAPACITY = 512, PATH_CAPACITY = 4096, FILES_MAX = 4096, SEEDS_MAX = 100 };

typedef struct settings {
    uint64_t capacity_bytes; /* 0: the peak */
    bool minimise;
    uint64_t seeds;
    uint64_t effort_steps;
    uint64_t limit_ms; /* 0: none */
    bool mirror;
    bool shuffle;
    bool refute;
} settings;

typedef struct table {
    rein_tensor_lifetime *lifetimes;
    size_t count;
} table;

typedef struct totals {
    double medians_ms;
    double means_ms;
    double worst_ms;
    int files;
    int answered;
} totals;

static void stop(const char *what, const char *which) {
    fprintf(stderr, "bench_plan: %s: %s\n", which, what);
    exit(2);
}

static bool parse_row(const char *line, rein_tensor_lifetime *out_lifetime) {
    const char *comma = strchr(line, ',');
    long long from = 0;
    long long until = 0;
    unsigned long long size = 0;
    unsigned long long alignment = 1;
    if (comma == NULL ||
        sscanf(comma, ",%lld,%lld,%llu,%llu", &from, &until, &size, &alignment) < 3) {
        return false;
    }
    *out_lifetime = (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, alignment};
    return true;
}

static table read_table(const char *path) {
    gzFile file = gzopen(path, "rb");
    char line[LINE_CAPACITY];
    table t = {NULL, 0};
    size_t capacity = 0;
    if (file == NULL || gzgets(file, line, sizeof line) == NULL) {
        stop("cannot be read", path);
    }
    while (gzgets(file, line, sizeof line) != NULL) {
        if (t.count == capacity) {
            capacity = capacity == 0 ? 1024 : 2 * capacity;
            t.lifetimes = realloc(t.lifetimes, capacity * sizeof *t.lifetimes);
        }
        if (t.lifetimes == NULL || !parse_row(line, &t.lifetimes[t.count])) {
            stop("has a row that is not a lifetime", path);
        }
        t.count++;
    }
    gzclose(file);
    return t;
}

static void mirror_in_time(table *t) {
    for (size_t i = 0; i < t->count; i++) {
        int64_t from = t->lifetimes[i].from;
        t->lifetimes[i].from = -t->lifetimes[i].until;
        t->lifetimes[i].until = -from;
    }
}

static void shuffle_rows(table *t) {
    uint64_t state = 1;
    for (size_t i = t->count; i > 1; i--) {
        state = state * UINT64_C(6364136223846793005) + 1;
        size_t k = (state >> 33) % i;
        rein_tensor_lifetime row = t->lifetimes[k];
        t->lifetimes[k] = t->lifetimes[i - 1];
        t->lifetimes[i - 1] = row;
    }
}

/* Returns this thread's processor time, which excludes other programs on the machine. */
static double processor_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

enum { LOOKS_PER_READING = 64, LOG_CAPACITY = 1 << 22 };

static uint32_t log_words[LOG_CAPACITY];

typedef struct processor_clock {
    double now_ms;
    int looks;
} processor_clock;

/* A clock of processor time. Reading it takes as long as a step, so it is not read at every
 * call. */
static rein_timestamp read_processor_clock(void *self) {
    processor_clock *clock = self;
    if (clock->looks++ % LOOKS_PER_READING == 0) {
        clock->now_ms = processor_ms();
    }
    return rein_timestamp_from_ns((int64_t)(clock->now_ms * 1e6));
}

static int compare_times(const void *left, const void *right) {
    double l = *(const double *)left;
    double r = *(const double *)right;
    return (l > r) - (l < r);
}

static rein_plan_outcome solve(const settings *s, const table *t, uint64_t seed,
                               uint64_t peak_bytes, rein_workspace workspace, uint64_t *offsets,
                               rein_plan_log *log) {
    rein_plan_problem problem = {t->lifetimes, t->count, NULL};
    rein_plan_options options = {.effort_steps = s->effort_steps, .seed = seed};
    processor_clock time = {0, 0};
    rein_clock clock = {read_processor_clock, NULL, &time};
    if (s->limit_ms > 0) {
        options.clock = &clock;
        options.deadline =
            rein_timestamp_from_ns((int64_t)((processor_ms() + (double)s->limit_ms) * 1e6));
    }
    uint64_t capacity = s->capacity_bytes == 0 ? peak_bytes : s->capacity_bytes;
    return s->minimise
               ? REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, log))
               : REIN_UNWRAP(
                     rein_plan_decide(&problem, capacity, &options, workspace, offsets, log));
}

static const char *answer_text(rein_plan_answer answer) {
    return answer == REIN_PLAN_FITS ? "fits" : answer == REIN_PLAN_CANNOT ? "cannot" : "unknown";
}

static void check(const table *t, const uint64_t *offsets, uint64_t height,
                  rein_workspace workspace) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(t->lifetimes, t->count, offsets, workspace));
    if (verdict.fault != REIN_PLACEMENT_SOUND || verdict.height_bytes != height) {
        stop("the placement is not sound", "planner");
    }
}

/* Checks that a Cannot, or a least height above the peak, has a valid refutation. */
static void check_refutation(const settings *s, const table *t, const rein_plan_outcome *outcome,
                             uint64_t peak_bytes, const rein_plan_log *log) {
    rein_plan_problem problem = {t->lifetimes, t->count, NULL};
    if (outcome->answer == REIN_PLAN_UNKNOWN || outcome->proof == REIN_PLAN_PROOF_PEAK) {
        return;
    }
    if (outcome->proof != REIN_PLAN_PROOF_REFUTATION) {
        stop("no refutation was written", "planner");
    }
    uint64_t capacity = s->capacity_bytes == 0 ? peak_bytes : s->capacity_bytes;
    capacity = s->minimise ? outcome->height_bytes - 1 : capacity;
    uint64_t bytes = REIN_UNWRAP(rein_plan_refutation_workspace_bytes(t->count, log));
    rein_workspace workspace = {malloc(bytes), bytes};
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_plan_check_refutation(&problem, capacity, log, NULL, workspace));
    free(workspace.memory);
    if (!verdict.is_valid) {
        stop("the refutation does not hold", "planner");
    }
}

static void report(const char *path, const table *t, const rein_plan_outcome *outcome,
                   uint64_t answered, const settings *s, double *times, totals *sum) {
    double mean = 0;
    qsort(times, s->seeds, sizeof *times, compare_times);
    for (uint64_t i = 0; i < s->seeds; i++) {
        mean += times[i] / (double)s->seeds;
    }
    double median = times[s->seeds / 2];
    double worst = times[s->seeds - 1];
    double gap =
        outcome->lower_bound_bytes == 0
            ? 0
            : 100.0 * ((double)outcome->height_bytes / (double)outcome->lower_bound_bytes - 1.0);
    const char *name = strrchr(path, '/');
    printf("%-26s %8zu %-8s %3" PRIu64 "/%-3" PRIu64 " %16" PRIu64 " %16" PRIu64
           " %7.3f%% %10" PRIu64 " %10.3f %10.3f\n",
           name == NULL ? path : name + 1, t->count, answer_text(outcome->answer), answered,
           s->seeds, outcome->height_bytes, outcome->lower_bound_bytes, gap, outcome->steps, median,
           worst);
    fflush(stdout);
    sum->medians_ms += median;
    sum->means_ms += mean;
    sum->worst_ms = worst > sum->worst_ms ? worst : sum->worst_ms;
    sum->files++;
    sum->answered += answered == s->seeds;
}

static void measure_file(const char *path, const settings *s, totals *sum) {
    table t = read_table(path);
    if (s->mirror) {
        mirror_in_time(&t);
    }
    if (s->shuffle) {
        shuffle_rows(&t);
    }
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(t.count));
    rein_workspace workspace = {malloc(bytes), bytes};
    uint64_t *offsets = malloc(t.count * sizeof *offsets);
    double times[SEEDS_MAX];
    rein_plan_outcome outcome = {0};
    uint64_t answered = 0;
    rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(t.lifetimes, t.count, workspace));
    for (uint64_t seed = 0; seed < s->seeds; seed++) {
        rein_plan_log log = {log_words, LOG_CAPACITY, 0};
        double start = processor_ms();
        outcome = solve(s, &t, seed, peak.bytes, workspace, offsets, s->refute ? &log : NULL);
        times[seed] = processor_ms() - start;
        answered += outcome.answer != REIN_PLAN_UNKNOWN;
        check(&t, offsets, outcome.height_bytes, workspace);
        if (s->refute) {
            check_refutation(s, &t, &outcome, peak.bytes, &log);
        }
    }
    report(path, &t, &outcome, answered, s, times, sum);
    free(offsets);
    free(workspace.memory);
    free(t.lifetimes);
}

static int compare_names(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_table(const struct dirent *entry) {
    return strstr(entry->d_name, ".csv") != NULL;
}

static void measure_path(const char *path, const settings *s, totals *sum) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_table, compare_names);
    if (count < 0) {
        measure_file(path, s, sum);
        return;
    }
    for (int i = 0; i < count; i++) {
        char file[PATH_CAPACITY];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        measure_file(file, s, sum);
        free(entries[i]);
    }
    free(entries);
}

/* Reads an option. Returns the number of arguments used, or 0 if the argument is a path. */
static int read_option(char **arguments, int left, settings *s) {
    bool has_value = left > 1;
    if (strcmp(arguments[0], "--minimise") == 0) {
        s->minimise = true;
    } else if (strcmp(arguments[0], "--mirror") == 0) {
        s->mirror = true;
    } else if (strcmp(arguments[0], "--shuffle") == 0) {
        s->shuffle = true;
    } else if (strcmp(arguments[0], "--refute") == 0) {
        s->refute = true;
    } else if (has_value && strcmp(arguments[0], "--capacity") == 0) {
        s->capacity_bytes = strtoull(arguments[1], NULL, 10);
        return 2;
    } else if (has_value && strcmp(arguments[0], "--seeds") == 0) {
        s->seeds = strtoull(arguments[1], NULL, 10);
        return 2;
    } else if (has_value && strcmp(arguments[0], "--effort") == 0) {
        s->effort_steps = strtoull(arguments[1], NULL, 10);
        return 2;
    } else if (has_value && strcmp(arguments[0], "--limit") == 0) {
        s->limit_ms = strtoull(arguments[1], NULL, 10);
        return 2;
    } else {
        return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    settings s = {.seeds = 10, .effort_steps = 10000000};
    totals sum = {0, 0, 0, 0, 0};
    int at = 1;
    for (int taken = 1; at < argc && taken > 0; at += taken) {
        taken = read_option(argv + at, argc - at, &s);
    }
    if (at >= argc || s.seeds == 0 || s.seeds > SEEDS_MAX) {
        stop("no path, or a number of seeds that is not 1 to 100", "arguments");
    }
    printf("%-26s %8s %-8s %7s %16s %16s %8s %10s %10s %10s\n", "file", "tensors", "answer",
           "seeds", "height", "bound", "gap", "steps", "median ms", "worst ms");
    for (; at < argc; at++) {
        measure_path(argv[at], &s, &sum);
    }
    printf("%d of %d files answered for every seed; medians %.1f ms, means %.1f ms together, worst "
           "%.1f ms\n",
           sum.answered, sum.files, sum.medians_ms, sum.means_ms, sum.worst_ms);
    return 0;
}
