#include "record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void record_deinit(record *kept) {
    free(kept->rows);
    free(kept->goals);
    *kept = (record){.table_count = 0};
}

/* Returns an array with room for one more element after `count`. */
static void *grow(void *elements, size_t count, size_t *capacity, size_t element_bytes) {
    if (count < *capacity) {
        return elements;
    }
    *capacity = *capacity == 0 ? FIRST_CAPACITY : 2 * *capacity;
    void *grown = realloc(elements, *capacity * element_bytes);
    if (grown == NULL) {
        fputs("bench_device: the host has no memory for the records\n", stderr);
        abort();
    }
    return grown;
}

void record_add_table(record *kept, record_table table) {
    if (kept->table_count == RECORD_TABLES_MAX) {
        fputs("bench_device: too many tables\n", stderr);
        abort();
    }
    kept->tables[kept->table_count++] = table;
}

record_row *record_add_row(record *kept, const char *table, const char *name, const char *subject,
                           record_role role) {
    kept->rows = grow(kept->rows, kept->row_count, &kept->row_capacity, sizeof *kept->rows);
    record_row *row = &kept->rows[kept->row_count++];
    *row = (record_row){.table = table,
                        .subject = subject,
                        .role = role,
                        .status = RECORD_WAIVED,
                        .median = NAN,
                        .low = NAN,
                        .high = NAN,
                        .p50 = NAN,
                        .p99 = NAN,
                        .p99_9 = NAN};
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

void record_waive(record_row *row, const char *reason) {
    row->status = RECORD_WAIVED;
    snprintf(row->reason, sizeof row->reason, "%s", reason);
}

void record_fail(record_row *row, const rein_error *error) {
    row->status = RECORD_FAILED;
    rein_error_to_string(error, row->reason, sizeof row->reason);
}

void record_value(record_row *row, const char *unit, double value) {
    row->status = RECORD_MEASURED;
    row->unit = unit;
    row->median = value;
    row->repetitions = 1;
}

void record_count(record_row *row, const char *name, double value) {
    if (row->counter_count == RECORD_COUNTERS_MAX) {
        fputs("bench_device: too many counters\n", stderr);
        abort();
    }
    record_counter *counter = &row->counters[row->counter_count++];
    snprintf(counter->name, sizeof counter->name, "%s", name);
    counter->value = value;
}

void record_add_goal(record *kept, record_goal goal) {
    kept->goals = grow(kept->goals, kept->goal_count, &kept->goal_capacity, sizeof *kept->goals);
    kept->goals[kept->goal_count++] = goal;
}

const record_row *record_find(const record *kept, const char *table, const char *name,
                              const char *subject) {
    for (size_t i = 0; i < kept->row_count; i++) {
        const record_row *row = &kept->rows[i];
        if (strcmp(row->table, table) == 0 && strcmp(row->name, name) == 0 &&
            strcmp(row->subject, subject) == 0) {
            return row;
        }
    }
    return NULL;
}

double record_counter_of(const record_row *row, const char *name) {
    for (size_t i = 0; i < row->counter_count; i++) {
        if (strcmp(row->counters[i].name, name) == 0) {
            return row->counters[i].value;
        }
    }
    return NAN;
}

bool record_has_failed(const record *kept) {
    for (size_t i = 0; i < kept->row_count; i++) {
        if (kept->rows[i].status == RECORD_FAILED) {
            return true;
        }
    }
    for (size_t i = 0; i < kept->goal_count; i++) {
        if (kept->goals[i].is_promise && kept->goals[i].verdict == GOAL_MISSED) {
            return true;
        }
    }
    return false;
}

const char *record_role_name(record_role role) {
    static const char *const names[] = {
        [RECORD_OURS] = "ours", [RECORD_PEER] = "peer", [RECORD_LIMIT] = "limit"};
    return names[role];
}

const char *record_status_name(record_status status) {
    static const char *const names[] = {
        [RECORD_MEASURED] = "measured", [RECORD_WAIVED] = "waived", [RECORD_FAILED] = "failed"};
    return names[status];
}
