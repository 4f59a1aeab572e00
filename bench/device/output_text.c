#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

enum { CASE_WIDTH = 38, SUBJECT_WIDTH = 25 };

static void print_number(double number) {
    if (isnan(number)) {
        printf(" %12s", "-");
    } else if (fabs(number) < 1000.0 && number != floor(number)) {
        printf(" %12.1f", number);
    } else {
        printf(" %12.0f", number);
    }
}

static void print_counters(const record_row *row) {
    for (size_t i = 0; i < row->counter_count; i++) {
        const record_counter *counter = &row->counters[i];
        bool is_whole = counter->value == floor(counter->value);
        printf(is_whole ? "  %s: %.0f" : "  %s: %.3f", counter->name, counter->value);
    }
}

static void print_row(const bench *run, const record_row *row) {
    printf("  %-*s %-*s", CASE_WIDTH, row->name, SUBJECT_WIDTH, row->subject);
    if (row->status != RECORD_MEASURED) {
        bool is_said = strcmp(row->reason, run->waiver) == 0;
        printf(" %s%s%s\n", record_status_name(row->status), is_said ? "" : ": ",
               is_said ? "" : row->reason);
        return;
    }
    print_number(row->median);
    print_number(row->p50);
    print_number(row->p99);
    print_number(row->p99_9);
    printf(" %-2s", row->unit);
    print_counters(row);
    putchar('\n');
}

static void print_table(const bench *run, const record_table *table) {
    printf("\n%s\n  %s\n", table->name, table->what);
    printf("  %-*s %-*s %12s %12s %12s %12s\n", CASE_WIDTH, "case", SUBJECT_WIDTH, "subject",
           "median", "p50", "p99", "p99.9");
    for (size_t i = 0; i < run->found.row_count; i++) {
        if (strcmp(run->found.rows[i].table, table->name) == 0) {
            print_row(run, &run->found.rows[i]);
        }
    }
}

static void print_goal(const record_goal *goal) {
    static const char *const verdicts[] = {
        [GOAL_MET] = "met", [GOAL_MISSED] = "MISSED", [GOAL_UNKNOWN] = "unknown"};
    printf("  %-8s %s: %s", verdicts[goal->verdict], goal->table, goal->what);
    if (!isnan(goal->figure)) {
        printf(" (%.4g %s)", goal->figure, goal->unit);
    }
    printf("%s%s\n", goal->why[0] == '\0' ? "" : "; ", goal->why);
}

void output_text(const bench *run) {
    if (bench_is_waived(run)) {
        printf("waived: no device to measure: %s\n", run->waiver);
    } else {
        printf("%s, driver %llu, runtime %llu, %u repetitions, seed %llu\n", run->profile.name,
               (unsigned long long)run->driver_version, (unsigned long long)run->runtime_version,
               run->asked.repetitions, (unsigned long long)run->asked.seed);
    }
    for (size_t i = 0; i < run->found.table_count; i++) {
        print_table(run, &run->found.tables[i]);
    }
    puts("\ngoals");
    for (size_t i = 0; i < run->found.goal_count; i++) {
        print_goal(&run->found.goals[i]);
    }
}
