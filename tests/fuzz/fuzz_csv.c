/* The reader of lifetimes. */
#include "fuzz_lifetimes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink_open(&kept);
    input_file file;
    lifetimes_file read;
    bool is_read = fuzz_input_file(&kept, data, size, &file) &&
                   lifetimes_file_read_text(&kept.sink, &file, NULL, &read);
    kept_sink_require(&kept, "f:", is_read);
    if (is_read) {
        require_sound_lifetimes(&kept, &read);
    }
    kept_sink_close(&kept);
    return 0;
}
