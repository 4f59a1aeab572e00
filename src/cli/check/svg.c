/* The picture of a check: the device's memory as a stacked bar, and below it each model's budget
 * with the part of it that is needed. */

#include "cli/write/svg.h"
#include "cli/base/numbers.h"
#include "cli/base/path.h"
#include "cli/base/terminal.h"
#include "cli/base/text.h"
#include "cli/check/report.h"
#include "cli/fleet/sentence.h"
#include "cli/write/output.h"

enum {
    BAR_TOP = 84,
    BAR_HEIGHT = 44,
    AXIS_LABEL_Y = BAR_TOP + BAR_HEIGHT + 22,
    LEGEND_Y = AXIS_LABEL_Y + 34,
    MODELS_LEGEND_Y = LEGEND_Y + 46,
    ROWS_TOP = MODELS_LEGEND_Y + 16,
    ROW_HEIGHT = 28,
    ROW_BAR_HEIGHT = 16,
    ROWS_MAX = 100,
    ROW_LEFT = 240,
    ROW_RIGHT = 620,
    LEGEND_ENTRY_WIDTH = 190
};

/* Colours as in the plan's picture. The parts that no model may use are grey and hatched. */
static const char styles[] =
    ".edge{stroke:#ffffff;stroke-width:1}\n"
    ".contexts{fill:#8c959f}.reserved{fill:#b6bec7}.headroom{fill:url(#hatch)}\n"
    ".hatch{stroke:#8c959f;stroke-width:3}.hatched{fill:#eaeef2}\n"
    ".m0{fill:#7cc4ee}.m1{fill:#5a9fd0}\n"
    ".left{fill:#f6f8fa;stroke:#d0d7de}\n"
    ".budget{fill:#d8ecf8}.weights{fill:#5a9fd0}.activations{fill:#f2bd52}\n"
    ".measured{fill:none;stroke:#8250df;stroke-width:2}\n"
    ".memory{stroke:#1f2328;stroke-width:2}\n"
    ".short{fill:url(#beyond);stroke:#d1242f;stroke-width:1.5}.beyond{stroke:#d1242f}\n"
    ".bad{fill:#b3261e;font-weight:600}.unsure{fill:#8a5a00;font-weight:600}\n";

static const char dark_styles[] =
    ".edge{stroke:#0d1117}.left{fill:#161b22;stroke:#3d444d}\n"
    ".contexts{fill:#6e7781}.reserved{fill:#484f58}.hatched{fill:#21262d}\n"
    ".hatch{stroke:#6e7781}.budget{fill:#16344a}.memory{stroke:#f0f6fc}\n"
    ".short{stroke:#ff7b72}.beyond{stroke:#ff7b72}.bad{fill:#ff7b72}.unsure{fill:#e3b341}\n";

typedef struct check_picture {
    svg svg;
    const fleet *shown;
    svg_axis bytes; /* of the device */
} check_picture;

/* Draws a part of the device's bar from `at` and returns its end. Narrow parts have no outline,
 * because it would hide them. */
static double draw_part(const check_picture *picture, const char *shape, const char *name,
                        double at, uint64_t bytes) {
    const double edge_pixels = 2.5;
    arena *memory = picture->svg.memory;
    double end = at + (double)bytes;
    double left = svg_axis_pixel(&picture->bytes, at);
    double width = svg_axis_pixel(&picture->bytes, end) - left;
    if (bytes > 0) {
        svg_box(&picture->svg,
                arena_print(memory, "edge %s%s", shape, width < edge_pixels ? " thin" : ""), left,
                BAR_TOP, width, BAR_HEIGHT,
                arena_print(memory, "%s: %s", name, rounded_bytes(memory, bytes)));
    }
    return end;
}

static double draw_models_part(const check_picture *picture, double at) {
    for (size_t index = 0; index < picture->shown->model_count; index++) {
        const fleet_model *model = &picture->shown->models[index];
        at = draw_part(picture, index % 2 == 0 ? "m0" : "m1",
                       rein_model_id_text(&model->stated->id), at, model->verdict.reserved_bytes);
    }
    return at;
}

/* Draws the line at the end of the memory and, if the known sizes alone exceed it, the excess. */
static void draw_balance(const check_picture *picture, double at) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    if (device->basis == REIN_MEMORY_BASIS_UNKNOWN) {
        return;
    }
    double memory = (double)device->basis_bytes;
    double end = svg_axis_pixel(&picture->bytes, memory);
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        svg_box(&picture->svg, "short", end, BAR_TOP - 4, svg_axis_pixel(&picture->bytes, at) - end,
                BAR_HEIGHT + 8,
                arena_print(picture->svg.memory, "short by %s",
                            rounded_bytes(picture->svg.memory, device->shortfall_bytes)));
    }
    svg_line(&picture->svg, "memory", end, BAR_TOP - 8, end, BAR_TOP + BAR_HEIGHT + 8);
}

static void draw_device_bar(const check_picture *picture) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    if (device->basis != REIN_MEMORY_BASIS_UNKNOWN) {
        double end = svg_axis_pixel(&picture->bytes, (double)device->basis_bytes);
        svg_box(&picture->svg, "left", SVG_MARGIN, BAR_TOP, end - SVG_MARGIN, BAR_HEIGHT, "left");
    }
    double at = draw_part(picture, "contexts", "contexts", 0, device->context_bytes.value);
    at = draw_part(picture, "reserved", "reserved", at, device->others_bytes);
    at = draw_part(picture, "headroom", "headroom", at, device->headroom_bytes);
    draw_balance(picture, draw_models_part(picture, at));
}

static void draw_axis(const check_picture *picture) {
    enum { TICKS_MAX = 9 };
    const svg_byte_ticks ticks = svg_byte_ticks_of(picture->bytes.greatest, TICKS_MAX);
    for (int tick = 0; tick * ticks.step_bytes <= picture->bytes.greatest; tick++) {
        double x = svg_axis_pixel(&picture->bytes, tick * ticks.step_bytes);
        svg_line(&picture->svg, "axis", x, BAR_TOP + BAR_HEIGHT, x, BAR_TOP + BAR_HEIGHT + 5);
        svg_label(&picture->svg, x, AXIS_LABEL_Y,
                  svg_byte_label(picture->svg.memory, &ticks, tick));
    }
}

/* Draws entry `index` of a legend: a sample of the shape, and its meaning. */
static void draw_entry(const check_picture *picture, int index, double y, const char *shape,
                       const char *text) {
    enum { SAMPLE_WIDTH = 20, SAMPLE_HEIGHT = 12, TEXT_GAP = 8 };
    double x = SVG_MARGIN + (double)index * LEGEND_ENTRY_WIDTH;
    svg_box(&picture->svg, arena_print(picture->svg.memory, "sample %s", shape), x, y - 11,
            SAMPLE_WIDTH, SAMPLE_HEIGHT, text);
    svg_text(&picture->svg, x + SAMPLE_WIDTH + TEXT_GAP, y, "", text);
}

/* Draws an entry whose sample is the line at the end of a memory or a budget. */
static void draw_line_entry(const check_picture *picture, int index, double y, const char *text) {
    enum { TEXT_GAP = 10 };
    double x = SVG_MARGIN + (double)index * LEGEND_ENTRY_WIDTH;
    svg_line(&picture->svg, "memory", x, y - 13, x, y + 3);
    svg_text(&picture->svg, x + TEXT_GAP, y, "", text);
}

static void draw_legend(const check_picture *picture) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    arena *memory = picture->svg.memory;
    draw_entry(picture, 0, LEGEND_Y, "contexts",
               arena_print(memory, "contexts %s", rounded_fact(memory, device->context_bytes)));
    draw_entry(picture, 1, LEGEND_Y, "reserved",
               arena_print(memory, "reserved %s", rounded_bytes(memory, device->others_bytes)));
    draw_entry(picture, 2, LEGEND_Y, "headroom",
               arena_print(memory, "headroom %s", rounded_bytes(memory, device->headroom_bytes)));
    draw_entry(picture, 3, LEGEND_Y, "m0",
               arena_print(memory, "budgets %s", rounded_bytes(memory, device->requested_bytes)));
    if (device->basis == REIN_MEMORY_BASIS_UNKNOWN) {
        svg_text(&picture->svg, SVG_MARGIN + 4 * LEGEND_ENTRY_WIDTH, LEGEND_Y, "class=\"unsure\"",
                 "memory unknown");
    } else {
        draw_line_entry(
            picture, 4, LEGEND_Y,
            arena_print(memory, "memory %s", rounded_bytes(memory, device->basis_bytes)));
    }
}

/* Draws the known weights and activations and the measured peak of a model over its budget. */
static void draw_model_bars(const check_picture *picture, const fleet_model *model,
                            const svg_axis *bytes, double top) {
    rein_fact_u64 weights = model->weights.fact;
    double at = weights.is_known ? (double)weights.value : 0;
    uint64_t activations = model->origin == ACTIVATIONS_PLANNED
                               ? model->planned.outcome.height_bytes
                               : model->stated->activations.bytes;
    double end = at + (model->origin == ACTIVATIONS_UNKNOWN ? 0 : (double)activations);
    double limit = svg_axis_pixel(bytes, (double)model->verdict.limit_bytes);
    double middle = svg_axis_pixel(bytes, at);
    const svg *shown = &picture->svg;
    svg_box(shown, "budget", ROW_LEFT, top, limit - ROW_LEFT, ROW_BAR_HEIGHT, "budget");
    svg_box(shown, "weights", ROW_LEFT, top + 3, middle - ROW_LEFT, ROW_BAR_HEIGHT - 6, "weights");
    svg_box(shown, "activations", middle, top + 3, svg_axis_pixel(bytes, end) - middle,
            ROW_BAR_HEIGHT - 6, "activations");
    if (model->measured != NULL) {
        double peak = svg_axis_pixel(bytes, (double)model->measured->peak_bytes);
        svg_box(shown, "measured", ROW_LEFT, top + 1, peak - ROW_LEFT, ROW_BAR_HEIGHT - 2,
                "measured peak");
    }
    svg_line(shown, "memory", limit, top - 2, limit, top + ROW_BAR_HEIGHT + 2);
}

/* A cap is not judged, so it gets the neutral class. */
static const char *outcome_class(rein_admission_outcome outcome) {
    if (outcome == REIN_ADMISSION_FITS || outcome == REIN_ADMISSION_CAP) {
        return "soft";
    }
    return outcome == REIN_ADMISSION_DOES_NOT_FIT ? "bad" : "unsure";
}

/* Returns "172.0 MiB of 512.0 MiB" or "172.0 MiB measured of 512.0 MiB" and the problem, if any, or
 * "cap of 512.0 MiB: not judged". */
static const char *needed_of_limit(arena *memory, const rein_model_verdict *verdict) {
    static const char *const ends[] = {[REIN_ADMISSION_FITS] = "",
                                       [REIN_ADMISSION_DOES_NOT_FIT] = ": over budget",
                                       [REIN_ADMISSION_CANNOT_TELL] = ": unknown"};
    if (verdict->outcome == REIN_ADMISSION_CAP) {
        return arena_print(memory, "cap of %s: not judged",
                           rounded_bytes(memory, verdict->limit_bytes));
    }
    bool is_known = verdict->needed_bytes.is_known;
    uint64_t needed = is_known ? verdict->needed_bytes.value : verdict->needed_at_least_bytes;
    const uint64_t sizes[] = {needed, verdict->limit_bytes};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    return arena_print(memory, "%s%s%s%s of %s%s", is_known ? "" : glyphs_unicode()->at_least,
                       is_known ? "" : " ", rounded_in_unit(memory, needed, unit),
                       verdict->is_measured ? " measured" : "",
                       rounded_in_unit(memory, verdict->limit_bytes, unit), ends[verdict->outcome]);
}

static void draw_model(const check_picture *picture, const fleet_model *model,
                       const svg_axis *bytes, double top) {
    enum { ID_COLUMNS = 24 };
    arena *memory = picture->svg.memory;
    const rein_model_verdict *verdict = &model->verdict;
    const double baseline = top + 13;
    svg_text(&picture->svg, SVG_MARGIN, baseline, "",
             text_shorten(memory, rein_model_id_text(&model->stated->id), ID_COLUMNS,
                          glyphs_unicode()->ellipsis));
    draw_model_bars(picture, model, bytes, top);
    svg_text(
        &picture->svg, SVG_WIDTH - SVG_MARGIN, baseline,
        arena_print(memory, "class=\"%s\" text-anchor=\"end\"", outcome_class(verdict->outcome)),
        needed_of_limit(memory, verdict));
}

static double widest_model(const fleet *shown, size_t rows) {
    uint64_t widest = 1;
    for (size_t index = 0; index < rows; index++) {
        const rein_model_verdict *verdict = &shown->models[index].verdict;
        uint64_t needed = verdict->needed_at_least_bytes > verdict->limit_bytes
                              ? verdict->needed_at_least_bytes
                              : verdict->limit_bytes;
        widest = needed > widest ? needed : widest;
    }
    return (double)widest;
}

static bool is_any_measured(const fleet *shown) {
    size_t index = 0;
    while (index < shown->model_count && shown->models[index].measured == NULL) {
        index++;
    }
    return index < shown->model_count;
}

static void draw_models(const check_picture *picture, size_t rows) {
    const fleet *shown = picture->shown;
    svg_axis bytes = {0, widest_model(shown, rows), ROW_LEFT, ROW_RIGHT};
    svg_text(&picture->svg, SVG_MARGIN, MODELS_LEGEND_Y, "class=\"soft\"", "each model:");
    draw_entry(picture, 1, MODELS_LEGEND_Y, "weights", "weights");
    draw_entry(picture, 2, MODELS_LEGEND_Y, "activations", "activations");
    draw_line_entry(picture, 3, MODELS_LEGEND_Y, "its budget");
    if (is_any_measured(shown)) {
        draw_entry(picture, 4, MODELS_LEGEND_Y, "measured", "measured peak");
    }
    for (size_t index = 0; index < rows; index++) {
        draw_model(picture, &shown->models[index], &bytes, ROWS_TOP + (double)index * ROW_HEIGHT);
    }
    if (rows < shown->model_count) {
        svg_text(&picture->svg, SVG_MARGIN, ROWS_TOP + (double)rows * ROW_HEIGHT + 13,
                 "class=\"soft\"",
                 arena_print(picture->svg.memory, "and %zu more", shown->model_count - rows));
    }
}

static void draw_hatches(const check_picture *picture) {
    fputs("<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
          "patternTransform=\"rotate(45)\"><rect class=\"hatched\" width=\"8\" height=\"8\"/>"
          "<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\"/></pattern>\n"
          "<pattern id=\"beyond\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
          "patternTransform=\"rotate(-45)\"><line class=\"beyond\" stroke-width=\"2.5\" "
          "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>\n",
          picture->svg.stream);
}

static void draw_card(const check_picture *picture, size_t lines) {
    enum { BOTTOM = 16, SENTENCE_COLUMNS_MAX = 104 };
    arena *memory = picture->svg.memory;
    const fleet *shown = picture->shown;
    const char *name = path_name(shown->from->path);
    const char *device =
        *shown->device.profile.name == '\0' ? "the device" : shown->device.profile.name;
    const char *title = arena_print(memory, "%s on %s", text_printable(memory, name),
                                    text_printable(memory, device));
    check_verdict found = check_verdict_of(memory, shown);
    const svg_card card = {
        .height = ROWS_TOP + (int)lines * ROW_HEIGHT + BOTTOM,
        .name = title,
        .heading = title,
        .sentence = text_shorten(
            memory, arena_print(memory, "%s%s%s", found.name, found.separator, found.sentence),
            SENTENCE_COLUMNS_MAX, glyphs_unicode()->ellipsis),
        .sentence_class = outcome_class(shown->verdict.outcome),
        .styles = styles,
        .dark_styles = dark_styles};
    svg_begin(&picture->svg, &card);
    draw_hatches(picture);
}

/* Returns the larger of the memory and the sum of all parts of the bar. Never 0, because budgets
 * are not. */
static double greatest_bytes(const fleet *shown) {
    const rein_device_verdict *device = &shown->verdict.device;
    double sum = (double)device->context_bytes.value + (double)device->headroom_bytes +
                 (double)device->others_bytes + (double)device->requested_bytes;
    double memory = (double)device->basis_bytes;
    return sum > memory ? sum : memory;
}

bool check_write_svg(diagnostics *sink, const fleet *checked, const char *path) {
    output_text *text = output_open(sink->memory);
    size_t rows = checked->model_count < ROWS_MAX ? checked->model_count : ROWS_MAX;
    size_t lines = rows + (rows < checked->model_count);
    check_picture picture = {
        .svg = {text->stream, sink->memory},
        .shown = checked,
        .bytes = {0, greatest_bytes(checked), SVG_MARGIN, SVG_WIDTH - SVG_MARGIN}};
    draw_card(&picture, lines);
    draw_device_bar(&picture);
    draw_axis(&picture);
    draw_legend(&picture);
    draw_models(&picture, rows);
    svg_end(&picture.svg);
    return output_to_file(sink, text, path);
}
