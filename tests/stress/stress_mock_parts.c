/* Many threads submit, drain, open sequences and allocate buffers through one mock. Each completion
 * is called once and in order, and nothing stays open. A plain main, for ThreadSanitizer. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "mocks/mock_buffers.h"
#include "mocks/mock_sequences.h"
#include "mocks/mock_submission.h"
#include "mocks/virtual_clock.h"
#include "samples.h"
#include "stress/load.h"

enum {
    DEFAULT_THREADS = 8,
    TURNS_PER_THREAD = 200,
    SUBMISSIONS_PER_TURN = 4,
    BUFFER_BYTES = 64,
    FAILING_COMPLETION = 100 /* this outcome has an injected error */
};

static int thread_count;

static virtual_clock time_source;
static mock_backend *mock;
static rein_backend backend;
static uint64_t completed_count; /* no lock: completions are called one at a time */

/* A submitted execution. */
typedef struct submission {
    rein_execution_request request;
    rein_execution_result result;
    rein_result_void outcome;
    uint64_t rank; /* position in the order of completion, from 1; 0: not completed */
    bool is_wrong; /* completed twice, or with another result */
} submission;

/* The counts of one thread. */
typedef struct tally {
    pthread_t thread;
    uint8_t number;
    uint64_t injected;
    uint64_t wrong;
    submission submissions[SUBMISSIONS_PER_TURN];
} tally;

static void complete(void *context, rein_result_void outcome, rein_execution_result *result) {
    submission *self = context;
    self->is_wrong = self->is_wrong || self->rank != 0 || result != &self->result;
    self->outcome = outcome;
    self->rank = ++completed_count;
}

static bool submit(submission *self, uint8_t number, rein_sequence_id sequence) {
    *self = (submission){.request = sample_request(number),
                         .result = rein_execution_result_make(NULL, 0)};
    self->request.sequence = sequence;
    rein_completion completion = {.function = complete, .context = self};
    return rein_backend_submit(&backend, &self->request, &self->result, completion).is_ok;
}

/* Counts the outcome as injected or wrong if it is not a success. */
static void judge(tally *self, const submission *submitted, uint64_t rank_before) {
    if (submitted->is_wrong || submitted->rank <= rank_before) {
        self->wrong++;
    } else if (!submitted->outcome.is_ok) {
        bool is_injected = REIN_ERROR(submitted->outcome).code == REIN_ERROR_BACKEND_ERROR;
        self->injected += is_injected ? 1 : 0;
        self->wrong += is_injected ? 0 : 1;
    } else if (!rein_request_id_equal(&submitted->request.request_id,
                                      &submitted->result.request_id)) {
        self->wrong++;
    }
}

/* Submits into its own sequence, in every second turn completes the due submissions, and drains. */
static void submit_turn(tally *self, int turn) {
    rein_sequence_id sequence =
        REIN_UNWRAP(rein_backend_open_sequence(&backend, SUBMISSIONS_PER_TURN));
    for (size_t index = 0; index < SUBMISSIONS_PER_TURN; index++) {
        self->wrong += submit(&self->submissions[index], self->number, sequence) ? 0 : 1;
    }
    if (turn % 2 == 1) {
        mock_backend_complete_due(mock);
    }
    REIN_UNWRAP(rein_backend_drain(&backend));
    uint64_t rank = 0;
    for (size_t index = 0; index < SUBMISSIONS_PER_TURN; index++) {
        judge(self, &self->submissions[index], rank);
        rank = self->submissions[index].rank;
    }
    REIN_UNWRAP(rein_backend_close_sequence(&backend, sequence));
}

/* Executes once more than the sequence has tokens. */
static void sequence_turn(tally *self) {
    rein_execution_request request = sample_request(self->number);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    request.sequence = REIN_UNWRAP(rein_backend_open_sequence(&backend, 2));
    for (int token = 0; token < 2; token++) {
        self->wrong += rein_backend_execute(&backend, &request, &result).is_ok ? 0 : 1;
    }
    self->wrong += rein_backend_execute(&backend, &request, &result).is_ok ? 1 : 0;
    REIN_UNWRAP(rein_backend_close_sequence(&backend, request.sequence));
}

static void buffer_turn(tally *self) {
    unsigned char *buffers[2];
    for (int index = 0; index < 2; index++) {
        buffers[index] =
            REIN_UNWRAP(rein_backend_allocate_buffer(&backend, BUFFER_BYTES, REIN_MEMORY_PINNED));
        memset(buffers[index], self->number, BUFFER_BYTES);
    }
    for (int index = 0; index < 2; index++) {
        self->wrong += buffers[index][BUFFER_BYTES - 1] == self->number ? 0 : 1;
        rein_backend_release_buffer(&backend, buffers[index]);
    }
}

static void *take_turns(void *argument) {
    tally *self = argument;
    for (int turn = 0; turn < TURNS_PER_THREAD; turn++) {
        submit_turn(self, turn);
        sequence_turn(self);
        buffer_turn(self);
    }
    return NULL;
}

static bool set_up(void) {
    completed_count = 0;
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time_source);
    mock = REIN_UNWRAP(mock_backend_create(&clock));
    backend = mock_backend_bind(mock);
    rein_model_id model = sample_model_id();
    return rein_backend_load(&backend, "model", &model).is_ok &&
           mock_backend_inject_error_on_call(mock, MOCK_BACKEND_COMPLETE, FAILING_COMPLETION).is_ok;
}

static bool check_balance(const tally *tallies) {
    uint64_t injected = 0;
    uint64_t wrong = 0;
    for (int index = 0; index < thread_count; index++) {
        injected += tallies[index].injected;
        wrong += tallies[index].wrong;
    }
    uint64_t expected = (uint64_t)thread_count * TURNS_PER_THREAD * SUBMISSIONS_PER_TURN;
    bool is_sound =
        wrong == 0 && injected == 1 && completed_count == expected &&
        mock_backend_pending_count(mock) == 0 && mock_backend_open_sequence_count(mock) == 0 &&
        mock_backend_buffer_count(mock) == 0 && mock_backend_stray_release_count(mock) == 0;
    printf("%llu completions, %llu injected errors, %llu wrong: %s\n",
           (unsigned long long)completed_count, (unsigned long long)injected,
           (unsigned long long)wrong, is_sound ? "sound" : "NOT SOUND");
    return is_sound;
}

/* Creates, uses and destroys one mock. */
static int pass(int asked_thread_count) {
    thread_count = asked_thread_count;
    if (!set_up()) {
        fputs("the mock could not be set up\n", stderr);
        return 1;
    }
    static tally tallies[LOAD_THREADS_MOST];
    memset(tallies, 0, sizeof tallies);
    for (int index = 0; index < thread_count; index++) {
        tallies[index].number = (uint8_t)(index + 1);
        if (pthread_create(&tallies[index].thread, NULL, take_turns, &tallies[index]) != 0) {
            return 1;
        }
    }
    for (int index = 0; index < thread_count; index++) {
        pthread_join(tallies[index].thread, NULL);
    }
    bool is_sound = check_balance(tallies);
    rein_backend_destroy(&backend);
    return is_sound ? 0 : 1;
}

int main(int count, char **arguments) {
    return load_main("stress_mock_parts", count, arguments, DEFAULT_THREADS, pass);
}
