#include "contract/device.h"

#include <stddef.h>
#include <string.h>

#include "host/contract/invalid.h"

static const char *const source_names[] = {
    [REIN_PROFILE_PROBED] = "probed",
    [REIN_PROFILE_RECORDED] = "recorded",
    [REIN_PROFILE_DOCUMENTED] = "documented",
    [REIN_PROFILE_SYNTHETIC] = "synthetic",
};

static bool is_source(rein_profile_source source) {
    return source >= REIN_PROFILE_PROBED && source <= REIN_PROFILE_SYNTHETIC;
}

const char *rein_profile_source_name(rein_profile_source source) {
    return is_source(source) ? source_names[source] : "unknown";
}

rein_device_profile rein_device_profile_unknown(rein_profile_source source) {
    return (rein_device_profile){.source = source};
}

static char to_lower(char letter) {
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
    if (letter >= 'A' && letter <= 'Z') {
        return lower[letter - 'A'];
    }
    return letter;
}

static bool is_uuid_character(char byte) {
    char lower = to_lower(byte);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_' || byte == '.';
}

static bool is_uuid(const char *text) {
    size_t length = text == NULL ? 0 : strnlen(text, REIN_DEVICE_UUID_CAPACITY);
    bool is_named = length > 0 && length < REIN_DEVICE_UUID_CAPACITY && text[0] != '.';
    for (size_t index = 0; index < length && is_named; index++) {
        is_named = is_uuid_character(text[index]);
    }
    return is_named;
}

rein_result_void rein_device_uuid_normalize(const char *uuid,
                                            char out_uuid[REIN_DEVICE_UUID_CAPACITY]) {
    static const char prefixes[][2][5] = {{"gpu-", "GPU-"}, {"mig-", "MIG-"}};
    if (out_uuid == NULL) {
        return rein_i_invalid(REIN_HERE, "out_uuid" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (!is_uuid(uuid)) {
        return rein_i_invalid(
            REIN_HERE,
            "the UUID of the device is missing or cannot name a folder; state 1 to {u} "
            "letters, digits, '-', '_' and '.', the first not '.'",
            REIN_DEVICE_UUID_CAPACITY - 1, 0, 0);
    }
    char lower[REIN_DEVICE_UUID_CAPACITY] = "";
    for (size_t index = 0; uuid[index] != '\0'; index++) {
        lower[index] = to_lower(uuid[index]);
    }
    for (size_t index = 0; index < sizeof prefixes / sizeof prefixes[0]; index++) {
        if (strncmp(lower, prefixes[index][0], 4) == 0) {
            memcpy(lower, prefixes[index][1], 4);
        }
    }
    memcpy(out_uuid, lower, sizeof lower);
    return rein_done();
}

static bool is_known_zero(rein_fact_u64 fact) {
    return fact.is_known && fact.value == 0;
}

static rein_result_void validate_memory(const rein_device_profile *profile) {
    if (is_known_zero(profile->total_bytes)) {
        return rein_i_invalid(
            REIN_HERE, "total_bytes is known to be 0" MUST_BE_POSITIVE " or unknown", 0, 0, 0);
    }
    if (is_known_zero(profile->allocation_granularity_bytes)) {
        return rein_i_invalid(REIN_HERE,
                              "allocation_granularity_bytes is known to be 0" MUST_BE_POSITIVE
                              " or unknown",
                              0, 0, 0);
    }
    if (is_known_zero(profile->pool_growth_bytes)) {
        return rein_i_invalid(REIN_HERE,
                              "pool_growth_bytes is known to be 0" MUST_BE_POSITIVE " or unknown",
                              0, 0, 0);
    }
    if (profile->total_bytes.is_known && profile->free_bytes.is_known &&
        profile->free_bytes.value > profile->total_bytes.value) {
        return rein_i_invalid(REIN_HERE,
                              "free_bytes is {bytes}; it must be at most total_bytes, {bytes}",
                              profile->free_bytes.value, profile->total_bytes.value, 0);
    }
    return rein_done();
}

rein_result_void rein_device_profile_validate(const rein_device_profile *profile) {
    if (profile == NULL) {
        return rein_i_invalid(REIN_HERE, "the device profile" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (!is_source(profile->source)) {
        return rein_i_invalid(REIN_HERE, "source (rein_profile_source) is {i}" MUST_BE_FROM_1_TO,
                              (uint64_t)(int64_t)profile->source, REIN_PROFILE_SYNTHETIC, 0);
    }
    REIN_TRY(rein_result_void, validate_memory(profile));
    if (profile->least_stream_priority.is_known && profile->greatest_stream_priority.is_known &&
        profile->greatest_stream_priority.value > profile->least_stream_priority.value) {
        return rein_i_invalid(REIN_HERE,
                              "greatest_stream_priority is {i}; it must be numerically at most "
                              "least_stream_priority, {i}",
                              (uint64_t)profile->greatest_stream_priority.value,
                              (uint64_t)profile->least_stream_priority.value, 0);
    }
    return rein_done();
}
