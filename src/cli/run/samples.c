#include "cli/run/samples.h"

static void add(sample_series *series, uint64_t bytes) {
    series->count++;
    if (bytes > series->peak_bytes) {
        series->peak_bytes = bytes;
    }
    if (bytes > 0) {
        series->final_bytes = bytes;
    }
}

static uint64_t growth(uint64_t before, uint64_t now) {
    return now > before ? now - before : 0;
}

void samples_add(samples *all, const sample *taken) {
    all->count++;
    all->partial_count += taken->is_partial;
    if (taken->has_list) {
        add(&all->processes, taken->command_bytes.is_known ? taken->command_bytes.value : 0);
    }
    if (taken->device_bytes.is_known && all->device_bytes_before.is_known) {
        add(&all->growth, growth(all->device_bytes_before.value, taken->device_bytes.value));
    }
}

static const sample_series *series_of(const samples *all, measurement_method method) {
    return method == METHOD_PROCESSES ? &all->processes : &all->growth;
}

bool samples_measurement(const samples *all, measurement *out_measured) {
    measurement_method method =
        all->processes.peak_bytes > 0 ? METHOD_PROCESSES : METHOD_FREE_MEMORY;
    const sample_series *series = series_of(all, method);
    if (series->peak_bytes == 0) {
        return false;
    }
    *out_measured =
        (measurement){.path = "",
                      .device_uuid = "",
                      .peak_bytes = series->peak_bytes,
                      .final_bytes = rein_fact_u64_known(series->final_bytes),
                      .includes_contexts = true,
                      .method = method,
                      .interval = rein_duration_from_ns(SAMPLE_INTERVAL_MS * REIN_NS_PER_MS),
                      .sample_count = series->count};
    return true;
}

uint64_t samples_failed(const samples *all, measurement_method method) {
    uint64_t partial = method == METHOD_PROCESSES ? all->partial_count : 0;
    return all->count - series_of(all, method)->count + partial;
}
