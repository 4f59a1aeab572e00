/* The facts whose absence leads to the verdict "cannot tell": REIN_MISSING_* of
 * contract/admission.h. */
#ifndef REIN_CLI_FLEET_MISSING_H
#define REIN_CLI_FLEET_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct missing_fact {
    uint32_t bit;
    bool is_of_model; /* else of the device */
    const char *key;  /* in JSON documents */
    /* Subject of "... is unknown" in a sentence; NULL if the sentence has another form. */
    const char *name;
    bool is_plural; /* the name: "... are unknown" */
    /* The remedy; NULL if it depends on the numbers. */
    const char *remedy;
} missing_fact;

/* All facts, in the order of reports. */
extern const missing_fact missing_facts[];
extern const size_t missing_fact_count;

#endif
