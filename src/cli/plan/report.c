#include "cli/plan/report.h"

static rein_admission_outcome judge(const rein_plan_outcome *outcome, rein_fact_u64 capacity) {
    if (!capacity.is_known || outcome->height_bytes <= capacity.value) {
        return REIN_ADMISSION_FITS;
    }
    return outcome->lower_bound_bytes > capacity.value ? REIN_ADMISSION_DOES_NOT_FIT
                                                       : REIN_ADMISSION_CANNOT_TELL;
}

static rein_fact_u64 sum_of_sizes(const lifetimes_file *input) {
    uint64_t sum = 0;
    for (size_t index = 0; index < input->count; index++) {
        rein_result_bytes added = rein_bytes_add(sum, input->lifetimes[index].size_bytes);
        if (rein_result_bytes_is_error(added)) {
            return rein_fact_u64_unknown();
        }
        sum = REIN_VALUE(added);
    }
    return rein_fact_u64_known(sum);
}

plan_report plan_report_make(const lifetimes_file *input, const planned_lifetimes *planned,
                             const plan_request *request) {
    plan_report made = {
        .input = *input,
        .planned = *planned,
        .from = input->lifetimes[0].from,
        .until = input->lifetimes[0].until,
        .sum_bytes = sum_of_sizes(input),
        .is_asked_to_keep = request->keeps_offsets,
        .keeps_offsets = request->keeps_offsets && input->offsets != NULL,
        .capacity_bytes = request->capacity_bytes,
        .limits = request->limits,
        .outcome = judge(&planned->outcome, request->capacity_bytes),
    };
    for (size_t index = 1; index < input->count; index++) {
        const rein_tensor_lifetime *lifetime = &input->lifetimes[index];
        made.from = lifetime->from < made.from ? lifetime->from : made.from;
        made.until = lifetime->until > made.until ? lifetime->until : made.until;
    }
    return made;
}
