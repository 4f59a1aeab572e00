/* The time to read a manifest, per model, and the time that libyaml alone takes to parse the same
 * text. */
#include "cli/read/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "host/subject.h"
#include "host/topics.h"

#define MANIFEST_TABLE "manifest: each model of it"

typedef struct manifest_text {
    uint64_t model_count;
    const char *name;
    char *text;
    size_t length;
} manifest_text;

static manifest_text texts[] = {
    {.model_count = 10, .name = "10 models"},
    {.model_count = 1000, .name = "1000 models"},
};

static void write_text(void *context) {
    manifest_text *made = context;
    if (made->text != NULL) {
        return;
    }
    FILE *stream = open_memstream(&made->text, &made->length);
    if (stream == NULL) {
        bench_stop("no memory for a manifest");
    }
    fputs("schema: 1\n"
          "device: {profile: edge.yaml, headroom: 256MiB, processes: 2}\n"
          "models:\n",
          stream);
    for (uint64_t i = 0; i < made->model_count; i++) {
        fprintf(stream,
                "  - id: model-%04d\n"
                "    budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
                "    weights: 102440624B\n"
                "    activations: 80MiB\n",
                (int)i);
    }
    fclose(stream);
}

static uint64_t read_once(const manifest_text *given) {
    diagnostics sink = {.stream = stderr, .memory = arena_create()};
    input_file file;
    manifest read;
    if (!input_file_from_text(&sink, "manifest.yaml", "a manifest", given->text, given->length,
                              &file) ||
        !manifest_read_text(&sink, &file, &read)) {
        bench_stop("the manifest was not read");
    }
    uint64_t count = read.model_count;
    arena_destroy(sink.memory);
    return count;
}

/* `count` is the number of models, a multiple of the manifest's. */
static uint64_t run_read(void *context, uint64_t count) {
    uint64_t models = 0;
    while (models < count) {
        models += read_once(context);
    }
    return models;
}

static uint64_t parse_once(const manifest_text *given) {
    yaml_parser_t parser;
    yaml_event_t event;
    uint64_t events = 0;
    bool is_at_end = false;
    if (!yaml_parser_initialize(&parser)) {
        bench_stop("no memory for libyaml");
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)given->text, given->length);
    while (!is_at_end) {
        if (!yaml_parser_parse(&parser, &event)) {
            bench_stop("libyaml did not read the manifest");
        }
        is_at_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        events++;
    }
    yaml_parser_delete(&parser);
    return events;
}

static uint64_t run_parse(void *context, uint64_t count) {
    const manifest_text *given = context;
    uint64_t events = 0;
    for (uint64_t models = 0; models < count; models += given->model_count) {
        events += parse_once(given);
    }
    return events;
}

void bench_add_manifest(void) {
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bench_subject subject = {.table = MANIFEST_TABLE,
                                 .case_name = texts[i].name,
                                 .subject = "rein",
                                 .role = BENCH_OURS,
                                 .run = run_read,
                                 .context = &texts[i],
                                 .batch = texts[i].model_count,
                                 .prepare = write_text};
        bench_add(&subject);
        subject.subject = "libyaml's events alone";
        subject.role = BENCH_LIMIT;
        subject.run = run_parse;
        bench_add(&subject);
    }
}
