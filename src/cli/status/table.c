#include <inttypes.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/status/report.h"
#include "cli/write/output.h"
#include "cli/write/table.h"

enum { ENTRY_MODELS, ENTRY_BYTES, ENTRY_HOLDER, ENTRY_PID, ENTRY_USER, ENTRY_SINCE };

static const char *models_text(arena *memory, const rein_reservation_record *record) {
    const char *first = rein_model_id_text(&record->models[0].id);
    return record->model_count == 1
               ? first
               : arena_print(memory, "%s and %zu more", first, record->model_count - 1);
}

static void add_entry(arena *memory, table *rows, const status_entry *entry) {
    const rein_reservation_record *record = &entry->record;
    table_row *row = table_add_row(memory, rows);
    row->cells[ENTRY_MODELS].text = models_text(memory, record);
    row->cells[ENTRY_BYTES].text = rounded_bytes(memory, record->bytes);
    row->cells[ENTRY_HOLDER].text = record->holder;
    row->cells[ENTRY_PID].text = arena_print(memory, "%" PRId64, record->pid);
    row->cells[ENTRY_USER].text = arena_print(memory, "%" PRIu64, record->uid);
    row->cells[ENTRY_SINCE].text = date_text(memory, record->since_unix_s);
}

static void print_entries(arena *memory, const status_device *device, const terminal *shown_on,
                          FILE *stream) {
    static const char *const titles[] = {"MODEL", "RESERVED", "HOLDER", "PID", "UID", "SINCE"};
    table rows = {.column_count = sizeof titles / sizeof titles[0],
                  .is_right_aligned = {false, true, false, true, true, false},
                  .indent = 2,
                  .shortens_first_column = true};
    table_add_titles(memory, &rows, titles);
    for (size_t index = 0; index < device->entry_count; index++) {
        if (device->entries[index].reason == NULL) {
            add_entry(memory, &rows, &device->entries[index]);
        }
    }
    if (rows.row_count > 1) {
        table_print(memory, &rows, shown_on, stream);
    }
}

static void print_unknown(arena *memory, const status_device *device, FILE *stream) {
    if (device->failure != NULL) {
        fprintf(stream, "  unknown: %s\n", device->failure);
    }
    for (size_t index = 0; index < device->entry_count; index++) {
        const status_entry *entry = &device->entries[index];
        if (entry->reason != NULL) {
            fprintf(stream, "  unknown: %s: %s\n", text_printable(memory, entry->file_name),
                    entry->reason);
        }
    }
}

/* Prints ": 564.0 MiB of 1024.0 MiB reserved, 460.0 MiB free". */
static void print_sums(arena *memory, const status_device *device, FILE *stream) {
    rein_fact_u64 free = status_free_bytes(device);
    const uint64_t sizes[] = {device->summary.live_bytes, device->total_bytes.value, free.value};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *reserved = rounded_in_unit(memory, device->summary.live_bytes, unit);
    if (!device->total_bytes.is_known) {
        fprintf(stream, ": %s reserved\n", reserved);
        return;
    }
    fprintf(stream, ": %s of %s reserved, %s\n", reserved,
            rounded_in_unit(memory, device->total_bytes.value, unit),
            free.is_known
                ? arena_print(memory, "%s free", rounded_in_unit(memory, free.value, unit))
                : "free memory unknown");
}

static void print_device(arena *memory, const status_device *device, const terminal *shown_on,
                         FILE *stream) {
    style_begin(shown_on, stream, STYLE_STRONG);
    fputs(text_printable(memory, device->uuid), stream);
    style_end(shown_on, stream, STYLE_STRONG);
    print_sums(memory, device, stream);
    print_entries(memory, device, shown_on, stream);
    print_unknown(memory, device, stream);
}

bool status_print_table(diagnostics *sink, const status *found) {
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(sink->memory);
    for (size_t index = 0; index < found->device_count; index++) {
        print_device(sink->memory, &found->devices[index], &shown_on, text->stream);
    }
    if (found->device_count == 0) {
        fputs("no reservations on this node\n", text->stream);
    }
    return output_report(sink, text, &shown_on);
}
