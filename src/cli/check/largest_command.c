#include "cli/check/largest_command.h"

#include <string.h>

#include "cli/base/option.h"
#include "cli/base/text.h"
#include "cli/check/largest.h"
#include "cli/check/options.h"
#include "cli/fleet/described_models.h"

static const char *kind_name(const void *unused, size_t index) {
    (void)unused;
    return largest_kind_name((largest_kind)index);
}

static const char *model_id_at(const void *models, size_t index) {
    return rein_model_id_text(&((const manifest_model *)models)[index].id);
}

/* Finds the model that varies: the one of --model, or the only one. */
static bool find_model(diagnostics *sink, const char *id, const manifest *from, size_t *out_model) {
    size_t index = 0;
    if (id == NULL) {
        *out_model = 0;
        if (from->model_count > 1) {
            report_in_file(sink, from->path,
                           "has %zu models; choose the one whose number varies: --model ID",
                           from->model_count);
        }
        return from->model_count == 1;
    }
    while (index < from->model_count && strcmp(model_id_at(from->models, index), id) != 0) {
        index++;
    }
    if (index == from->model_count) {
        report_in_file(
            sink, from->path, "has no model %s%s", text_quote(sink->memory, id),
            suggest_or_list(sink->memory, id, from->models, from->model_count, model_id_at));
    }
    *out_model = index;
    return index < from->model_count;
}

/* Reports that a number of the model cannot vary, and returns false. */
static bool refuse_model(diagnostics *sink, const largest_question *asked, const char *why) {
    const fleet *stated = asked->stated;
    const manifest_model *model = stated->models[asked->model].stated;
    const char *kind = largest_kind_name(asked->kind);
    if (asked->has_budget) {
        report_at(sink, stated->from->path, model->id_at, "model '%s': --largest %s %s",
                  rein_model_id_text(&model->id), kind, why);
    } else {
        report_in_file(sink, stated->from->path, "--largest %s %s", kind, why);
    }
    return false;
}

/* Checks that the need of the model depends on the number that varies. */
static bool check_question(diagnostics *sink, const largest_question *asked) {
    const fleet_model *model = &asked->stated->models[asked->model];
    bool has_engine =
        model->described != NULL && model->described->format != REIN_MODEL_FORMAT_ONNX;
    if (asked->kind != LARGEST_INSTANCES && model->measured != NULL) {
        return refuse_model(sink, asked,
                            "does not apply: the measurement holds for the measured settings "
                            "alone; remove the key 'measured'");
    }
    if (asked->kind == LARGEST_CONTEXT && !has_engine) {
        return refuse_model(sink, asked, "needs a model in GGUF or safetensors");
    }
    if (asked->kind == LARGEST_CONTEXT && model->stated->state.is_stated) {
        return refuse_model(sink, asked, "needs the state of the file; remove the key 'state'");
    }
    if (asked->kind == LARGEST_PARALLEL && !has_engine && !model->stated->sequences.is_stated) {
        return refuse_model(sink, asked,
                            "needs a model in GGUF or safetensors, or the key 'sequences'");
    }
    return true;
}

/* Answers the question and prints the answer. */
static exit_code answer(diagnostics *sink, const largest_question *asked, bool is_json) {
    largest_answer found;
    if (!check_question(sink, asked) || !largest_find(sink, asked, &found)) {
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_printed =
        is_json ? largest_print_json(sink, &found) : largest_print_table(sink, &found);
    return is_printed ? exit_code_of(found.outcome) : EXIT_CODE_BAD_INPUT;
}

/* Opens the files of the model that varies if its state follows from them. */
static bool open_files(diagnostics *sink, largest_question *asked) {
    const fleet_model *model = &asked->stated->models[asked->model];
    if (asked->kind == LARGEST_INSTANCES || model->described == NULL) {
        return true;
    }
    describe_request request = fleet_describe_request(sink->memory, asked->stated, model->stated);
    model_description unused;
    asked->opened = model_open(sink, &request, &unused);
    return asked->opened != NULL;
}

static exit_code run_on_manifest(const invocation *called, diagnostics *sink, largest_kind kind,
                                 bool is_json) {
    manifest from;
    fleet gathered;
    largest_question asked = {.kind = kind, .stated = &gathered, .has_budget = true};
    for (size_t index = OPTION_ACTIVATIONS; index < OPTION_COUNT; index++) {
        if (called->options[index] != NULL) {
            report(sink, "option '--%s' is for a model file; state it in the manifest",
                   check_options[index].name);
            return EXIT_CODE_BAD_INPUT;
        }
    }
    if (!manifest_read(sink, called->operands[0], &from) ||
        !find_model(sink, called->options[OPTION_MODEL], &from, &asked.model) ||
        !check_gather(called, sink, &from, &gathered) || !open_files(sink, &asked)) {
        return EXIT_CODE_BAD_INPUT;
    }
    exit_code code = answer(sink, &asked, is_json);
    if (asked.opened != NULL) {
        model_close(asked.opened);
    }
    return code;
}

static bool read_size(const invocation *called, diagnostics *sink, size_t option,
                      stated_bytes *out_stated) {
    const char *text = called->options[option];
    out_stated->is_stated = text != NULL;
    return option_bytes(sink, check_options[option].name, text, &out_stated->bytes);
}

/* Makes the manifest of a model file: the device and the model as the options state them. */
static bool state_model(const invocation *called, diagnostics *sink,
                        const describe_request *request, manifest *out_from) {
    manifest_model *model = arena_allocate(sink->memory, 1, sizeof *model);
    manifest made = {.path = called->operands[0], .models = model, .model_count = 1};
    manifest_device *device = &made.device;
    if (!read_size(called, sink, OPTION_ACTIVATIONS, &model->activations) ||
        !read_size(called, sink, OPTION_HEADROOM, &device->headroom) ||
        !read_size(called, sink, OPTION_CONTEXT_OVERHEAD, &device->context_overhead) ||
        !read_size(called, sink, OPTION_GRANULARITY, &device->granularity)) {
        return false;
    }
    if (device->granularity.is_stated && device->granularity.bytes == 0) {
        report(sink, "option '--granularity' must be greater than 0");
        return false;
    }
    model->id = REIN_UNWRAP(rein_model_id_make("model"));
    model->budget = rein_resource_budget_default();
    model->budget.memory_limit_bytes = 1; /* each step sets it to what the model needs */
    model->processes = (stated_count){.is_stated = true, .count = 1};
    model->engine = (stated_engine){
        .is_stated = true, .options = request->options, .options_stated = request->stated_options};
    *out_from = made;
    return true;
}

/* Reports an option that contradicts a model file or the number that varies, and returns false. */
static bool check_options_of_file(const invocation *called, diagnostics *sink, largest_kind kind) {
    const char *largest = arena_print(sink->memory, "--largest %s", largest_kind_name(kind));
    bool is_context = kind == LARGEST_CONTEXT;
    size_t varied = OPTION_ENGINE + (is_context ? ENGINE_OPTION_CONTEXT : ENGINE_OPTION_PARALLEL);
    bool has_model = called->options[OPTION_MODEL] != NULL;
    if (has_model || called->options[OPTION_EFFORT] != NULL) {
        report(sink, "option '--%s' is for a manifest; %s is a model file",
               check_options[has_model ? OPTION_MODEL : OPTION_EFFORT].name,
               text_quote(sink->memory, called->operands[0]));
        return false;
    }
    if (kind != LARGEST_INSTANCES && called->options[varied] != NULL) {
        return refuse_both(sink, largest, is_context ? "--context" : "--parallel",
                           "that number varies");
    }
    return true;
}

static exit_code run_on_file(const invocation *called, diagnostics *sink, largest_kind kind,
                             bool is_json) {
    const char *const paths[] = {called->operands[0]};
    describe_request request = {.paths = paths, .path_count = 1, .granularity_bytes = 1};
    manifest from;
    fleet gathered;
    model_description described;
    largest_question asked = {.kind = kind, .stated = &gathered};
    if (!check_options_of_file(called, sink, kind) ||
        !read_engine_options(sink, called, OPTION_ENGINE, &request)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (kind == LARGEST_PARALLEL) {
        /* Other options may need that it is stated. */
        request.options.parallel = rein_fact_u64_known(1);
    }
    if (!state_model(called, sink, &request, &from) ||
        !check_gather(called, sink, &from, &gathered)) {
        return EXIT_CODE_BAD_INPUT;
    }
    asked.opened = model_open(sink, &request, &described);
    if (asked.opened == NULL) {
        return EXIT_CODE_BAD_INPUT;
    }
    fleet_set_described(&gathered.models[0], &described);
    exit_code code = answer(sink, &asked, is_json);
    model_close(asked.opened);
    return code;
}

exit_code check_run_largest(const invocation *called, diagnostics *sink, bool is_json) {
    size_t kind = 0;
    bool is_model = false;
    if (!option_word(sink, "largest", called->options[OPTION_LARGEST], NULL, LARGEST_KIND_COUNT,
                     kind_name, &kind) ||
        !model_is_at(sink, called->operands[0], &is_model)) {
        return EXIT_CODE_BAD_INPUT;
    }
    return is_model ? run_on_file(called, sink, (largest_kind)kind, is_json)
                    : run_on_manifest(called, sink, (largest_kind)kind, is_json);
}
