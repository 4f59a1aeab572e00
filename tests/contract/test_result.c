#include <criterion/criterion.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "contract/result.h"
#include "expect.h"
#include "stop.h"

typedef struct sample {
    uint64_t words[5];
    double weight;
    const char *name;
} sample;

REIN_RESULT_DEFINE(sample_result, sample)
REIN_RESULT_DEFINE(number_result, int)
REIN_RESULT_DEFINE(pointer_result, const char *)

REIN_RESULT_CHAIN_DEFINE(number_result, number_result)
REIN_RESULT_CHAIN_DEFINE(number_result, sample_result)
REIN_RESULT_CHAIN_DEFINE(sample_result, number_result)
REIN_RESULT_CHAIN_DEFINE(number_result, rein_result_void)
REIN_RESULT_CHAIN_DEFINE(rein_result_void, number_result)

static rein_error sample_error(uint64_t number) {
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, "engine said {u}");
    return rein_error_with_numbers(error, number, 0, 0);
}

static number_result failed(uint64_t number) {
    return number_result_fail(sample_error(number));
}

static bool is_same_error(const rein_error *left, const rein_error *right) {
    return left->code == right->code && left->native_code == right->native_code &&
           left->where.function == right->where.function && left->where.file == right->where.file &&
           left->where.line == right->where.line && left->message == right->message &&
           memcmp(left->numbers, right->numbers, sizeof left->numbers) == 0 &&
           is_same_text(left->foreign_text, right->foreign_text);
}

Test(result, of_a_value_is_ok_and_holds_it) {
    number_result result = number_result_ok(-5);
    cr_assert(number_result_is_ok(result), "it is ok");
    cr_assert(!number_result_is_error(result), "it is not an error");
    cr_assert(REIN_VALUE(result) == -5, "it holds the value");
}

Test(result, of_an_error_is_an_error_and_holds_it) {
    rein_error error =
        rein_error_with_native_code(rein_error_with_text(sample_error(3), "foreign"), 11);
    number_result result = number_result_fail(error);
    cr_assert(!number_result_is_ok(result), "it is not ok");
    cr_assert(number_result_is_error(result), "it is an error");
    cr_assert(is_same_error(&REIN_ERROR(result), &error), "it holds the error, whole");
}

Test(result, of_a_struct_of_the_users_own_holds_every_field) {
    sample value = {.words = {1, 2, 3, 4, UINT64_MAX}, .weight = 0.5, .name = "x"};
    sample_result result = sample_result_ok(value);
    cr_assert(sample_result_is_ok(result) && !sample_result_is_error(result), "it is ok");
    cr_assert(REIN_VALUE(result).words[4] == UINT64_MAX && REIN_VALUE(result).weight == 0.5 &&
                  REIN_VALUE(result).name == value.name,
              "every field is there");
    cr_assert(sample_result_is_error(sample_result_fail(sample_error(1))), "or an error");
}

Test(result, of_a_pointer_holds_null_as_a_value) {
    pointer_result result = pointer_result_ok(NULL);
    cr_assert(pointer_result_is_ok(result), "NULL is a value");
    cr_assert(REIN_VALUE(result) == NULL, "and is read back");
}

Test(result, value_and_error_can_be_written) {
    number_result result = number_result_ok(1);
    REIN_VALUE(result) += 41;
    cr_assert(REIN_VALUE(result) == 42, "the value was written in place");
    result = failed(1);
    REIN_ERROR(result).numbers[0] = 9;
    cr_assert(REIN_ERROR(result).numbers[0] == 9, "the error was written in place");
}

Test(result, value_can_be_read_through_a_const_result) {
    const number_result result = number_result_ok(8);
    const number_result *pointer = &result;
    cr_assert(REIN_VALUE(result) == 8 && REIN_VALUE(*pointer) == 8, "read-only access");
    const number_result error = failed(4);
    cr_assert(REIN_ERROR(error).numbers[0] == 4, "read-only access to the error");
}

Test(result, unwrap_moves_the_value_out_of_an_expression) {
    int value = REIN_UNWRAP(number_result_ok(6));
    cr_assert(value == 6, "unwrapped %d", value);
    sample moved = REIN_UNWRAP(sample_result_ok((sample){.words = {7}}));
    cr_assert(moved.words[0] == 7, "a struct is moved out too");
}

static int expression_count;

static number_result counted(void) {
    expression_count++;
    return number_result_ok(expression_count);
}

Test(result, unwrap_evaluates_its_expression_once) {
    int value = REIN_UNWRAP(counted());
    cr_assert(value == 1 && expression_count == 1, "evaluated %d times", expression_count);
}

static void read_value_of_error(void) {
    number_result result = failed(77);
    REIN_VALUE(result) = 1;
}

static void unwrap_error(void) {
    REIN_UNWRAP(failed(78));
}

static void read_error_of_value(void) {
    number_result result = number_result_ok(1);
    REIN_ERROR(result).native_code = 1;
}

static void read_value_of_void_error(void) {
    rein_result_void result = rein_result_void_fail(sample_error(79));
    REIN_VALUE(result).unused = 1;
}

static void unwrap_long_error(void) {
    static char message[1024];
    memset(message, 'x', sizeof message - 1);
    (void)REIN_UNWRAP(
        number_result_fail(rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, message)));
}

/* Asserts that `act` stops the program and prints the rule, its function, its file and a line. */
static void expect_stop_in(void (*act)(void), const char *rule, const char *function) {
    stop_report report = stop_observe(act);
    cr_assert(report.is_stopped, "the program stops where %s", rule);
    cr_assert(strstr(report.text, rule) != NULL, "expected '%s' in\n%s", rule, report.text);
    cr_assert(strncmp(report.text, "rein: ", 6) == 0, "it says who speaks:\n%s", report.text);
    char place[256];
    snprintf(place, sizeof place, "%s, %s:", function, __FILE__);
    const char *line = strstr(report.text, place);
    cr_assert(line != NULL, "expected '%s' in\n%s", place, report.text);
    line += strlen(place);
    cr_assert(*line >= '1' && *line <= '9', "expected a line number after '%s'", place);
}

Test(result_stop, value_of_an_error_prints_location_and_error) {
    expect_stop_in(read_value_of_error, "the value of a result that holds an error was asked for",
                   "read_value_of_error");
    expect_stop(read_value_of_error,
                "\nrein: the error is BackendError: engine said 77 [sample_error, ");
}

Test(result_stop, unwrap_of_an_error_prints_location_and_error) {
    expect_stop_in(unwrap_error, "the value of a result that holds an error was asked for",
                   "unwrap_error");
    expect_stop(unwrap_error, "BackendError: engine said 78 [sample_error, ");
}

Test(result_stop, prints_511_bytes_of_the_error) {
    static const char before[] = "rein: the error is ";
    stop_report report = stop_observe(unwrap_long_error);
    const char *said = strstr(report.text, before);
    cr_assert(said != NULL && strcspn(said + strlen(before), "\n") == 511, "%s", report.text);
}

Test(result_stop, value_of_a_void_error_stops) {
    expect_stop_in(read_value_of_void_error,
                   "the value of a result that holds an error was asked for",
                   "read_value_of_void_error");
}

Test(result_stop, error_of_a_value_prints_the_location) {
    expect_stop_in(read_error_of_value, "the error of a result that holds a value was asked for",
                   "read_error_of_value");
    stop_report report = stop_observe(read_error_of_value);
    cr_assert(strstr(report.text, "BackendError") == NULL, "there is no error to show in\n%s",
              report.text);
}

Test(result_stop, aborts_the_process_for_a_value, .signal = SIGABRT) {
    read_value_of_error();
}

Test(result_stop, aborts_the_process_for_an_unwrap, .signal = SIGABRT) {
    unwrap_error();
}

Test(result_stop, aborts_the_process_for_an_error, .signal = SIGABRT) {
    read_error_of_value();
}

static void stop_with_long_error(void) {
    static char message[2000];
    memset(message, 'm', sizeof message - 1);
    rein_error error = rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, message);
    rein_stop("a rule", &error, rein_source_location_make("here", "there.c", INT32_MAX));
}

Test(result_stop, cuts_an_error_that_is_too_long) {
    expect_stop(stop_with_long_error, "a rule [here, there.c:2147483647]");
    expect_stop(stop_with_long_error, "Timeout: mmmmmmmm");
}

static int call_count;

static int doubled(int value, void *context) {
    call_count++;
    return value * 2 + (context == NULL ? 0 : *(int *)context);
}

static sample sample_of(int value, void *context) {
    call_count++;
    return (sample){.words = {(uint64_t)value}, .name = context};
}

static rein_unit swallowed(int value, void *context) {
    call_count++;
    *(int *)context = value;
    return (rein_unit){0};
}

static int from_nothing(rein_unit unit, void *context) {
    (void)unit;
    call_count++;
    return *(int *)context;
}

Test(result_map, applies_the_function_to_a_value) {
    int added = 100;
    number_result mapped =
        number_result_map_to_number_result(number_result_ok(21), doubled, &added);
    cr_assert(REIN_VALUE(mapped) == 142 && call_count == 1, "called once with value and context");
}

Test(result_map, passes_an_error_on_without_a_call) {
    number_result from = failed(5);
    number_result mapped = number_result_map_to_number_result(from, doubled, NULL);
    cr_assert(call_count == 0, "the function is not called");
    cr_assert(is_same_error(&REIN_ERROR(mapped), &REIN_ERROR(from)), "the error is the same");
}

Test(result_map, converts_to_another_type_and_back) {
    char name[] = "n";
    sample_result mapped = number_result_map_to_sample_result(number_result_ok(3), sample_of, name);
    cr_assert(REIN_VALUE(mapped).words[0] == 3 && REIN_VALUE(mapped).name == name, "to a struct");
    number_result from = failed(5);
    mapped = number_result_map_to_sample_result(from, sample_of, name);
    cr_assert(call_count == 1, "not called for an error");
    cr_assert(is_same_error(&REIN_ERROR(mapped), &REIN_ERROR(from)), "the error is the same");
}

Test(result_map, converts_to_and_from_the_result_without_a_value) {
    int seen = 0;
    rein_result_void done =
        number_result_map_to_rein_result_void(number_result_ok(9), swallowed, &seen);
    cr_assert(rein_result_void_is_ok(done) && seen == 9, "to void");
    number_result back = rein_result_void_map_to_number_result(done, from_nothing, &seen);
    cr_assert(REIN_VALUE(back) == 9, "from void");
    done = number_result_map_to_rein_result_void(failed(2), swallowed, &seen);
    back = rein_result_void_map_to_number_result(done, from_nothing, &seen);
    cr_assert(REIN_ERROR(back).numbers[0] == 2 && call_count == 2, "an error goes through both");
}

static number_result halved(int value, void *context) {
    (void)context;
    call_count++;
    return value % 2 == 0 ? number_result_ok(value / 2) : failed((uint64_t)value);
}

static number_result first_word(sample value, void *context) {
    (void)context;
    call_count++;
    return value.words[0] > 100 ? failed(value.words[0]) : number_result_ok((int)value.words[0]);
}

static sample_result checked_sample(int value, void *context) {
    call_count++;
    return value < 0 ? sample_result_fail(sample_error(0))
                     : sample_result_ok(sample_of(value, context));
}

static rein_result_void accepted(int value, void *context) {
    (void)context;
    call_count++;
    return value < 10 ? rein_done() : rein_result_void_fail(sample_error((uint64_t)value));
}

static number_result begun(rein_unit unit, void *context) {
    (void)unit;
    call_count++;
    return *(int *)context > 0 ? number_result_ok(*(int *)context) : failed(0);
}

Test(result_and_then, continues_until_the_first_error) {
    number_result result = number_result_ok(12);
    result = number_result_and_then_number_result(result, halved, NULL);
    result = number_result_and_then_number_result(result, halved, NULL);
    cr_assert(REIN_VALUE(result) == 3 && call_count == 2, "12 is halved twice");
    result = number_result_and_then_number_result(result, halved, NULL);
    cr_assert(REIN_ERROR(result).numbers[0] == 3 && call_count == 3, "3 is refused");
    result = number_result_and_then_number_result(result, halved, NULL);
    cr_assert(REIN_ERROR(result).numbers[0] == 3 && call_count == 3, "no call for an error");
}

Test(result_and_then, converts_to_another_type_and_back) {
    sample_result middle =
        number_result_and_then_sample_result(number_result_ok(7), checked_sample, NULL);
    number_result end = sample_result_and_then_number_result(middle, first_word, NULL);
    cr_assert(REIN_VALUE(end) == 7, "there and back");
    middle = number_result_and_then_sample_result(number_result_ok(-7), checked_sample, NULL);
    end = sample_result_and_then_number_result(middle, first_word, NULL);
    cr_assert(REIN_ERROR(end).numbers[0] == 0, "the error of the first step comes out");
    int calls = call_count;
    middle = number_result_and_then_sample_result(failed(6), checked_sample, NULL);
    cr_assert(REIN_ERROR(middle).numbers[0] == 6 && call_count == calls, "no call for an error");
}

Test(result_and_then, converts_to_and_from_the_result_without_a_value) {
    rein_result_void done =
        number_result_and_then_rein_result_void(number_result_ok(9), accepted, NULL);
    cr_assert(rein_result_void_is_ok(done), "9 is accepted");
    int start = 4;
    number_result begins = rein_result_void_and_then_number_result(done, begun, &start);
    cr_assert(REIN_VALUE(begins) == 4, "and continues");
    done = number_result_and_then_rein_result_void(number_result_ok(10), accepted, NULL);
    cr_assert(REIN_ERROR(done).numbers[0] == 10, "10 is not");
    int calls = call_count;
    begins = rein_result_void_and_then_number_result(done, begun, &start);
    cr_assert(REIN_ERROR(begins).numbers[0] == 10 && call_count == calls, "and stops there");
}

static number_result recovered(rein_error error, void *context) {
    call_count++;
    return error.numbers[0] < 100 ? number_result_ok((int)error.numbers[0])
                                  : number_result_fail(*(const rein_error *)context);
}

Test(result_or_else, returns_the_value_without_a_call) {
    number_result result = number_result_or_else(number_result_ok(1), recovered, NULL);
    cr_assert(REIN_VALUE(result) == 1 && call_count == 0, "the value stays");
}

Test(result_or_else, returns_the_functions_result_for_an_error) {
    rein_error other = rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, "late");
    number_result result = number_result_or_else(failed(55), recovered, &other);
    cr_assert(REIN_VALUE(result) == 55 && call_count == 1, "recovered");
    result = number_result_or_else(failed(100), recovered, &other);
    cr_assert(is_same_error(&REIN_ERROR(result), &other), "or another error");
}

static rein_result_void forgiven(rein_error error, void *context) {
    *(uint64_t *)context = error.numbers[0];
    return rein_done();
}

Test(result_or_else, recovers_the_result_without_a_value) {
    uint64_t seen = 0;
    rein_result_void result =
        rein_result_void_or_else(rein_result_void_fail(sample_error(8)), forgiven, &seen);
    cr_assert(rein_result_void_is_ok(result) && seen == 8, "forgiven");
    seen = 0;
    result = rein_result_void_or_else(rein_done(), forgiven, &seen);
    cr_assert(rein_result_void_is_ok(result) && seen == 0, "nothing to forgive");
}

static number_result half_of_quarter(number_result input, int *out_reached) {
    int value = REIN_TRY(number_result, input);
    *out_reached = 1;
    REIN_TRY(number_result, accepted(value, NULL));
    *out_reached = 2;
    return number_result_ok(value);
}

Test(result_try, returns_the_error_early_and_across_types) {
    int reached = 0;
    number_result result = half_of_quarter(number_result_ok(3), &reached);
    cr_assert(REIN_VALUE(result) == 3 && reached == 2, "a value reaches the end");
    reached = 0;
    number_result error = failed(1);
    result = half_of_quarter(error, &reached);
    cr_assert(reached == 0 && is_same_error(&REIN_ERROR(result), &REIN_ERROR(error)), "at once");
    result = half_of_quarter(number_result_ok(50), &reached);
    cr_assert(reached == 1 && REIN_ERROR(result).numbers[0] == 50, "from another result type");
}

Test(result_try, is_one_statement) {
    int reached = 0;
    number_result result = number_result_ok(1);
    if (number_result_is_error(result))
        half_of_quarter(result, &reached);
    else
        result = half_of_quarter(result, &reached);
    cr_assert(number_result_is_ok(result) && reached == 2, "it nests in an if");
}

static int evaluation_count;

static number_result counted_half(int value) {
    evaluation_count++;
    return value % 2 == 0 ? number_result_ok(value / 2) : failed((uint64_t)value);
}

static number_result quarter(int value) {
    return number_result_ok(
        REIN_TRY(number_result, counted_half(REIN_TRY(number_result, counted_half(value)))));
}

Test(result_try, nests_and_evaluates_its_expression_once) {
    evaluation_count = 0;
    number_result result = quarter(12);
    cr_assert(REIN_VALUE(result) == 3 && evaluation_count == 2, "%d", evaluation_count);
    result = quarter(6);
    cr_assert(REIN_ERROR(result).numbers[0] == 3 && evaluation_count == 4, "the outer one");
    result = quarter(3);
    cr_assert(REIN_ERROR(result).numbers[0] == 3 && evaluation_count == 5, "the inner one");
}

/* Sums halves; counts how often its resource was released. */
static number_result sum_of_halves(int first, int second, int *out_released) {
    rein_error error;
    int sum = REIN_TRY_GOTO(fail, error, counted_half(first));
    sum += REIN_TRY_GOTO(fail, error, counted_half(second));
    ++*out_released;
    return number_result_ok(sum);
fail:
    ++*out_released;
    return number_result_fail(error);
}

Test(result_try, goto_lets_the_function_clean_up) {
    int released = 0;
    number_result result = sum_of_halves(4, 6, &released);
    cr_assert(REIN_VALUE(result) == 5 && released == 1, "no error");
    result = sum_of_halves(5, 6, &released);
    cr_assert(REIN_ERROR(result).numbers[0] == 5 && released == 2, "the first");
    result = sum_of_halves(4, 7, &released);
    cr_assert(REIN_ERROR(result).numbers[0] == 7 && released == 3, "the second");
}

Test(result_ignore, evaluates_its_expression_once) {
    evaluation_count = 0;
    REIN_IGNORE(counted_half(1));
    REIN_IGNORE(counted_half(2));
    cr_assert(evaluation_count == 2, "%d", evaluation_count);
}

Test(result_void, is_done_or_an_error) {
    cr_assert(rein_result_void_is_ok(rein_done()), "done");
    cr_assert(!rein_result_void_is_error(rein_done()), "no error");
    rein_unit unit = REIN_UNWRAP(rein_done());
    cr_assert(unit.unused == 0, "the unit has one value");
    rein_result_void result = rein_result_void_fail(sample_error(1));
    cr_assert(rein_result_void_is_error(result) && !rein_result_void_is_ok(result), "an error");
    cr_assert(REIN_ERROR(result).code == REIN_ERROR_BACKEND_ERROR, "the error");
}
