#include <criterion/criterion.h>

#include <limits.h>
#include <string.h>

#include "contract/device.h"
#include "expect.h"

static const rein_profile_source sources[] = {REIN_PROFILE_PROBED, REIN_PROFILE_RECORDED,
                                              REIN_PROFILE_DOCUMENTED, REIN_PROFILE_SYNTHETIC};

Test(profile_source, has_stable_values_and_names) {
    static const char *const names[] = {"probed", "recorded", "documented", "synthetic"};
    for (int index = 0; index < 4; index++) {
        cr_assert((int)sources[index] == index + 1, "%s is stable", names[index]);
        cr_assert(is_same_text(rein_profile_source_name(sources[index]), names[index]), "%s",
                  names[index]);
    }
    static const int strangers[] = {0, 5, -1, INT_MAX, INT_MIN};
    for (size_t index = 0; index < sizeof strangers / sizeof strangers[0]; index++) {
        const char *name = rein_profile_source_name((rein_profile_source)strangers[index]);
        cr_assert(is_same_text(name, "unknown"), "%d is no source", strangers[index]);
    }
}

Test(fact, is_known_with_a_value_or_unknown_with_zero) {
    rein_fact_u64 u64 = rein_fact_u64_known(UINT64_MAX);
    cr_assert(u64.is_known && u64.value == UINT64_MAX, "a known unsigned number");
    cr_assert(rein_fact_u64_known(0).is_known, "zero is a known value");
    rein_fact_i64 i64 = rein_fact_i64_known(INT64_MIN);
    cr_assert(i64.is_known && i64.value == INT64_MIN, "a known signed number");
    cr_assert(rein_fact_bool_known(true).is_known && rein_fact_bool_known(true).value, "yes");
    cr_assert(rein_fact_bool_known(false).is_known && !rein_fact_bool_known(false).value, "no");
    cr_assert(!rein_fact_u64_unknown().is_known && rein_fact_u64_unknown().value == 0, "u64");
    cr_assert(!rein_fact_i64_unknown().is_known && rein_fact_i64_unknown().value == 0, "i64");
    cr_assert(!rein_fact_bool_unknown().is_known && !rein_fact_bool_unknown().value, "bool");
}

static bool is_unknown(rein_fact_u64 fact) {
    return !fact.is_known && fact.value == 0;
}

static bool is_unknown_i64(rein_fact_i64 fact) {
    return !fact.is_known && fact.value == 0;
}

static bool is_unknown_bool(rein_fact_bool fact) {
    return !fact.is_known && !fact.value;
}

Test(device_profile, unknown_has_only_its_source) {
    for (size_t index = 0; index < 4; index++) {
        rein_device_profile profile = rein_device_profile_unknown(sources[index]);
        cr_assert(profile.source == sources[index], "the source");
        cr_assert(profile.name[0] == '\0' && profile.uuid[0] == '\0' &&
                      profile.source_note[0] == '\0',
                  "no texts");
        cr_assert(is_unknown(profile.total_bytes) && is_unknown(profile.free_bytes) &&
                      is_unknown(profile.context_overhead_bytes) &&
                      is_unknown(profile.allocation_granularity_bytes) &&
                      is_unknown(profile.pool_growth_bytes),
                  "no memory");
        cr_assert(is_unknown(profile.multiprocessor_count) &&
                      is_unknown(profile.connection_count) && is_unknown(profile.driver_version) &&
                      is_unknown(profile.runtime_version),
                  "no counts and versions");
        cr_assert(is_unknown_i64(profile.compute_capability_major) &&
                      is_unknown_i64(profile.compute_capability_minor) &&
                      is_unknown_i64(profile.least_stream_priority) &&
                      is_unknown_i64(profile.greatest_stream_priority) &&
                      is_unknown_i64(profile.recorded_at_unix_s),
                  "no capability, priorities and time");
        cr_assert(is_unknown_bool(profile.supports_memory_pools) &&
                      is_unknown_bool(profile.is_integrated),
                  "no features");
        cr_assert(rein_result_void_is_ok(rein_device_profile_validate(&profile)), "it is valid");
    }
}

Test(device_profile, counts_growth_if_it_is_known_or_pools_are_supported) {
    rein_device_profile profile = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    cr_assert(!rein_device_profile_counts_growth(&profile), "nothing is reported");
    profile.supports_memory_pools = rein_fact_bool_known(false);
    cr_assert(!rein_device_profile_counts_growth(&profile), "no pools");
    profile.pool_growth_bytes = rein_fact_u64_known(1);
    cr_assert(rein_device_profile_counts_growth(&profile), "known");
    profile.pool_growth_bytes = rein_fact_u64_unknown();
    profile.supports_memory_pools = rein_fact_bool_known(true);
    cr_assert(rein_device_profile_counts_growth(&profile), "pools that grow somehow");
}

static rein_device_profile sound_profile(void) {
    rein_device_profile profile = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    profile.total_bytes = rein_fact_u64_known(1000);
    profile.free_bytes = rein_fact_u64_known(900);
    profile.context_overhead_bytes = rein_fact_u64_known(0);
    profile.allocation_granularity_bytes = rein_fact_u64_known(1);
    profile.pool_growth_bytes = rein_fact_u64_known(1);
    profile.least_stream_priority = rein_fact_i64_known(0);
    profile.greatest_stream_priority = rein_fact_i64_known(-5);
    return profile;
}

static void expect_sound(const rein_device_profile *profile, const char *why) {
    cr_assert(rein_result_void_is_ok(rein_device_profile_validate(profile)), "%s", why);
}

static void expect_contradiction(const rein_device_profile *profile, const char *facts) {
    rein_result_void checked = rein_device_profile_validate(profile);
    cr_assert(rein_result_void_is_error(checked), "refused: %s", facts);
    expect_invalid(&REIN_ERROR(checked), facts);
}

Test(device_profile, is_valid_up_to_the_boundaries) {
    rein_device_profile profile = sound_profile();
    expect_sound(&profile, "sound");
    profile.free_bytes = rein_fact_u64_known(1000);
    expect_sound(&profile, "all of it free");
    profile.free_bytes = rein_fact_u64_known(0);
    expect_sound(&profile, "nothing free is possible");
    profile.total_bytes = rein_fact_u64_unknown();
    profile.free_bytes = rein_fact_u64_known(UINT64_MAX);
    expect_sound(&profile, "free without a total");
    profile.total_bytes = rein_fact_u64_known(UINT64_MAX);
    expect_sound(&profile, "the largest device");
    profile.greatest_stream_priority = rein_fact_i64_known(0);
    expect_sound(&profile, "priorities 0 to 0: unsupported");
    profile.greatest_stream_priority = rein_fact_i64_known(INT64_MIN);
    profile.least_stream_priority = rein_fact_i64_known(INT64_MAX);
    expect_sound(&profile, "the widest range");
}

Test(device_profile, refuses_null_and_a_source_that_is_not_valid) {
    expect_contradiction(NULL, "profile NULL");
    rein_device_profile profile = sound_profile();
    profile.source = (rein_profile_source)0;
    expect_contradiction(&profile, "rein_profile_source 0 1 4");
    profile.source = (rein_profile_source)5;
    expect_contradiction(&profile, "rein_profile_source 5 1 4");
    profile.source = (rein_profile_source)-1;
    cr_assert(rein_result_void_is_error(rein_device_profile_validate(&profile)), "-1 is none");
}

Test(device_profile, refuses_memory_that_contradicts_itself) {
    rein_device_profile profile = sound_profile();
    profile.free_bytes = rein_fact_u64_known(1001);
    expect_contradiction(&profile, "free_bytes 1001B total_bytes 1000B");
    profile = sound_profile();
    profile.allocation_granularity_bytes = rein_fact_u64_known(0);
    expect_contradiction(&profile, "allocation_granularity_bytes 0 unknown");
    profile = sound_profile();
    profile.pool_growth_bytes = rein_fact_u64_known(0);
    expect_contradiction(&profile, "pool_growth_bytes 0 unknown");
    profile.total_bytes = rein_fact_u64_known(0);
    expect_contradiction(&profile, "total_bytes 0 unknown");
}

Test(device_profile, refuses_priorities_the_wrong_way_round) {
    rein_device_profile profile = sound_profile();
    profile.greatest_stream_priority = rein_fact_i64_known(1);
    expect_contradiction(&profile, "greatest_stream_priority 1 least_stream_priority 0");
    profile.least_stream_priority = rein_fact_i64_known(-5);
    profile.greatest_stream_priority = rein_fact_i64_known(-4);
    expect_contradiction(&profile, "greatest_stream_priority -4 least_stream_priority -5");
    profile.least_stream_priority = rein_fact_i64_unknown();
    expect_sound(&profile, "nothing to contradict");
    profile = sound_profile();
    profile.least_stream_priority = rein_fact_i64_known(-9);
    profile.greatest_stream_priority = rein_fact_i64_unknown();
    expect_sound(&profile, "nothing to contradict");
}

Test(device_profile, names_the_first_contradiction) {
    rein_device_profile profile = sound_profile();
    profile.total_bytes = rein_fact_u64_known(1);
    profile.greatest_stream_priority = rein_fact_i64_known(1);
    expect_contradiction(&profile, "free_bytes 900B total_bytes 1B");
    profile.source = (rein_profile_source)9;
    expect_contradiction(&profile, "rein_profile_source 9 1 4");
}

static void expect_normal(const char *uuid, const char *normal) {
    char found[REIN_DEVICE_UUID_CAPACITY] = "before";
    rein_result_void done = rein_device_uuid_normalize(uuid, found);
    cr_assert(done.is_ok == (normal != NULL), "'%s'", uuid == NULL ? "NULL" : uuid);
    cr_assert(is_same_text(found, normal == NULL ? "before" : normal), "'%s'", found);
}

Test(device_uuid, has_one_spelling) {
    expect_normal("GPU-8c1f", "GPU-8c1f");
    expect_normal("gpu-8C1F", "GPU-8c1f");
    expect_normal("mIg-ABCDEF09", "MIG-abcdef09");
    expect_normal("GPU_8C1F", "gpu_8c1f");
    expect_normal("xGPU-Z", "xgpu-z");
    expect_normal("AZ@", NULL);
    expect_normal("AZaz09-_.[", NULL);
    expect_normal("AZaz09-_.", "azaz09-_.");
    expect_normal("G", "g");
}

Test(device_uuid, names_a_folder) {
    static const char *const refused[] = {NULL,  "",    ".",   "..",  ".x",  "a/b",     "a:b",
                                          "a@b", "a[b", "a`b", "a{b", "a b", "\xC3\xA4"};
    char longest[REIN_DEVICE_UUID_CAPACITY + 1];
    for (size_t index = 0; index < sizeof refused / sizeof refused[0]; index++) {
        expect_normal(refused[index], NULL);
    }
    memset(longest, 'x', sizeof longest);
    longest[REIN_DEVICE_UUID_CAPACITY] = '\0';
    expect_normal(longest, NULL);
    expect_normal(longest + 1, longest + 1);
}
