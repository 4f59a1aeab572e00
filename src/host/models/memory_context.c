#include "host/models/memory_context.h"

/* Cells are allocated in multiples of this number. */
enum { CELL_STEP = 256 };

static uint64_t round_to_step(uint64_t cells) {
    return (cells + CELL_STEP - 1) / CELL_STEP * CELL_STEP;
}

static uint64_t lesser(uint64_t left, uint64_t right) {
    return left < right ? left : right;
}

/* Returns the tokens that are computed at once. The engine also limits the batch to the context.
 * That makes no difference here: a window with such a batch has all cells of the context. */
static uint64_t ubatch_tokens(const rein_engine_options *options) {
    uint64_t batch = options->batch.value;
    return options->ubatch.value == 0 ? batch : lesser(batch, options->ubatch.value);
}

static uint64_t sliding_cells(const memory_model *model, const rein_engine_options *options,
                              const context_layout *layout) {
    if (options->swa_full == REIN_SWITCH_ON) {
        return layout->cells;
    }
    uint64_t windows = options->unified_kv == REIN_SWITCH_ON ? layout->sequences : 1;
    uint64_t tokens = model->window_tokens * windows + ubatch_tokens(options);
    return round_to_step(lesser(layout->cells, tokens));
}

context_layout rein_i_context_layout_make(const memory_model *model,
                                          const rein_engine_options *options) {
    bool is_unified = options->unified_kv == REIN_SWITCH_ON;
    context_layout layout = {.is_known = options->context.is_known,
                             .cells = 1,
                             .sliding_cells = 1,
                             .sequences = options->parallel.value};
    layout.streams = is_unified ? 1 : layout.sequences;
    if (!layout.is_known) {
        return layout;
    }
    uint64_t requested =
        options->context.value == 0 ? model->trained_tokens : options->context.value;
    uint64_t rounded = round_to_step(requested);
    layout.cells = is_unified ? rounded : round_to_step(rounded / layout.sequences);
    layout.tokens = layout.cells * layout.streams;
    layout.tokens_per_sequence = layout.cells;
    layout.sliding_cells = sliding_cells(model, options, &layout);
    return layout;
}
