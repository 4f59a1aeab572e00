#include "cuda/check.h"

#include <criterion/criterion.h>

#include "contract/units.h"
#include "cuda/scenarios.h"

static rein_model_demand demand(uint64_t limit, uint64_t weights) {
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("m")),
                                                     rein_resource_budget_default());
    model.weights_bytes = rein_fact_u64_known(weights);
    model.activation_bytes = rein_fact_u64_known(0);
    model.activation_lower_bound_bytes = rein_fact_u64_known(0);
    model.budget.memory_limit_bytes = limit;
    return model;
}

static void set_up(void) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
}

TestSuite(cuda_check, .init = set_up);

static rein_cuda_check_answer check(const rein_model_demand *models, size_t count,
                                    uint64_t process_count) {
    rein_model_verdict verdicts[2];
    rein_admission_request request = rein_admission_request_make(models, count, NULL);
    request.process_count = process_count;
    return REIN_UNWRAP(rein_cuda_check(0, &request, verdicts));
}

Test(cuda_check, a_set_is_judged_by_what_is_free) {
    rein_model_demand models[] = {demand(4 * REIN_GIB, REIN_GIB), demand(3 * REIN_GIB, REIN_GIB)};
    rein_cuda_check_answer answer = check(models, 2, 1);
    cr_assert(answer.verdict.outcome == REIN_ADMISSION_FITS, "7 of 7.7 GiB fit");
    cr_assert(answer.verdict.device.basis == REIN_MEMORY_BASIS_FREE, "by free memory");
    cr_assert(answer.verdict.device.context_bytes.value == 0, "the probe's context stands in");
    simulated_cudart_set_tenant(0, REIN_GIB);
    answer = check(models, 2, 1);
    cr_assert(answer.verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT, "not beside a tenant");
    cr_assert(answer.verdict.device.shortfall_bytes == 300 * REIN_MIB, "by the context's size");
}

Test(cuda_check, further_processes_need_a_context_each) {
    rein_model_demand model = demand(REIN_GIB, REIN_MIB);
    cr_assert(check(&model, 1, 2).verdict.outcome == REIN_ADMISSION_CANNOT_TELL,
              "whose size is unknown without NVML");
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    report.profile.context_overhead_bytes = rein_fact_u64_known(REIN_GIB);
    rein_admission_request request = rein_admission_request_make(&model, 1, NULL);
    request.process_count = 4;
    rein_model_verdict verdict;
    rein_cuda_check_answer answer =
        REIN_UNWRAP(rein_cuda_check_report(&report, &request, &verdict));
    cr_assert(answer.verdict.device.context_bytes.value == 3 * REIN_GIB, "three further ones");
    request.process_count = 2;
    answer = REIN_UNWRAP(rein_cuda_check_report(&report, &request, &verdict));
    cr_assert(answer.verdict.device.context_bytes.value == REIN_GIB, "one further one");
}

static uint64_t available_of(const rein_cuda_report *report, const rein_model_demand *model) {
    rein_admission_request request = rein_admission_request_make(model, 1, NULL);
    rein_model_verdict verdict;
    rein_cuda_check_answer answer = REIN_UNWRAP(rein_cuda_check_report(report, &request, &verdict));
    return answer.verdict.device.available_bytes.value;
}

Test(cuda_check, the_probe_s_context_is_free_for_models_that_run_in_their_own_processes) {
    rein_model_demand model = demand(REIN_GIB, REIN_MIB);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    uint64_t free_bytes = report.profile.free_bytes.value;
    model.limit_includes_context = true;
    cr_assert(available_of(&report, &model) == free_bytes, "a context of unknown size");
    report.profile.context_overhead_bytes = rein_fact_u64_known(REIN_MIB);
    cr_assert(available_of(&report, &model) == free_bytes + REIN_MIB, "inside the limit");
    model.limit_includes_context = false;
    model.measured_peak_bytes = rein_fact_u64_known(REIN_MIB);
    model.measured_includes_contexts = true;
    cr_assert(available_of(&report, &model) == free_bytes + REIN_MIB, "inside the measured peak");
    model.measured_includes_contexts = false;
    model.process_count = 3;
    cr_assert(available_of(&report, &model) == free_bytes - 2 * REIN_MIB, "two further ones");
    report.profile.free_bytes = report.profile.total_bytes;
    cr_assert(available_of(&report, &model) == report.profile.total_bytes.value - 3 * REIN_MIB,
              "never more than the total");
}

Test(cuda_check, one_budget) {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_cuda_check_answer answer = REIN_UNWRAP(rein_cuda_check_budget(0, &budget));
    cr_assert(answer.verdict.outcome == REIN_ADMISSION_FITS, "the default fits");
    cr_assert(answer.verdict.cap_count == 1, "as a cap");
    cr_assert(!answer.verdict.streams.may_share_queues, "4 streams, 8 queues");
    budget.stream_limit = 9;
    answer = REIN_UNWRAP(rein_cuda_check_budget(0, &budget));
    cr_assert(answer.verdict.streams.may_share_queues, "9 streams, 8 queues");
    budget.memory_limit_bytes = 8 * REIN_GIB;
    answer = REIN_UNWRAP(rein_cuda_check_budget(0, &budget));
    cr_assert(answer.verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT, "not the whole device");
}

Test(cuda_check, passes_errors_on) {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_result_cuda_check answer = rein_cuda_check_budget(7, &budget);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_NOT_FOUND, "no device 7");
    answer = rein_cuda_check_budget(0, NULL);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no budget");
    budget.stream_limit = 0;
    answer = rein_cuda_check_budget(0, &budget);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no streams");
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
    rein_admission_request request = rein_admission_request_make(NULL, 0, NULL);
    request.process_count = 0;
    answer = rein_cuda_check_report(&report, &request, NULL);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "a free tier");
    answer = rein_cuda_check_report(NULL, &request, NULL);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no report");
    answer = rein_cuda_check_report(&report, NULL, NULL);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no request");
    report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    size_t other_layout = sizeof other_layout; /* and nothing after it */
    answer = rein_cuda_check_report(&report, (const void *)&other_layout, NULL);
    cr_assert(!answer.is_ok && answer.as.error.numbers[0] == sizeof other_layout, "another layout");
    rein_model_verdict verdict;
    answer = rein_cuda_check(0, &request, &verdict);
    cr_assert(!answer.is_ok && answer.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no process");
}
