#include "cli/verify_command.h"

#include <string.h>

#include "cli/certificate.h"
#include "cli/text.h"

static exit_code run_verify(const invocation *called, diagnostics *sink) {
    lifetimes_file input;
    certificate read;
    const char *fault = NULL;
    if (!lifetimes_file_read(sink, called->operands[0], &input) ||
        !certificate_read(sink, called->operands[1], &read) ||
        !certificate_check(sink, &read, &input, &fault)) {
        return EXIT_CODE_BAD_INPUT;
    }
    output_text *text = output_open(sink->memory);
    fprintf(text->stream, "%s: %s that %s%s%s\n",
            text_printable(sink->memory, read.path, strlen(read.path)),
            fault == NULL ? "proves" : "does not prove",
            certificate_claim(sink->memory, &read, input.path), fault == NULL ? "" : ": ",
            fault == NULL ? "" : fault);
    if (!output_to_standard(sink, text)) {
        return EXIT_CODE_BAD_INPUT;
    }
    return fault == NULL ? EXIT_CODE_PROVES : EXIT_CODE_DOES_NOT_PROVE;
}

const command verify_command = {
    .name = "verify",
    .operands = "LIFETIMES.csv CERTIFICATE",
    .operands_min = 2,
    .operands_max = 2,
    .summary = "check what a certificate of 'rein plan' proves",
    .details = "The placement in it is checked by a sweep over time, the refutation in it by\n"
               "replaying it: nothing is searched, and no code of the search is used.\n"
               "docs/certificates.md has the format.\n\n"
               "exit: 0 it proves what it says, 1 it does not prove that, 2 bad input or output:\n"
               "it is no certificate, or the lifetimes cannot be read\n",
    .run = run_verify,
};
