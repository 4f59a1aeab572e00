/* The state of a mock backend, and the functions that its source files share. Private to them. */
#ifndef REIN_TESTS_MOCKS_MOCK_BACKEND_STATE_H
#define REIN_TESTS_MOCKS_MOCK_BACKEND_STATE_H

#include <pthread.h>

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mocks/mock_backend.h"
#include "mocks/mock_history.h"
#include "mocks/mock_latency.h"
#include "mocks/mock_shapes.h"

typedef enum mock_injection_mode {
    MOCK_INJECT_NOTHING,
    MOCK_INJECT_ONCE,
    MOCK_INJECT_ALWAYS
} mock_injection_mode;

/* The fault that is injected into one kind of call. */
typedef struct mock_injection {
    mock_injection_mode mode;
    uint64_t calls_left; /* MOCK_INJECT_ONCE: 1 stands for the next call */
    rein_error error;
} mock_injection;

/* An open sequence. */
typedef struct mock_sequence {
    rein_sequence_id id;
    uint64_t tokens_left;
    uint64_t running_executions; /* submitted ones included */
} mock_sequence;

typedef struct mock_sequences {
    mock_sequence *open; /* owned */
    size_t count;
    size_t capacity;
    size_t limit;
    rein_fact_u64 bytes_per_token;
    uint64_t last_id;
} mock_sequences;

/* An execution from its begin to its finish. It holds the configuration as of its begin, so that
 * later changes do not affect it. */
typedef struct mock_execution {
    const rein_execution_request *request;
    rein_execution_result *result;
    rein_shape *shapes; /* owned: those that the outputs get, then those that they have */
    rein_timestamp end; /* when the device has run it */
    rein_fact_u64 device_time_ns;
    uint64_t partial_output_count;
} mock_execution;

REIN_RESULT_DEFINE(mock_execution_result, mock_execution)

/* A submitted execution, in the queue of submissions. */
typedef struct mock_pending {
    struct mock_pending *next;
    mock_execution execution;
    rein_completion completion;
} mock_pending;

/* A queue in the order of submission. The first is completed first, and one at a time. */
typedef struct mock_submissions {
    pthread_cond_t has_completed;
    mock_pending *first; /* owned */
    mock_pending **last_next;
    bool is_completing; /* a thread completes the one that it took out of the queue */
    uint64_t submitted_count;
    uint64_t completed_count; /* their completions have returned */
} mock_submissions;

/* A buffer: this header, then the bytes. */
typedef struct mock_buffer {
    struct mock_buffer *next;
    max_align_t bytes[];
} mock_buffer;

/* `mutex` guards every field except `clock` and `capabilities`, which do not change. The arrays of
 * the views and the path are owned. */
struct mock_backend {
    pthread_mutex_t mutex;
    rein_clock clock;
    rein_backend_capabilities capabilities;
    bool is_loaded;
    rein_model_id loaded_model;
    uint64_t running_executions;
    mock_latency latency;
    mock_injection injections[MOCK_BACKEND_CALL_COUNT];
    uint64_t call_counts[MOCK_BACKEND_CALL_COUNT];
    mock_history history;
    rein_timestamp device_free; /* when the device has run all executions that do not overlap */
    rein_memory_estimate memory_estimate;
    mock_estimate_function estimate_function; /* NULL: memory_estimate */
    void *estimate_context;
    rein_lifetime_view lifetimes;
    rein_tensor_spec_view input_specs;
    rein_tensor_spec_view output_specs;
    rein_shape *output_shapes; /* one for each output; of rank -1: the default */
    char *model_path;          /* NULL: every path names a model */
    char *broken_path;         /* NULL: there is none */
    rein_fact_u64 device_time_ns;
    uint64_t partial_output_count;
    mock_sequences sequences;
    mock_submissions submissions;
    mock_buffer *buffers;
    uint64_t stray_release_count;
};

/* The tables of the optional parts, in the files of their names. */
extern const rein_sequences_interface mock_sequences_interface;
extern const rein_submission_interface mock_submission_interface;
extern const rein_buffers_interface mock_buffers_interface;

void mock_lock(mock_backend *mock);
void mock_unlock(mock_backend *mock);

/* Functions whose names end in `_locked` are called with the mutex held. */

/* Counts the call. Errors: the one that was injected into it. */
rein_result_void mock_begin_call_locked(mock_backend *mock, mock_backend_call call);

/* The checks that all analysis slots share, after it has counted the call. */
rein_result_void mock_begin_analysis_locked(mock_backend *mock, mock_backend_call call,
                                            const char *model_path,
                                            const rein_input_shapes *shapes);

rein_result_void mock_require_loaded_locked(const mock_backend *mock, rein_source_location where);

rein_error mock_out_of_memory(rein_source_location where);

/* mock_execution.c: the slot, and the two halves that submission shares with it. `begin` records
 * and checks the request. After it succeeded, `finish` is called exactly once, without the mutex,
 * when the clock has reached the execution's end. It fails with the error of `injected`, if any. */
rein_result_void mock_execute(void *self, const rein_execution_request *request,
                              rein_execution_result *out_result);
mock_execution_result mock_execution_begin_locked(mock_backend *mock, mock_backend_call call,
                                                  const rein_execution_request *request,
                                                  rein_execution_result *out_result);
rein_result_void mock_execution_finish(mock_backend *mock, const mock_execution *execution,
                                       rein_result_void injected);

/* mock_shapes.c: writes the shape of each output into `out_shapes`, which has room for them. The
 * request has been checked. */
void mock_output_shapes_locked(const mock_backend *mock, const rein_execution_request *request,
                               rein_shape *out_shapes);

/* mock_sequences.c: an execution of a sequence begins and takes a token, or ends and gives the
 * token back if it failed. A sequence of 0 has no tokens. Errors: NotFound if the sequence is not
 * open; InvalidState for an execute while another execution of it runs; BudgetExceeded if it has no
 * token left. */
rein_result_void mock_sequence_begin_locked(mock_backend *mock, mock_backend_call call,
                                            rein_sequence_id sequence);
void mock_sequence_end_locked(mock_backend *mock, rein_sequence_id sequence, bool has_succeeded);
void mock_sequences_close_all_locked(mock_backend *mock);

/* mock_submission.c */
bool mock_submissions_init(mock_submissions *out_submissions);
void mock_submissions_drain(mock_backend *mock);

/* mock_buffers.c */
void mock_buffers_release_all(mock_backend *mock);

#endif
