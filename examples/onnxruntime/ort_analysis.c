#include "ort_analysis.h"

#include <stdlib.h>
#include <string.h>

static bool is_same_file(const struct stat *left, const struct stat *right) {
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino &&
           left->st_size == right->st_size && left->st_mtim.tv_sec == right->st_mtim.tv_sec &&
           left->st_mtim.tv_nsec == right->st_mtim.tv_nsec;
}

static ort_analysis *find(const ort_analyses *analyses, const char *path, const struct stat *file) {
    for (int slot = 0; slot < ORT_SLOT_COUNT; slot++) {
        ort_analysis *last = analyses->last[slot];
        if (last != NULL && strcmp(last->path, path) == 0 && is_same_file(&last->file, file)) {
            return last;
        }
    }
    return NULL;
}

/* Moves the results out of a model. Returns NULL if there is not enough memory. */
static ort_analysis *keep(ort_model *model, const char *path, const struct stat *file) {
    ort_analysis *analysis = calloc(1, sizeof *analysis);
    char *kept_path = malloc(strlen(path) + 1);
    if (analysis == NULL || kept_path == NULL) {
        free(analysis);
        free(kept_path);
        return NULL;
    }
    strcpy(kept_path, path);
    *analysis = (ort_analysis){.path = kept_path,
                               .file = *file,
                               .signature = model->signature,
                               .weights_bytes = model->weights_bytes,
                               .load_peak_bytes = model->load_peak_bytes};
    model->signature = (ort_signature){.specs = NULL};
    return analysis;
}

/* Forgets the last answer of a slot. */
static void drop(ort_analyses *analyses, int slot) {
    ort_analysis *last = analyses->last[slot];
    analyses->last[slot] = NULL;
    if (last != NULL && --last->slot_count == 0) {
        free(last->path);
        ort_signature_deinit(&last->signature);
        free(last);
    }
}

ort_result_analysis ort_analyse(ort_analyses *analyses, int slot, const ort_engine *engine,
                                const char *path, uint32_t max_batch_size) {
    struct stat file;
    REIN_TRY(ort_result_analysis, ort_look_at(path, &file));
    ort_analysis *analysis = find(analyses, path, &file);
    if (analysis == NULL) {
        ort_model *model =
            REIN_TRY(ort_result_analysis, ort_model_open(engine, path, max_batch_size));
        analysis = keep(model, path, &file);
        ort_model_close(model);
    }
    if (analysis == NULL) {
        return ort_result_analysis_fail(ort_out_of_memory(REIN_HERE));
    }
    analysis->slot_count++;
    drop(analyses, slot);
    analyses->last[slot] = analysis;
    return ort_result_analysis_ok(analysis);
}

void ort_analyses_deinit(ort_analyses *analyses) {
    for (int slot = 0; slot < ORT_SLOT_COUNT; slot++) {
        drop(analyses, slot);
    }
}
