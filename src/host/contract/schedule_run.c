#include "host/contract/schedule_run.h"

/* First come, first served keeps every deadline if each request ends within the least of them: any
 * model's request can arrive as the last one. */
static uint64_t common_deadline_of(const rein_schedule_request *request) {
    uint64_t least = 0;
    for (size_t index = 0; index < request->model_count; index++) {
        uint64_t deadline = (uint64_t)request->models[index].deadline.ns;
        least = index == 0 || deadline < least ? deadline : least;
    }
    return request->policy == REIN_SCHEDULE_FIRST_COME ? least : 0;
}

schedule_run rein_i_schedule_run(const rein_schedule_request *request) {
    return (schedule_run){.request = request,
                          .common_deadline = common_deadline_of(request),
                          .changed_index = request->model_count,
                          .steps_max = request->effort_steps};
}
