#include "cli/run/measurement_text.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/write/yaml.h"
#include "contract/units.h"

static void write_comment(arena *memory, const char *command, int64_t unix_s, FILE *stream) {
    enum { DAY_LENGTH = 10 }; /* 2026-12-01 */
    fprintf(stream, "# Measured by rein run on %.*s: %s\n", DAY_LENGTH, date_text(memory, unix_s),
            text_printable(memory, command));
}

void write_measurement(arena *memory, const measurement *measured, const char *command,
                       int64_t unix_s, FILE *stream) {
    char interval[REIN_UNITS_TEXT_CAPACITY];
    rein_duration_to_string(measured->interval, interval, sizeof interval);
    write_comment(memory, command, unix_s, stream);
    fputs("schema: 1\ndevice: ", stream);
    yaml_write_text(stream, measured->device_uuid);
    fprintf(stream, "\npeak: %" PRIu64 "B\n", measured->peak_bytes);
    fprintf(stream, "final: %" PRIu64 "B\n", measured->final_bytes.value);
    fprintf(stream, "includes_contexts: %s\n", measured->includes_contexts ? "true" : "false");
    fprintf(stream, "method: %s\n", measurement_method_name(measured->method));
    fprintf(stream, "interval: %s\n", interval);
    fprintf(stream, "samples: %" PRIu64 "\n", measured->sample_count);
}

/* The texts of two sizes, in one unit. */
typedef struct size_pair {
    const char *used;
    const char *reserved;
} size_pair;

static size_pair pair_of(arena *memory, uint64_t used_bytes, uint64_t reserved_bytes) {
    const uint64_t sizes[] = {used_bytes, reserved_bytes};
    size_t count = sizeof sizes / sizeof sizes[0];
    size_t unit = rounding_unit(sizes, count);
    size_pair pair = {.used = rounded_in_unit(memory, used_bytes, unit),
                      .reserved = rounded_in_unit(memory, reserved_bytes, unit)};
    if (used_bytes > reserved_bytes && strcmp(pair.used, pair.reserved) == 0) {
        unit = common_unit(sizes, count);
        pair.used = bytes_in_unit(memory, used_bytes, unit);
        pair.reserved = bytes_in_unit(memory, reserved_bytes, unit);
    }
    return pair;
}

const char *measurement_summary(arena *memory, const measurement *measured,
                                uint64_t reserved_bytes) {
    size_pair sizes = pair_of(memory, measured->peak_bytes, reserved_bytes);
    int64_t interval_ms = measured->interval.ns / REIN_NS_PER_MS;
    bool is_by_device = measured->method == METHOD_FREE_MEMORY;
    const char *use =
        measured->peak_bytes > reserved_bytes
            ? arena_print(memory, "used %s, more than its %s", sizes.used, sizes.reserved)
            : arena_print(memory, "used at most %s of its %s", sizes.used, sizes.reserved);
    return arena_print(memory, "%s (measured every %" PRId64 " ms%s)", use, interval_ms,
                       is_by_device ? " by the device's free memory, which other processes on the "
                                      "device may disturb"
                                    : "");
}
