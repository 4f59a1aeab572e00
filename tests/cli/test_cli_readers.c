/* The readers of manifests, profiles, measurements and lifetimes with mutated input: they read it
 * or report the position of an error, and do not access invalid memory (under the sanitizers). */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/date.h"
#include "cli/probe/report.h"
#include "cli/read/lifetimes.h"
#include "cli/read/manifest.h"
#include "cli/read/measurement.h"
#include "cli/read/profile.h"
#include "contract/units.h"
#include "said.h"

enum { ROUNDS = 4000, TEXT_BYTES_MAX = 4096 };

static const char manifest_text[] =
    "schema: 1\n"
    "device: {profile: d.yaml, headroom: 256MiB, processes: 2, granularity: 2MiB}\n"
    "models:\n"
    "  - id: resnet50\n"
    "    budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
    "    weights: 102440624B\n"
    "    lifetimes: \"l.csv\" # a comment\n"
    "  - {id: 'b', budget: {memory: 8GiB, streams: 1, compute: 1s}, activations: 80MiB}\n";

static const char profile_text[] =
    "{\"schema\": 1, \"name\": \"A \\u00e9\", \"source\": \"recorded\", \"total\": \"8GiB\",\n"
    " \"free\": \"7GiB\", \"stream_priorities\": {\"least\": 0, \"greatest\": -5},\n"
    " \"compute_capability\": \"8.7\", \"integrated\": true, \"driver\": \"13.0\",\n"
    " \"recorded_at\": \"2026-01-31T12:30:00Z\", \"multiprocessors\": 8}\n";

static const char measurement_text[] = "# Measured by rein run on 2026-12-01: llama-server\n"
                                       "schema: 1\n"
                                       "device: gpu-5A1F2C3D-1111-2222-3333-444455556666\n"
                                       "peak: 5476083712B\n"
                                       "final: 4GiB\n"
                                       "includes_contexts: true\n"
                                       "method: free-memory\n"
                                       "interval: 20ms\n"
                                       "samples: 1571\n";

static const char lifetimes_text[] = "id,lower,upper,size,alignment\n"
                                     "a,0,2,1048576,1\n"
                                     "b,-1,3,9223372036854775808,256\n";

/* As lifetimes_text, in another dialect, with included ends. */
static const char dialect_text[] = "Size ;alignment; \"END\";buffer_id;start\r\n"
                                   "1048576; 1;1;\"a\" ;0\r\n"
                                   "\"9223372036854775808\" ;256;2;b;-1\r\n\r\n";

/* A sink that stores its messages. */
typedef struct kept_sink {
    diagnostics sink;
    char *messages;
    size_t length;
} kept_sink;

static void open_sink(kept_sink *kept) {
    kept->sink = (diagnostics){.memory = arena_create()};
    kept->sink.stream = open_memstream(&kept->messages, &kept->length);
    cr_assert(kept->sink.stream != NULL, "no memory for messages");
}

static void close_sink(kept_sink *kept) {
    fclose(kept->sink.stream);
    free(kept->messages);
    arena_destroy(kept->sink.memory);
}

typedef bool (*text_reader)(diagnostics *sink, const input_file *file);

static bool read_manifest(diagnostics *sink, const input_file *file) {
    manifest read;
    return manifest_read_text(sink, file, &read);
}

static bool read_profile(diagnostics *sink, const input_file *file) {
    rein_device_profile read;
    return profile_file_read_text(sink, file, &read) &&
           rein_result_void_is_ok(rein_device_profile_validate(&read));
}

static bool read_measurement(diagnostics *sink, const input_file *file) {
    measurement read;
    return measurement_read_text(sink, file, &read) && read.peak_bytes > 0 &&
           (!read.final_bytes.is_known || read.final_bytes.value <= read.peak_bytes);
}

static bool read_lifetimes(diagnostics *sink, const input_file *file) {
    lifetimes_file read;
    return lifetimes_file_read_text(sink, file, (upper_ends){.are_included = false}, NULL, &read) &&
           rein_result_void_is_ok(rein_lifetimes_validate(read.lifetimes, read.count));
}

static bool read_included(diagnostics *sink, const input_file *file) {
    lifetimes_file read;
    return lifetimes_file_read_text(sink, file, (upper_ends){.are_included = true}, NULL, &read) &&
           rein_result_void_is_ok(rein_lifetimes_validate(read.lifetimes, read.count));
}

/* Returns whether a text was read. If it was not, there must be a message with a position. */
static bool read_any_text(text_reader read, const char *text, size_t length) {
    kept_sink kept;
    open_sink(&kept);
    input_file file;
    bool is_read = input_file_from_text(&kept.sink, "f", "a text", text, length, &file) &&
                   read(&kept.sink, &file);
    fflush(kept.sink.stream);
    cr_assert(is_read == (kept.length == 0), "read: %d, said: %s", is_read, kept.messages);
    cr_assert(is_read || strncmp(kept.messages, "f:", 2) == 0, "said: %s", kept.messages);
    cr_assert(is_read || kept.messages[kept.length - 1] == '\n', "said: %s", kept.messages);
    close_sink(&kept);
    return is_read;
}

/* xorshift64: the same sequence on every machine. */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Removes, repeats or replaces a few pieces of `text`. */
static size_t mutate(uint64_t *state, const char *text, char *out_text) {
    static const char pieces[] = "{}[]:,-'\"#&*!|>%@`? \n\t\r\\~0B9MiB\xC3\xA9\xFF";
    size_t length = strlen(text);
    memcpy(out_text, text, length);
    for (uint64_t count = 1 + next_random(state) % 4; count > 0 && length > 0; count--) {
        size_t at = next_random(state) % length;
        size_t size = 1 + next_random(state) % 8;
        size = size > length - at ? length - at : size;
        uint64_t kind = next_random(state) % 3;
        if (kind == 0) {
            memmove(out_text + at, out_text + at + size, length - at - size);
            length -= size;
        } else if (kind == 1 && length + size <= TEXT_BYTES_MAX) {
            memmove(out_text + at + size, out_text + at, length - at);
            length += size;
        } else {
            out_text[at] = pieces[next_random(state) % (sizeof pieces - 1)];
        }
    }
    return length;
}

/* Requires both outcomes: the test proves nothing if all or none of the mutations are read. */
static void read_mutations(text_reader read, const char *text) {
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15);
    size_t read_count = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char mutated[TEXT_BYTES_MAX + 1];
        size_t length = mutate(&state, text, mutated);
        mutated[length] = '\0';
        read_count += read_any_text(read, mutated, length);
    }
    cr_assert(read_count > ROUNDS / 400, "only %zu of %d were read", read_count, ROUNDS);
    cr_assert(read_count < ROUNDS / 2, "%zu of %d were read", read_count, ROUNDS);
}

static void read_prefixes(text_reader read, const char *text) {
    for (size_t length = 0; length < strlen(text); length++) {
        char *prefix = strndup(text, length);
        read_any_text(read, prefix, length);
        free(prefix);
    }
    cr_assert(read_any_text(read, text, strlen(text)), "the whole text was not read");
}

static void use_utf8(void) {
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "no locale C.UTF-8");
}

TestSuite(cli_readers, .init = use_utf8);

Test(cli_readers, manifest_of_every_length) {
    read_prefixes(read_manifest, manifest_text);
}

Test(cli_readers, profile_of_every_length) {
    read_prefixes(read_profile, profile_text);
}

Test(cli_readers, lifetimes_of_every_length) {
    read_prefixes(read_lifetimes, lifetimes_text);
}

Test(cli_readers, dialects_of_lifetimes_of_every_length) {
    read_prefixes(read_included, dialect_text);
}

Test(cli_readers, mutated_manifests) {
    read_mutations(read_manifest, manifest_text);
}

Test(cli_readers, mutated_profiles) {
    read_mutations(read_profile, profile_text);
}

Test(cli_readers, measurement_of_every_length) {
    read_prefixes(read_measurement, measurement_text);
}

Test(cli_readers, mutated_measurements) {
    read_mutations(read_measurement, measurement_text);
}

Test(cli_readers, mutated_lifetimes) {
    read_mutations(read_lifetimes, lifetimes_text);
}

Test(cli_readers, mutated_dialects_of_lifetimes) {
    read_mutations(read_included, dialect_text);
}

static lifetimes_file read_whole(kept_sink *kept, const char *text, upper_ends ends) {
    input_file file;
    lifetimes_file read;
    cr_assert(input_file_from_text(&kept->sink, "f", "a text", text, strlen(text), &file) &&
                  lifetimes_file_read_text(&kept->sink, &file, ends, NULL, &read),
              "not read: %s", text);
    return read;
}

Test(cli_readers, a_dialect_has_the_lifetimes_of_the_plain_form) {
    kept_sink kept;
    open_sink(&kept);
    lifetimes_file plain = read_whole(&kept, lifetimes_text, (upper_ends){.are_included = false});
    lifetimes_file other = read_whole(&kept, dialect_text, (upper_ends){.are_included = true});
    cr_assert(plain.count == 2 && other.count == 2, "%zu and %zu rows", plain.count, other.count);
    cr_assert(plain.has_alignments && other.has_alignments, "no alignments");
    cr_assert(!plain.had_included_ends && other.had_included_ends, "other ends");
    for (size_t row = 0; row < plain.count; row++) {
        const rein_tensor_lifetime *left = &plain.lifetimes[row];
        const rein_tensor_lifetime *right = &other.lifetimes[row];
        cr_assert(strcmp(plain.ids[row], other.ids[row]) == 0, "id '%s'", other.ids[row]);
        cr_assert(left->from == right->from && left->until == right->until,
                  "row %zu lives at "
                  "other times",
                  row);
        cr_assert(left->size_bytes == right->size_bytes, "another size in row %zu", row);
        cr_assert(left->alignment_bytes == right->alignment_bytes, "row %zu is aligned otherwise",
                  row);
    }
    close_sink(&kept);
}

Test(cli_readers, cells_are_found_again) {
    kept_sink kept;
    open_sink(&kept);
    lifetimes_file read = read_whole(&kept, dialect_text, (upper_ends){.are_included = true});
    static const struct {
        size_t row;
        lifetimes_column column;
        position at;
    } cells[] = {{0, LIFETIMES_SIZE, {2, 1}},       {0, LIFETIMES_ALIGNMENT, {2, 10}},
                 {0, LIFETIMES_ID, {2, 14}},        {1, LIFETIMES_SIZE, {3, 1}},
                 {1, LIFETIMES_ALIGNMENT, {3, 24}}, {1, LIFETIMES_LOWER, {3, 32}}};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        position at = lifetimes_cell_position(read.header, cells[i].row, cells[i].column);
        cr_assert(at.line == cells[i].at.line && at.column == cells[i].at.column,
                  "cell %zu is at %zu:%zu", i, at.line, at.column);
    }
    close_sink(&kept);
}

Test(cli_readers, dates_are_printed_as_they_were_read) {
    static const char *const dates[] = {"0000-01-01T00:00:00Z", "0024-02-29T23:59:59Z",
                                        "1969-12-31T23:59:59Z", "9999-12-31T00:00:01Z"};
    arena *memory = arena_create();
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        int64_t unix_s = 0;
        cr_assert(date_parse(dates[i], &unix_s), "%s is not read", dates[i]);
        cr_assert(strcmp(date_text(memory, unix_s), dates[i]) == 0, "%s is printed as %s", dates[i],
                  date_text(memory, unix_s));
    }
    arena_destroy(memory);
}

Test(cli_readers, a_profile_of_no_name_is_written_as_it_is_read) {
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    arena *memory = arena_create();
    local_device device = {.profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
    probe_write_profile(memory, &device, stream);
    fclose(stream);
    cr_assert(read_any_text(read_profile, text, length), "not read: %s", text);
    free(text);
    arena_destroy(memory);
}

Test(cli_readers, values_of_a_manifest) {
    kept_sink kept;
    open_sink(&kept);
    input_file file;
    manifest read;
    cr_assert(input_file_from_text(&kept.sink, "f", "a text", manifest_text, strlen(manifest_text),
                                   &file) &&
                  manifest_read_text(&kept.sink, &file, &read),
              "the manifest was not read");
    cr_assert(read.model_count == 2, "%zu models", read.model_count);
    cr_assert(strcmp(rein_model_id_text(&read.models[0].id), "resnet50") == 0, "another id");
    cr_assert(read.models[0].budget.memory_limit_bytes == 512 * REIN_MIB, "another limit");
    cr_assert(read.models[0].budget.stream_limit == 4, "another number of streams");
    cr_assert(read.models[0].weights.bytes == 102440624, "other weights");
    cr_assert(!read.models[0].activations.is_stated, "activations that nobody stated");
    cr_assert(strcmp(read.models[0].lifetimes.text, "l.csv") == 0, "other lifetimes");
    cr_assert(read.models[1].budget.memory_limit_bytes == 8 * REIN_GIB, "8GiB is not 8 GiB");
    cr_assert(read.models[1].budget.compute_budget.ns == REIN_NS_PER_S, "another time");
    cr_assert(!read.models[1].weights.is_stated, "weights that nobody stated");
    cr_assert(read.device.processes.count == 2, "other processes");
    cr_assert(!read.device.reserved.is_stated, "a reservation that nobody stated");
    close_sink(&kept);
}

static bool read_measurement_text(kept_sink *kept, const char *text, measurement *out) {
    input_file file;
    bool is_read = input_file_from_text(&kept->sink, "f", "a text", text, strlen(text), &file) &&
                   measurement_read_text(&kept->sink, &file, out);
    fflush(kept->sink.stream);
    return is_read;
}

Test(cli_readers, values_of_a_measurement) {
    kept_sink kept;
    open_sink(&kept);
    measurement read;
    cr_assert(read_measurement_text(&kept, measurement_text, &read), "%s", kept.messages);
    cr_assert(strcmp(read.path, "f") == 0, "another path: %s", read.path);
    cr_assert(strcmp(read.device_uuid, "GPU-5a1f2c3d-1111-2222-3333-444455556666") == 0,
              "another device: %s", read.device_uuid);
    cr_assert(read.peak_bytes == 5476083712, "another peak");
    cr_assert(read.final_bytes.is_known && read.final_bytes.value == 4 * REIN_GIB, "another final");
    cr_assert(read.includes_contexts && read.method == METHOD_FREE_MEMORY, "another method");
    cr_assert(read.interval.ns == 20 * REIN_NS_PER_MS, "another interval");
    cr_assert(read.sample_count == 1571, "another number of samples");
    close_sink(&kept);
}

Test(cli_readers, a_measurement_needs_three_keys) {
    kept_sink kept;
    open_sink(&kept);
    measurement read;
    cr_assert(
        read_measurement_text(&kept, "{schema: 1, peak: 1B, includes_contexts: false}", &read),
        "%s", kept.messages);
    cr_assert(strcmp(read.device_uuid, "") == 0, "a device that nobody stated");
    cr_assert(!read.final_bytes.is_known && !read.includes_contexts, "what nobody stated");
    cr_assert(read.method == METHOD_UNKNOWN && read.interval.ns == 0 && read.sample_count == 0,
              "a method that nobody stated");
    close_sink(&kept);
}

Test(cli_readers, measurements_that_contradict_themselves) {
    static const struct {
        const char *keys; /* after the schema */
        const char *at;
        const char *fact;
    } cases[] = {
        {"peak: 0B, includes_contexts: true", "f:1:19: ", "'0B'"},
        {"peak: 5B, final: 6B, includes_contexts: true", "f:1:30: ", "final"},
        {"final: 6B, peak: 5B, includes_contexts: true", "f:1:30: ", "final"},
        {"peak: 5B, includes_contexts: true, method: processes", "f:1:56: ", "'interval'"},
        {"method: free-memory, peak: 5B, includes_contexts: true", "f:1:21: ", "'interval'"},
        {"peak: 5B, includes_contexts: true, interval: 0ms", "f:1:58: ", "'0ms'"},
        {"peak: 5B, includes_contexts: true, samples: 0", "f:1:57: ", "'0'"},
        {"peak: 5B, includes_contexts: true, method: engines", "f:1:56: ", "'engine'"},
        {"peak: 5B, includes_contexts: true, device: GPU/1", "f:1:56: ", "'GPU/1'"},
        {"peak: 5B", "f:1:1: ", "'includes_contexts'"},
        {"includes_contexts: true", "f:1:1: ", "'peak'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kept_sink kept;
        open_sink(&kept);
        measurement read;
        const char *text = arena_print(kept.sink.memory, "{schema: 1, %s}", cases[i].keys);
        cr_assert(!read_measurement_text(&kept, text, &read), "%s was read", text);
        cr_assert(is_said(kept.messages, FACTS(cases[i].at, cases[i].fact)), "%s: %s", text,
                  kept.messages);
        close_sink(&kept);
    }
}

Test(cli_readers, a_measurement_of_the_engine_needs_no_interval) {
    kept_sink kept;
    open_sink(&kept);
    measurement read;
    cr_assert(read_measurement_text(
                  &kept,
                  "{schema: 1, peak: 5B, final: 5B, includes_contexts: false, method: engine}",
                  &read),
              "%s", kept.messages);
    cr_assert(!measurement_is_sampled(&read), "an engine does not sample");
    cr_assert(strcmp(measurement_method_name(read.method), "engine") == 0, "another name");
    close_sink(&kept);
}
