/* The answers of another reader about the files in gguf/heads.tar.xz. */
#include <strings.h>

#include "gguf_case.h"
#include "gguf_heads.h"

enum { HEADS = 97 };

/* Compares a number with a fact that may not be stated. */
static void expect_fact(const gguf_head_facts *head, int fact, uint64_t number) {
    const char *text = head->facts[fact];
    uint64_t expected = strtoull(text, NULL, 10);
    cr_assert(is_same_text(text, "-") || number == expected, "%s: fact %d is %llu, expected %s",
              head->name, fact, (unsigned long long)number, text);
}

static uint64_t count_elements(const rein_gguf *gguf) {
    uint64_t count = 0;
    for (size_t i = 0; i < gguf->tensor_count; i++) {
        count += gguf->tensors[i].element_count;
    }
    return count;
}

static void expect_facts(const gguf_head_facts *head, const rein_gguf *gguf) {
    expect_fact(head, FACT_VERSION, gguf->version);
    expect_fact(head, FACT_ALIGNMENT, gguf->alignment_bytes);
    expect_fact(head, FACT_DATA_OFFSET, gguf->data_offset);
    expect_fact(head, FACT_TENSOR_BYTES, gguf->tensor_bytes);
    expect_fact(head, FACT_TENSORS, gguf->tensor_count);
    /* For the first of several files the engine states the parameters of all. */
    if (strncmp(head->name, "split-", strlen("split-")) != 0) {
        expect_fact(head, FACT_PARAMETERS, count_elements(gguf));
    }
}

/* Files that are sound, but of an old version or of another byte order. */
static bool is_unsupported(const char *name) {
    return is_same_text(name, "bad-version1") || is_same_text(name, "bigendian-smollm2-135m");
}

static void expect_answer(const gguf_head_facts *head) {
    size_t byte_count = 0;
    unsigned char *bytes = gguf_head_read(head->name, &byte_count);
    gguf_case c;
    gguf_case_read(&c, bytes, byte_count, head->file_bytes);
    bool is_read = is_same_text(head->answer, "read");
    cr_assert(c.result.is_ok == is_read, "%s: the answer is not '%s'", head->name, head->answer);
    if (is_read) {
        expect_facts(head, &REIN_VALUE(c.result));
    } else {
        expect_code(&REIN_ERROR(c.result), is_unsupported(head->name)
                                               ? REIN_ERROR_UNSUPPORTED
                                               : REIN_ERROR_INVALID_ARGUMENT);
    }
    gguf_case_free(&c);
    free(bytes);
}

Test(oracle, answers_are_those_of_the_engine) {
    cr_assert(visit_gguf_heads(expect_answer) == HEADS, "all heads are compared");
}

/* The loader refuses these files, but its reader accepts them. */
static void expect_facts_of_a_cut_file_if_it_were_whole(const gguf_head_facts *head) {
    if (!is_same_text(head->answer, "cut")) {
        return;
    }
    size_t byte_count = 0;
    unsigned char *bytes = gguf_head_read(head->name, &byte_count);
    gguf_case c;
    gguf_case_read(&c, bytes, byte_count,
                   strtoull(head->facts[FACT_DATA_OFFSET], NULL, 10) +
                       strtoull(head->facts[FACT_TENSOR_BYTES], NULL, 10));
    expect_facts(head, &REIN_VALUE(c.result));
    gguf_case_free(&c);
    free(bytes);
}

Test(oracle, cut_files_lack_only_their_data) {
    visit_gguf_heads(expect_facts_of_a_cut_file_if_it_were_whole);
}

/* Each tensor of this file has three rows of 512 elements, and is named after its type. */
Test(oracle, knows_the_layout_of_every_type) {
    size_t byte_count = 0;
    unsigned char *bytes = gguf_head_read("alltypes", &byte_count);
    gguf_case c;
    gguf_case_read(&c, bytes, byte_count, 70368);
    const rein_gguf *gguf = &REIN_VALUE(c.result);
    for (size_t i = 0; i < gguf->tensor_count; i++) {
        const rein_gguf_tensor *tensor = &gguf->tensors[i];
        const rein_gguf_type_layout *layout = rein_gguf_type_find(tensor->type);
        uint64_t blocks = UINT64_C(3) * 512 / layout->block_elements;
        uint64_t end = i + 1 < gguf->tensor_count ? tensor[1].offset_bytes : 70368 - 1728;
        uint64_t padding = end - tensor->offset_bytes - blocks * layout->block_bytes;
        cr_assert(tensor->size_bytes == blocks * layout->block_bytes && padding < 32, "%s",
                  tensor->name);
        cr_assert(strcasecmp(tensor->name + strlen("t."), layout->name) == 0, "%s is %s",
                  tensor->name, layout->name);
    }
    gguf_case_free(&c);
    free(bytes);
}
