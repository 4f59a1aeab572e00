/* The deadline stops the work of commands. The clock advances each time it is read. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/certificate/certificate.h"
#include "cli/plan/batch.h"
#include "cli/plan/report.h"
#include "cli/read/duplicates.h"
#include "cli/read/gunzip.h"
#include "said.h"

enum { ROWS = 70000, ROW_BYTES_MAX = 64, LOOKS_MAX = 60, LOOKS_STEP = 6 };

static diagnostics sink;
static char *messages;
static size_t messages_length;
static bool flag;
static int64_t looks; /* so far */
static work_limits limits;
static input_file file;

static int
    /* The errno of every poll, or of only the next poll if it is EINTR; 0: polls succeed. */
    poll_failure;

int __wrap_poll(struct pollfd *waiting, nfds_t count, int timeout_ms);
int __real_poll(struct pollfd *waiting, nfds_t count, int timeout_ms);

int __wrap_poll(struct pollfd *waiting, nfds_t count, int timeout_ms) {
    if (poll_failure == 0) {
        return __real_poll(waiting, count, timeout_ms);
    }
    errno = poll_failure;
    poll_failure = poll_failure == EINTR ? 0 : poll_failure;
    return -1;
}

static rein_timestamp tick(void *unused) {
    (void)unused;
    return rein_timestamp_from_ns(++looks);
}

static const rein_clock ticking = {tick, NULL, NULL};

/* Sets the deadline to this look, counted from now. */
static void stop_at(int64_t look) {
    looks = 0;
    limits = (work_limits){.clock = &ticking,
                           .deadline = rein_timestamp_from_ns(look),
                           .time_text = "9s",
                           .cancel = &flag};
}

static void make_file(void) {
    char *text = arena_allocate(sink.memory, ROWS + 1, ROW_BYTES_MAX);
    char *end = text + sprintf(text, "id,lower,upper,size\n");
    for (int i = 0; i < ROWS; i++) {
        end += sprintf(end, "t%d,%d,%d,%d\n", i, i, i + 3, 1 + i % 7);
    }
    cr_assert(input_file_from_text(&sink, "l.csv", "lifetimes", text, (size_t)(end - text), &file),
              "no text");
}

static void set_up(void) {
    sink = (diagnostics){.memory = arena_create(),
                         .stream = open_memstream(&messages, &messages_length)};
    flag = false;
    stop_at(INT64_MAX);
    make_file();
}

static void tear_down(void) {
    fclose(sink.stream);
    free(messages);
    arena_destroy(sink.memory);
}

TestSuite(cli_limits, .init = set_up, .fini = tear_down);

static void assert_said(const char *const *facts) {
    fflush(sink.stream);
    cr_assert(is_said(messages, facts), "said: %s", messages);
}

static lifetimes_file read_all(void) {
    lifetimes_file input;
    stop_at(INT64_MAX);
    cr_assert(lifetimes_file_read_text(&sink, &file, (upper_ends){.are_included = false}, &limits,
                                       &input),
              "not read");
    return input;
}

/* The k-th look stops the reading after k * WORK_ROWS_PER_LOOK rows. */
Test(cli_limits, rows_are_read_until_the_deadline) {
    const int64_t rows_looks = (ROWS - 1) / WORK_ROWS_PER_LOOK;
    for (int64_t look = 1; look <= rows_looks; look++) {
        lifetimes_file input;
        stop_at(look);
        cr_assert(!lifetimes_file_read_text(&sink, &file, (upper_ends){.are_included = false},
                                            &limits, &input),
                  "it is read");
        cr_assert(looks == look && limits.is_stopped, "looks: %d", (int)looks);
        char start[ROW_BYTES_MAX];
        sprintf(start, "l.csv:%d:1: ", (int)look * WORK_ROWS_PER_LOOK + 1);
        assert_said(FACTS(start, "9s", "reading"));
    }
}

Test(cli_limits, ids_are_compared_until_the_deadline) {
    lifetimes_file input = read_all();
    const int64_t all = looks;
    for (int64_t look = (ROWS - 1) / WORK_ROWS_PER_LOOK + 1; look <= all; look++) {
        lifetimes_file again;
        stop_at(look);
        cr_assert(!lifetimes_file_read_text(&sink, &file, (upper_ends){.are_included = false},
                                            &limits, &again),
                  "it is read");
        cr_assert(limits.is_stopped, "it was not stopped");
    }
    size_t first = 0;
    size_t second = 0;
    stop_at(1);
    cr_assert(!find_duplicate(sink.memory, input.ids, input.count, &limits, &first, &second),
              "a duplicate");
    cr_assert(limits.is_stopped, "it was not stopped");
}

Test(cli_limits, an_interrupt_stops_the_reading) {
    lifetimes_file input;
    flag = true;
    cr_assert(!lifetimes_file_read_text(&sink, &file, (upper_ends){.are_included = false}, &limits,
                                        &input),
              "it is read");
    assert_said(FACTS("l.csv:16385:1: ", "interrupted", "reading"));
}

/* A plan that was not checked is never reported, whenever the search stops. */
Test(cli_limits, a_plan_is_reported_once_it_is_checked) {
    lifetimes_file input = read_all();
    planned_lifetimes planned;
    exit_code code = EXIT_CODE_BAD_INPUT;
    plan_request request = {.capacity_bytes = rein_fact_u64_unknown(), .limits = &limits};
    cr_assert(lifetimes_plan(&sink, &input, &request, &planned, &code), "no plan");
    size_t stopped_count = 0;
    for (int64_t look = 1; look <= LOOKS_MAX; look += LOOKS_STEP) {
        stop_at(look);
        bool is_planned = lifetimes_plan(&sink, &input, &request, &planned, &code);
        cr_assert(is_planned || code == EXIT_CODE_CANNOT_TELL, "code %d", (int)code);
        stopped_count += !is_planned;
    }
    assert_said(FACTS("l.csv: ", "70000 tensors", "9s", "at least "));
    cr_assert(stopped_count > 0, "none was stopped");
}

Test(cli_limits, more_than_the_capacity_may_be_alive_without_a_plan) {
    lifetimes_file input = read_all();
    planned_lifetimes planned;
    exit_code code = EXIT_CODE_BAD_INPUT;
    plan_request request = {.capacity_bytes = rein_fact_u64_known(1), .limits = &limits};
    stop_at(2);
    cr_assert(!lifetimes_plan(&sink, &input, &request, &planned, &code), "a plan");
    cr_assert(code == EXIT_CODE_DOES_NOT_FIT, "code %d", (int)code);
    assert_said(FACTS("l.csv: ", "at least ", "more than ", "1"));
}

Test(cli_limits, a_plan_may_be_interrupted_before_there_is_any) {
    lifetimes_file input = read_all();
    planned_lifetimes planned;
    exit_code code = EXIT_CODE_BAD_INPUT;
    plan_request request = {.capacity_bytes = rein_fact_u64_known(1 << 30), .limits = &limits};
    flag = true;
    cr_assert(!lifetimes_plan(&sink, &input, &request, &planned, &code), "a plan");
    cr_assert(code == EXIT_CODE_CANNOT_TELL, "code %d", (int)code);
    assert_said(FACTS("l.csv: ", "interrupted", "70000 tensors", "at least "));
}

Test(cli_limits, what_is_stopped_stays_stopped) {
    stop_at(2);
    cr_assert(work_may_go_on(&limits) && !work_is_stopped(&limits), "too early");
    cr_assert(!work_may_go_on(&limits) && work_is_stopped(&limits), "too late");
    limits.deadline = rein_timestamp_never();
    cr_assert(!work_may_go_on(&limits), "it continues");
    cr_assert(!work_may_write_row(&limits, WORK_ROWS_PER_LOOK), "it writes on");
    cr_assert(work_may_write_row(&limits, 1) && work_may_do_row(&limits, 1), "a poll at each row");
    cr_assert(work_may_go_on(NULL) && !work_is_stopped(NULL), "without limits");
}

/* Reading checks the limits after each MiB, and so does the check of the text. */
Test(cli_limits, a_file_is_read_until_the_deadline) {
    char path[] = "/tmp/rein-limits-XXXXXX";
    int made = mkstemp(path);
    cr_assert(made >= 0, "no file");
    cr_assert(write(made, file.text, file.length) == (ssize_t)file.length, "not written");
    input_file read;
    stop_at(INT64_MAX);
    cr_assert(input_file_read_within(&sink, path, "lifetimes", 1 << 30, &limits, &read), "refused");
    const int64_t all = looks;
    cr_assert(all >= 2, "looks: %d", (int)all);
    for (int64_t look = 1; look <= all; look++) {
        stop_at(look);
        cr_assert(!input_file_read_within(&sink, path, "lifetimes", 1 << 30, &limits, &read),
                  "look %d", (int)look);
    }
    close(made);
    unlink(path);
}

static plan_report report_of(const lifetimes_file *input) {
    planned_lifetimes planned = {.offsets =
                                     arena_allocate(sink.memory, ROWS, sizeof *planned.offsets)};
    const plan_request request = {.capacity_bytes = rein_fact_u64_unknown(), .limits = &limits};
    planned.outcome.height_bytes = 21;
    planned.outcome.lower_bound_bytes = 21;
    planned.outcome.proof = REIN_PLAN_PROOF_PEAK;
    planned.outcome.stop = REIN_PLAN_STOP_DONE;
    return plan_report_make(input, &planned, &request);
}

static bool write_proof(diagnostics *to, const plan_report *shown, const char *path) {
    const certificate made = {.kind = CLAIM_FITS,
                              .bytes = 21,
                              .tensor_count = shown->input.count,
                              .ids = shown->input.ids,
                              .offsets = shown->planned.offsets};
    return certificate_write(to, &made, shown->limits, path);
}

static bool write_refutation(diagnostics *to, const plan_report *shown, const char *path) {
    uint32_t *words = arena_allocate(to->memory, ROWS, sizeof *words);
    const certificate made = {.kind = CLAIM_CANNOT,
                              .has_refutation = true,
                              .refutation = {.words = words, .capacity = ROWS, .length = ROWS}};
    return certificate_write(to, &made, shown->limits, path);
}

/* An output file is complete or does not exist. */
Test(cli_limits, outputs_are_whole_or_not_there) {
    static bool (*const writers[])(diagnostics *, const plan_report *, const char *) = {
        plan_write_csv, plan_write_svg, write_proof, write_refutation};
    lifetimes_file input = read_all();
    char path[] = "/tmp/rein-limits-XXXXXX";
    cr_assert(mkdtemp(path) != NULL, "no folder");
    char out[ROW_BYTES_MAX];
    sprintf(out, "%s/out", path);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        plan_report shown = report_of(&input);
        stop_at(2);
        cr_assert(!writers[i](&sink, &shown, out), "writer %zu", i);
        cr_assert(access(out, F_OK) != 0 && looks == 2, "writer %zu: %d polls", i, (int)looks);
        flag = true;
        stop_at(INT64_MAX);
        cr_assert(writers[i](&sink, &shown, out), "an interrupt does not stop writer %zu", i);
        flag = false;
        cr_assert(unlink(out) == 0, "writer %zu", i);
    }
    assert_said(FACTS("/out: ", "9s", "not", "written"));
    rmdir(path);
}

Test(cli_limits, json_is_whole_or_not_there) {
    lifetimes_file input = read_all();
    plan_report shown = report_of(&input);
    stop_at(2);
    cr_assert(plan_json_line(&sink, &shown) == NULL, "a document");
    stop_at(2);
    cr_assert(!plan_print_json(&sink, &shown), "a document");
    assert_said(FACTS("l.csv: ", "9s", "JSON"));
}

Test(cli_limits, a_certificate_is_read_until_the_deadline) {
    static bool (*const writers[])(diagnostics *, const plan_report *,
                                   const char *) = {write_proof, write_refutation};
    lifetimes_file input = read_all();
    plan_report shown = report_of(&input);
    char path[] = "/tmp/rein-limits-XXXXXX";
    int made = mkstemp(path);
    cr_assert(made >= 0, "no file");
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        certificate read;
        stop_at(INT64_MAX);
        cr_assert(writers[i](&sink, &shown, path), "not written");
        stop_at(INT64_MAX);
        cr_assert(certificate_read(&sink, path, &limits, &read), "not read");
        int64_t all = looks;
        for (int64_t look = 1; look < all; look++) {
            stop_at(look);
            cr_assert(!certificate_read(&sink, path, &limits, &read), "look %d", (int)look);
        }
    }
    assert_said(FACTS(": ", "9s", "reading"));
    close(made);
    unlink(path);
}

/* The check of a placement also stops at the deadline. */
Test(cli_limits, a_check_of_a_placement_may_be_left_open) {
    lifetimes_file input = read_all();
    plan_report shown = report_of(&input);
    const certificate checked = {.kind = CLAIM_FITS,
                                 .bytes = UINT64_MAX,
                                 .tensor_count = input.count,
                                 .ids = input.ids,
                                 .offsets = shown.planned.offsets};
    stop_at(1);
    certificate_finding found = certificate_check(sink.memory, &checked, &input, &limits);
    cr_assert(found.outcome == CERTIFICATE_UNCHECKED, "outcome %d", (int)found.outcome);
    cr_assert(has_facts(found.reason, strchr(found.reason, '\0'), FACTS("placement", "stopped")),
              "reason: %s", found.reason);
}

/* Writes the test's file to a temporary path. Discards standard output. */
static void write_input(char *path) {
    int made = mkstemp(path);
    cr_assert(made >= 0 && write(made, file.text, file.length) == (ssize_t)file.length, "no file");
    close(made);
    made = open("/dev/null", O_WRONLY);
    cr_assert(dup2(made, STDOUT_FILENO) == STDOUT_FILENO, "no output");
    close(made);
}

Test(cli_limits, one_of_many_whose_json_is_stopped_was_not_planned) {
    enum { FIRST_LOOK = 91, LAST_LOOK = 301, STEP = 2 };
    const char *const said[] = {"9s", "JSON", NULL};
    char path[] = "/tmp/rein-limits-XXXXXX";
    const char *paths[] = {path};
    plan_batch asked = {.inputs = {.paths = paths, .count = 1, .is_list = true},
                        .thread_count = 1,
                        .request = {.capacity_bytes = rein_fact_u64_unknown(), .limits = &limits},
                        .is_json = true};
    exit_code code = EXIT_CODE_FITS;
    write_input(path);
    for (int64_t look = FIRST_LOOK; look < LAST_LOOK; look += STEP) {
        stop_at(look);
        code = plan_batch_run(&sink, &asked);
        fflush(sink.stream);
        if (is_said(messages, said)) {
            break;
        }
    }
    unlink(path);
    assert_said(said);
    cr_assert(code == EXIT_CODE_CANNOT_TELL, "code %d", (int)code);
}

Test(cli_limits, a_poll_that_fails_leaves_it_to_the_read, .timeout = 60) {
    static const int failures[] = {EINTR, EINVAL};
    char path[] = "/tmp/rein-limits-XXXXXX";
    write_input(path);
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        lifetimes_file input;
        poll_failure = failures[i];
        cr_assert(
            lifetimes_file_read(&sink, path, (upper_ends){.are_included = false}, &limits, &input),
            "failure %d", failures[i]);
        cr_assert(input.count == ROWS, "%zu rows", input.count);
    }
    unlink(path);
}
