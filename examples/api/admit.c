#include <contract/contract.h>
#include <stdio.h>

int main(void) {
    rein_model_demand model =
        rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("resnet50")),
                               rein_resource_budget_default()); /* 512 MiB, 4 streams, 100 ms */
    model.weights_bytes = rein_fact_u64_known(102440624);
    model.activation_bytes = rein_fact_u64_known(80 * REIN_MIB);
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    device.total_bytes = rein_fact_u64_known(8 * REIN_GIB);
    device.context_overhead_bytes = rein_fact_u64_known(300 * REIN_MIB);
    device.allocation_granularity_bytes = rein_fact_u64_known(2 * REIN_MIB);

    rein_admission_request request = rein_admission_request_make(&model, 1, &device);
    rein_model_verdict per_model;
    rein_result_admission_verdict decided = rein_admission_decide(&request, &per_model);
    if (rein_result_admission_verdict_is_error(decided)) {
        char text[256];
        rein_error_to_string(&REIN_ERROR(decided), text, sizeof text);
        return fprintf(stderr, "%s\n", text), 2;
    }
    puts(rein_admission_outcome_name(REIN_VALUE(decided).outcome)); /* fits */

    rein_ledger ledger;
    REIN_UNWRAP(rein_ledger_init(&ledger, &model.budget));
    rein_ledger_verdict charge = rein_ledger_charge_memory(&ledger, 600 * REIN_MIB);
    printf("granted: %d, over by %llu bytes\n",
           charge.is_granted, /* granted: 0, over by 92274688 */
           (unsigned long long)charge.shortfall);
    return 0;
}
