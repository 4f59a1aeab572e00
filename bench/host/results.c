/* Results in C: the library's, and plain codes with an out-parameter. The innermost of three
 * functions makes a value or an error. The other two pass it on, each adding 1. */
#include "host/results.h"

#include <errno.h>

#include "contract/units.h"
#include "host/subject.h"
#include "host/topics.h"

BENCH_OPAQUE static rein_result_bytes rein_innermost(uint64_t number) {
    if (number == 0) {
        return rein_result_bytes_fail(rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                                      "the number is 0, expected above 0"));
    }
    return rein_result_bytes_ok(number + 1);
}

BENCH_OPAQUE static rein_result_bytes rein_middle(uint64_t number) {
    uint64_t inner = REIN_TRY(rein_result_bytes, rein_innermost(number));
    return rein_result_bytes_ok(inner + 1);
}

BENCH_OPAQUE static rein_result_bytes rein_outermost(uint64_t number) {
    uint64_t inner = REIN_TRY(rein_result_bytes, rein_middle(number));
    return rein_result_bytes_ok(inner + 1);
}

static uint64_t run_rein(uint64_t number, uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_bytes outer = rein_outermost(bench_hide(number));
        sum +=
            rein_result_bytes_is_ok(outer) ? REIN_VALUE(outer) : (uint64_t)REIN_ERROR(outer).code;
    }
    return sum;
}

static uint64_t run_rein_ok(void *context, uint64_t count) {
    (void)context;
    return run_rein(1, count);
}

static uint64_t run_rein_error(void *context, uint64_t count) {
    (void)context;
    return run_rein(0, count);
}

BENCH_OPAQUE static int code_innermost(uint64_t number, uint64_t *out_number) {
    if (number == 0) {
        return EINVAL;
    }
    *out_number = number + 1;
    return 0;
}

BENCH_OPAQUE static int code_middle(uint64_t number, uint64_t *out_number) {
    uint64_t inner = 0;
    int code = code_innermost(number, &inner);
    if (code != 0) {
        return code;
    }
    *out_number = inner + 1;
    return 0;
}

BENCH_OPAQUE static int code_outermost(uint64_t number, uint64_t *out_number) {
    uint64_t inner = 0;
    int code = code_middle(number, &inner);
    if (code != 0) {
        return code;
    }
    *out_number = inner + 1;
    return 0;
}

static uint64_t run_code(uint64_t number, uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t outer = 0;
        int code = code_outermost(bench_hide(number), &outer);
        sum += code == 0 ? outer : (uint64_t)code;
    }
    return sum;
}

static uint64_t run_code_ok(void *context, uint64_t count) {
    (void)context;
    return run_code(1, count);
}

static uint64_t run_code_error(void *context, uint64_t count) {
    (void)context;
    return run_code(0, count);
}

static uint64_t add_context(uint64_t number, void *context) {
    return number + *(const uint64_t *)context;
}

REIN_RESULT_CHAIN_DEFINE(rein_result_bytes, rein_result_bytes)

static uint64_t run_rein_map(void *context, uint64_t count) {
    (void)context;
    uint64_t sum = 0;
    uint64_t one = bench_hide(1);
    for (uint64_t i = 0; i < count; i++) {
        rein_result_bytes made = rein_innermost(bench_hide(1));
        rein_result_bytes once =
            rein_result_bytes_map_to_rein_result_bytes(made, add_context, &one);
        rein_result_bytes twice =
            rein_result_bytes_map_to_rein_result_bytes(once, add_context, &one);
        rein_result_bytes result =
            rein_result_bytes_map_to_rein_result_bytes(twice, add_context, &one);
        sum += rein_result_bytes_is_ok(result) ? REIN_VALUE(result)
                                               : (uint64_t)REIN_ERROR(result).code;
    }
    return sum;
}

static uint64_t run_code_map(void *context, uint64_t count) {
    (void)context;
    uint64_t sum = 0;
    uint64_t one = bench_hide(1);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = 0;
        int code = code_innermost(bench_hide(1), &number);
        for (int times = 0; code == 0 && times < 3; times++) {
            number = add_context(number, &one);
        }
        sum += code == 0 ? number : (uint64_t)code;
    }
    return sum;
}

static bench_subject subject_of(const char *case_name, const char *subject, bench_role role,
                                bench_operation run) {
    return (bench_subject){.table = RESULT_TABLE,
                           .case_name = case_name,
                           .subject = subject,
                           .role = role,
                           .run = run,
                           .batch = RESULT_BATCH,
                           .counts_instructions = true};
}

void bench_add_results(void) {
    const bench_subject subjects[] = {
        subject_of(RESULT_CASE_OK, "rein", BENCH_OURS, run_rein_ok),
        subject_of(RESULT_CASE_OK, "plain codes", BENCH_LIMIT, run_code_ok),
        subject_of(RESULT_CASE_ERROR, "rein", BENCH_OURS, run_rein_error),
        subject_of(RESULT_CASE_ERROR, "plain codes", BENCH_LIMIT, run_code_error),
        subject_of(RESULT_CASE_MAP, "rein", BENCH_OURS, run_rein_map),
        subject_of(RESULT_CASE_MAP, "plain codes", BENCH_LIMIT, run_code_map),
    };
    bench_add_all(subjects, sizeof subjects / sizeof subjects[0]);
}
