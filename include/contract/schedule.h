/* Schedules: is every request finished by its deadline?
 *
 * Rein judges compute time as it judges memory: before anything runs, by a pure function of plain
 * data. The functions allocate nothing, keep nothing, and may run on any thread.
 *
 * Model of execution
 *  - One device executes one request at a time, from its start to its end. The device is never idle
 *    while a request waits. A policy decides which request starts next.
 *  - A model executes each request within its compute budget. Between two requests to a model is at
 *    least its period; there may be more. Each request is to be finished within the model's
 *    deadline.
 *  - Requests arrive, and executions start, on whole nanoseconds. A request that arrives at the
 *    instant at which the device becomes free takes part in the choice.
 *
 * A verdict holds for every pattern of arrivals. "Schedulable" and "not schedulable" are both
 * exact: a refusal has a pattern of arrivals in which a request is late, if each execution takes
 * its whole budget.
 *
 * A verdict does not cover executions that overlap on the device, programs that use the device
 * without the dispatcher, lower clock rates, and the time that the dispatcher takes itself. Include
 * them in the compute budgets.
 *
 * Sources
 *  - Earliest deadline first: K. Jeffay, D. F. Stanat, C. U. Martel, "On non-preemptive scheduling
 *    of periodic and sporadic tasks", 1991; L. George, N. Rivierre, M. Spuri, "Preemptive and
 *    non-preemptive real-time uniprocessor scheduling", 1996. The order in which deadlines are
 *    checked: F. Zhang, A. Burns, "Schedulability analysis for real-time systems with EDF
 *    scheduling", 2009.
 *  - Fixed priorities: R. I. Davis, A. Burns, R. J. Bril, J. J. Lukkien, "Controller area network
 *    schedulability analysis: refuted, revisited and revised", 2007. */
#ifndef REIN_CONTRACT_SCHEDULE_H
#define REIN_CONTRACT_SCHEDULE_H

#include <string.h>

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/device.h"
#include "contract/result.h"

REIN_API_BEGIN

/* The order in which waiting requests start. Values are stable. */
typedef enum rein_schedule_policy {
    REIN_SCHEDULE_EARLIEST_DEADLINE = 1, /* the request whose deadline comes first */
    REIN_SCHEDULE_FIXED_PRIORITY = 2,    /* the request of the model with the highest priority */
    REIN_SCHEDULE_FIRST_COME = 3         /* the request that arrived first */
} rein_schedule_policy;

/* Returns "earliest-deadline", "fixed-priority" or "first-come"; "unknown" for any other value.
 * Static storage. */
const char *rein_schedule_policy_name(rein_schedule_policy policy);

/* A model with a rate. */
typedef struct rein_schedule_model {
    size_t struct_size;     /* sizeof(rein_schedule_model), as the caller has it */
    rein_duration compute;  /* the longest execution; above 0 */
    rein_duration period;   /* least time between two requests; above 0 */
    rein_duration deadline; /* from a request to its end; above 0; may be above `period` */
    /* Lower numbers start first, as with streams of CUDA. Used with fixed priorities only. */
    int32_t priority;
} rein_schedule_model;

/* Returns a model whose deadline is its period, with priority 0. */
static inline rein_schedule_model rein_schedule_model_make(rein_duration compute,
                                                           rein_duration period) {
    rein_schedule_model model;
    memset(&model, 0, sizeof model);
    model.struct_size = sizeof model;
    model.compute = compute;
    model.period = period;
    model.deadline = period;
    return model;
}

/* The effort of a request that states none: about 10 ms on one core. */
#define REIN_SCHEDULE_EFFORT_DEFAULT UINT64_C(4000000)

/* A request to judge these models on one device. */
typedef struct rein_schedule_request {
    size_t struct_size;                /* sizeof(rein_schedule_request), as the caller has it */
    rein_schedule_policy policy;       /* of the dispatcher */
    const rein_schedule_model *models; /* borrowed; may be NULL if the count is 0 */
    size_t model_count;                /* without models, everything is schedulable */
    /* Most steps before the answer is "cannot tell". A step computes a term for one model, so the
     * answer does not depend on the machine. */
    uint64_t effort_steps;
} rein_schedule_request;

/* Returns a request with the default effort. Borrows the models. */
static inline rein_schedule_request rein_schedule_request_make(rein_schedule_policy policy,
                                                               const rein_schedule_model *models,
                                                               size_t model_count) {
    rein_schedule_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.policy = policy;
    request.models = models;
    request.model_count = model_count;
    request.effort_steps = REIN_SCHEDULE_EFFORT_DEFAULT;
    return request;
}

/* The answer to "will every deadline hold?". Values are stable. */
typedef enum rein_schedule_outcome {
    REIN_SCHEDULE_HOLDS = 1,      /* for every pattern of arrivals */
    REIN_SCHEDULE_MISSES = 2,     /* for at least one pattern of arrivals */
    REIN_SCHEDULE_CANNOT_TELL = 3 /* see `reason` */
} rein_schedule_outcome;

/* Returns "schedulable", "not schedulable" or "cannot tell"; "unknown" for any other value. Static
 * storage. */
const char *rein_schedule_outcome_name(rein_schedule_outcome outcome);

/* Why a verdict is not "schedulable". Values are stable. */
typedef enum rein_schedule_reason {
    REIN_SCHEDULE_NO_REASON = 0, /* it is schedulable */
    REIN_SCHEDULE_OVERLOAD = 1,  /* more than the whole time of the device is promised */
    REIN_SCHEDULE_DEADLINE = 2,  /* the device has enough time, but not by each deadline */
    REIN_SCHEDULE_EFFORT = 3,    /* the effort was spent before there was an answer */
    REIN_SCHEDULE_TIME_RANGE = 4 /* the answer depends on times of 2^63 ns and more */
} rein_schedule_reason;

/* Returns "none", "overload", "deadline", "effort" or "time-range"; "unknown" for any other value.
 * Static storage. */
const char *rein_schedule_reason_name(rein_schedule_reason reason);

/* A pattern of arrivals in which a request is late. Times count from its first request. */
typedef struct rein_schedule_witness {
    /* A request of this model is due at `due_ns`. It is late, or one that is due earlier is. */
    size_t late_model;
    /* A model whose request starts 1 ns before all others arrive, and which they wait for;
     * model_count if there is none. */
    size_t blocking_model;
    int64_t due_ns;     /* an instant at which all requests considered are due */
    uint64_t demand_ns; /* work to be done by then; above due_ns */
} rein_schedule_witness;

/* The requests of one model in a witness: at first_ns, and each `period` later. */
typedef struct rein_schedule_arrivals {
    int64_t first_ns; /* the first request */
    uint64_t count;   /* 0: the model sends none */
} rein_schedule_arrivals;

/* The verdict on all models together. */
typedef struct rein_schedule_verdict {
    rein_schedule_outcome outcome; /* over all patterns of arrivals */
    rein_schedule_reason reason;   /* why it is not "schedulable" */
    uint64_t utilization_ppb;      /* promised part of the device's time, in 10^-9, rounded down */
    /* Unknown unless it is not schedulable; also unknown if an overload is so small that the first
     * late request comes after 2^63 ns. */
    bool has_witness;
    rein_schedule_witness witness; /* if has_witness is true */
    uint64_t steps;                /* spent */
} rein_schedule_verdict;

REIN_RESULT_DEFINE(rein_result_schedule_verdict, rein_schedule_verdict)

/* Decides whether every request is finished by its deadline.
 *
 * Errors: InvalidArgument with the rule and the index of the model
 *  - if the request is NULL, a struct_size is not this library's, or the policy is not valid;
 *  - if there are models and `models` is NULL;
 *  - if a compute budget, a period or a deadline is not above 0;
 *  - if two models have the same priority and the policy is fixed priorities.
 *
 * Takes a few microseconds for ten models. The time grows with the models, and as the utilisation
 * approaches 1. The effort limits it. */
REIN_MUST_USE rein_result_schedule_verdict
rein_schedule_decide(const rein_schedule_request *request);

/* Returns the requests of the model `index` in a witness that rein_schedule_decide gave for the
 * same request. Returns none if a pointer is NULL or `index` is not less than the model count. */
rein_schedule_arrivals rein_schedule_witness_arrivals(const rein_schedule_request *request,
                                                      const rein_schedule_witness *witness,
                                                      size_t index);

/* A time in nanoseconds that may be unknown. */
REIN_RESULT_DEFINE(rein_result_schedule_time, rein_fact_u64)

/* Returns the longest time from a request of the model `index` to its end, in nanoseconds, over all
 * patterns of arrivals. Unknown if the models are not schedulable, or the effort was spent first.
 * Errors: those of rein_schedule_decide; InvalidArgument if `index` is not less than the model
 * count. */
REIN_MUST_USE rein_result_schedule_time rein_schedule_response(const rein_schedule_request *request,
                                                               size_t index);

/* Returns a compute budget of the model `index`, in nanoseconds, with which the models are
 * schedulable, all else being equal. With 1 ns more they are not, or it cannot be told with an
 * eighth of the effort. Unknown if that holds for 1 ns, too. Errors: as rein_schedule_response. */
REIN_MUST_USE rein_result_schedule_time
rein_schedule_largest_compute(const rein_schedule_request *request, size_t index);

/* Returns a period of the model `index`, in nanoseconds, with which the models are schedulable, all
 * else being equal. With 1 ns less they are not, or it cannot be told with an eighth of the effort.
 * Unknown if that holds for every period up to 2^63 - 1 ns. Errors: as rein_schedule_response. */
REIN_MUST_USE rein_result_schedule_time
rein_schedule_least_period(const rein_schedule_request *request, size_t index);

REIN_API_END

#endif
