/* The results of the static analysis of a model. They outlive the opened model. */
#ifndef REIN_EXAMPLES_ORT_ANALYSIS_H
#define REIN_EXAMPLES_ORT_ANALYSIS_H

#include "ort_file.h"
#include "ort_model.h"

typedef struct ort_analysis {
    size_t slot_count; /* number of slots that it is the last answer of */
    char *path;        /* owned */
    struct stat file;  /* as it was when the model was opened */
    ort_signature signature;
    uint64_t weights_bytes;
    uint64_t load_peak_bytes;
} ort_analysis;

REIN_RESULT_DEFINE(ort_result_analysis, const ort_analysis *)

/* The slots of the analysis. A view is valid until the same slot is asked about another path, or
 * about the same path after its file has changed: the old answer is then freed. */
enum { ORT_SLOT_MEMORY, ORT_SLOT_INPUTS, ORT_SLOT_OUTPUTS, ORT_SLOT_COUNT };

/* The last answer of each slot. Zeroed: none. One thread at a time. */
typedef struct ort_analyses {
    ort_analysis *last[ORT_SLOT_COUNT];
} ort_analyses;

/* Returns the analysis of the model at `path` as the answer of a slot. Opens the model, unless it
 * is the last answer of any slot and its file has not changed. Errors: as ort_look_at and
 * ort_model_open; the last answers are then as before. */
REIN_MUST_USE ort_result_analysis ort_analyse(ort_analyses *analyses, int slot,
                                              const ort_engine *engine, const char *path,
                                              uint32_t max_batch_size);

void ort_analyses_deinit(ort_analyses *analyses);

#endif
