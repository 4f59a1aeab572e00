/* The results of a run: tables, rows and goals of the format rein-bench/1 (bench/README.md). */
#ifndef BENCH_DEVICE_RECORD_H
#define BENCH_DEVICE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/error.h"

enum {
    RECORD_TABLES_MAX = 16,
    RECORD_SUBJECTS_MAX = 4,
    RECORD_COUNTERS_MAX = 4,
    RECORD_NAME_CAPACITY = 64,
    RECORD_TEXT_CAPACITY = 320
};

typedef enum record_role { RECORD_OURS = 1, RECORD_PEER = 2, RECORD_LIMIT = 3 } record_role;

typedef enum record_status {
    RECORD_MEASURED = 1,
    RECORD_WAIVED = 2, /* could not be measured here */
    RECORD_FAILED = 3  /* should have been measured */
} record_status;

/* Texts must have static storage. */
typedef struct record_table {
    const char *name;
    const char *what;   /* description of one operation */
    const char *limits; /* what bounds the figure, in words */
    const char *subjects[RECORD_SUBJECTS_MAX];
} record_table;

typedef struct record_counter {
    char name[RECORD_NAME_CAPACITY];
    double value;
} record_counter;

typedef struct record_row {
    const char *table;
    char name[RECORD_NAME_CAPACITY]; /* of the case */
    const char *subject;
    record_role role;
    record_status status;
    char reason[RECORD_TEXT_CAPACITY]; /* if it was not measured */

    const char *unit;
    double median; /* over the repetitions */
    double low;    /* quartiles over the repetitions; NAN if there are none */
    double high;
    double p50; /* of single operations; NAN if there were too few */
    double p99;
    double p99_9;
    size_t repetitions;
    record_counter counters[RECORD_COUNTERS_MAX];
    size_t counter_count;
} record_row;

typedef enum record_verdict { GOAL_MET = 1, GOAL_MISSED = 2, GOAL_UNKNOWN = 3 } record_verdict;

typedef struct record_goal {
    const char *table;
    char what[RECORD_TEXT_CAPACITY];
    double figure; /* NAN if unknown */
    const char *unit;
    record_verdict verdict;
    bool is_promise; /* about correctness: a run that misses it has failed */
    char why[RECORD_TEXT_CAPACITY];
} record_goal;

typedef struct record {
    record_table tables[RECORD_TABLES_MAX];
    size_t table_count;
    record_row *rows;
    size_t row_count;
    size_t row_capacity;
    record_goal *goals;
    size_t goal_count;
    size_t goal_capacity;
} record;

void record_deinit(record *kept);

void record_add_table(record *kept, record_table table);

/* Returns a new row, which is waived without a reason until its outcome is set; valid until the
 * next row is added. Ends the process if there is no memory. */
record_row *record_add_row(record *kept, const char *table, const char *name, const char *subject,
                           record_role role);

/* Sets the outcome of a new row. */
void record_waive(record_row *row, const char *reason);
void record_fail(record_row *row, const rein_error *error);
/* Sets a single value without a distribution. */
void record_value(record_row *row, const char *unit, double value);
void record_count(record_row *row, const char *name, double value);

void record_add_goal(record *kept, record_goal goal);

/* Returns the row, or NULL if there is none. */
const record_row *record_find(const record *kept, const char *table, const char *name,
                              const char *subject);

/* Returns the counter, or NAN if the row has no such counter. */
double record_counter_of(const record_row *row, const char *name);

/* Returns whether a row failed or a promise was broken. */
bool record_has_failed(const record *kept);

const char *record_role_name(record_role role);
const char *record_status_name(record_status status);

#endif
