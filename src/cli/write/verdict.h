/* The last line of a report: the verdict in one sentence. */
#ifndef REIN_CLI_WRITE_VERDICT_H
#define REIN_CLI_WRITE_VERDICT_H

#include "cli/base/terminal.h"
#include "contract/admission.h"

/* The style in which an outcome is shown. */
style outcome_style(rein_admission_outcome outcome);

/* "Verdict: NAME", in the outcome's style, then the separator and the sentence. */
void print_named_verdict_line(const terminal *shown_on, FILE *stream,
                              rein_admission_outcome outcome, const char *name,
                              const char *separator, const char *sentence);

/* "Verdict: OUTCOME: SENTENCE". */
void print_verdict_line(const terminal *shown_on, FILE *stream, rein_admission_outcome outcome,
                        const char *sentence);

#endif
