#include "cli/plan/make.h"

#include "cli/certificate/certificate.h"

bool plan_make(diagnostics *sink, const lifetimes_file *input, const plan_request *asked,
               const plan_outputs *outputs, plan_report *out_made, exit_code *out_code) {
    plan_request request = *asked;
    planned_lifetimes planned;
    rein_plan_log log;
    if (outputs->paths[PLAN_OUTPUT_CERTIFICATE] != NULL) {
        log = certificate_log(sink->memory);
        request.log = &log;
    }
    if (!lifetimes_plan(sink, input, &request, &planned, out_code)) {
        return false;
    }
    *out_made = plan_report_make(input, &planned, &request);
    if (!plan_outputs_write(sink, outputs, &request, out_made)) {
        *out_code = work_failure_code(request.limits);
        return false;
    }
    return true;
}
