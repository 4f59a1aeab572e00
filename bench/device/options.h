/* The arguments of the program. */
#ifndef BENCH_DEVICE_OPTIONS_H
#define BENCH_DEVICE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Defaults. */
enum { OPTIONS_REPETITIONS = 21, OPTIONS_REPETITIONS_QUICK = 3 };

typedef enum options_purpose {
    OPTIONS_MEASURE = 1,
    OPTIONS_HELP = 2,
    OPTIONS_HELPER = 3, /* run as the second process of another one */
    OPTIONS_INVALID = 4
} options_purpose;

typedef struct bench_options {
    options_purpose purpose;
    const char *json_path; /* NULL: none */
    const char *device;    /* an index, a UUID or a PCI id */
    bool is_quick;
    uint32_t repetitions;
    uint64_t seed;
    const char *helper_part; /* see helper.h */
} bench_options;

/* Parses the arguments; prints a mistake to standard error. Texts borrow from `arguments`. */
bench_options options_parse(int count, char **arguments);

void options_print_usage(void);

#endif
