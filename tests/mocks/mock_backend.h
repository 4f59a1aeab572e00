/* A backend for tests: it computes nothing, waits as long as it is told, fails when it is told, and
 * remembers what it was asked.
 *
 *     mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
 *     rein_backend backend = mock_backend_bind(mock);
 *     mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 3);
 *     ...
 *     rein_backend_destroy(&backend);
 *
 * A new mock takes 10 ms for an execution, loads any path, has neither inputs nor outputs, needs no
 * memory, and can do everything. An execution that succeeds sets each byte of its outputs to
 * MOCK_BACKEND_OUTPUT_BYTE; one that fails writes nothing and fails at once, without waiting.
 *
 * Calls come through rein_backend_* alone, which check what the mock then relies on.
 *
 * Threads: every function but create and destroy may be called by any thread at any time, also
 * while executions wait; the mock waits with no lock held. The mock keeps the rule that no other
 * slot runs beside execute where a breach would be lost on its caller: unload is refused then. */
#ifndef REIN_TESTS_MOCKS_MOCK_BACKEND_H
#define REIN_TESTS_MOCKS_MOCK_BACKEND_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

typedef struct mock_backend mock_backend;

REIN_RESULT_DEFINE(mock_backend_result, mock_backend *)

/* In every element type this is a value; in Bool it is true. */
enum { MOCK_BACKEND_OUTPUT_BYTE = 1 };

/* The calls that can be made to fail and that are counted. A submitted execution counts as one of
 * MOCK_BACKEND_SUBMIT alone. */
typedef enum mock_backend_call {
    MOCK_BACKEND_EXECUTE,
    MOCK_BACKEND_LOAD,
    MOCK_BACKEND_UNLOAD,
    MOCK_BACKEND_WARMUP,
    MOCK_BACKEND_ESTIMATE, /* each of the four analysis slots */
    MOCK_BACKEND_OPEN_SEQUENCE,
    MOCK_BACKEND_CLOSE_SEQUENCE,
    MOCK_BACKEND_SUBMIT,
    MOCK_BACKEND_COMPLETE, /* the outcome of a submitted execution */
    MOCK_BACKEND_ALLOCATE
} mock_backend_call;

enum { MOCK_BACKEND_CALL_COUNT = MOCK_BACKEND_ALLOCATE + 1 };

/* The clock's functions are copied; what `clock->self` points to outlives the mock. Errors:
 * OutOfMemory. */
mock_backend_result mock_backend_create(const rein_clock *clock);

/* For a mock that was never bound; otherwise rein_backend_destroy does it. */
void mock_backend_destroy(mock_backend *mock);

/* The mock's table, whose slots take a mock_backend; static storage. */
const rein_backend_interface *mock_backend_interface(void);

/* The mock as a backend, which owns it from now on: rein_backend_destroy destroys the mock. */
rein_backend mock_backend_bind(mock_backend *mock);

/* Every execution from now on takes `latency`. Errors: InvalidArgument where it is negative. */
REIN_MUST_USE rein_result_void mock_backend_set_latency(mock_backend *mock, rein_duration latency);

/* Every execution from now on draws its latency, in the order in which executions come in; see
 * mock_latency.h for the sequence. Errors: as mock_latency_make. */
REIN_MUST_USE rein_result_void mock_backend_set_random_latency(mock_backend *mock,
                                                               rein_duration mean,
                                                               rein_duration standard_deviation,
                                                               uint64_t seed);

/* The `n`-th call from now fails, once. Takes the place of what was injected into that call before.
 * Calls that fail for another reason count too, and an injected error comes before any other.
 * Errors: InvalidArgument where `n` is 0. */
REIN_MUST_USE rein_result_void mock_backend_inject_error_on_call(mock_backend *mock,
                                                                 mock_backend_call call,
                                                                 uint64_t n);

/* Every call from now on fails. Takes the place of what was injected into that call before. */
void mock_backend_inject_error_always(mock_backend *mock, mock_backend_call call);

/* No call fails from now on because of an injection. */
void mock_backend_clear_error_injection(mock_backend *mock, mock_backend_call call);

/* What the calls with an injected error answer; at first a BackendError. */
void mock_backend_set_injected_error(mock_backend *mock, mock_backend_call call, rein_error error);

/* How often the call was made since the start or the last reset, whatever came of it. An execute
 * that could not be recorded (OutOfMemory) does not count. */
uint64_t mock_backend_call_count(mock_backend *mock, mock_backend_call call);

/* The request of the latest execute, or of the one at `index`, the earliest being 0; NULL where
 * there is none. It holds copies of the tensors and of their data. The mock owns all of it; it
 * stays valid and unchanged until the next reset or destroy. */
const rein_execution_request *mock_backend_last_request(mock_backend *mock);
const rein_execution_request *mock_backend_execution_history(mock_backend *mock, size_t index);

/* Forgets counts, history and injections; the injected errors are as at first. The rest of the
 * configuration stays, as does the model that is loaded. */
void mock_backend_reset(mock_backend *mock);

/* Every execution from now on reports this device time. At first it is unknown. */
void mock_backend_set_device_time(mock_backend *mock, rein_fact_u64 device_time_ns);

/* Every execution from now on passes its outputs to the request's on_output `count` times before it
 * completes. At first 0. */
void mock_backend_set_partial_outputs(mock_backend *mock, uint64_t count);

/* The configuration. What the mock is given is copied. Setting specs, lifetimes or the path ends
 * the views that its slots returned before. Errors, after which nothing is changed: OutOfMemory. */

/* Not while another thread uses the mock: capabilities are constant. */
void mock_backend_set_capabilities(mock_backend *mock,
                                   const rein_backend_capabilities *capabilities);
void mock_backend_set_memory_estimate(mock_backend *mock, rein_memory_estimate estimate);
REIN_MUST_USE rein_result_void mock_backend_set_lifetimes(mock_backend *mock,
                                                          rein_lifetime_view lifetimes);
REIN_MUST_USE rein_result_void mock_backend_set_input_specs(mock_backend *mock,
                                                            rein_tensor_spec_view specs);
REIN_MUST_USE rein_result_void mock_backend_set_output_specs(mock_backend *mock,
                                                             rein_tensor_spec_view specs);

/* The path of a file that is not a model: it answers BackendError. NULL: there is none. Errors:
 * OutOfMemory. */
REIN_MUST_USE rein_result_void mock_backend_set_broken_path(mock_backend *mock, const char *path);

/* The one path that names a model; NULL: every path does. Errors: OutOfMemory. */
REIN_MUST_USE rein_result_void mock_backend_set_model_path(mock_backend *mock,
                                                           const char *model_path);

REIN_API_END

#endif
