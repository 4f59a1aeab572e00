/* Output formats of `rein inspect`. */
#ifndef REIN_CLI_INSPECT_REPORT_H
#define REIN_CLI_INSPECT_REPORT_H

#include <stdio.h>

#include "cli/models/description.h"

/* Print to standard output. Return false after reporting a failure. */
bool inspect_print_table(diagnostics *sink, const describe_request *request,
                         const model_description *model);
bool inspect_print_json(diagnostics *sink, const model_description *model);

/* Writes the keys of the model for a manifest. */
void inspect_write_manifest_lines(arena *memory, const describe_request *request,
                                  const model_description *model, FILE *stream);

#endif
