#include "cli/probe_command.h"

#include <string.h>

#include "cli/probe_report.h"

enum { OPTION_DEVICE, OPTION_EXACT, OPTION_JSON, OPTION_OUTPUT, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_DEVICE] = {"device", "DEVICE", "an index, a UUID, a PCI id, or 'all' (default)"},
    [OPTION_EXACT] = {"exact", NULL, "also what takes a context: some hundred MiB meanwhile"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/probe.schema.json)"},
    [OPTION_OUTPUT] = {"output", "FILE", "write the profile for 'rein check --device FILE' (-o)"},
};

typedef struct probed_devices {
    local_device *devices;
    size_t count;
} probed_devices;

static bool select_devices(arena *memory, const char *name, int32_t *out_first, int32_t *out_count,
                           const char **out_reason) {
    if (name == NULL || strcmp(name, "all") == 0) {
        *out_first = 0;
        return count_local_devices(memory, out_count, out_reason);
    }
    *out_count = 1;
    return find_local_device(memory, name, out_first, out_reason);
}

static bool read_devices(arena *memory, const invocation *called, probed_devices *out_devices,
                         const char **out_reason) {
    int32_t first = 0;
    int32_t count = 0;
    if (!select_devices(memory, called->options[OPTION_DEVICE], &first, &count, out_reason)) {
        return false;
    }
    bool is_exact = called->options[OPTION_EXACT] != NULL;
    local_device *devices = arena_allocate(memory, (size_t)count, sizeof *devices);
    for (int32_t i = 0; i < count; i++) {
        if (!read_local_device(memory, first + i, is_exact, &devices[i], out_reason)) {
            return false;
        }
    }
    *out_devices = (probed_devices){.devices = devices, .count = (size_t)count};
    return true;
}

static bool print_text(diagnostics *sink, const probed_devices *probed) {
    output_text *text = output_open(sink->memory);
    for (size_t i = 0; i < probed->count; i++) {
        probe_write_text(sink->memory, &probed->devices[i], text->stream);
    }
    return output_to_standard(sink, text);
}

static bool print_json(diagnostics *sink, const probed_devices *probed, const char *reason) {
    json_object *document = json_document("probe");
    json_add_text(document, "reason", reason);
    json_object *list = json_add_array(document, "devices");
    for (size_t i = 0; i < probed->count; i++) {
        probe_add_json(sink->memory, &probed->devices[i], json_append_object(list));
    }
    return json_print(sink, document);
}

static bool write_profile(diagnostics *sink, const probed_devices *probed, const char *path) {
    if (path == NULL) {
        return true;
    }
    if (probed->count != 1) {
        report(sink, "%zu devices for one file, expected one: choose it with --device",
               probed->count);
        return false;
    }
    output_text *text = output_open(sink->memory);
    probe_write_profile(sink->memory, &probed->devices[0], text->stream);
    return output_to_file(sink, text, path);
}

static exit_code run_probe(const invocation *called, diagnostics *sink) {
    probed_devices probed = {.count = 0};
    const char *reason = NULL;
    bool is_json = called->options[OPTION_JSON] != NULL;
    if (!read_devices(sink->memory, called, &probed, &reason)) {
        report(sink, "%s", reason);
        bool is_printed = !is_json || print_json(sink, &probed, reason);
        return is_printed ? EXIT_CODE_CANNOT_TELL : EXIT_CODE_BAD_INPUT;
    }
    bool is_done = write_profile(sink, &probed, called->options[OPTION_OUTPUT]) &&
                   (is_json ? print_json(sink, &probed, NULL) : print_text(sink, &probed));
    return is_done ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

const command probe_command = {
    .name = "probe",
    .operands = "",
    .summary = "say what is known of this machine's devices",
    .details = "Without --exact nothing is taken from the device. With it, free memory, what a\n"
               "context takes, the granularity and the stream priorities are read too, at the\n"
               "cost that is stated; what nobody tells is unknown.\n\n"
               "exit: 0 done, 2 bad input or output, 3 no device can be read\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_probe,
};
