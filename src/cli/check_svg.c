/* The picture of a check: the device's memory as one stacked bar, and under it each model's budget
 * with what of it is needed. */
#include <string.h>

#include "cli/check_report.h"
#include "cli/check_sentence.h"
#include "cli/glyphs.h"
#include "cli/markup.h"
#include "cli/numbers_text.h"
#include "cli/output.h"
#include "cli/svg_axis.h"
#include "cli/text.h"

enum {
    WIDTH = 1000,
    MARGIN = 28,
    BAR_TOP = 84,
    BAR_HEIGHT = 44,
    AXIS_LABEL_Y = BAR_TOP + BAR_HEIGHT + 22,
    LEGEND_Y = AXIS_LABEL_Y + 34,
    MODELS_TITLE_Y = LEGEND_Y + 46,
    ROWS_TOP = MODELS_TITLE_Y + 16,
    ROW_HEIGHT = 28,
    ROW_BAR_HEIGHT = 16,
    ROWS_MAX = 100,
    ROW_LEFT = 220,
    ROW_RIGHT = 740
};

/* The colours of the plan's picture; the parts that no model may use are grey and hatched. */
static const char style_sheet[] =
    "text{font:14px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}\n"
    ".card{fill:#ffffff;stroke:#d0d7de}\n"
    ".head{font-size:18px;font-weight:600}\n"
    ".soft{fill:#59636e}\n"
    ".axis{stroke:#59636e}\n"
    ".edge{stroke:#ffffff;stroke-width:1}\n"
    ".contexts{fill:#8c959f}.reserved{fill:#b6bec7}.headroom{fill:url(#hatch)}\n"
    ".hatch{stroke:#8c959f;stroke-width:3}.hatched{fill:#eaeef2}\n"
    ".m0{fill:#7cc4ee}.m1{fill:#5a9fd0}\n"
    ".left{fill:#f6f8fa;stroke:#d0d7de}\n"
    ".budget{fill:#d8ecf8}.weights{fill:#5a9fd0}.activations{fill:#f2bd52}\n"
    ".unknown{fill:#eaeef2}\n"
    ".memory{stroke:#1f2328;stroke-width:2}\n"
    ".short{fill:#d1242f;fill-opacity:.18;stroke:#d1242f;stroke-width:1.5}\n"
    ".bad{fill:#b3261e;font-weight:600}\n"
    "@media (prefers-color-scheme:dark){\n"
    "text{fill:#f0f6fc}.card{fill:#0d1117;stroke:#3d444d}.soft{fill:#a6afb9}\n"
    ".axis{stroke:#9198a1}.edge{stroke:#0d1117}.left{fill:#161b22;stroke:#3d444d}\n"
    ".contexts{fill:#6e7781}.reserved{fill:#484f58}.hatched{fill:#21262d}\n"
    ".hatch{stroke:#6e7781}.budget{fill:#16344a}.unknown{fill:#21262d}\n"
    ".memory{stroke:#f0f6fc}.short{fill:#ff7b72;stroke:#ff7b72;fill-opacity:.25}.bad{fill:#ff7b72}"
    "\n"
    "}\n";

typedef struct check_picture {
    FILE *stream;
    arena *memory;
    const fleet *shown;
    svg_axis bytes; /* of the device */
} check_picture;

static void draw_text(const check_picture *picture, double x, double y, const char *attributes,
                      const char *text) {
    fprintf(picture->stream, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    markup_print(picture->stream, text);
    fputs("</text>\n", picture->stream);
}

static void draw_box(const check_picture *picture, const char *shape, double left, double right,
                     double top, double height, const char *title) {
    fprintf(picture->stream,
            "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>",
            shape, left, top, right - left, height);
    markup_print(picture->stream, title);
    fputs("</title></rect>\n", picture->stream);
}

/* From `at` on the device's bar; returns where it ends. */
static double draw_part(const check_picture *picture, const char *shape, const char *name,
                        double at, uint64_t bytes) {
    double end = at + (double)bytes;
    if (bytes > 0) {
        draw_box(
            picture, shape, svg_axis_pixel(&picture->bytes, at),
            svg_axis_pixel(&picture->bytes, end), BAR_TOP, BAR_HEIGHT,
            arena_print(picture->memory, "%s: %s", name, rounded_bytes(picture->memory, bytes)));
    }
    return end;
}

static double draw_models_part(const check_picture *picture, double at) {
    for (size_t index = 0; index < picture->shown->model_count; index++) {
        const fleet_model *model = &picture->shown->models[index];
        at = draw_part(picture, index % 2 == 0 ? "edge m0" : "edge m1",
                       rein_model_id_text(&model->stated->id), at, model->verdict.reserved_bytes);
    }
    return at;
}

/* What is asked for beyond the memory that there is, or what is left of it. */
static void draw_balance(const check_picture *picture, double at) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    if (device->basis == REIN_MEMORY_BASIS_UNKNOWN) {
        return;
    }
    double memory = (double)device->basis_bytes;
    double end = svg_axis_pixel(&picture->bytes, memory);
    if (at > memory) {
        draw_box(picture, "short", end, svg_axis_pixel(&picture->bytes, at), BAR_TOP - 4,
                 BAR_HEIGHT + 8,
                 arena_print(picture->memory, "short by %s",
                             rounded_bytes(picture->memory, device->shortfall_bytes)));
    }
    fprintf(picture->stream,
            "<line class=\"memory\" x1=\"%.2f\" y1=\"%d\" x2=\"%.2f\" y2=\"%d\"/>\n", end,
            BAR_TOP - 8, end, BAR_TOP + BAR_HEIGHT + 8);
}

static void draw_device_bar(const check_picture *picture) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    if (device->basis != REIN_MEMORY_BASIS_UNKNOWN) {
        draw_box(picture, "left", MARGIN,
                 svg_axis_pixel(&picture->bytes, (double)device->basis_bytes), BAR_TOP, BAR_HEIGHT,
                 "left");
    }
    double at = draw_part(picture, "edge contexts", "contexts", 0, device->context_bytes.value);
    at = draw_part(picture, "edge reserved", "reserved", at, device->others_bytes);
    at = draw_part(picture, "edge headroom", "headroom", at, device->headroom_bytes);
    draw_balance(picture, draw_models_part(picture, at));
}

static void draw_axis(const check_picture *picture) {
    enum { TICKS_MAX = 9 };
    const char *unit = "";
    double unit_bytes = 1;
    double step = svg_byte_step(picture->bytes.greatest, TICKS_MAX, &unit, &unit_bytes);
    for (int tick = 0; tick * step <= picture->bytes.greatest; tick++) {
        double x = svg_axis_pixel(&picture->bytes, tick * step);
        fprintf(picture->stream,
                "<line class=\"axis\" x1=\"%.2f\" y1=\"%d\" x2=\"%.2f\" y2=\"%d\"/>\n", x,
                BAR_TOP + BAR_HEIGHT, x, BAR_TOP + BAR_HEIGHT + 5);
        draw_text(picture, x, AXIS_LABEL_Y,
                  tick == 0 ? "class=\"soft\"" : "class=\"soft\" text-anchor=\"middle\"",
                  tick == 0
                      ? "0"
                      : arena_print(picture->memory, "%.0f %s", tick * step / unit_bytes, unit));
    }
}

static void draw_legend(const check_picture *picture) {
    const rein_device_verdict *device = &picture->shown->verdict.device;
    arena *memory = picture->memory;
    const struct {
        const char *shape;
        const char *text;
    } entries[] = {
        {"contexts",
         arena_print(memory, "contexts %s", rounded_fact(memory, device->context_bytes))},
        {"reserved",
         arena_print(memory, "reserved %s", rounded_bytes(memory, device->others_bytes))},
        {"headroom",
         arena_print(memory, "headroom %s", rounded_bytes(memory, device->headroom_bytes))},
        {"m0", arena_print(memory, "budgets %s", rounded_bytes(memory, device->requested_bytes))},
    };
    enum { ENTRY_WIDTH = 190, SAMPLE_WIDTH = 20, SAMPLE_HEIGHT = 12 };
    double x = MARGIN;
    for (size_t index = 0; index < sizeof entries / sizeof entries[0]; index++) {
        draw_box(picture, entries[index].shape, x, x + SAMPLE_WIDTH, LEGEND_Y - 11, SAMPLE_HEIGHT,
                 entries[index].text);
        draw_text(picture, x + SAMPLE_WIDTH + 8, LEGEND_Y, "", entries[index].text);
        x += ENTRY_WIDTH;
    }
    bool is_known = device->basis != REIN_MEMORY_BASIS_UNKNOWN;
    draw_text(picture, WIDTH - MARGIN, LEGEND_Y, "class=\"soft\" text-anchor=\"end\"",
              is_known
                  ? arena_print(memory, "| memory %s", rounded_bytes(memory, device->basis_bytes))
                  : "memory unknown");
}

/* The model's weights and activations, as far as they are known, over its budget. */
static void draw_model_bars(const check_picture *picture, const fleet_model *model,
                            const svg_axis *bytes, double top) {
    const stated_bytes *weights = &model->stated->weights;
    double at = weights->is_stated ? (double)weights->bytes : 0;
    uint64_t activations = model->origin == ACTIVATIONS_PLANNED
                               ? model->planned.outcome.height_bytes
                               : model->stated->activations.bytes;
    double end = at + (model->origin == ACTIVATIONS_UNKNOWN ? 0 : (double)activations);
    double limit = svg_axis_pixel(bytes, (double)model->verdict.limit_bytes);
    draw_box(picture, "budget", ROW_LEFT, limit, top, ROW_BAR_HEIGHT, "budget");
    draw_box(picture, "weights", ROW_LEFT, svg_axis_pixel(bytes, at), top + 3, ROW_BAR_HEIGHT - 6,
             "weights");
    draw_box(picture, "activations", svg_axis_pixel(bytes, at), svg_axis_pixel(bytes, end), top + 3,
             ROW_BAR_HEIGHT - 6, "activations");
    fprintf(picture->stream,
            "<line class=\"memory\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>\n", limit,
            top - 2, limit, top + ROW_BAR_HEIGHT + 2);
}

static void draw_model(const check_picture *picture, const fleet_model *model,
                       const svg_axis *bytes, double top) {
    enum { ID_COLUMNS = 24 };
    arena *memory = picture->memory;
    const rein_model_verdict *verdict = &model->verdict;
    const double baseline = top + 13;
    draw_text(picture, MARGIN, baseline, "",
              text_shorten(memory, rein_model_id_text(&model->stated->id), ID_COLUMNS,
                           glyphs_unicode()->ellipsis));
    draw_model_bars(picture, model, bytes, top);
    bool fits = verdict->outcome == REIN_ADMISSION_FITS;
    const char *needed = verdict->needed_bytes.is_known
                             ? rounded_bytes(memory, verdict->needed_bytes.value)
                             : arena_print(memory, "at least %s",
                                           rounded_bytes(memory, verdict->needed_at_least_bytes));
    draw_text(picture, WIDTH - MARGIN, baseline,
              fits ? "class=\"soft\" text-anchor=\"end\"" : "class=\"bad\" text-anchor=\"end\"",
              arena_print(memory, "%s of %s%s", needed, rounded_bytes(memory, verdict->limit_bytes),
                          fits                                             ? ""
                          : verdict->outcome == REIN_ADMISSION_CANNOT_TELL ? ": unknown"
                                                                           : ": too little"));
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

static void draw_models(const check_picture *picture, size_t rows) {
    const fleet *shown = picture->shown;
    svg_axis bytes = {0, widest_model(shown, rows), ROW_LEFT, ROW_RIGHT};
    draw_text(picture, MARGIN, MODELS_TITLE_Y, "class=\"soft\"",
              "Each model: weights (blue) and activations (yellow) within its budget");
    for (size_t index = 0; index < rows; index++) {
        draw_model(picture, &shown->models[index], &bytes, ROWS_TOP + (double)index * ROW_HEIGHT);
    }
    if (rows < shown->model_count) {
        draw_text(picture, MARGIN, ROWS_TOP + (double)rows * ROW_HEIGHT + 13, "class=\"soft\"",
                  arena_print(picture->memory, "and %zu more", shown->model_count - rows));
    }
}

static void draw_card(const check_picture *picture, double height) {
    enum { TITLE_COLUMNS_MAX = 90 };
    arena *memory = picture->memory;
    const fleet *shown = picture->shown;
    const char *path = shown->from->path;
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    const char *device =
        *shown->device.profile.name == '\0' ? "the device" : shown->device.profile.name;
    const char *title = arena_print(memory, "%s on %s", text_printable(memory, name, strlen(name)),
                                    text_printable(memory, device, strlen(device)));
    fprintf(picture->stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
            "height=\"%.0f\" role=\"img\">\n<title>",
            WIDTH, height, WIDTH, height);
    markup_print(picture->stream, title);
    fprintf(picture->stream,
            "</title>\n<style>\n%s</style>\n"
            "<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
            "patternTransform=\"rotate(45)\"><rect class=\"hatched\" width=\"8\" height=\"8\"/>"
            "<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\"/></pattern></defs>\n"
            "<rect class=\"card\" x=\".5\" y=\".5\" width=\"%d\" height=\"%.0f\" rx=\"8\"/>\n",
            style_sheet, WIDTH - 1, height - 1);
    draw_text(picture, MARGIN, 34, "class=\"head\"",
              text_shorten(memory, title, TITLE_COLUMNS_MAX, glyphs_unicode()->ellipsis));
    bool fits = shown->verdict.outcome == REIN_ADMISSION_FITS;
    draw_text(picture, MARGIN, 60, fits ? "class=\"soft\"" : "class=\"bad\"",
              arena_print(memory, "%s: %s", rein_admission_outcome_name(shown->verdict.outcome),
                          check_sentence(memory, shown)));
}

/* Of everything that the bar shows, or of the memory where that is more; above 0, as each budget
 * is. */
static double greatest_bytes(const fleet *shown) {
    const rein_device_verdict *device = &shown->verdict.device;
    double asked = (double)device->context_bytes.value + (double)device->headroom_bytes +
                   (double)device->others_bytes + (double)device->requested_bytes;
    double memory = (double)device->basis_bytes;
    return asked > memory ? asked : memory;
}

bool check_write_svg(diagnostics *sink, const fleet *checked, const char *path) {
    output_text *text = output_open(sink->memory);
    size_t rows = checked->model_count < ROWS_MAX ? checked->model_count : ROWS_MAX;
    size_t lines = rows + (rows < checked->model_count);
    check_picture picture = {.stream = text->stream,
                             .memory = sink->memory,
                             .shown = checked,
                             .bytes = {0, greatest_bytes(checked), MARGIN, WIDTH - MARGIN}};
    draw_card(&picture, ROWS_TOP + (double)lines * ROW_HEIGHT + 16);
    draw_device_bar(&picture);
    draw_axis(&picture);
    draw_legend(&picture);
    draw_models(&picture, rows);
    fputs("</svg>\n", text->stream);
    return output_to_file(sink, text, path);
}
