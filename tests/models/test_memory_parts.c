/* Models that are split into several files. */
#include "memory_case.h"

#define LLAMA_KEYS                                                                      \
    "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;" \
    " attention.head_count_kv=2"

enum { PARTS_MAX = 3 };

/* Tells the memory of parts with these keys, of which the first has the metadata of a model. Each
 * part has two tensors. */
static rein_result_void tell_parts(const char *const *keys, size_t part_count,
                                   rein_model_memory *memory) {
    static const char *const tensors[PARTS_MAX] = {
        "blk.0.attn_norm.weight 32 1 0; output.weight 32 1 0",
        "blk.1.attn_norm.weight 32 1 0; token_embd.weight 32 1 0",
        "blk.0.ffn_norm.weight 32 1 0; blk.1.ffn_norm.weight 32 1 0"};
    memory_case *cases[PARTS_MAX] = {NULL};
    rein_gguf parts[PARTS_MAX];
    for (size_t i = 0; i < part_count; i++) {
        model_text text = {
            .architecture = i == 0 ? "llama" : NULL, .keys = keys[i], .tensors = tensors[i]};
        cases[i] = memory_case_make(&text);
        parts[i] = cases[i]->part;
    }
    rein_model_memory_request request =
        rein_model_memory_request_make(parts, part_count, plain_options());
    rein_result_void told = rein_model_memory_compute(&request, memory);
    for (size_t i = 0; i < part_count; i++) {
        memory_case_free(cases[i]);
    }
    return told;
}

static void expect_refused_parts(const char *const *keys, size_t part_count, const char *about,
                                 uint64_t first, uint64_t second) {
    rein_model_memory memory = rein_model_memory_make();
    rein_result_void told = tell_parts(keys, part_count, &memory);
    cr_assert(!told.is_ok, "the parts are refused");
    expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(told).foreign_text, about), "'%s' is named",
              REIN_ERROR(told).foreign_text);
    if (about[0] == '\0') {
        expect_numbers(&REIN_ERROR(told), first, second, 0);
    }
    cr_assert(memory.input_count == 0 && !memory.weights.file_bytes.is_known);
}

Test(parts, are_told_as_one_model) {
    static const char *const keys[] = {LLAMA_KEYS
                                       "; split.no=h0; split.count=h3; split.tensors.count=i6",
                                       "split.no=h1; split.count=h3", "split.no=h2"};
    rein_model_memory memory = rein_model_memory_make();
    REIN_UNWRAP(tell_parts(keys, 3, &memory));
    cr_assert(memory.weights.file_bytes.value == UINT64_C(6) * 128);
    cr_assert(memory.weights.device_bytes.value == UINT64_C(5) * 128, "output.weight was found");
    cr_assert(memory.weights.host_bytes.value == 128);
}

Test(parts, need_no_count_of_tensors) {
    static const char *const keys[] = {LLAMA_KEYS "; split.no=h0; split.count=h2", "split.no=h1"};
    rein_model_memory memory = rein_model_memory_make();
    REIN_UNWRAP(tell_parts(keys, 2, &memory));
}

Test(parts, must_be_all_there_and_in_order) {
    static const char *const first[] = {LLAMA_KEYS "; split.no=h0; split.count=h3"};
    expect_refused_parts(first, 1, "", 3, 1);
    static const char *const later[] = {"split.no=h1; split.count=h3", "split.no=h0"};
    expect_refused_parts(later, 1, "", 1, 2);
    expect_refused_parts(later, 2, "", 1, 2);
    static const char *const gap[] = {LLAMA_KEYS "; split.no=h0; split.count=h3", "split.no=h2"};
    expect_refused_parts(gap, 2, "", 2, 3);
    static const char *const twice[] = {LLAMA_KEYS "; split.no=h0; split.count=h2", "split.no=h0"};
    expect_refused_parts(twice, 2, "", 2, 1);
    static const char *const none[] = {LLAMA_KEYS "; split.no=h0; split.count=h2", ""};
    expect_refused_parts(none, 2, "", 2, 0);
    static const char *const whole[] = {LLAMA_KEYS, "split.no=h1"};
    expect_refused_parts(whole, 2, "", 1, 2);
    static const char *const zero[] = {LLAMA_KEYS "; split.count=h0", "split.no=h1"};
    expect_refused_parts(zero, 2, "", 0, 2);
}

Test(parts, must_have_as_many_tensors_as_the_first_says) {
    static const char *const keys[] = {
        LLAMA_KEYS "; split.no=h0; split.count=h2; split.tensors.count=i5", "split.no=h1"};
    expect_refused_parts(keys, 2, "", 4, 5);
}

Test(parts, must_state_numbers_of_the_right_type) {
    static const char *const number[] = {LLAMA_KEYS "; split.no=0"};
    expect_refused_parts(number, 1, "split.no", 0, 0);
    static const char *const array[] = {LLAMA_KEYS "; split.no=h[0]"};
    expect_refused_parts(array, 1, "split.no", 0, 0);
    static const char *const count[] = {LLAMA_KEYS "; split.no=h0; split.count=i1"};
    expect_refused_parts(count, 1, "split.count", 0, 0);
    static const char *const tensors[] = {LLAMA_KEYS "; split.no=h0; split.tensors.count=2"};
    expect_refused_parts(tensors, 1, "split.tensors.count", 0, 0);
    static const char *const negative[] = {LLAMA_KEYS "; split.no=h0; split.tensors.count=i-2"};
    expect_refused_parts(negative, 1, "split.tensors.count", 0, 0);
}
