/* The last line of a report: the verdict in one sentence. */
#ifndef REIN_CLI_WRITE_VERDICT_H
#define REIN_CLI_WRITE_VERDICT_H

#include "cli/base/terminal.h"
#include "contract/admission.h"

/* Returns the style of an outcome. */
style outcome_style(rein_admission_outcome outcome);

/* Prints "Verdict: NAME" in the outcome's style, then the separator and the sentence. */
void print_named_verdict_line(const terminal *shown_on, FILE *stream,
                              rein_admission_outcome outcome, const char *name,
                              const char *separator, const char *sentence);

/* Prints "Verdict: OUTCOME: SENTENCE". */
void print_verdict_line(const terminal *shown_on, FILE *stream, rein_admission_outcome outcome,
                        const char *sentence);

#endif
