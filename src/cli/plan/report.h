/* The result of `rein plan`, and its output formats. */
#ifndef REIN_CLI_PLAN_REPORT_H
#define REIN_CLI_PLAN_REPORT_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/write/output.h"
#include "contract/admission.h"
#include "contract/device.h"

typedef struct plan_report {
    lifetimes_file input;
    planned_lifetimes planned;
    int64_t from;            /* the first instant with a live tensor */
    int64_t until;           /* the first instant after the last live tensor */
    rein_fact_u64 sum_bytes; /* unknown if it does not fit in 64 bits */
    bool is_asked_to_keep;   /* asked to keep the offsets of the input, if it has any */
    bool keeps_offsets;      /* the plan has the offsets of the input */
    rein_fact_u64 capacity_bytes;
    rein_admission_outcome outcome; /* against the capacity; fits if there is none */
    work_limits *limits;            /* for writing the report */
} plan_report;

/* Makes the report: compares height and lower bound with the capacity. */
plan_report plan_report_make(const lifetimes_file *input, const planned_lifetimes *planned,
                             const plan_request *request);

/* Write to standard output, or to the file at `path`. Return false after reporting a failure, or
 * that the limits stopped it. */
bool plan_print_table(diagnostics *sink, const plan_report *result);
bool plan_print_json(diagnostics *sink, const plan_report *result);
/* Returns the text of plan_print_json as one line without a line feed; the caller frees it. Returns
 * NULL if plan_print_json would return false. */
char *plan_json_line(diagnostics *sink, const plan_report *result);
bool plan_write_svg(diagnostics *sink, const plan_report *result, const char *path);

#endif
