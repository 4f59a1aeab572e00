#include "mocks/mock_submission.h"

#include <stdlib.h>

#include "mocks/mock_backend_state.h"

bool mock_submissions_init(mock_submissions *out_submissions) {
    out_submissions->last_next = &out_submissions->first;
    return pthread_cond_init(&out_submissions->has_completed, NULL) == 0;
}

static rein_timestamp later(rein_timestamp left, rein_timestamp right) {
    return rein_timestamp_compare(left, right) > 0 ? left : right;
}

static rein_result_void submit_locked(mock_backend *mock, mock_pending *submitted) {
    mock_submissions *queue = &mock->submissions;
    rein_duration latency = REIN_TRY(
        rein_result_void, mock_execution_begin_locked(mock, MOCK_BACKEND_SUBMIT, submitted->request,
                                                      submitted->result));
    rein_timestamp start = later(rein_clock_now(&mock->clock), queue->device_free);
    submitted->end = rein_timestamp_add_saturating(start, latency);
    queue->device_free = submitted->end;
    *queue->last_next = submitted;
    queue->last_next = &submitted->next;
    queue->count++;
    return rein_done();
}

static rein_result_void slot_submit(void *self, const rein_execution_request *request,
                                    rein_execution_result *out_result, rein_completion completion) {
    mock_backend *mock = self;
    mock_pending *submitted = malloc(sizeof *submitted);
    if (submitted == NULL) {
        return rein_result_void_fail(mock_out_of_memory(REIN_HERE));
    }
    *submitted = (mock_pending){.request = request, .result = out_result, .completion = completion};
    mock_lock(mock);
    rein_result_void done = submit_locked(mock, submitted);
    mock_unlock(mock);
    if (!done.is_ok) {
        free(submitted);
    }
    return done;
}

/* Takes the first submission that ends by `limit` out of the queue; NULL if there is none. */
static mock_pending *pop_locked(mock_submissions *queue, rein_timestamp limit) {
    mock_pending *first = queue->first;
    if (first == NULL || rein_timestamp_compare(first->end, limit) > 0) {
        return NULL;
    }
    queue->first = first->next;
    if (queue->first == NULL) {
        queue->last_next = &queue->first;
    }
    return first;
}

/* Waits until the execution ends, and calls its completion. */
static void complete(mock_backend *mock, mock_pending *submitted) {
    rein_clock_sleep_until(&mock->clock, submitted->end);
    mock_lock(mock);
    rein_result_void injected = mock_begin_call_locked(mock, MOCK_BACKEND_COMPLETE);
    mock_unlock(mock);
    rein_result_void outcome =
        mock_execution_finish(mock, submitted->request, submitted->result, injected);
    submitted->completion.function(submitted->completion.context, outcome, submitted->result);
    free(submitted);
    mock_lock(mock);
    mock->submissions.count--;
    pthread_cond_broadcast(&mock->submissions.has_completed);
    mock_unlock(mock);
}

static size_t complete_until(mock_backend *mock, rein_timestamp limit) {
    for (size_t count = 0;; count++) {
        mock_lock(mock);
        mock_pending *first = pop_locked(&mock->submissions, limit);
        mock_unlock(mock);
        if (first == NULL) {
            return count;
        }
        complete(mock, first);
    }
}

size_t mock_backend_complete_due(mock_backend *mock) {
    return complete_until(mock, rein_clock_now(&mock->clock));
}

rein_result_void mock_drain(void *self) {
    mock_backend *mock = self;
    complete_until(mock, rein_timestamp_never());
    mock_lock(mock);
    while (mock->submissions.count > 0) {
        pthread_cond_wait(&mock->submissions.has_completed, &mock->mutex);
    }
    mock_unlock(mock);
    return rein_done();
}

const rein_submission_interface mock_submission_interface = {
    .struct_size = sizeof mock_submission_interface,
    .submit = slot_submit,
    .drain = mock_drain,
};

size_t mock_backend_pending_count(mock_backend *mock) {
    mock_lock(mock);
    size_t count = mock->submissions.count;
    mock_unlock(mock);
    return count;
}
