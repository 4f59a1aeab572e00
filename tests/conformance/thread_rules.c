#include <pthread.h>

#include "conformance/rules.h"
#include "conformance/trial.h"

enum { WORKER_COUNT = 4, TURNS_PER_WORKER = 64 };

/* One thread's executions. Each worker has inputs and a finding of its own. */
typedef struct worker {
    conformance_probe probe;
    conformance_trial alone; /* executed before the threads start */
    conformance_trial trial;
    pthread_t thread;
    bool has_started;
} worker;

static bool is_right(const worker *self) {
    bool is_comparable = self->probe.subject->is_deterministic;
    return trial_result_is_complete(&self->trial) &&
           (!is_comparable || trial_outputs_equal(&self->alone, &self->trial));
}

static void *work(void *argument) {
    worker *self = argument;
    conformance_probe *probe = &self->probe;
    for (int turn = 0; !probe_is_broken(probe) && turn < TURNS_PER_WORKER; turn++) {
        const rein_backend_capabilities *capabilities =
            rein_backend_get_capabilities(&probe->backend);
        probe_expect(probe,
                     capabilities->max_batch_size >= 1 && rein_backend_is_loaded(&probe->backend),
                     "capabilities and is_loaded answer beside execute", REIN_HERE);
        if (probe_expect_ok(probe, trial_execute(probe, &self->trial),
                            "execute succeeds beside others", REIN_HERE)) {
            probe_expect(probe, is_right(self), "execute beside others answers as it does alone",
                         REIN_HERE);
        }
    }
    return NULL;
}

static bool worker_init(conformance_probe *probe, int index, worker *out_worker) {
    uint8_t number = (uint8_t)(index + 1);
    uint32_t variant = (uint32_t)index;
    *out_worker = (worker){.probe = *probe};
    bool has_trials = trial_init(probe, CONFORMANCE_TYPICAL, number, variant, &out_worker->alone);
    has_trials =
        trial_init(probe, CONFORMANCE_TYPICAL, number, variant, &out_worker->trial) && has_trials;
    return has_trials && probe_expect_ok(probe, trial_execute(probe, &out_worker->alone),
                                         "execute succeeds", REIN_HERE);
}

static void worker_deinit(conformance_probe *probe, worker *done) {
    trial_deinit(probe, &done->alone);
    trial_deinit(probe, &done->trial);
}

static void worker_start(conformance_probe *probe, worker *started) {
    started->has_started = pthread_create(&started->thread, NULL, work, started) == 0;
    probe_expect(probe, started->has_started, "there is a thread for each worker", REIN_HERE);
}

/* Waits for a worker and takes over its finding, unless the rule is broken already. */
static void worker_join(conformance_probe *probe, worker *joined) {
    if (joined->has_started) {
        pthread_join(joined->thread, NULL);
    }
    if (!probe_is_broken(probe)) {
        probe->finding = joined->probe.finding;
    }
}

void rule_executes_from_several_threads(conformance_probe *probe) {
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    worker workers[WORKER_COUNT];
    bool is_ready = true;
    for (int index = 0; index < WORKER_COUNT; index++) {
        is_ready = worker_init(probe, index, &workers[index]) && is_ready;
    }
    for (int index = 0; is_ready && index < WORKER_COUNT; index++) {
        worker_start(probe, &workers[index]);
    }
    for (int index = 0; index < WORKER_COUNT; index++) {
        worker_join(probe, &workers[index]);
        worker_deinit(probe, &workers[index]);
    }
}

void rule_analysis_runs_beside_execute(conformance_probe *probe) {
    worker executing;
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    if (worker_init(probe, 0, &executing)) {
        worker_start(probe, &executing);
        for (int turn = 0; turn < TURNS_PER_WORKER; turn++) {
            probe_expect_answers(probe, probe->subject->model_path, NULL, PROBE_QUESTION_COUNT, 0,
                                 "static analysis answers beside execute", REIN_HERE);
        }
    }
    worker_join(probe, &executing);
    worker_deinit(probe, &executing);
}
