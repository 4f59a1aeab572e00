/* What a mock backend is made of: shared by its controls (mock_backend.c) and its slots
 * (mock_backend_slots.c), and by nobody else. */
#ifndef REIN_TESTS_MOCKS_MOCK_BACKEND_STATE_H
#define REIN_TESTS_MOCKS_MOCK_BACKEND_STATE_H

#include <pthread.h>

#include "mocks/mock_backend.h"
#include "mocks/mock_history.h"
#include "mocks/mock_latency.h"

typedef enum mock_injection_mode {
    MOCK_INJECT_NOTHING,
    MOCK_INJECT_ONCE,
    MOCK_INJECT_ALWAYS
} mock_injection_mode;

/* What is to go wrong with one kind of call. */
typedef struct mock_injection {
    mock_injection_mode mode;
    uint64_t calls_left; /* MOCK_INJECT_ONCE: 1 stands for the next call */
    rein_error error;
} mock_injection;

/* `mutex` guards every field but `clock`, which never changes. The arrays of the views and the path
 * are the mock's own. */
struct mock_backend {
    pthread_mutex_t mutex;
    rein_clock clock;
    bool is_loaded;
    uint64_t running_executions;
    mock_latency latency;
    mock_injection injections[MOCK_BACKEND_CALL_COUNT];
    uint64_t call_counts[MOCK_BACKEND_CALL_COUNT];
    mock_history history;
    rein_backend_capabilities capabilities;
    rein_memory_estimate memory_estimate;
    rein_lifetime_view lifetimes;
    rein_tensor_spec_view input_specs;
    rein_tensor_spec_view output_specs;
    char *model_path; /* NULL: every path names a model */
};

void mock_lock(mock_backend *mock);
void mock_unlock(mock_backend *mock);

#endif
