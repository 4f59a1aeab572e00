/* The manifest: the models that share a device, and the budget of each.
 *
 *     schema: 1
 *     device: {profile: devices/edge.yaml, headroom: 256MiB}
 *     models:
 *       - id: resnet50
 *         budget: {memory: 512MiB, streams: 4, compute: 100ms, limit_includes_context: true}
 *         weights: 102440624B
 *         lifetimes: lifetimes/resnet50_b8.csv     # or  activations: 80MiB
 *         lifetimes_inclusive: false               # whether upper ends in the file are included
 *         load_peak: 200MiB
 *         concurrent: 4
 *         sequences: 16
 *         state: 8MiB
 *         processes: 2
 *         growth: 1GiB                             # or doubling
 *       - id: chat
 *         budget: {memory: 9GiB, streams: 2, compute: 2s}
 *         file: q.gguf                             # or a list; stated_files.h
 *         engine: {context: 32768}
 *         measured: chat.measured.yaml             # measurement.h
 *
 * All keys of `device` are optional: profile, headroom, context_overhead, granularity, pool_growth,
 * processes, reserved. A model requires `id` and `budget`, and a budget its first three keys. Omit
 * the other keys of a model if their values are unknown. */
#ifndef REIN_CLI_READ_MANIFEST_H
#define REIN_CLI_READ_MANIFEST_H

#include "cli/read/stated_files.h"
#include "cli/read/stated_growth.h"
#include "cli/read/values.h"
#include "contract/budget.h"
#include "contract/ids.h"

typedef struct manifest_model {
    rein_model_id id;
    position id_at;
    rein_resource_budget budget;
    stated_flag limit_includes_context; /* a key of the budget */
    stated_bytes weights;
    stated_bytes activations;        /* at most one of this and `lifetimes` is stated */
    stated_text lifetimes;           /* as written in the manifest */
    stated_flag lifetimes_inclusive; /* only if `lifetimes` is stated */
    stated_bytes load_peak;
    stated_bytes state; /* per sequence; only if `sequences` is stated */
    stated_count sequences;
    stated_count concurrent; /* at least 1 */
    stated_count processes;  /* at least 1 */
    stated_growth growth;
    stated_paths files;
    stated_engine engine;     /* only if `files` is stated, as the next two */
    stated_bindings bindings; /* of symbols of a graph */
    stated_text measured;     /* as written in the manifest */
    stated_flag follows_plan; /* the graph's lifetimes are planned, and the runtime follows that */
} manifest_model;

typedef struct manifest_device {
    stated_text profile; /* as written in the manifest, or "auto" */
    stated_bytes headroom;
    stated_bytes context_overhead;
    stated_bytes granularity;
    stated_bytes pool_growth;
    stated_bytes reserved;
    stated_count processes;
} manifest_device;

typedef struct manifest {
    const char *path;
    manifest_device device;
    manifest_model *models;
    size_t model_count; /* above 0 */
} manifest;

/* Reads the manifest at `path`. Reports errors and returns false. */
bool manifest_read(diagnostics *sink, const char *path, manifest *out_manifest);

/* As manifest_read, for a text in memory. */
bool manifest_read_text(diagnostics *sink, const input_file *file, manifest *out_manifest);

#endif
