#include "contract/result.h"

#include <stdio.h>
#include <stdlib.h>

void rein_stop(const char *broken_rule, const rein_error *error, rein_source_location where) {
    fprintf(stderr, "rein: %s [%s, %s:%d]\n", broken_rule, where.function, where.file,
            (int)where.line);
    if (error != NULL) {
        char text[512];
        rein_error_to_string(error, text, sizeof text);
        fprintf(stderr, "rein: the error is %s\n", text);
    }
    abort();
}
