/* The size of the recurrent state of a block, for one sequence. */
#include "host/models/memory_model.h"
#include "host/models/memory_saturating.h"

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
    uint64_t channels = multiply_saturating((uint64_t)groups * state, 2);
    channels = add_saturating(channels, inner);
    model->convolution_elements = multiply_saturating(channels, look_back(kernel));
    model->recurrence_elements = (uint64_t)state * inner;
    return rein_done();
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
    model->convolution_elements = multiply_saturating(width, 3 * look_back(kernel));
    model->recurrence_elements = multiply_saturating(width, size);
    return rein_done();
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
    static rein_result_void (*const readers[])(const arch_metadata *, memory_model *) = {
        [RECURRENCE_SSM] = read_ssm,
        [RECURRENCE_RWKV] = read_rwkv,
        [RECURRENCE_SHORT_CONVOLUTION] = read_short_convolution,
        [RECURRENCE_KDA] = read_kda,
    };
    return has_recurrent_block(model) ? readers[model->arch->recurrence](metadata, model)
                                      : rein_done();
}
