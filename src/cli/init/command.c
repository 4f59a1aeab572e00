#include "cli/init/command.h"

#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/write/output.h"

static const char default_path[] = "rein.yaml";

/* The commented lines are examples of all other keys. The manifest stays valid if their "# " is
 * removed. */
static const char text_of_manifest[] =
    "# Which models share a device, and what each is promised: 'rein check FILE' says whether "
    "they\n"
    "# fit. Sizes have a unit (B, KiB, MiB, GiB, TiB), and so have times (ns, us, ms, s). What is\n"
    "# left out is unknown, and never guessed.\n"
    "schema: 1\n"
    "\n"
    "device:\n"
    "  # A file, relative to this one, such as 'rein probe --exact -o FILE' writes; auto is this\n"
    "  # machine's device.\n"
    "  profile: auto\n"
    "  # To be left free.\n"
    "  headroom: 256MiB\n"
    "  # Processes that run the models: each takes a context.\n"
    "  processes: 1\n"
    "  # Promised to others on the device. What 'rein run' reserves is counted by itself.\n"
    "  # reserved: 1GiB\n"
    "  # What the device does not tell, or tells otherwise.\n"
    "  # context_overhead: 300MiB\n"
    "  # granularity: 512B\n"
    "  # pool_growth: 32MiB\n"
    "\n"
    "models:\n"
    "  - id: first-model\n"
    "    # What it is promised, and held to: device memory, streams at once, and device time of "
    "one\n"
    "    # execution.\n"
    "    budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
    "    # What its weights take.\n"
    "    weights: 128MiB\n"
    "    # What one execution takes beside them; or, better, the lifetimes of its tensors, which\n"
    "    # 'rein plan FILE.csv' places: lifetimes: first-model.csv\n"
    "    activations: 64MiB\n"
    "\n"
    "  # - id: second-model\n"
    "  #   budget: {memory: 256MiB, streams: 1, compute: 20ms}\n"
    "  #   weights: 64MiB\n"
    "  #   activations: 32MiB\n"
    "\n"
    "  # A server that answers several requests at once and keeps state (a KV cache) for each\n"
    "  # sequence. Its limit covers the context of each of its processes, as limits of MPS do.\n"
    "  # - id: third-model\n"
    "  #   budget: {memory: 2GiB, streams: 4, compute: 50ms, limit_includes_context: true}\n"
    "  #   weights: 1GiB\n"
    "  #   load_peak: 1200MiB\n"
    "  #   activations: 32MiB\n"
    "  #   concurrent: 2\n"
    "  #   sequences: 8\n"
    "  #   state: 16MiB\n"
    "  #   processes: 1\n";

static exit_code write_new_file(diagnostics *sink, const char *path, output_text *text) {
    if (!output_to_new_file(sink, text, path)) {
        return EXIT_CODE_BAD_INPUT;
    }
    const char *name = text_printable(sink->memory, path);
    output_text *next = output_open(sink->memory);
    fprintf(next->stream, "%s is written; next: rein check %s\n", name, name);
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
    .summary = "write a manifest with comments to begin with",
    .details = "FILE is rein.yaml without a name; '-' is standard output. A file that is there\n"
               "is never replaced. Editors complete the keys of a manifest and of a device's\n"
               "profile by manifest.schema.json and profile.schema.json (docs/schema).\n\n"
               "exit: 0 done, 2 bad output\n",
    .run = run_init,
};
