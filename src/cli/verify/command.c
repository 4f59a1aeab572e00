#include "cli/verify/command.h"

#include "cli/base/text.h"
#include "cli/certificate/certificate.h"
#include "cli/fleet/shared_options.h"
#include "cli/write/output.h"

enum { OPTION_INCLUSIVE, OPTION_DEADLINE, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_INCLUSIVE] = SHARED_OPTION_INCLUSIVE,
    [OPTION_DEADLINE] = SHARED_OPTION_DEADLINE,
};

static bool print_finding(diagnostics *sink, const certificate *checked,
                          const certificate_finding *finding, const lifetimes_file *input) {
    static const char *const verbs[] = {[CERTIFICATE_PROVES] = "proves that",
                                        [CERTIFICATE_DOES_NOT_PROVE] = "does not prove that",
                                        [CERTIFICATE_UNCHECKED] =
                                            "cannot tell whether it proves that"};
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(sink->memory);
    bool has_both = input->offsets != NULL && checked->kind != CLAIM_CANNOT;
    fprintf(text->stream, "%s: %s %s%s%s\n", text_printable(sink->memory, checked->path),
            verbs[finding->outcome], certificate_claim(sink->memory, checked, input->path),
            finding->reason == NULL ? "" : ": ", finding->reason == NULL ? "" : finding->reason);
    if (finding->outcome == CERTIFICATE_DOES_NOT_PROVE && lifetimes_file_has_doubtful_ends(input)) {
        fprintf(text->stream,
                "%s: its column end is taken as last use + 1; --inclusive takes it as the last "
                "use\n",
                text_printable(sink->memory, input->path));
    }
    if (input->offsets != NULL && finding->outcome == CERTIFICATE_PROVES) {
        fprintf(text->stream, "%s: its offsets %s\n", text_printable(sink->memory, input->path),
                has_both ? "are also a valid placement of that size"
                         : "are ignored: the certificate claims nothing about a placement");
    }
    return output_report(sink, text, &shown_on);
}

static exit_code run_verify(const invocation *called, diagnostics *sink) {
    static const exit_code codes[] = {[CERTIFICATE_PROVES] = EXIT_CODE_PROVES,
                                      [CERTIFICATE_DOES_NOT_PROVE] = EXIT_CODE_DOES_NOT_PROVE,
                                      [CERTIFICATE_UNCHECKED] = EXIT_CODE_CANNOT_TELL};
    work_limits limits = {.clock = NULL};
    lifetimes_file input;
    certificate read;
    upper_ends ends = shared_upper_ends(called->options[OPTION_INCLUSIVE]);
    if (!work_limits_read_deadline(sink, called->options[OPTION_DEADLINE], &limits) ||
        !lifetimes_file_read(sink, called->operands[0], ends, &limits, &input) ||
        !certificate_read(sink, called->operands[1], &limits, &read)) {
        return work_failure_code(&limits);
    }
    certificate_finding finding = certificate_check(sink->memory, &read, &input, &limits);
    bool is_printed = print_finding(sink, &read, &finding, &input);
    return is_printed ? codes[finding.outcome] : EXIT_CODE_BAD_INPUT;
}

const command verify_command = {
    .name = "verify",
    .operands = "LIFETIMES.csv CERTIFICATE",
    .operands_min = 2,
    .operands_max = 2,
    .summary = "check what a certificate of 'rein plan' proves",
    .details = "The placement is checked by a sweep over time, and the refutation by replaying\n"
               "it. Nothing is searched, and the code of the search is not used. If\n"
               "LIFETIMES.csv has offsets, they must also be a placement within the claim,\n"
               "unless the claim is that there is none. Give --inclusive if it was given to\n"
               "'rein plan'. The deadline counts from the start of the command.\n"
               "docs/certificates.md describes the format.\n\n"
               "exit: 0 it proves its claim\n"
               "      1 it does not prove its claim\n"
               "      2 bad input or output: the certificate or the lifetimes cannot be read\n"
               "      3 cannot tell: the deadline passed, or the replay would take more than\n"
               "        4 GiB of memory\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_verify,
};
