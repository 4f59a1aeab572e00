#include "goals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Below this, the cost of an operation is of the order of the clock's. */
static const double shortest_ns = 1000.0;
static const double most_times_raw = 1.02;
static const double least_times_faster = 10.0;

typedef struct comparison {
    const char *table;
    const char *subject;
    const char *other;
    const char *loss; /* why ours is slower, if it is */
} comparison;

/* The extreme figure over the cases of a comparison. */
typedef struct extreme {
    double figure;    /* NAN if no case counts */
    const char *name; /* of the case */
    bool is_measured; /* at least one case, even if it does not count */
    bool has_failed;  /* a case failed that should have been measured */
} extreme;

/* Returns the highest ratio of our time to the other's, if the other takes at least `least_ns`. */
static extreme worst_ratio(const record *kept, const comparison *compared, double least_ns) {
    extreme worst = {.figure = NAN};
    char counter[RECORD_NAME_CAPACITY];
    snprintf(counter, sizeof counter, "time / %.50s", compared->other);
    for (size_t i = 0; i < kept->row_count; i++) {
        const record_row *row = &kept->rows[i];
        if (strcmp(row->table, compared->table) != 0 ||
            strcmp(row->subject, compared->subject) != 0) {
            continue;
        }
        const record_row *other = record_find(kept, row->table, row->name, compared->other);
        double ratio = record_counter_of(row, counter);
        worst.has_failed |= row->status == RECORD_FAILED;
        worst.is_measured |= !isnan(ratio);
        if (!isnan(ratio) && other->median >= least_ns &&
            (isnan(worst.figure) || ratio > worst.figure)) {
            worst.figure = ratio;
            worst.name = row->name;
        }
    }
    return worst;
}

static void explain(record_goal *goal, const extreme *worst, const char *loss) {
    if (worst->has_failed) {
        goal->verdict = GOAL_MISSED;
        snprintf(goal->why, sizeof goal->why, "a row of it failed");
    } else if (isnan(goal->figure)) {
        goal->verdict = GOAL_UNKNOWN;
        snprintf(goal->why, sizeof goal->why, "%s",
                 worst->is_measured ? "none of it takes 1 us or more"
                                    : "no row that it needs was measured");
    } else if (goal->verdict == GOAL_MISSED) {
        snprintf(goal->why, sizeof goal->why, "%s: %s", worst->name, loss);
    }
}

static void judge_closeness(bench *run, const comparison *compared) {
    extreme worst = worst_ratio(&run->found, compared, shortest_ns);
    record_goal goal = {.table = compared->table,
                        .figure = worst.figure,
                        .unit = "x",
                        .verdict = worst.figure <= most_times_raw ? GOAL_MET : GOAL_MISSED};
    snprintf(goal.what, sizeof goal.what,
             "%s takes at most %.2f times what %s does, wherever that takes 1 us or more",
             compared->subject, most_times_raw, compared->other);
    explain(&goal, &worst, compared->loss);
    record_add_goal(&run->found, goal);
}

static void judge_speed(bench *run, const comparison *compared) {
    extreme worst = worst_ratio(&run->found, compared, 0.0);
    record_goal goal = {.table = compared->table,
                        .figure = 1.0 / worst.figure,
                        .unit = "x",
                        .verdict =
                            1.0 / worst.figure >= least_times_faster ? GOAL_MET : GOAL_MISSED};
    snprintf(goal.what, sizeof goal.what, "%s is at least %.0f times as fast as %s",
             compared->subject, least_times_faster, compared->other);
    explain(&goal, &worst, compared->loss);
    record_add_goal(&run->found, goal);
}

/* Returns our largest error in `table`, over all cases or the case `name`; or the number of wrong
 * rows. */
static extreme worst_error(const record *kept, const char *table, const char *name,
                           bool counts_wrong_rows) {
    extreme worst = {.figure = NAN};
    for (size_t i = 0; i < kept->row_count; i++) {
        const record_row *row = &kept->rows[i];
        if (strcmp(row->table, table) != 0 || row->role != RECORD_OURS ||
            (name != NULL && strcmp(row->name, name) != 0)) {
            continue;
        }
        worst.has_failed |= row->status == RECORD_FAILED;
        if (row->status != RECORD_MEASURED) {
            continue;
        }
        double expected = record_counter_of(row, "expected");
        double error = fabs(row->median - (isnan(expected) ? 0.0 : expected));
        double so_far = isnan(worst.figure) ? 0.0 : worst.figure;
        worst.name = error > 0.0 || worst.name == NULL ? row->name : worst.name;
        worst.figure = counts_wrong_rows ? so_far + (error > 0.0) : fmax(so_far, error);
    }
    return worst;
}

static void judge_exactness(bench *run, const char *table, const char *name, const char *what,
                            bool counts_wrong_rows, bool is_promise) {
    extreme worst = worst_error(&run->found, table, name, counts_wrong_rows);
    record_goal goal = {.table = table,
                        .figure = worst.figure,
                        .unit = counts_wrong_rows ? "count" : "B",
                        .verdict = worst.figure > 0.0 ? GOAL_MISSED : GOAL_MET,
                        .is_promise = is_promise};
    snprintf(goal.what, sizeof goal.what, "%s", what);
    explain(&goal, &worst,
            is_promise ? "a promise is broken" : "the driver's cap does not bind what it reserves");
    record_add_goal(&run->found, goal);
}

static void judge_accuracy(bench *run) {
    static const char overshoot[] = "accuracy: overshoot beside a hostile process";
    judge_exactness(run, "accuracy: the cap", NULL,
                    "every request around the limit is answered as expected", true, true);
    judge_exactness(run, overshoot, "the ledger", "the ledger never shows more than the budget",
                    false, true);
    judge_exactness(run, overshoot, "the driver's pool, used",
                    "the driver's pool never uses more than the budget", false, true);
    judge_exactness(run, overshoot, "the driver's pool, reserved",
                    "the driver's pool never reserves more than the budget", false, false);
    judge_exactness(run, "accuracy: drift", NULL, "no byte is left in any account", false, true);
}

void goals_judge(bench *run) {
    static const comparison close[] = {
        {"memory: allocate and free", "rein", "cudaMalloc",
         "the budgeted pool allocates from a pool of the driver's and waits for it"},
        {"memory: allocate and free", "rein", "same calls",
         "the ledger, the record of the allocation, and putting back the device and capture mode; "
         "for large sizes, a wait in the shared stream also returns what others freed"},
        {"memory: in stream order, what is freed is kept", "rein", "cudaMallocAsync",
         "an event is recorded and asked for each free, and the stream is asked whether it "
         "captures"},
        {"memory: in stream order, what is freed is given back", "rein", "cudaMallocAsync",
         "an event is recorded and asked for each free, and the stream is asked whether it "
         "captures"},
        {"compute window: what it costs the host", "rein", "event pair",
         "the stream is asked whether it captures, and the device and capture mode are put back, "
         "around each event"},
    };
    for (size_t i = 0; i < sizeof close / sizeof close[0]; i++) {
        judge_closeness(run, &close[i]);
    }
    static const comparison fast = {
        "streams: get and give back", "rein", "create and destroy",
        "a stream that is given back is asked whether it captures and whether it is idle"};
    judge_speed(run, &fast);
    judge_accuracy(run);
}
