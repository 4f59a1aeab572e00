/* A backend for tests. It computes nothing; it waits and fails as configured, and records requests.
 *
 *     mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
 *     rein_backend backend = mock_backend_bind(mock);
 *     REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 3));
 *     ...
 *     rein_backend_destroy(&backend);
 *
 * A new mock takes 10 ms for an execution, loads any path, has no inputs and no outputs, and needs
 * no memory. It has every capability and optional part: see mock_shapes.h, mock_sequences.h,
 * mock_submission.h and mock_buffers.h.
 *
 *  - An execution that succeeds sets each byte of its outputs to MOCK_BACKEND_OUTPUT_BYTE.
 *  - An execution that is refused, or fails by injection, fails at once, without waiting.
 *  - The cancel flag is read when an execution begins, when it ends, and after each partial output.
 *  - Executions overlap, unless the capabilities deny supports_concurrent_execution: they then run
 *    one after the other by the clock.
 *  - The host must be able to access the data of tensors of every kind of memory, as it can in the
 *    mock's buffers: the mock reads inputs and writes outputs.
 *
 * The slots rely on the checks of rein_backend_*: do not call them directly with unchecked values.
 *
 * Threads: any thread may call every function at any time, also while executions wait, except
 * create, destroy and mock_backend_set_capabilities. The mock waits with no lock held. It refuses
 * misuse that a caller would not notice otherwise: unload while executions run, and overlapping
 * executions of one sequence. */
#ifndef REIN_TESTS_MOCKS_MOCK_BACKEND_H
#define REIN_TESTS_MOCKS_MOCK_BACKEND_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

typedef struct mock_backend mock_backend;

REIN_RESULT_DEFINE(mock_backend_result, mock_backend *)

/* Valid in every element type; true in Bool. */
enum { MOCK_BACKEND_OUTPUT_BYTE = 1 };

/* The calls that are counted and that can be made to fail: all slots that return a result, and the
 * outcome of a submitted execution. A submitted execution does not count as EXECUTE. */
typedef enum mock_backend_call {
    MOCK_BACKEND_EXECUTE,
    MOCK_BACKEND_LOAD,
    MOCK_BACKEND_UNLOAD,
    MOCK_BACKEND_WARMUP,
    MOCK_BACKEND_ESTIMATE_MEMORY,
    MOCK_BACKEND_ESTIMATE_LIFETIMES,
    MOCK_BACKEND_INPUT_SPECS,
    MOCK_BACKEND_OUTPUT_SPECS,
    MOCK_BACKEND_ESTIMATE_STATE,
    MOCK_BACKEND_OPEN_SEQUENCE,
    MOCK_BACKEND_CLOSE_SEQUENCE,
    MOCK_BACKEND_SUBMIT,
    MOCK_BACKEND_COMPLETE, /* the outcome that a completion receives */
    MOCK_BACKEND_DRAIN,    /* fails at once: nothing is completed */
    MOCK_BACKEND_ALLOCATE
} mock_backend_call;

enum { MOCK_BACKEND_CALL_COUNT = MOCK_BACKEND_ALLOCATE + 1 };

/* Returns a new mock. Copies `clock`, whose `self` must outlive the mock. Errors: OutOfMemory. */
REIN_MUST_USE mock_backend_result mock_backend_create(const rein_clock *clock);

/* Destroys a mock that was never bound. rein_backend_destroy destroys one that was. */
void mock_backend_destroy(mock_backend *mock);

/* Returns the mock's table, whose slots take a mock_backend; static storage. A copy in which a part
 * is NULL makes a mock without that part, by rein_backend_bind. Without submission, set
 * supports_async_execution to false first. */
const rein_backend_interface *mock_backend_interface(void);

/* Returns the mock as a backend, which then owns it: rein_backend_destroy destroys the mock. */
rein_backend mock_backend_bind(mock_backend *mock);

/* Sets the time that every execution takes from now on. Errors: InvalidArgument if it is negative.
 */
REIN_MUST_USE rein_result_void mock_backend_set_latency(mock_backend *mock, rein_duration latency);

/* Makes every execution from now on draw its latency, in the order in which executions begin. See
 * mock_latency.h for the sequence. Errors: as mock_latency_make. */
REIN_MUST_USE rein_result_void mock_backend_set_random_latency(mock_backend *mock,
                                                               rein_duration mean,
                                                               rein_duration standard_deviation,
                                                               uint64_t seed);

/* Makes the `n`-th call from now fail, once, in place of what was injected into that call before.
 * Calls that fail for another reason count too. An injected error precedes all other errors.
 * Errors: InvalidArgument if `n` is 0. */
REIN_MUST_USE rein_result_void mock_backend_inject_error_on_call(mock_backend *mock,
                                                                 mock_backend_call call,
                                                                 uint64_t n);

/* Makes every call fail from now on, in place of what was injected into that call before. */
void mock_backend_inject_error_always(mock_backend *mock, mock_backend_call call);

/* Removes what was injected into the call. */
void mock_backend_clear_error_injection(mock_backend *mock, mock_backend_call call);

/* Sets the error that calls return if one is injected; at first a BackendError. */
void mock_backend_set_injected_error(mock_backend *mock, mock_backend_call call, rein_error error);

/* Returns the number of calls since the start or the last reset, those that failed included. Not
 * counted: calls that rein_backend_* refuses, and executions that cannot be recorded because a
 * tensor is not valid (InvalidArgument) or there is no memory (OutOfMemory). */
uint64_t mock_backend_call_count(mock_backend *mock, mock_backend_call call);

/* Return the latest request that was executed or submitted, or the one at `index`, from 0 for the
 * earliest; NULL if there is none. It holds copies of the tensors and of their data, which the mock
 * owns: valid and unchanged until the next reset or destroy. Its stream, flag and callback are the
 * caller's pointers. */
const rein_execution_request *mock_backend_last_request(mock_backend *mock);
const rein_execution_request *mock_backend_execution_history(mock_backend *mock, size_t index);

/* Forgets counts, history and injections; the injected errors are as at first. The configuration,
 * the loaded model, sequences, submissions and buffers stay. */
void mock_backend_reset(mock_backend *mock);

/* Sets the device time that every execution reports from now on; at first unknown. */
void mock_backend_set_device_time(mock_backend *mock, rein_fact_u64 device_time_ns);

/* Makes every execution from now on pass its outputs to the request's on_output `count` times
 * before it completes, or until that returns false; at first 0. */
void mock_backend_set_partial_outputs(mock_backend *mock, uint64_t count);

/* Sets what the slots return. The arguments are copied. Specs must be valid
 * (rein_tensor_spec_validate). Setting specs, lifetimes or the path ends the views that the slots
 * returned before. Errors, after which nothing has changed: OutOfMemory. */
void mock_backend_set_memory_estimate(mock_backend *mock, rein_memory_estimate estimate);
REIN_MUST_USE rein_result_void mock_backend_set_lifetimes(mock_backend *mock,
                                                          rein_lifetime_view lifetimes);
REIN_MUST_USE rein_result_void mock_backend_set_input_specs(mock_backend *mock,
                                                            rein_tensor_spec_view specs);
REIN_MUST_USE rein_result_void mock_backend_set_output_specs(mock_backend *mock,
                                                             rein_tensor_spec_view specs);

/* Sets the path of a file that is not a model: calls with it fail with BackendError. NULL: there is
 * none. Errors: OutOfMemory. */
REIN_MUST_USE rein_result_void mock_backend_set_broken_path(mock_backend *mock, const char *path);

/* Sets the only path that names a model; NULL: every path does. Errors: OutOfMemory. */
REIN_MUST_USE rein_result_void mock_backend_set_model_path(mock_backend *mock,
                                                           const char *model_path);

/* Sets the capabilities, which are constant for the life of a backend: call it before the mock is
 * bound, and not while another thread uses the mock. */
void mock_backend_set_capabilities(mock_backend *mock,
                                   const rein_backend_capabilities *capabilities);

REIN_API_END

#endif
