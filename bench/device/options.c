#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPETITIONS_MAX = 1000, SEED_DEFAULT = 1 };

void options_print_usage(void) {
    printf(
        "usage: bench_device [--json FILE] [--quick] [--device INDEX|UUID|PCI]\n"
        "                    [--repetitions N] [--seed N]\n"
        "\n"
        "Compares the CUDA module with raw CUDA on one device. Without a device every row is\n"
        "waived, with the reason, and the exit code is 0.\n"
        "\n"
        "  --json FILE      also write the records to FILE, in the format rein-bench/1\n"
        "  --quick          fewer and shorter repetitions: a smoke test\n"
        "  --device DEVICE  the device to measure: an index, a UUID or a PCI id; default: 0\n"
        "  --repetitions N  1 to %d; default: %d, or %d with --quick\n"
        "  --seed N         seed of all random choices; default: %d\n"
        "\n"
        "Exit codes: 0: measured or waived; 1: a row failed or a promise was broken; 2: usage.\n",
        REPETITIONS_MAX, OPTIONS_REPETITIONS, OPTIONS_REPETITIONS_QUICK, SEED_DEFAULT);
}

static bool parse_number(const char *name, const char *text, uint64_t least, uint64_t most,
                         uint64_t *out_number) {
    errno = 0;
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    bool is_digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!is_digits || errno != 0 || number < least || number > most) {
        fprintf(stderr,
                "bench_device: %s is \"%s\", expected a whole number from %" PRIu64 " to %" PRIu64
                "\n",
                name, text, least, most);
        return false;
    }
    *out_number = number;
    return true;
}

/* Stores the option's value in `asked`. */
static bool store_value(bench_options *asked, const char *name, const char *value) {
    uint64_t number = 0;
    if (strcmp(name, "--json") == 0) {
        asked->json_path = value;
    } else if (strcmp(name, "--device") == 0) {
        asked->device = value;
    } else if (strcmp(name, "--helper") == 0) {
        asked->purpose = OPTIONS_HELPER;
        asked->helper_part = value;
    } else if (strcmp(name, "--repetitions") == 0) {
        if (!parse_number(name, value, 1, REPETITIONS_MAX, &number)) {
            return false;
        }
        asked->repetitions = (uint32_t)number;
    } else {
        return parse_number(name, value, 0, UINT64_MAX, &asked->seed);
    }
    return true;
}

static bool takes_value(const char *name) {
    static const char *const names[] = {"--json", "--device", "--helper", "--repetitions",
                                        "--seed"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bench_options invalid_option(const char *what, const char *argument) {
    fprintf(stderr, "bench_device: %s %s; see bench_device --help\n", argument, what);
    return (bench_options){.purpose = OPTIONS_INVALID};
}

bench_options options_parse(int count, char **arguments) {
    bench_options asked = {.purpose = OPTIONS_MEASURE, .device = "0", .seed = SEED_DEFAULT};
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i];
        if (strcmp(name, "--help") == 0) {
            return (bench_options){.purpose = OPTIONS_HELP};
        }
        if (strcmp(name, "--quick") == 0) {
            asked.is_quick = true;
        } else if (!takes_value(name)) {
            return invalid_option("is not an option", name);
        } else if (i + 1 == count) {
            return invalid_option("lacks its value", name);
        } else if (!store_value(&asked, name, arguments[++i])) {
            return (bench_options){.purpose = OPTIONS_INVALID};
        }
    }
    if (asked.repetitions == 0) {
        asked.repetitions = asked.is_quick ? OPTIONS_REPETITIONS_QUICK : OPTIONS_REPETITIONS;
    }
    return asked;
}
