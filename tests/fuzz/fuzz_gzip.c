/* Fuzzes the reader of gzip files. The output of any input must be within its bound, and is then
 * read as lifetimes. */
#include "cli/read/gunzip.h"
#include "fuzz_lifetimes.h"

enum { INFLATED_MOST = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink_open(&kept);
    char *text = NULL;
    size_t length = 0;
    bool is_inflated =
        gunzip(&kept.sink, "f", (const char *)data, size, INFLATED_MOST, NULL, &text, &length);
    input_file file;
    lifetimes_file read;
    if (is_inflated) {
        require(length <= INFLATED_MOST, "the output is within its bound");
        require(text[length] == '\0', "the output ends with a NUL");
    }
    bool is_read = is_inflated &&
                   input_file_from_text(&kept.sink, "f", "lifetimes", text, length, &file) &&
                   lifetimes_file_read_text(&kept.sink, &file, (upper_ends){.are_included = false},
                                            NULL, &read);
    kept_sink_require(&kept, "f:", is_read);
    if (is_read) {
        require_sound_lifetimes(&kept, &read);
    }
    kept_sink_close(&kept);
    return 0;
}
