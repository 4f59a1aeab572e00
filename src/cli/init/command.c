#include "cli/init/command.h"

#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/write/output.h"

static const char default_path[] = "rein.yaml";

/* The commented lines are examples of all other keys. The manifest stays valid if their "# " is
 * removed. */
static const char text_of_manifest[] =
    "# The models that share a device, and the budget of each. 'rein check FILE' tells whether\n"
    "# they fit. Sizes have a unit (B, KiB, MiB, GiB, TiB), and so have times (ns, us, ms, s).\n"
    "# An omitted fact is unknown and never guessed.\n"
    "schema: 1\n"
    "\n"
    "device:\n"
    "  # A profile's file, relative to this one: 'rein probe --exact -o FILE' writes one. auto\n"
    "  # is this machine's first device.\n"
    "  profile: auto\n"
    "  # Memory to be left free.\n"
    "  headroom: 256MiB\n"
    "  # Processes that run the models: each takes a context.\n"
    "  processes: 1\n"
    "  # Memory for other users of the device. Reservations of 'rein run' count separately.\n"
    "  # reserved: 1GiB\n"
    "  # Facts that the profile does not state, or states differently.\n"
    "  # context_overhead: 300MiB\n"
    "  # granularity: 512B\n"
    "  # pool_growth: 32MiB\n"
    "\n"
    "models:\n"
    "  - id: first-model\n"
    "    # The budget: device memory, concurrent streams, and device time of one execution.\n"
    "    budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
    "    # The size of the weights.\n"
    "    weights: 128MiB\n"
    "    # What one execution takes beside the weights. Lifetimes of the tensors are better,\n"
    "    # because 'rein plan FILE.csv' places them: lifetimes: first-model.csv, and with it\n"
    "    # lifetimes_inclusive: true if the upper ends in that file are included.\n"
    "    activations: 64MiB\n"
    "\n"
    "  # - id: second-model\n"
    "  #   budget: {memory: 256MiB, streams: 1, compute: 20ms}\n"
    "  #   weights: 64MiB\n"
    "  #   activations: 32MiB\n"
    "\n"
    "  # A server that answers several requests at once and keeps a state (a KV cache) for each\n"
    "  # sequence. Its limit includes the contexts of its processes, as limits of MPS do.\n"
    "  # - id: third-model\n"
    "  #   budget: {memory: 2GiB, streams: 4, compute: 50ms, limit_includes_context: true}\n"
    "  #   weights: 1GiB\n"
    "  #   load_peak: 1200MiB\n"
    "  #   activations: 32MiB\n"
    "  #   concurrent: 2\n"
    "  #   sequences: 8\n"
    "  #   state: 16MiB\n"
    "  #   processes: 1\n"
    "  #   growth: 32MiB # how its own allocator grows; or doubling\n"
    "\n"
    "  # A model whose file states the weights and, with the options of its engine, the state.\n"
    "  # 'rein inspect FILE' prints these keys.\n"
    "  # - id: fourth-model\n"
    "  #   budget: {memory: 8GiB, streams: 2, compute: 2s}\n"
    "  #   file: fourth-model.gguf\n"
    "  #   engine: {name: llama-server, context: 32768, parallel: 1, kv_type: f16, batch: 2048,\n"
    "  #     ubatch: 512, flash_attention: on, unified_kv: on, swa_full: off, gpu_layers: 99}\n"
    "  #   activations: 600MiB\n"
    "  # What the model was seen to use stands for facts that are unknown.\n"
    "  #   measured: fourth-model.measured.yaml\n"
    "  # For an ONNX model: bind: {batch: 8}, and follows_plan: true if its runtime follows the "
    "plan.\n";

static exit_code write_new_file(diagnostics *sink, const char *path, output_text *text) {
    if (!output_to_new_file(sink, text, path)) {
        return EXIT_CODE_BAD_INPUT;
    }
    const char *name = text_printable(sink->memory, path);
    output_text *next = output_open(sink->memory);
    fprintf(next->stream, "wrote %s; next: rein check %s\n", name, name);
    return output_to_standard(sink, next) ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

static exit_code run_init(const invocation *called, diagnostics *sink) {
    const char *path = called->operand_count == 0 ? default_path : called->operands[0];
    output_text *text = output_open(sink->memory);
    fputs(text_of_manifest, text->stream);
    if (!path_is_standard(path)) {
        return write_new_file(sink, path, text);
    }
    return output_to_standard(sink, text) ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

const command init_command = {
    .name = "init",
    .operands = "[FILE]",
    .operands_max = 1,
    .summary = "write a commented manifest to start from",
    .details = "FILE is rein.yaml if it is omitted; '-' is standard output. An existing file is\n"
               "never replaced. Editors can complete the keys of a manifest and of a profile\n"
               "with the schemas in docs/schema.\n\n"
               "exit: 0 done, 2 bad usage or output\n",
    .run = run_init,
};
