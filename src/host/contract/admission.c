#include "contract/admission.h"

#include <stddef.h>

#include "host/contract/admission_device.h"
#include "host/contract/admission_processes.h"
#include "host/contract/admission_steps.h"
#include "host/contract/invalid.h"

static const char *const outcome_names[] = {
    [REIN_ADMISSION_FITS] = "fits",
    [REIN_ADMISSION_DOES_NOT_FIT] = "does not fit",
    [REIN_ADMISSION_CANNOT_TELL] = "cannot tell",
    [REIN_ADMISSION_CAP] = "cap",
};

const char *rein_admission_outcome_name(rein_admission_outcome outcome) {
    bool is_outcome = outcome >= REIN_ADMISSION_FITS && outcome <= REIN_ADMISSION_CAP;
    return is_outcome ? outcome_names[outcome] : "unknown";
}

static const char *const basis_names[] = {
    [REIN_MEMORY_BASIS_UNKNOWN] = "unknown",
    [REIN_MEMORY_BASIS_FREE] = "free",
    [REIN_MEMORY_BASIS_TOTAL] = "total",
};

const char *rein_memory_basis_name(rein_memory_basis basis) {
    bool is_basis = basis >= REIN_MEMORY_BASIS_UNKNOWN && basis <= REIN_MEMORY_BASIS_TOTAL;
    return basis_names[is_basis ? basis : REIN_MEMORY_BASIS_UNKNOWN];
}

/* Checks the layout of the request before any other member is read. */
static rein_result_void validate_size(const rein_admission_request *request) {
    if (request == NULL) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (request->struct_size != sizeof *request) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_HAVE_STRUCT_SIZE, request->struct_size,
                              sizeof *request, 0);
    }
    return rein_done();
}

static rein_result_void validate_request(const rein_admission_request *request,
                                         const rein_model_verdict *out_models) {
    if (request->device == NULL) {
        return rein_i_invalid(REIN_HERE, "the request's device" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (request->model_count > 0 && (request->models == NULL || out_models == NULL)) {
        return rein_i_invalid(REIN_HERE, "models and out_models" MUST_HOLD_ELEMENTS,
                              request->model_count, 0, 0);
    }
    if (request->process_count == 0) {
        return rein_i_invalid(REIN_HERE, "process_count is 0" MUST_BE_POSITIVE, 0, 0, 0);
    }
    if (request->reserved_in_use_bytes > request->reserved_bytes) {
        return rein_i_invalid(
            REIN_HERE,
            "reserved_in_use_bytes is {bytes}; it must be at most reserved_bytes, {bytes}",
            request->reserved_in_use_bytes, request->reserved_bytes, 0);
    }
    return rein_device_profile_validate(request->device);
}

static rein_stream_verdict judge_streams(const rein_device_profile *device, uint64_t streams) {
    rein_fact_u64 connections = device->connection_count;
    return (rein_stream_verdict){.requested_streams = streams,
                                 .connection_count = connections,
                                 .may_share_queues =
                                     connections.is_known && streams > connections.value};
}

/* Returns the bytes that a device of this overhead gains without the model: its reservation, and
 * its contexts if it runs in its own processes. Cannot overflow: the sum of all models fits in 64
 * bits. */
static uint64_t freed_without(const rein_model_demand *model, uint64_t reserved_bytes,
                              bool has_own_processes, rein_fact_u64 overhead) {
    uint64_t contexts = has_own_processes ? rein_i_admission_contexts_of(model) : 0;
    return reserved_bytes + contexts * amount_of_fact(overhead).at_least;
}

/* Returns the model of the smallest limit among those that free at least the missing bytes. Returns
 * model_count if there is none, or if a part of the device's sum is unknown. The allocation steps
 * may be unknown if no other model is left. */
static size_t removable_model(const rein_admission_request *request, const device_judgement *judged,
                              const rein_model_verdict *models) {
    size_t best = request->model_count;
    bool is_rest_known =
        request->model_count == 1 || memory_steps_are_known(memory_steps_of(request->device));
    bool is_told = judged->verdict.available_bytes.is_known && is_rest_known &&
                   !request->has_unknown_reservations;
    if (judged->verdict.outcome != REIN_ADMISSION_DOES_NOT_FIT || !is_told) {
        return best;
    }
    bool has_own_processes = rein_admission_has_own_processes(request);
    for (size_t index = 0; index < request->model_count; index++) {
        uint64_t freed = freed_without(&request->models[index], models[index].reserved_bytes,
                                       has_own_processes, request->device->context_overhead_bytes);
        bool is_smaller =
            best == request->model_count || models[index].limit_bytes < models[best].limit_bytes;
        if (freed >= judged->lacks_at_most && is_smaller) {
            best = index;
        }
    }
    return best;
}

static rein_admission_outcome worse_outcome(rein_admission_outcome left,
                                            rein_admission_outcome right) {
    if (left == REIN_ADMISSION_DOES_NOT_FIT || right == REIN_ADMISSION_DOES_NOT_FIT) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return left == REIN_ADMISSION_FITS ? right : left;
}

/* Adds the outcome of the model `index` to the verdict on the set. */
static void count_model(size_t index, rein_admission_outcome outcome,
                        rein_admission_verdict *verdict) {
    if (outcome == REIN_ADMISSION_CAP) {
        verdict->cap_count++;
        return;
    }
    verdict->outcome = worse_outcome(verdict->outcome, outcome);
    if (outcome != REIN_ADMISSION_FITS) {
        verdict->first_failing_model = index;
    }
}

rein_result_admission_verdict rein_admission_decide(const rein_admission_request *request,
                                                    rein_model_verdict *out_models) {
    REIN_TRY(rein_result_admission_verdict, validate_size(request));
    REIN_TRY(rein_result_admission_verdict, validate_request(request, out_models));
    demand_sum sum = {.streams = 0};
    REIN_TRY(rein_result_admission_verdict, rein_i_admission_sum_models(request, &sum));
    device_judgement judgement = {.lacks_at_most = 0};
    REIN_TRY(rein_result_admission_verdict,
             rein_i_admission_judge_device(request, &sum, &judgement));

    rein_admission_verdict verdict = {.outcome = judgement.verdict.outcome,
                                      .first_failing_model = request->model_count,
                                      .device = judgement.verdict,
                                      .streams = judge_streams(request->device, sum.streams)};
    for (size_t index = request->model_count; index-- > 0;) {
        (void)rein_i_admission_judge_model(&request->models[index], request->device,
                                           &out_models[index]);
        count_model(index, out_models[index].outcome, &verdict);
    }
    verdict.device.removable_model = removable_model(request, &judgement, out_models);
    return rein_result_admission_verdict_ok(verdict);
}
