/* Admission per model, for sets of several sizes, and the time to read only the models' limits,
 * which no admission can avoid. */
#include "contract/admission.h"

#include <stdio.h>
#include <stdlib.h>

#include "contract/units.h"
#include "host/subject.h"
#include "host/topics.h"

#define ADMISSION_TABLE "admission: each model of a set"

typedef struct model_set {
    uint64_t count;
    const char *name;
    rein_model_demand *models;
    rein_model_verdict *verdicts;
    rein_device_profile device;
} model_set;

static model_set sets[] = {
    {.count = 1, .name = "1 model"},
    {.count = 1000, .name = "1000 models"},
    {.count = 1000000, .name = "1000000 models"},
};

enum { SET_COUNT = sizeof sets / sizeof sets[0], OPERATIONS_AT_LEAST = 1000 };

/* Makes a model whose sizes are known and not multiples of a granularity, so that all the work is
 * done. */
static rein_model_demand model_of(uint64_t index) {
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("m")),
                                                     rein_resource_budget_default());
    model.weights_bytes = rein_fact_u64_known(100 * REIN_MIB + index % 977 * 4099);
    model.activation_bytes = rein_fact_u64_known(50 * REIN_MIB + index % 787 * 3001);
    model.activation_lower_bound_bytes = rein_fact_u64_known(40 * REIN_MIB + index % 787 * 3001);
    return model;
}

static void make_set(void *context) {
    model_set *set = context;
    if (set->models != NULL) {
        return;
    }
    set->models = calloc(set->count, sizeof *set->models);
    set->verdicts = calloc(set->count, sizeof *set->verdicts);
    if (set->models == NULL || set->verdicts == NULL) {
        bench_stop("no memory for the models");
    }
    for (uint64_t i = 0; i < set->count; i++) {
        set->models[i] = model_of(i);
    }
    set->device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    set->device.total_bytes = rein_fact_u64_known(UINT64_C(1) << 60);
    set->device.context_overhead_bytes = rein_fact_u64_known(300 * REIN_MIB);
    set->device.allocation_granularity_bytes = rein_fact_u64_known(2 * REIN_MIB);
}

/* `count`: the number of models, a multiple of the set's size. */
static uint64_t run_decide(void *context, uint64_t count) {
    const model_set *set = context;
    rein_admission_request request =
        rein_admission_request_make(set->models, set->count, &set->device);
    uint64_t fitting = 0;
    for (uint64_t decided = 0; decided < count; decided += set->count) {
        rein_result_admission_verdict verdict = rein_admission_decide(&request, set->verdicts);
        fitting += REIN_VALUE(verdict).outcome == REIN_ADMISSION_FITS;
    }
    return fitting;
}

static uint64_t run_add_limits(void *context, uint64_t count) {
    const model_set *set = context;
    uint64_t sum = 0;
    for (uint64_t added = 0; added < count; added += set->count) {
        for (uint64_t i = 0; i < set->count; i++) {
            sum += set->models[i].budget.memory_limit_bytes;
        }
        sum = bench_hide(sum);
    }
    return sum;
}

void bench_add_admission(void) {
    for (int i = 0; i < SET_COUNT; i++) {
        uint64_t batch =
            sets[i].count > OPERATIONS_AT_LEAST ? sets[i].count : (uint64_t)OPERATIONS_AT_LEAST;
        bench_subject subject = {.table = ADMISSION_TABLE,
                                 .case_name = sets[i].name,
                                 .subject = "rein",
                                 .role = BENCH_OURS,
                                 .run = run_decide,
                                 .context = &sets[i],
                                 .batch = batch,
                                 .counts_instructions = sets[i].count <= 1000,
                                 .prepare = make_set};
        bench_add(&subject);
        subject.subject = "reading the limits alone";
        subject.role = BENCH_LIMIT;
        subject.run = run_add_limits;
        bench_add(&subject);
    }
}
