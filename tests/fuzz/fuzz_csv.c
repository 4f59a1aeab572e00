/* The reader of lifetimes, whose upper ends are exclusive, then included. */
#include "fuzz_lifetimes.h"

static bool read_text(kept_sink *kept, const uint8_t *data, size_t size, bool has_included_ends,
                      lifetimes_file *out_read) {
    input_file file;
    kept_sink_open(kept);
    bool is_read =
        fuzz_input_file(kept, data, size, &file) &&
        lifetimes_file_read_text(&kept->sink, &file,
                                 (upper_ends){.are_included = has_included_ends}, NULL, out_read);
    kept_sink_require(kept, "f:", is_read);
    if (is_read) {
        require_sound_lifetimes(kept, out_read);
    }
    return is_read;
}

static bool has_greatest_end(const lifetimes_file *read) {
    size_t row = 0;
    while (row < read->count && read->lifetimes[row].until < INT64_MAX) {
        row++;
    }
    return row < read->count;
}

static void require_later_ends(const lifetimes_file *exclusive, const lifetimes_file *included) {
    require(exclusive->count == included->count, "the rows are as many with included ends");
    for (size_t i = 0; i < exclusive->count; i++) {
        require(exclusive->lifetimes[i].until + 1 == included->lifetimes[i].until,
                "an included end is one later");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink kept_included;
    lifetimes_file exclusive;
    lifetimes_file included;
    bool is_read = read_text(&kept, data, size, false, &exclusive);
    bool is_read_included = read_text(&kept_included, data, size, true, &included);
    if (is_read && !has_greatest_end(&exclusive)) {
        require(is_read_included, "each row is valid with an included end, too");
        require_later_ends(&exclusive, &included);
    }
    kept_sink_close(&kept_included);
    kept_sink_close(&kept);
    return 0;
}
