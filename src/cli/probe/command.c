#include "cli/probe/command.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/text.h"
#include "cli/fleet/device.h"
#include "cli/probe/report.h"

enum { OPTION_DEVICE, OPTION_EXACT, OPTION_JSON, OPTION_OUTPUT, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_DEVICE] = {"device", "DEVICE",
                       "an index, a UUID, a PCI id, 'auto', or 'all' (default)"},
    [OPTION_EXACT] = {"exact", NULL, "also read what needs a context (some hundred MiB)"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/probe.schema.json)"},
    [OPTION_OUTPUT] = {"output", "FILE", "write the profile for 'rein check --device FILE' (-o)"},
};

typedef struct probed_devices {
    local_device *devices;
    size_t count;
    size_t unread_count; /* of these devices */
} probed_devices;

static const char every_device[] = "all";

/* Selects the devices [first, first + count). Returns false after reporting a name that is not a
 * device. */
static bool select_devices(diagnostics *sink, const char *name, int32_t *out_first,
                           int32_t *out_count, const char **out_reason) {
    if (strcmp(name, every_device) == 0) {
        *out_first = 0;
        return count_local_devices(sink->memory, out_count, out_reason);
    }
    *out_count = 1;
    return find_local_device(sink->memory, name, out_first, out_reason);
}

/* Reads every device. If a device cannot be read, the others are still read. */
static void read_devices(arena *memory, int32_t first, bool is_exact, probed_devices *devices) {
    for (size_t i = 0; i < devices->count; i++) {
        const char *reason = NULL;
        int32_t index = first + (int32_t)i;
        local_device *device = &devices->devices[i];
        if (!read_local_device(memory, index, is_exact, device, &reason)) {
            *device = (local_device){.index = index,
                                     .reason = reason,
                                     .pci_id = "",
                                     .profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
            devices->unread_count++;
        }
    }
}

static bool print_text(diagnostics *sink, const probed_devices *probed) {
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(sink->memory);
    for (size_t i = 0; i < probed->count; i++) {
        probe_write_text(sink->memory, &probed->devices[i], text->stream);
    }
    return output_report(sink, text, &shown_on);
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
    if (path == NULL || (probed->count == 1 && probed->unread_count == 1)) {
        return true;
    }
    if (probed->count != 1) {
        report(sink,
               "option '--output' is for one device, and there are %zu devices; choose one "
               "with --device",
               probed->count);
        return false;
    }
    output_text *text = output_open(sink->memory);
    probe_write_profile(sink->memory, &probed->devices[0], text->stream);
    return output_to_file(sink, text, path);
}

static bool is_device_name(const char *name) {
    return strcmp(name, every_device) == 0 || is_local_device_name(name);
}

static void report_unread(diagnostics *sink, const probed_devices *probed) {
    for (size_t i = 0; i < probed->count; i++) {
        if (probed->devices[i].reason != NULL) {
            report(sink, "device %" PRId32 ": %s", probed->devices[i].index,
                   probed->devices[i].reason);
        }
    }
}

static exit_code run_probe(const invocation *called, diagnostics *sink) {
    const char *name = called->options[OPTION_DEVICE];
    name = name == NULL ? every_device : name;
    if (!is_device_name(name)) {
        report(sink,
               "option '--device': %s is not a device; write an index, a UUID such as GPU-..., a "
               "PCI id such as 0000:65:00.0, 'auto' or 'all'",
               text_quote(sink->memory, name));
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_json = called->options[OPTION_JSON] != NULL;
    int32_t first = 0;
    int32_t count = 0;
    const char *reason = NULL;
    probed_devices probed = {.count = 0};
    if (!select_devices(sink, name, &first, &count, &reason)) {
        report(sink, "%s", reason);
        bool is_printed = !is_json || print_json(sink, &probed, reason);
        return is_printed ? EXIT_CODE_CANNOT_TELL : EXIT_CODE_BAD_INPUT;
    }
    probed.count = (size_t)count;
    probed.devices = arena_allocate(sink->memory, probed.count, sizeof *probed.devices);
    read_devices(sink->memory, first, called->options[OPTION_EXACT] != NULL, &probed);
    report_unread(sink, &probed);
    bool is_done = write_profile(sink, &probed, called->options[OPTION_OUTPUT]) &&
                   (is_json ? print_json(sink, &probed, NULL) : print_text(sink, &probed));
    if (!is_done) {
        return EXIT_CODE_BAD_INPUT;
    }
    return probed.unread_count > 0 ? EXIT_CODE_CANNOT_TELL : EXIT_CODE_FITS;
}

const command probe_command = {
    .name = "probe",
    .operands = "",
    .summary = "show what is known about this machine's devices",
    .details = "Without --exact, the probe takes nothing from a device. With it, the probe\n"
               "creates a context for a moment. It then also reads the free memory, the size of\n"
               "a context, the granularity, the growth of memory pools and the stream\n"
               "priorities. The report states what that cost. A fact that no source reports is\n"
               "unknown.\n\n"
               "FILE may be '-' for standard output; the report then goes to standard error.\n\n"
               "exit: 0 done\n"
               "      2 bad input or output\n"
               "      3 a device cannot be read, or there is none\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_probe,
};
