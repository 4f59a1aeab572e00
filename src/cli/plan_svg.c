/* The picture of a plan: time to the right, memory upwards, a rectangle for each tensor. */
#include <inttypes.h>
#include <string.h>

#include "cli/glyphs.h"
#include "cli/live_outline.h"
#include "cli/markup.h"
#include "cli/numbers_text.h"
#include "cli/plan_outcome.h"
#include "cli/plan_report.h"
#include "cli/svg_axis.h"
#include "cli/text.h"

enum {
    WIDTH = 1000,
    HEIGHT = 560,
    PLOT_LEFT = 92,
    PLOT_RIGHT = 972,
    PLOT_TOP = 78,
    PLOT_BOTTOM = 456,
    TIME_LABEL_Y = 496,
    LEGEND_Y = 534,
    COLOUR_COUNT = 6
};

/* Tensors in colours that the colour-blind tell apart (Okabe and Ito), lightened; the lines in the
 * colours that are left. The card carries its own background, so that it reads on any page. */
static const char style_sheet[] =
    "text{font:14px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}\n"
    ".card{fill:#ffffff;stroke:#d0d7de}\n"
    ".head{font-size:18px;font-weight:600}\n"
    ".soft{fill:#59636e}\n"
    ".grid{stroke:#e3e7eb}\n"
    ".axis{stroke:#59636e}\n"
    ".tensor{stroke:#ffffff;stroke-width:.6}\n"
    ".thin{stroke:none}\n"
    ".c0{fill:#7cc4ee}.c1{fill:#f2bd52}.c2{fill:#4dbb96}\n"
    ".c3{fill:#f5ec7f}.c4{fill:#5a9fd0}.c5{fill:#dba1c1}\n"
    ".halo{fill:none;stroke:#ffffff;stroke-width:4;stroke-opacity:.75}\n"
    ".live{fill:none;stroke:#1f2328;stroke-width:1.3}\n"
    ".dense{stroke-width:.8}\n"
    ".bound{fill:none;stroke:#004f7d;stroke-width:2;stroke-dasharray:9 5}\n"
    ".capacity{fill:none;stroke:#c04f00;stroke-width:2.5}\n"
    "@media (prefers-color-scheme:dark){\n"
    "text{fill:#f0f6fc}.card{fill:#0d1117;stroke:#3d444d}.soft{fill:#a6afb9}\n"
    ".grid{stroke:#262c34}.axis{stroke:#9198a1}.tensor{stroke:#0d1117}.thin{stroke:none}\n"
    ".halo{stroke:#0d1117}.live{stroke:#f0f6fc}.bound{stroke:#79c0ff}.capacity{stroke:#ff8f4d}\n"
    "}\n";

typedef struct plan_picture {
    FILE *stream;
    arena *memory;
    const plan_report *shown;
    svg_axis time; /* since the first instant: small numbers keep their places */
    svg_axis bytes;
    bool shows_capacity;
} plan_picture;

static void draw_text(const plan_picture *picture, double x, double y, const char *attributes,
                      const char *text) {
    fprintf(picture->stream, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    markup_print(picture->stream, text);
    fputs("</text>\n", picture->stream);
}

static void draw_line(const plan_picture *picture, const char *shape, double x1, double y1,
                      double x2, double y2) {
    fprintf(picture->stream,
            "<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>\n", shape, x1, y1,
            x2, y2);
}

static double instant_pixel(const plan_picture *picture, int64_t instant) {
    uint64_t since = (uint64_t)instant - (uint64_t)picture->shown->from;
    return svg_axis_pixel(&picture->time, (double)since);
}

/* A capacity far above the plan would leave no room for the plan: it is then only named. */
static double top_bytes(const plan_report *shown, bool *out_shows_capacity) {
    double height = (double)shown->planned.outcome.height_bytes;
    double capacity = (double)shown->capacity_bytes.value;
    *out_shows_capacity = shown->capacity_bytes.is_known && capacity <= 2 * height;
    double top = *out_shows_capacity && capacity > height ? capacity : height;
    return top > 0 ? top * 1.04 : 1;
}

static const char *height_text(arena *memory, const rein_plan_outcome *outcome) {
    const char *height = rounded_bytes(memory, outcome->height_bytes);
    if (plan_is_exact(outcome)) {
        return arena_print(memory, "plan of %s, which is exact: none is lower", height);
    }
    return arena_print(memory, "plan of %s, %s of the lower bound of %s", height,
                       plan_precision(memory, outcome),
                       rounded_bytes(memory, outcome->lower_bound_bytes));
}

static const char *subtitle(arena *memory, const plan_report *shown) {
    const char *text = arena_print(memory, "%zu tensors; %s", shown->input.count,
                                   height_text(memory, &shown->planned.outcome));
    if (shown->capacity_bytes.is_known) {
        text = arena_print(memory, "%s; capacity %s: %s", text,
                           rounded_bytes(memory, shown->capacity_bytes.value),
                           rein_admission_outcome_name(shown->outcome));
    }
    return text;
}

static void draw_card(const plan_picture *picture) {
    enum { TITLE_COLUMNS_MAX = 90 };
    arena *memory = picture->memory;
    const char *path = picture->shown->input.path;
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    name = text_printable(memory, name, strlen(name));
    fprintf(picture->stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" role=\"img\">\n<title>Memory over time: ",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    markup_print(picture->stream, name);
    fprintf(picture->stream,
            "</title>\n<style>\n%s</style>\n<rect class=\"card\" x=\".5\" y=\".5\" width=\"%d\" "
            "height=\"%d\" rx=\"8\"/>\n",
            style_sheet, WIDTH - 1, HEIGHT - 1);
    draw_text(picture, 24, 34, "class=\"head\"",
              text_shorten(memory, name, TITLE_COLUMNS_MAX, glyphs_unicode()->ellipsis));
    draw_text(picture, 24, 58, "class=\"soft\"", subtitle(memory, picture->shown));
}

static void draw_byte_axis(const plan_picture *picture) {
    enum { TICKS_MAX = 8 };
    const char *unit = "";
    double unit_bytes = 1;
    double step = svg_byte_step(picture->bytes.greatest, TICKS_MAX, &unit, &unit_bytes);
    for (int tick = 0; tick * step <= picture->bytes.greatest; tick++) {
        double value = tick * step;
        double y = svg_axis_pixel(&picture->bytes, value);
        draw_line(picture, "grid", PLOT_LEFT, y, PLOT_RIGHT, y);
        draw_text(picture, PLOT_LEFT - 8, y + 5, "class=\"soft\" text-anchor=\"end\"",
                  value > 0 ? arena_print(picture->memory, "%.0f %s", value / unit_bytes, unit)
                            : "0");
    }
}

/* Whole multiples of the step, in integers: they are exact, however far from 0 the time is. */
static void draw_time_axis(const plan_picture *picture) {
    enum { TICKS_MAX = 10 };
    uint64_t from = (uint64_t)picture->shown->from;
    uint64_t span = (uint64_t)picture->shown->until - from;
    uint64_t step = (uint64_t)svg_step((double)span, TICKS_MAX);
    int64_t beyond = picture->shown->from % (int64_t)step;
    uint64_t first = beyond > 0 ? step - (uint64_t)beyond : UINT64_C(0) - (uint64_t)beyond;
    uint64_t more = (span - first) / step;
    for (uint64_t tick = 0; tick <= more; tick++) {
        int64_t instant = (int64_t)(from + first + tick * step);
        double x = instant_pixel(picture, instant);
        draw_line(picture, "axis", x, PLOT_BOTTOM, x, PLOT_BOTTOM + 5);
        draw_text(picture, x, PLOT_BOTTOM + 21, "class=\"soft\" text-anchor=\"middle\"",
                  arena_print(picture->memory, "%" PRId64, instant));
    }
    draw_line(picture, "axis", PLOT_LEFT, PLOT_BOTTOM, PLOT_RIGHT, PLOT_BOTTOM);
    draw_text(picture, (PLOT_LEFT + PLOT_RIGHT) / 2.0, TIME_LABEL_Y,
              "class=\"soft\" text-anchor=\"middle\"", "time, in the steps of the file");
}

/* What can hardly be seen is drawn at least half a pixel large, and without an edge. */
static void draw_tensor(const plan_picture *picture, size_t index) {
    const double least_pixels = 0.5;
    const double edge_pixels = 2.5;
    const rein_tensor_lifetime *lifetime = &picture->shown->input.lifetimes[index];
    uint64_t offset = picture->shown->planned.offsets[index];
    double left = instant_pixel(picture, lifetime->from);
    double right = instant_pixel(picture, lifetime->until);
    double bottom = svg_axis_pixel(&picture->bytes, (double)offset);
    double top = svg_axis_pixel(&picture->bytes, (double)offset + (double)lifetime->size_bytes);
    double width = right - left > least_pixels ? right - left : least_pixels;
    double height = bottom - top > least_pixels ? bottom - top : least_pixels;
    bool is_thin = width < edge_pixels || height < edge_pixels;
    fprintf(picture->stream,
            "<rect class=\"tensor c%zu%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">"
            "<title>",
            index % COLOUR_COUNT, is_thin ? " thin" : "", left, bottom - height, width, height);
    markup_print(picture->stream, picture->shown->input.ids[index]);
    fprintf(picture->stream,
            ": %s (%" PRIu64 " B) at offset %" PRIu64 ", alive [%" PRId64 ", %" PRId64
            ")</title></rect>\n",
            rounded_bytes(picture->memory, lifetime->size_bytes), lifetime->size_bytes, offset,
            lifetime->from, lifetime->until);
}

static void draw_tensors(const plan_picture *picture) {
    for (size_t index = 0; index < picture->shown->input.count; index++) {
        if (picture->shown->input.lifetimes[index].size_bytes > 0) {
            draw_tensor(picture, index);
        }
    }
}

static void draw_outline(const plan_picture *picture, const live_outline *outline,
                         const char *shape) {
    fprintf(picture->stream, "<path class=\"%s\" d=\"", shape);
    for (size_t index = 0; index < outline->count; index++) {
        double x = instant_pixel(picture, outline->steps[index].instant);
        double y = svg_axis_pixel(&picture->bytes, (double)outline->steps[index].live_bytes);
        if (index == 0) {
            fprintf(picture->stream, "M%.2f %dV%.2f", x, PLOT_BOTTOM, y);
        } else {
            fprintf(picture->stream, "H%.2fV%.2f", x, y);
        }
    }
    fputs("\"/>\n", picture->stream);
}

/* The dashed line over the solid one, so that both show where they are the same. */
static void draw_limits(const plan_picture *picture) {
    if (picture->shows_capacity) {
        double y = svg_axis_pixel(&picture->bytes, (double)picture->shown->capacity_bytes.value);
        draw_line(picture, "capacity", PLOT_LEFT, y, PLOT_RIGHT, y);
    }
    uint64_t lower_bound = picture->shown->planned.outcome.lower_bound_bytes;
    double y = svg_axis_pixel(&picture->bytes, (double)lower_bound);
    draw_line(picture, "bound", PLOT_LEFT, y, PLOT_RIGHT, y);
}

static void draw_legend(const plan_picture *picture) {
    enum { SAMPLE = 26, ENTRY = 190, TEXT_GAP = 34 };
    static const struct {
        const char *shape;
        const char *text;
    } lines[] = {{"live", "bytes alive"}, {"bound", "lower bound"}, {"capacity", "capacity"}};
    double x = PLOT_LEFT;
    for (int colour = 0; colour < COLOUR_COUNT; colour++) {
        fprintf(picture->stream,
                "<rect class=\"c%d\" x=\"%.1f\" y=\"%d\" width=\"8\" height=\"12\"/>\n", colour,
                x + 8 * colour, LEGEND_Y - 11);
    }
    draw_text(picture, x + 8 * COLOUR_COUNT + 8, LEGEND_Y, "", "tensors, as placed");
    x += ENTRY + TEXT_GAP;
    size_t count = picture->shows_capacity ? 3 : 2;
    for (size_t index = 0; index < count; index++) {
        draw_line(picture, lines[index].shape, x, LEGEND_Y - 5, x + SAMPLE, LEGEND_Y - 5);
        draw_text(picture, x + TEXT_GAP, LEGEND_Y, "", lines[index].text);
        x += ENTRY;
    }
}

/* With many steps a thin line without a halo hides less of the tensors. */
static void draw_picture(const plan_picture *picture) {
    enum { SPARSE_STEPS_MAX = 400 };
    live_outline outline = live_outline_make(picture->memory, &picture->shown->input);
    draw_card(picture);
    draw_byte_axis(picture);
    draw_tensors(picture);
    if (outline.count <= SPARSE_STEPS_MAX) {
        draw_outline(picture, &outline, "halo");
        draw_outline(picture, &outline, "live");
    } else {
        draw_outline(picture, &outline, "live dense");
    }
    draw_limits(picture);
    draw_time_axis(picture);
    draw_legend(picture);
    fputs("</svg>\n", picture->stream);
}

bool plan_write_svg(diagnostics *sink, const plan_report *shown, const char *path) {
    output_text *text = output_open(sink->memory);
    plan_picture picture = {
        .stream = text->stream,
        .memory = sink->memory,
        .shown = shown,
        .time = {0, (double)((uint64_t)shown->until - (uint64_t)shown->from), PLOT_LEFT,
                 PLOT_RIGHT},
    };
    picture.bytes = (svg_axis){0, top_bytes(shown, &picture.shows_capacity), PLOT_BOTTOM, PLOT_TOP};
    draw_picture(&picture);
    return output_to_file(sink, text, path);
}
