#include "cli/models/onnx_bindings.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/suggest.h"
#include "cli/base/text.h"

/* More symbols are not listed in a message. */
enum { LISTED_MAX = 16 };

typedef struct symbol_list {
    const char **symbols;
    size_t count;
    size_t capacity;
} symbol_list;

static void add_symbols(arena *memory, const rein_onnx_value *value, symbol_list *target) {
    for (size_t index = 0; index < value->rank; index++) {
        const rein_onnx_text *symbol = &value->dimensions[index].symbol;
        if (symbol->length > 0) {
            target->symbols = arena_grow(memory, target->symbols, target->count, &target->capacity,
                                         sizeof *target->symbols);
            target->symbols[target->count++] = arena_copy(memory, symbol->bytes, symbol->length);
        }
    }
}

static int compare(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Returns the symbols of the inputs in the order of strcmp, each once. */
static symbol_list symbols_of(arena *memory, const rein_onnx *model) {
    symbol_list all = {.count = 0};
    for (size_t input = 0; input < model->input_count; input++) {
        add_symbols(memory, &model->inputs[input], &all);
    }
    if (all.count == 0) {
        return all;
    }
    qsort(all.symbols, all.count, sizeof *all.symbols, compare);
    size_t kept = 1;
    for (size_t index = 1; index < all.count; index++) {
        if (strcmp(all.symbols[index], all.symbols[kept - 1]) != 0) {
            all.symbols[kept++] = all.symbols[index];
        }
    }
    all.count = kept;
    return all;
}

static const char *symbol_at(const void *symbols, size_t index) {
    return ((const char *const *)symbols)[index];
}

static const char *hint(arena *memory, const char *bound, const symbol_list *known) {
    if (known->count == 0) {
        return "; the inputs have no symbols";
    }
    return known->count > LISTED_MAX
               ? suggest(memory, bound, "", known->symbols, known->count, symbol_at)
               : suggest_or_list(memory, bound, known->symbols, known->count, symbol_at);
}

bool onnx_bindings_check(diagnostics *sink, const describe_request *request, const model_file *file,
                         const rein_onnx *model) {
    if (request->binding_count == 0) {
        return true;
    }
    const symbol_list known = symbols_of(sink->memory, model);
    for (size_t index = 0; index < request->binding_count; index++) {
        const char *bound = request->bindings[index].symbol;
        if (known.count == 0 ||
            bsearch(&bound, known.symbols, known.count, sizeof *known.symbols, compare) == NULL) {
            report_in_file(sink, file->path, "no input has the symbol %s%s",
                           text_quote(sink->memory, bound), hint(sink->memory, bound, &known));
            return false;
        }
    }
    return true;
}
