#include "mocks/mock_submission.h"

#include <stdlib.h>

#include "mocks/mock_backend_state.h"

bool mock_submissions_init(mock_submissions *out_submissions) {
    out_submissions->last_next = &out_submissions->first;
    return pthread_cond_init(&out_submissions->has_completed, NULL) == 0;
}

static rein_result_void submit_locked(mock_backend *mock, mock_pending *submitted,
                                      const rein_execution_request *request,
                                      rein_execution_result *out_result) {
    mock_submissions *queue = &mock->submissions;
    submitted->execution =
        REIN_TRY(rein_result_void,
                 mock_execution_begin_locked(mock, MOCK_BACKEND_SUBMIT, request, out_result));
    *queue->last_next = submitted;
    queue->last_next = &submitted->next;
    queue->submitted_count++;
    return rein_done();
}

static rein_result_void slot_submit(void *self, const rein_execution_request *request,
                                    rein_execution_result *out_result, rein_completion completion) {
    mock_backend *mock = self;
    mock_pending *submitted = calloc(1, sizeof *submitted);
    if (submitted == NULL) {
        return rein_result_void_fail(mock_out_of_memory(REIN_HERE));
    }
    submitted->completion = completion;
    mock_lock(mock);
    rein_result_void done = submit_locked(mock, submitted, request, out_result);
    mock_unlock(mock);
    if (!done.is_ok) {
        free(submitted);
    }
    return done;
}

static void wait_for_completion_locked(mock_backend *mock) {
    while (mock->submissions.is_completing) {
        pthread_cond_wait(&mock->submissions.has_completed, &mock->mutex);
    }
}

/* Takes the first submission that ends by `limit` out of the queue; NULL if there is none. */
static mock_pending *pop_locked(mock_submissions *queue, rein_timestamp limit) {
    mock_pending *first = queue->first;
    if (first == NULL || rein_timestamp_compare(first->execution.end, limit) > 0) {
        return NULL;
    }
    queue->first = first->next;
    if (queue->first == NULL) {
        queue->last_next = &queue->first;
    }
    queue->is_completing = true;
    return first;
}

static void complete(mock_backend *mock, mock_pending *submitted, rein_result_void injected) {
    rein_execution_result *result = submitted->execution.result;
    rein_result_void outcome = mock_execution_finish(mock, &submitted->execution, injected);
    submitted->completion.function(submitted->completion.context, outcome, result);
    free(submitted);
    mock_lock(mock);
    mock->submissions.completed_count++;
    mock->submissions.is_completing = false;
    pthread_cond_broadcast(&mock->submissions.has_completed);
    mock_unlock(mock);
}

/* Completes the first submission if it ends by `limit`. Returns whether it did. */
static bool complete_first(mock_backend *mock, rein_timestamp limit) {
    rein_result_void injected = rein_done();
    mock_lock(mock);
    wait_for_completion_locked(mock);
    mock_pending *first = pop_locked(&mock->submissions, limit);
    if (first != NULL) {
        injected = mock_begin_call_locked(mock, MOCK_BACKEND_COMPLETE);
    }
    mock_unlock(mock);
    if (first != NULL) {
        complete(mock, first, injected);
    }
    return first != NULL;
}

size_t mock_backend_complete_due(mock_backend *mock) {
    rein_timestamp now = rein_clock_now(&mock->clock);
    size_t count = 0;
    while (complete_first(mock, now)) {
        count++;
    }
    return count;
}

/* Returns whether the submission of this number, from 1, is still to be completed, and writes when
 * the first in the queue ends. */
static bool is_pending(mock_backend *mock, uint64_t number, rein_timestamp *out_end) {
    mock_lock(mock);
    wait_for_completion_locked(mock);
    bool is_pending = mock->submissions.completed_count < number;
    if (is_pending) {
        *out_end = mock->submissions.first->execution.end;
    }
    mock_unlock(mock);
    return is_pending;
}

void mock_submissions_drain(mock_backend *mock) {
    mock_lock(mock);
    uint64_t last = mock->submissions.submitted_count;
    mock_unlock(mock);
    rein_timestamp end;
    while (is_pending(mock, last, &end)) {
        rein_clock_sleep_until(&mock->clock, end);
        complete_first(mock, end);
    }
}

static rein_result_void slot_drain(void *self) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void begun = mock_begin_call_locked(mock, MOCK_BACKEND_DRAIN);
    mock_unlock(mock);
    REIN_TRY(rein_result_void, begun);
    mock_submissions_drain(mock);
    return rein_done();
}

const rein_submission_interface mock_submission_interface = {
    .struct_size = sizeof mock_submission_interface,
    .submit = slot_submit,
    .drain = slot_drain,
};

size_t mock_backend_pending_count(mock_backend *mock) {
    mock_lock(mock);
    size_t count = mock->submissions.submitted_count - mock->submissions.completed_count;
    mock_unlock(mock);
    return count;
}
