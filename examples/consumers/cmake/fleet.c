/* Asks whether two models fit a device of 4 GiB, each in a process of its own. */
#include <stdio.h>

#include "contract/contract.h"

static rein_model_demand demand(const char *name, uint64_t limit_bytes, uint64_t weights_bytes,
                                uint64_t activation_bytes) {
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make(name)),
                                                     rein_resource_budget_default());
    model.weights_bytes = rein_fact_u64_known(weights_bytes);
    model.activation_bytes = rein_fact_u64_known(activation_bytes);
    model.budget.memory_limit_bytes = limit_bytes;
    return model;
}

static rein_device_profile device_of(uint64_t total_bytes) {
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    device.total_bytes = rein_fact_u64_known(total_bytes);
    device.context_overhead_bytes = rein_fact_u64_known(300 * REIN_MIB);
    device.allocation_granularity_bytes = rein_fact_u64_known(2 * REIN_MIB);
    return device;
}

int main(void) {
    const rein_model_demand models[] = {
        demand("detector", 1 * REIN_GIB, 700 * REIN_MIB, 200 * REIN_MIB),
        demand("tracker", 3 * REIN_GIB, 2 * REIN_GIB, 800 * REIN_MIB),
    };
    enum { MODEL_COUNT = sizeof models / sizeof models[0] };
    rein_device_profile device = device_of(4 * REIN_GIB);
    rein_admission_request request = rein_admission_request_make(models, MODEL_COUNT, &device);
    request.process_count = MODEL_COUNT;
    rein_model_verdict per_model[MODEL_COUNT];
    rein_result_admission_verdict decided = rein_admission_decide(&request, per_model);
    if (rein_result_admission_verdict_is_error(decided)) {
        char text[256];
        rein_error_to_string(&REIN_ERROR(decided), text, sizeof text);
        return fprintf(stderr, "%s\n", text), 2;
    }
    for (size_t index = 0; index < MODEL_COUNT; index++) {
        printf("%s %s\n", rein_model_id_text(&models[index].id),
               rein_admission_outcome_name(per_model[index].outcome));
    }
    char shortfall[REIN_UNITS_TEXT_CAPACITY];
    rein_bytes_to_string(REIN_VALUE(decided).device.shortfall_bytes, shortfall, sizeof shortfall);
    printf("the device is short by %s\n", shortfall);
    return 0;
}
