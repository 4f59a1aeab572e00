/* Whether a model fits: decided by the module, and by a comparison with cudaMemGetInfo. */
#include "contract/units.h"
#include "cuda/check.h"
#include "protocol.h"
#include "raw.h"
#include "tables.h"

static const char table[] = "check: one budget against the device";

typedef struct asker {
    int device;
    rein_resource_budget budget;
    rein_model_demand demand;
    rein_admission_request request;
    rein_cuda_report report;
} asker;

static rein_result_void set_up(void *self, const contest_setting *setting) {
    asker *user = self;
    *user = (asker){.device = setting->device, .budget = rein_resource_budget_default()};
    user->budget.memory_limit_bytes = 4 * REIN_MIB;
    user->demand = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("model")), user->budget);
    user->demand.weights_bytes = rein_fact_u64_known(REIN_MIB);
    user->demand.activation_bytes = rein_fact_u64_known(REIN_MIB);
    user->demand.activation_lower_bound_bytes = rein_fact_u64_known(0);
    user->request = rein_admission_request_make(&user->demand, 1, NULL);
    rein_cuda_report probed =
        REIN_TRY(rein_result_void, rein_cuda_probe(setting->device, REIN_CUDA_PROBE_EXACT));
    user->report = probed;
    return rein_done();
}

static rein_result_void expect_fit(rein_result_cuda_check checked) {
    REIN_TRY(rein_result_void, checked);
    return REIN_VALUE(checked).verdict.outcome == REIN_ADMISSION_FITS
               ? rein_done()
               : raw_failure("a budget of 4 MiB was not found to fit", REIN_HERE);
}

static rein_result_void probe_and_check(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    asker *user = self;
    return expect_fit(rein_cuda_check_budget(user->device, &user->budget));
}

static rein_result_void check_report(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    asker *user = self;
    rein_model_verdict verdict;
    return expect_fit(rein_cuda_check_report(&user->report, &user->request, &verdict));
}

static rein_result_void refresh_and_check(void *self, int thread, double *out_ns) {
    asker *user = self;
    REIN_TRY(rein_result_void, rein_cuda_probe_refresh(&user->report));
    return check_report(self, thread, out_ns);
}

static rein_result_void compare(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    asker *user = self;
    size_t free_now = 0;
    size_t total = 0;
    REIN_TRY(rein_result_void,
             raw_result(cudaMemGetInfo(&free_now, &total), "cudaMemGetInfo", REIN_HERE));
    return user->budget.memory_limit_bytes <= free_now
               ? rein_done()
               : raw_failure("4 MiB are not free", REIN_HERE);
}

static contestant make(asker *user, const char *name, record_role role,
                       rein_result_void (*operate)(void *, int, double *)) {
    return (contestant){
        .name = name, .role = role, .self = user, .set_up = set_up, .operate = operate};
}

void table_check_run(bench *run) {
    record_add_table(
        &run->found,
        (record_table){.name = table,
                       .what = "one answer whether a budget of 4 MiB fits; `probe and check` reads "
                               "the device anew, `refresh and check` its free memory alone, `a "
                               "report` nothing",
                       .limits = "the driver's own cudaMemGetInfo; the probe allocates a byte to "
                                 "observe the granularity",
                       .subjects = {"rein: probe and check", "rein: refresh and check",
                                    "rein: a report", "cudaMemGetInfo"}});
    asker users[4];
    const contestant contestants[4] = {
        make(&users[0], "rein: probe and check", RECORD_OURS, probe_and_check),
        make(&users[1], "rein: refresh and check", RECORD_OURS, refresh_and_check),
        make(&users[2], "rein: a report", RECORD_OURS, check_report),
        make(&users[3], "cudaMemGetInfo", RECORD_PEER, compare)};
    contest held = {.table = table,
                    .name = "1 thread",
                    .setting = {run->device, 1, 1, 0},
                    .contestants = contestants,
                    .contestant_count = 4};
    contest_run(run, &held);
}
