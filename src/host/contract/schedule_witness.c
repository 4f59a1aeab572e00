/* The arrivals of a witness, by the policy that it refutes. */
#include <stddef.h>

#include "contract/schedule.h"

/* Returns the requests that arrive at `first`, and each period later up to `last`. */
static rein_schedule_arrivals arrivals_from(const rein_schedule_model *model, int64_t first,
                                            int64_t last) {
    bool is_early = first <= last;
    uint64_t later = is_early ? (uint64_t)(last - first) / (uint64_t)model->period.ns : 0;
    return (rein_schedule_arrivals){.first_ns = first, .count = is_early ? 1 + later : 0};
}

/* The late request arrives last. Requests that arrive before it, or with it, run first. */
static rein_schedule_arrivals first_come_arrivals(const rein_schedule_request *request,
                                                  const rein_schedule_witness *witness,
                                                  size_t index) {
    const rein_schedule_model *late = &request->models[witness->late_model];
    int64_t last = witness->due_ns - late->deadline.ns;
    int64_t first = index == witness->late_model ? last % late->period.ns : 0;
    return arrivals_from(&request->models[index], first, last);
}

static rein_schedule_arrivals priority_arrivals(const rein_schedule_request *request,
                                                const rein_schedule_witness *witness, size_t index,
                                                int64_t first) {
    const rein_schedule_model *late = &request->models[witness->late_model];
    const rein_schedule_model *model = &request->models[index];
    bool takes_part = model->priority <= late->priority;
    int64_t last =
        index == witness->late_model ? witness->due_ns - late->deadline.ns : witness->due_ns;
    return takes_part ? arrivals_from(model, first, last) : (rein_schedule_arrivals){.count = 0};
}

rein_schedule_arrivals rein_schedule_witness_arrivals(const rein_schedule_request *request,
                                                      const rein_schedule_witness *witness,
                                                      size_t index) {
    if (request == NULL || witness == NULL || index >= request->model_count) {
        return (rein_schedule_arrivals){.count = 0};
    }
    if (index == witness->blocking_model) {
        return (rein_schedule_arrivals){.first_ns = 0, .count = 1};
    }
    int64_t first = witness->blocking_model < request->model_count ? 1 : 0;
    switch (request->policy) {
    case REIN_SCHEDULE_FIRST_COME:
        return first_come_arrivals(request, witness, index);
    case REIN_SCHEDULE_FIXED_PRIORITY:
        return priority_arrivals(request, witness, index, first);
    case REIN_SCHEDULE_EARLIEST_DEADLINE:
        return arrivals_from(&request->models[index], first,
                             witness->due_ns - request->models[index].deadline.ns);
    }
    return (rein_schedule_arrivals){.count = 0};
}
