#include "cuda/check.h"

#include "cuda/failure.h"

static rein_error argument_error(rein_source_location where, const char *message) {
    return rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, message);
}

/* Adds the probe's own context to the free memory, up to the total. */
static void free_own_context(rein_device_profile *profile) {
    uint64_t room = profile->total_bytes.value - profile->free_bytes.value;
    uint64_t overhead = profile->context_overhead_bytes.value;
    if (profile->context_overhead_bytes.is_known) {
        profile->free_bytes.value += overhead < room ? overhead : room;
    }
}

/* The probe's context stands for that of one process, because free memory already counts it. So one
 * process fewer is charged; none if it is the only one. If each model runs in its own processes,
 * their contexts are charged to them or included in their limits; the memory of the probe's context
 * then counts as free. */
static void discount_own_context(rein_admission_request *request, rein_device_profile *profile) {
    if (rein_admission_has_own_processes(request)) {
        free_own_context(profile);
    } else if (request->process_count == 1) {
        profile->context_overhead_bytes = rein_fact_u64_known(0);
    } else if (request->process_count > 1) {
        request->process_count--;
    }
}

rein_result_cuda_check rein_cuda_check_report(const rein_cuda_report *report,
                                              const rein_admission_request *request,
                                              rein_model_verdict *out_models) {
    if (report == NULL || request == NULL) {
        return rein_result_cuda_check_fail(
            argument_error(REIN_HERE, "the report and the request" MUST_NOT_BE_NULL));
    }
    if (report->tier != REIN_CUDA_PROBE_EXACT) {
        return rein_result_cuda_check_fail(argument_error(REIN_HERE, REPORT_MUST_BE_EXACT));
    }
    if (request->struct_size != sizeof *request) { /* before the whole struct is copied */
        rein_error error = argument_error(REIN_HERE, "the request" MUST_HAVE_STRUCT_SIZE);
        return rein_result_cuda_check_fail(
            rein_error_with_numbers(error, request->struct_size, sizeof *request, 0));
    }
    rein_device_profile profile = report->profile;
    rein_admission_request live = *request;
    discount_own_context(&live, &profile);
    live.device = &profile;
    rein_admission_verdict decided =
        REIN_TRY(rein_result_cuda_check, rein_admission_decide(&live, out_models));
    return rein_result_cuda_check_ok(
        (rein_cuda_check_answer){.report = *report, .verdict = decided});
}

rein_result_cuda_check rein_cuda_check(int32_t device, const rein_admission_request *request,
                                       rein_model_verdict *out_models) {
    rein_cuda_report report =
        REIN_TRY(rein_result_cuda_check, rein_cuda_probe(device, REIN_CUDA_PROBE_EXACT));
    return rein_cuda_check_report(&report, request, out_models);
}

rein_result_cuda_check rein_cuda_check_budget(int32_t device, const rein_resource_budget *budget) {
    if (budget == NULL) {
        return rein_result_cuda_check_fail(
            argument_error(REIN_HERE, "the budget" MUST_NOT_BE_NULL));
    }
    rein_model_demand demand =
        rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("budget")), *budget);
    rein_admission_request request = rein_admission_request_make(&demand, 1, NULL);
    rein_model_verdict verdict;
    return rein_cuda_check(device, &request, &verdict);
}
