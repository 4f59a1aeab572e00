/* Whether, and how, the shape of an output follows from the shapes of the inputs. If it does, an
 * execution writes to the caller's memory directly. */
#ifndef REIN_EXAMPLES_ORT_OUTPUT_RULE_H
#define REIN_EXAMPLES_ORT_OUTPUT_RULE_H

#include <contract/contract.h>

/* Where the extent of a dimension comes from. */
typedef struct ort_extent_source {
    bool is_fixed;     /* in the rule's shape; else: */
    size_t input;      /* the input that has the extent */
    int32_t dimension; /* of that input */
} ort_extent_source;

typedef struct ort_output_rule {
    bool is_known;    /* the sources of all dimensions are */
    bool is_fixed;    /* all dimensions are */
    rein_shape shape; /* with its fixed dimensions */
    ort_extent_source sources[REIN_SHAPE_MAX_RANK];
} ort_output_rule;

/* Returns the rule of an output: a dimension is fixed, or has the symbol of an input's dimension.
 */
ort_output_rule ort_output_rule_make(const rein_tensor_spec *output, rein_tensor_spec_view inputs);

/* Writes the shape that an output of a known rule has for these inputs. */
void ort_output_rule_apply(const ort_output_rule *rule, const rein_tensor *inputs,
                           rein_shape *out_shape);

#endif
