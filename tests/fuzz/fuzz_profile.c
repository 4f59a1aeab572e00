/* The reader of device profiles. Accepted profiles are valid. Written as `rein probe` writes them,
 * they are read as the same facts. */
#include "cli/probe/report.h"
#include "cli/read/profile.h"
#include "fuzz_readers.h"

static bool is_same(rein_fact_u64 left, rein_fact_u64 right) {
    return left.is_known == right.is_known && (!left.is_known || left.value == right.value);
}

static bool is_same_signed(rein_fact_i64 left, rein_fact_i64 right) {
    return left.is_known == right.is_known && (!left.is_known || left.value == right.value);
}

static bool is_same_bool(rein_fact_bool left, rein_fact_bool right) {
    return left.is_known == right.is_known && (!left.is_known || left.value == right.value);
}

static void require_same(const rein_device_profile *left, const rein_device_profile *right) {
    require(strcmp(left->uuid, right->uuid) == 0, "the same UUID");
    require(is_same(left->total_bytes, right->total_bytes), "the same total");
    require(is_same(left->free_bytes, right->free_bytes), "the same free memory");
    require(is_same(left->context_overhead_bytes, right->context_overhead_bytes),
            "the same context overhead");
    require(is_same(left->allocation_granularity_bytes, right->allocation_granularity_bytes),
            "the same granularity");
    require(is_same(left->pool_growth_bytes, right->pool_growth_bytes), "the same pool growth");
    require(is_same_signed(left->compute_capability_major, right->compute_capability_major) &&
                is_same_signed(left->compute_capability_minor, right->compute_capability_minor),
            "the same compute capability");
    require(is_same(left->multiprocessor_count, right->multiprocessor_count),
            "the same multiprocessors");
    require(is_same(left->connection_count, right->connection_count), "the same connections");
    require(is_same_signed(left->least_stream_priority, right->least_stream_priority) &&
                is_same_signed(left->greatest_stream_priority, right->greatest_stream_priority),
            "the same priorities");
    require(is_same_bool(left->supports_memory_pools, right->supports_memory_pools) &&
                is_same_bool(left->is_integrated, right->is_integrated),
            "the same capabilities");
    require(is_same(left->driver_version, right->driver_version) &&
                is_same(left->runtime_version, right->runtime_version),
            "the same versions");
    require(is_same_signed(left->recorded_at_unix_s, right->recorded_at_unix_s),
            "the same instant");
}

static void require_same_again(kept_sink *kept, const rein_device_profile *read) {
    local_device device = {.pci_id = "", .profile = *read};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "there is memory for a text");
    probe_write_profile(kept->sink.memory, &device, out);
    fclose(out);
    rein_device_profile again;
    input_file file = fuzz_written_file(kept, text, length);
    require(profile_file_read_text(&kept->sink, &file, &again), "a profile can be written again");
    require_same(read, &again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink_open(&kept);
    input_file file;
    rein_device_profile read;
    bool is_read = fuzz_input_file(&kept, data, size, &file) &&
                   profile_file_read_text(&kept.sink, &file, &read);
    kept_sink_require(&kept, "f:", is_read);
    if (is_read) {
        require(rein_device_profile_validate(&read).is_ok, "a profile that is read is valid");
        require_same_again(&kept, &read);
    }
    kept_sink_close(&kept);
    return 0;
}
