#include "cli/models/description.h"

#include <string.h>

void description_add_file(arena *memory, model_description *target, const char *path) {
    target->files = arena_grow(memory, target->files, target->file_count, &target->file_capacity,
                               sizeof *target->files);
    target->files[target->file_count++] = path;
}

void description_add_unknown(arena *memory, model_description *target, const char *fact,
                             const char *why) {
    target->unknowns = arena_grow(memory, target->unknowns, target->unknown_count,
                                  &target->unknown_capacity, sizeof *target->unknowns);
    target->unknowns[target->unknown_count++] = (unknown_fact){.fact = fact, .why = why};
}

void description_add_input(arena *memory, model_description *target, described_input input) {
    target->inputs = arena_grow(memory, target->inputs, target->input_count,
                                &target->input_capacity, sizeof *target->inputs);
    target->inputs[target->input_count++] = input;
}

void description_add_value(arena *memory, model_description *target, described_value value) {
    target->values = arena_grow(memory, target->values, target->value_count,
                                &target->value_capacity, sizeof *target->values);
    target->values[target->value_count++] = value;
}

void description_set_no_state(model_description *target) {
    const rein_fact_u64 none = rein_fact_u64_known(0);
    target->state = (rein_model_state){.kv_bytes = none,
                                       .sliding_window_bytes = none,
                                       .recurrent_bytes = none,
                                       .index_bytes = none,
                                       .total_bytes = none,
                                       .device_bytes = none,
                                       .host_bytes = none,
                                       .bytes_per_token = none};
}

static weight_type *type_named(arena *memory, model_description *target, const char *name) {
    for (size_t index = 0; index < target->type_count; index++) {
        if (strcmp(target->types[index].name, name) == 0) {
            return &target->types[index];
        }
    }
    target->types = arena_grow(memory, target->types, target->type_count, &target->type_capacity,
                               sizeof *target->types);
    target->types[target->type_count] = (weight_type){.name = name};
    return &target->types[target->type_count++];
}

void description_count_type(arena *memory, model_description *target, weight_type counted) {
    weight_type *type = type_named(memory, target, counted.name);
    type->element_count += counted.element_count;
    type->size_bytes += counted.size_bytes;
}
