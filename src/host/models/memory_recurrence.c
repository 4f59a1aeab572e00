/* The size of the recurrent state of a block, for one sequence. */
#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/models/memory_model.h"

static rein_result_void refuse_size(rein_source_location where, const char *architecture) {
    return rein_result_void_fail(rein_i_error_about(
        REIN_ERROR_INVALID_ARGUMENT, where,
        "the recurrent state of this {text} model does not fit in 64 bits", architecture));
}

/* The tokens that a convolution looks back. */
static uint64_t look_back(uint32_t kernel) {
    return kernel > 0 ? kernel - 1 : 0;
}

static rein_result_void read_ssm(const arch_metadata *metadata, memory_model *model) {
    uint32_t kernel = 0;
    uint32_t inner = 0;
    uint32_t state = 0;
    uint32_t groups = 0;
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "ssm.conv_kernel", &kernel));
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "ssm.inner_size", &inner));
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "ssm.state_size", &state));
    REIN_TRY(rein_result_void, rein_i_metadata_take(metadata, "ssm.group_count", 0, &groups));
    uint64_t channels = 0;
    bool fits = checked_multiply((uint64_t)groups * state, 2, &channels) &&
                checked_add(channels, inner, &channels) &&
                checked_multiply(channels, look_back(kernel), &model->convolution_elements);
    model->recurrence_elements = (uint64_t)state * inner;
    return fits ? rein_done() : refuse_size(REIN_HERE, metadata->architecture);
}

static rein_result_void read_rwkv(const arch_metadata *metadata, memory_model *model) {
    uint32_t shifts = 0;
    uint32_t head_size = 0;
    REIN_TRY(rein_result_void, rein_i_metadata_take(metadata, "token_shift_count", 2, &shifts));
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "wkv.head_size", &head_size));
    model->convolution_elements = (uint64_t)shifts * model->embedding_length;
    model->recurrence_elements = (uint64_t)model->embedding_length * head_size;
    return rein_done();
}

static rein_result_void read_short_convolution(const arch_metadata *metadata, memory_model *model) {
    uint32_t kernel = 0;
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "shortconv.l_cache", &kernel));
    model->convolution_elements = model->embedding_length * look_back(kernel);
    return rein_done();
}

static rein_result_void read_kda(const arch_metadata *metadata, memory_model *model) {
    uint32_t kernel = 0;
    uint32_t size = 0;
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "ssm.conv_kernel", &kernel));
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "kda.head_dim", &size));
    uint64_t width = (uint64_t)model->head_count * size;
    bool fits = checked_multiply(width, size, &model->recurrence_elements) &&
                checked_multiply(width, 3 * look_back(kernel), &model->convolution_elements);
    return fits ? rein_done() : refuse_size(REIN_HERE, metadata->architecture);
}

static bool has_recurrent_block(const memory_model *model) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        if ((model->blocks[block].keeps & BLOCK_KEEPS_RECURRENT) != 0) {
            return true;
        }
    }
    return false;
}

rein_result_void rein_i_memory_model_read_recurrence(const arch_metadata *metadata,
                                                     memory_model *model) {
    if (!has_recurrent_block(model)) {
        return rein_done();
    }
    switch (model->arch->recurrence) {
    case RECURRENCE_RWKV:
        return read_rwkv(metadata, model);
    case RECURRENCE_SHORT_CONVOLUTION:
        return read_short_convolution(metadata, model);
    case RECURRENCE_KDA:
        return read_kda(metadata, model);
    case RECURRENCE_SSM:
        break;
    }
    return read_ssm(metadata, model);
}
