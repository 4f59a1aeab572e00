/* What `rein plan` found, and the forms of its report. */
#ifndef REIN_CLI_PLAN_REPORT_H
#define REIN_CLI_PLAN_REPORT_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/write/output.h"
#include "contract/admission.h"
#include "contract/device.h"

typedef struct plan_report {
    lifetimes_file input;
    planned_lifetimes planned;
    int64_t from;            /* the first instant at which a tensor is alive */
    int64_t until;           /* the first at which none is any more */
    rein_fact_u64 sum_bytes; /* unknown if it does not fit in 64 bits */
    bool is_asked_to_keep;   /* the offsets of the input, if it has any */
    bool keeps_offsets;      /* those of the input are the plan's */
    rein_fact_u64 capacity_bytes;
    rein_admission_outcome outcome; /* against the capacity; fits if there is none */
    work_limits *limits;            /* of writing it */
} plan_report;

/* Height and lower bound against the capacity. */
plan_report plan_report_make(const lifetimes_file *input, const planned_lifetimes *planned,
                             const plan_request *request);

/* Each writes to standard output, or to the file at `path`; reports a failure, or that the limits
 * stopped it, and returns false. */
bool plan_print_table(diagnostics *sink, const plan_report *shown);
bool plan_print_json(diagnostics *sink, const plan_report *shown);
/* Returns the text that plan_print_json prints, as one line without its end; the caller frees it.
 * Returns NULL if plan_print_json would return false. */
char *plan_json_line(diagnostics *sink, const plan_report *shown);
bool plan_write_svg(diagnostics *sink, const plan_report *shown, const char *path);

#endif
