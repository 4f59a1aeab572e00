#include "cli/run/measure.h"

#include <unistd.h>

#include "cli/base/text.h"
#include "cli/run/process_tree.h"
#include "nvml/processes.h"

bool measure_open(diagnostics *sink, const char *device_uuid, nvml_session *out_session) {
    nvml_session session = rein_i_nvml_open_by_uuid(device_uuid);
    if (session.condition == NVML_OPEN) {
        *out_session = session;
        return true;
    }
    if (session.condition == NVML_NO_DEVICE) {
        report(sink,
               "cannot measure: %s does not know the device %s; name a device of this machine "
               "('nvidia-smi -L' lists them) or leave out --measure",
               NVML_LIBRARY, text_quote(sink->memory, device_uuid));
        return false;
    }
    report(sink,
           "cannot measure: %s %s; install the NVIDIA driver (in a container, add 'utility' to "
           "NVIDIA_DRIVER_CAPABILITIES) or leave out --measure",
           NVML_LIBRARY,
           session.condition == NVML_NO_DRIVER ? "does not start" : "cannot be loaded");
    return false;
}

/* Adds the bytes of a process to those of the command. Bytes that do not fit in the sum are not
 * those of a device: they count as unknown. */
static void add_process(sample *taken, rein_fact_u64 used) {
    uint64_t sum = taken->command_bytes.is_known ? taken->command_bytes.value : 0;
    if (used.is_known && used.value <= UINT64_MAX - sum) {
        taken->command_bytes = rein_fact_u64_known(sum + used.value);
    } else {
        taken->is_partial = true;
    }
}

static void take_sample(const nvml_session *session, nvml_process_list *list, samples *all) {
    sample taken = {.has_list = rein_i_nvml_processes_read(session, list)};
    for (size_t index = 0; index < list->count; index++) {
        if (process_descends((pid_t)list->processes[index].pid, getpid())) {
            add_process(&taken, list->processes[index].used_bytes);
        }
    }
    taken.device_bytes = rein_i_nvml_used_bytes(session);
    samples_add(all, &taken);
}

static rein_timestamp now(void) {
    return rein_clock_now(rein_clock_system());
}

/* Returns when no child is left. The first sample is taken at once. */
static void watch(const nvml_session *session, const relay *signals, child *command, samples *all) {
    const rein_duration interval = {SAMPLE_INTERVAL_MS * REIN_NS_PER_MS};
    nvml_process_list list = {.count = 0};
    rein_timestamp next = now();
    do {
        relay_wait_until(signals, command->command, next);
        if (rein_timestamp_compare(now(), next) >= 0) {
            next = rein_timestamp_add_saturating(now(), interval);
            take_sample(session, &list, all);
        }
    } while (child_reap(command));
    rein_i_nvml_processes_free(&list);
}

bool measure_command(const nvml_session *session, char *const *arguments, child *out_ended,
                     samples *out_samples) {
    relay signals;
    *out_samples = (samples){.device_bytes_before = rein_i_nvml_used_bytes(session)};
    relay_begin(&signals);
    if (!child_start(arguments, &signals, out_ended)) {
        relay_end(&signals);
        return false;
    }
    watch(session, &signals, out_ended, out_samples);
    return true;
}
