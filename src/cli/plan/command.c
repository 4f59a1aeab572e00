#include "cli/plan/command.h"

#include "cli/base/option.h"
#include "cli/base/parallel.h"
#include "cli/base/signals.h"
#include "cli/fleet/shared_options.h"
#include "cli/plan/batch.h"
#include "cli/plan/make.h"

enum {
    OPTION_CAPACITY,
    OPTION_EFFORT,
    OPTION_DEADLINE,
    OPTION_SEED,
    OPTION_KEEP_OFFSETS,
    OPTION_INCLUSIVE,
    OPTION_JOBS,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_SVG,
    OPTION_CERTIFICATE,
    OPTION_COUNT
};

static const command_option options[OPTION_COUNT] = {
    [OPTION_CAPACITY] = {"capacity", "SIZE", "judge the plan against this size, such as 64MiB"},
    [OPTION_EFFORT] = SHARED_OPTION_EFFORT,
    [OPTION_DEADLINE] = SHARED_OPTION_DEADLINE,
    [OPTION_SEED] = {"seed", "NUMBER", "break ties in the search differently (0)"},
    [OPTION_KEEP_OFFSETS] = {"keep-offsets", NULL, "keep the offsets in the file"},
    [OPTION_INCLUSIVE] = SHARED_OPTION_INCLUSIVE,
    [OPTION_JOBS] = {"jobs", "N", "plan this many files at a time (one per processor)"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/plan.schema.json)"},
    [OPTION_CSV] = {"csv", "OUT", "write the lifetimes with their offsets"},
    [OPTION_SVG] = {"svg", "OUT", "draw the memory over time"},
    [OPTION_CERTIFICATE] = {"certificate", "OUT", "write a proof for 'rein verify'"},
};

static plan_outputs asked_outputs(const invocation *called) {
    return (plan_outputs){
        .paths = {[PLAN_OUTPUT_CSV] = called->options[OPTION_CSV],
                  [PLAN_OUTPUT_SVG] = called->options[OPTION_SVG],
                  [PLAN_OUTPUT_CERTIFICATE] = called->options[OPTION_CERTIFICATE]}};
}

static size_t count_outputs(const invocation *called) {
    const plan_outputs outputs = asked_outputs(called);
    size_t count = called->options[OPTION_JSON] != NULL;
    for (size_t index = 0; index < PLAN_OUTPUT_COUNT; index++) {
        count += outputs.paths[index] != NULL;
    }
    return count;
}

/* A certificate cannot be combined with kept offsets: its bounds apply to all plans. */
static bool check_certificate(diagnostics *sink, const invocation *called) {
    if (called->options[OPTION_CERTIFICATE] == NULL ||
        called->options[OPTION_KEEP_OFFSETS] == NULL) {
        return true;
    }
    return refuse_both(sink, "--certificate", "--keep-offsets",
                       "a certificate is about all plans, whatever their offsets");
}

static bool read_capacity(diagnostics *sink, const char *text, rein_fact_u64 *out_capacity) {
    uint64_t bytes = 0;
    if (!option_bytes(sink, "capacity", text, &bytes)) {
        return false;
    }
    *out_capacity = text == NULL ? rein_fact_u64_unknown() : rein_fact_u64_known(bytes);
    return true;
}

static bool read_jobs(diagnostics *sink, const char *text, size_t *out_jobs) {
    uint64_t jobs = *out_jobs;
    bool is_read = option_number(sink, "jobs", text, 1, PARALLEL_THREADS_MAX, &jobs);
    *out_jobs = jobs;
    return is_read;
}

/* Reads the options into a request that uses `limits`. The deadline counts from this call. */
static bool read_request(diagnostics *sink, const invocation *called, work_limits *limits,
                         plan_request *out_request) {
    *limits = (work_limits){.clock = NULL};
    *out_request = (plan_request){.effort = plan_effort_default(),
                                  .limits = limits,
                                  .keeps_offsets = called->options[OPTION_KEEP_OFFSETS] != NULL,
                                  .output_count = count_outputs(called)};
    return check_certificate(sink, called) &&
           read_capacity(sink, called->options[OPTION_CAPACITY], &out_request->capacity_bytes) &&
           option_number(sink, "effort", called->options[OPTION_EFFORT], 0, UINT64_MAX,
                         &out_request->effort.steps) &&
           work_limits_read_deadline(sink, called->options[OPTION_DEADLINE], limits) &&
           option_number(sink, "seed", called->options[OPTION_SEED], 0, UINT64_MAX,
                         &out_request->effort.seed);
}

static exit_code plan_and_print(diagnostics *sink, const invocation *called,
                                const lifetimes_file *input, const plan_request *request,
                                const plan_outputs *outputs) {
    plan_report made;
    exit_code code = EXIT_CODE_BAD_INPUT;
    if (!plan_make(sink, input, request, outputs, &made, &code)) {
        return code;
    }
    bool is_printed = called->options[OPTION_JSON] != NULL ? plan_print_json(sink, &made)
                                                           : plan_print_table(sink, &made);
    return is_printed ? exit_code_of(made.outcome) : work_failure_code(request->limits);
}

/* Until the lifetimes are read, an interrupt ends the command at once. */
static exit_code plan_file(const invocation *called, diagnostics *sink, const plan_request *asked) {
    plan_request request = *asked;
    plan_progress progress = {.file_count = 1};
    lifetimes_file input;
    const plan_outputs outputs = asked_outputs(called);
    upper_ends ends = shared_upper_ends(called->options[OPTION_INCLUSIVE]);
    if (!plan_outputs_check(sink, &outputs, called->operands[0])) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (!lifetimes_file_read(sink, called->operands[0], ends, request.limits, &input)) {
        return work_failure_code(request.limits);
    }
    request.limits->cancel = interrupt_watch();
    request.progress = &progress;
    exit_code code = plan_and_print(sink, called, &input, &request, &outputs);
    interrupt_pass_on();
    return code;
}

static exit_code plan_list(const invocation *called, diagnostics *sink, const plan_inputs *inputs,
                           size_t jobs, const plan_request *request) {
    const plan_batch batch = {.inputs = *inputs,
                              .folders = asked_outputs(called),
                              .thread_count = jobs,
                              .request = *request,
                              .ends = shared_upper_ends(called->options[OPTION_INCLUSIVE]),
                              .is_json = called->options[OPTION_JSON] != NULL};
    return plan_outputs_check_folders(sink, &batch.folders, inputs) ? plan_batch_run(sink, &batch)
                                                                    : EXIT_CODE_BAD_INPUT;
}

static exit_code run_plan(const invocation *called, diagnostics *sink) {
    plan_request request;
    work_limits limits;
    plan_inputs inputs;
    size_t jobs = parallel_processors();
    if (!read_request(sink, called, &limits, &request) ||
        !read_jobs(sink, called->options[OPTION_JOBS], &jobs) ||
        !plan_inputs_find(sink, called, &inputs)) {
        return EXIT_CODE_BAD_INPUT;
    }
    return inputs.is_list ? plan_list(called, sink, &inputs, jobs, &request)
                          : plan_file(called, sink, &request);
}

const command plan_command = {
    .name = "plan",
    .operands = "LIFETIMES.csv...",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .summary = "place the tensors of a model in as little memory as possible",
    .details = "LIFETIMES.csv has the columns id (or buffer_id), lower (or start), upper (or\n"
               "end) and size, and optionally alignment and offset, in any order, separated by\n"
               "commas, semicolons or tabs. A tensor is alive from lower until just before\n"
               "upper; with --inclusive, also at upper. size, alignment and offset are bytes.\n"
               "--csv writes this format, never with included ends. The offsets in a file are\n"
               "ignored unless --keep-offsets is given. A file whose name ends in .gz is read\n"
               "through gzip, up to 256 MiB of text. '-' is standard input.\n\n"
               "The height is the size that the plan takes. The lower bound is the size that\n"
               "every plan takes at least. If they are equal, the plan is exact. With a\n"
               "capacity, the search decides only whether some plan is within it. Without a\n"
               "deadline, the same effort and seed give the same plan on every machine.\n\n"
               "The deadline counts from the start of the command, and covers reading, planning,\n"
               "checking and writing of all files. The search stops early enough to leave time\n"
               "for the rest. If the deadline passes before a plan is checked and written, the\n"
               "command reports what is known and exits with 3; complete outputs stay. A single\n"
               "file of fewer than about ten thousand tensors always gets a plan.\n\n"
               "A directory stands for its *.csv and *.csv.gz files, in the order of their\n"
               "names. Several files are planned in parallel, each with the whole effort. The\n"
               "report has a line for each file; with --json, each line is a document. OUT is\n"
               "then a directory for x.csv, x.svg and x.certificate of x.csv or x.csv.gz. Files\n"
               "that cannot be planned are reported on standard error and do not stop the\n"
               "others.\n\n"
               "With one file, one OUT may be '-' for standard output; the report then goes to\n"
               "standard error.\n\n"
               "On a terminal, a plan that takes longer than half a second shows its progress.\n"
               "Ctrl-C stops the search as a deadline does: the command writes what is known,\n"
               "then ends by the signal. A second Ctrl-C ends it at once.\n\n"
               "exit: 0 within the capacity, or done without one\n"
               "      1 no plan is within the capacity, or none keeps the offsets\n"
               "      2 bad input or output\n"
               "      3 unknown: the effort or the time is spent\n"
               "With several files, the worst code: 2 before 1, 1 before 3, 3 before 0.\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .takes_looks = true,
    .run = run_plan,
};
