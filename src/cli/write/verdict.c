#include "cli/write/verdict.h"

style outcome_style(rein_admission_outcome outcome) {
    if (outcome == REIN_ADMISSION_FITS) {
        return STYLE_GOOD;
    }
    return outcome == REIN_ADMISSION_DOES_NOT_FIT ? STYLE_BAD : STYLE_UNSURE;
}

void print_named_verdict_line(const terminal *shown_on, FILE *stream,
                              rein_admission_outcome outcome, const char *name,
                              const char *separator, const char *sentence) {
    style shown = outcome_style(outcome);
    fputs("Verdict: ", stream);
    style_begin(shown_on, stream, shown);
    fputs(name, stream);
    style_end(shown_on, stream, shown);
    fprintf(stream, "%s%s\n", separator, sentence);
}

void print_verdict_line(const terminal *shown_on, FILE *stream, rein_admission_outcome outcome,
                        const char *sentence) {
    print_named_verdict_line(shown_on, stream, outcome, rein_admission_outcome_name(outcome), ": ",
                             sentence);
}
