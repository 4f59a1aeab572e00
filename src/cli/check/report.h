/* Output formats of `rein check`. */
#ifndef REIN_CLI_CHECK_REPORT_H
#define REIN_CLI_CHECK_REPORT_H

#include "cli/base/terminal.h"
#include "cli/fleet/fleet.h"
#include "cli/write/json.h"

/* Write to standard output, or to the file at `path`. Return false after reporting a failure. */
bool check_print_table(diagnostics *sink, const fleet *checked);
bool check_print_explained_table(diagnostics *sink, const fleet *checked);
bool check_print_json(diagnostics *sink, const fleet *checked);
bool check_print_junit(diagnostics *sink, const fleet *checked);
bool check_print_github(diagnostics *sink, const fleet *checked);
bool check_write_svg(diagnostics *sink, const fleet *checked, const char *path);

/* Writes how each number was computed: printed after the table by `rein check --explain`. */
void check_explain(arena *memory, const fleet *checked, const terminal *shown_on, FILE *stream);

/* Prints "DEVICE", the device's name and the source of its facts. */
void check_print_device_title(arena *memory, const fleet_device *device, const terminal *shown_on,
                              FILE *stream);

/* Add the member "missing", the names of REIN_MISSING_*, or the member "device". */
void check_add_missing(json_object *object, uint32_t missing);
void check_add_device(arena *memory, json_object *document, const fleet_device *device);

#endif
