#include "models/memory.h"

#include "host/contract/invalid.h"
#include "host/models/memory_metadata.h"
#include "host/models/memory_model.h"
#include "host/models/memory_notes.h"
#include "host/models/memory_parts.h"
#include "host/models/memory_state.h"
#include "host/models/memory_tensors.h"
#include "host/models/memory_weights.h"

static rein_result_void check_request(const rein_model_memory_request *request,
                                      const rein_model_memory *memory) {
    if (request == NULL || memory == NULL) {
        return rein_i_invalid(REIN_HERE, "the request and the memory" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (request->struct_size != sizeof *request) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_HAVE_STRUCT_SIZE, request->struct_size,
                              sizeof *request, 0);
    }
    if (memory->struct_size != sizeof *memory) {
        return rein_i_invalid(REIN_HERE, "the memory" MUST_HAVE_STRUCT_SIZE, memory->struct_size,
                              sizeof *memory, 0);
    }
    if (request->parts == NULL || request->part_count == 0) {
        return rein_i_invalid(REIN_HERE, "the request needs at least one part of a model", 0, 0, 0);
    }
    return rein_done();
}

/* Reads the text of a key into `buffer`; the empty text if the key is missing. */
static rein_result_void read_text(const rein_gguf *gguf, const char *key, char *buffer,
                                  size_t capacity) {
    const rein_gguf_entry *entry = rein_gguf_find(gguf, key);
    buffer[0] = '\0';
    if (entry != NULL) {
        (void)REIN_TRY(rein_result_void, rein_gguf_read_text(gguf, entry, buffer, capacity));
    }
    return rein_done();
}

/* Reads the architecture and what the file holds. */
static rein_result_void read_kind(const rein_gguf *gguf, rein_model_memory *memory) {
    char type[16];
    REIN_TRY(rein_result_void, read_text(gguf, "general.architecture", memory->architecture,
                                         sizeof memory->architecture));
    REIN_TRY(rein_result_void, read_text(gguf, "general.type", type, sizeof type));
    memory->kind = REIN_MODEL_KIND_MODEL;
    if (strcmp(type, "adapter") == 0) {
        memory->kind = REIN_MODEL_KIND_ADAPTER;
    } else if (strcmp(memory->architecture, "clip") == 0) {
        memory->kind = REIN_MODEL_KIND_PROJECTOR;
    }
    return rein_done();
}

/* States that a projector or an adapter has no state. */
static void tell_without_state(rein_model_memory *memory) {
    rein_fact_u64 none = rein_fact_u64_known(0);
    memory->state = (rein_model_state){none, none, none, none, none, none, none, none};
    rein_i_note_unknown(memory, REIN_MEMORY_WEIGHTS_PLACE,
                        "the weights of projectors and adapters follow the model that they belong "
                        "to",
                        rein_model_kind_name(memory->kind));
}

/* States that nothing but the weights is known. */
static void tell_unknown(rein_model_memory *memory, const char *reason) {
    rein_i_note_unknown(memory, REIN_MEMORY_WEIGHTS_PLACE, reason, memory->architecture);
    rein_i_note_unknown(memory, REIN_MEMORY_STATE, reason, memory->architecture);
}

static rein_result_void tell_model(const rein_model_memory_request *request,
                                   const rein_engine_settings *settings, const model_arch *arch,
                                   rein_model_memory *memory) {
    memory_model model;
    arch_metadata metadata = {.gguf = request->parts, .architecture = arch->name, .memory = memory};
    rein_i_note_options(memory, settings);
    REIN_TRY(rein_result_void, rein_i_memory_model_read(&metadata, arch, &model));
    if (model.has_unknown_nextn) {
        tell_unknown(memory, "it is not known whether the engine skips the blocks of "
                             "nextn_predict_layers for this architecture");
        return rein_done();
    }
    REIN_TRY(rein_result_void,
             rein_i_memory_tensors_check(&model, request->parts, request->part_count));
    REIN_TRY(rein_result_void, rein_i_memory_state_check(&model, &settings->options));
    REIN_TRY(rein_result_void,
             rein_i_memory_weights_place(&model, request->parts, request->part_count,
                                         settings->options.gpu_layers.value, memory));
    return rein_i_memory_state_tell(&model, &settings->options, memory);
}

/* Tells what is known, in a draft. */
static rein_result_void tell(const rein_model_memory_request *request,
                             const rein_engine_settings *settings, rein_model_memory *memory) {
    REIN_TRY(rein_result_void, rein_i_memory_parts_check(request->parts, request->part_count));
    REIN_TRY(rein_result_void, rein_i_memory_weights_sum(request->parts, request->part_count,
                                                         &memory->weights.file_bytes));
    REIN_TRY(rein_result_void, read_kind(request->parts, memory));
    if (memory->kind != REIN_MODEL_KIND_MODEL) {
        tell_without_state(memory);
        return rein_done();
    }
    const model_arch *arch = rein_i_model_arch_find(memory->architecture);
    if (memory->architecture[0] == '\0') {
        tell_unknown(memory, "the file does not state general.architecture");
    } else if (arch == NULL) {
        tell_unknown(memory, "this library does not know the architecture");
    } else if (arch->cache == CACHE_OF_ITS_OWN) {
        tell_unknown(memory, "the architecture has a cache of its own, whose size this library "
                             "does not know");
    } else {
        return tell_model(request, settings, arch, memory);
    }
    return rein_done();
}

rein_result_void rein_model_memory_compute(const rein_model_memory_request *request,
                                           rein_model_memory *out_memory) {
    REIN_TRY(rein_result_void, check_request(request, out_memory));
    rein_engine_settings settings =
        REIN_TRY(rein_result_void, rein_engine_options_resolve(&request->options));
    rein_model_memory draft = rein_model_memory_make();
    REIN_TRY(rein_result_void, tell(request, &settings, &draft));
    rein_i_note_unknown(&draft, REIN_MEMORY_ACTIVATIONS,
                        "the buffers of computations depend on the device, on the operations that "
                        "it has, and on the batch",
                        NULL);
    *out_memory = draft;
    return rein_done();
}
