/* The picture of a plan: time to the right, memory upwards, a rectangle for each tensor. */
#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/fleet/plan_outcome.h"
#include "cli/plan/live_outline.h"
#include "cli/plan/report.h"
#include "cli/write/svg.h"

enum {
    HEIGHT = 560,
    PLOT_LEFT = 92,
    PLOT_RIGHT = 972,
    PLOT_TOP = 78,
    PLOT_BOTTOM = 456,
    TIME_LABEL_Y = 496,
    LEGEND_Y = 534,
    COLOUR_COUNT = 6
};

/* Colours for tensors that colour-blind readers can tell apart (Okabe and Ito), lightened; the
 * lines use the remaining ones. */
static const char styles[] =
    ".grid{stroke:#e3e7eb}\n"
    ".tensor{stroke:#ffffff;stroke-width:.6}\n"
    ".c0{fill:#7cc4ee}.c1{fill:#f2bd52}.c2{fill:#4dbb96}\n"
    ".c3{fill:#f5ec7f}.c4{fill:#5a9fd0}.c5{fill:#dba1c1}\n"
    ".halo{fill:none;stroke:#ffffff;stroke-width:4;stroke-opacity:.75}\n"
    ".live{fill:none;stroke:#1f2328;stroke-width:1.3}\n"
    ".dense{stroke-width:.8}\n"
    ".bound{fill:none;stroke:#004f7d;stroke-width:2;stroke-dasharray:9 5}\n"
    ".capacity{fill:none;stroke:#c04f00;stroke-width:2.5}\n";

static const char dark_styles[] =
    ".grid{stroke:#262c34}.tensor{stroke:#0d1117}\n"
    ".halo{stroke:#0d1117}.live{stroke:#f0f6fc}.bound{stroke:#79c0ff}.capacity{stroke:#ff8f4d}\n";

typedef struct plan_picture {
    svg svg;
    const plan_report *result;
    svg_axis time; /* relative to the first instant: small numbers keep their precision */
    svg_axis bytes;
    bool shows_capacity;
} plan_picture;

static double instant_pixel(const plan_picture *picture, int64_t instant) {
    uint64_t since = (uint64_t)instant - (uint64_t)picture->result->from;
    return svg_axis_pixel(&picture->time, (double)since);
}

/* Returns the top of the bytes axis. A capacity far above the plan would leave little room for the
 * plan, so it is named but not drawn. */
static double top_bytes(const plan_report *result, bool *out_shows_capacity) {
    double height = (double)result->planned.outcome.height_bytes;
    double capacity = (double)result->capacity_bytes.value;
    *out_shows_capacity = result->capacity_bytes.is_known && capacity <= 2 * height;
    double top = *out_shows_capacity && capacity > height ? capacity : height;
    return top > 0 ? top * 1.04 : 1;
}

static const char *height_text(arena *memory, const rein_plan_outcome *outcome, size_t unit) {
    const char *height = rounded_in_unit(memory, outcome->height_bytes, unit);
    if (plan_is_exact(outcome)) {
        return arena_print(memory, "plan of %s, exact: no plan is lower", height);
    }
    return arena_print(memory, "plan of %s, %s of the lower bound of %s", height,
                       plan_precision(memory, outcome),
                       rounded_in_unit(memory, outcome->lower_bound_bytes, unit));
}

static const char *subtitle(arena *memory, const plan_report *result) {
    const rein_plan_outcome *outcome = &result->planned.outcome;
    const uint64_t sizes[] = {outcome->height_bytes, outcome->lower_bound_bytes,
                              result->capacity_bytes.value};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *text =
        arena_print(memory, "%zu tensor%s; %s", result->input.count,
                    result->input.count == 1 ? "" : "s", height_text(memory, outcome, unit));
    if (result->capacity_bytes.is_known) {
        text = arena_print(memory, "%s; capacity %s: %s", text,
                           rounded_in_unit(memory, result->capacity_bytes.value, unit),
                           rein_admission_outcome_name(result->outcome));
    }
    if (result->input.had_included_ends) {
        text = arena_print(memory, "%s; ends are drawn as last use + 1", text);
    }
    return text;
}

static void draw_card(const plan_picture *picture) {
    arena *memory = picture->svg.memory;
    const char *name = path_name(picture->result->input.path);
    name = text_printable(memory, name);
    const svg_card card = {.height = HEIGHT,
                           .name = arena_print(memory, "Memory over time: %s", name),
                           .heading = name,
                           .sentence = subtitle(memory, picture->result),
                           .sentence_class = "soft",
                           .styles = styles,
                           .dark_styles = dark_styles};
    svg_begin(&picture->svg, &card);
}

static void draw_byte_axis(const plan_picture *picture) {
    enum { TICKS_MAX = 8 };
    const svg_byte_ticks ticks = svg_byte_ticks_of(picture->bytes.greatest, TICKS_MAX);
    for (int tick = 0; tick * ticks.step_bytes <= picture->bytes.greatest; tick++) {
        double y = svg_axis_pixel(&picture->bytes, tick * ticks.step_bytes);
        svg_line(&picture->svg, "grid", PLOT_LEFT, y, PLOT_RIGHT, y);
        svg_text(&picture->svg, PLOT_LEFT - 8, y + 5, "class=\"soft\" text-anchor=\"end\"",
                 svg_byte_label(picture->svg.memory, &ticks, tick));
    }
}

/* Returns the greatest number of ticks whose labels do not overlap. */
static double time_ticks_most(const plan_picture *picture) {
    enum { MOST = 10, GAP = 16 };
    arena *memory = picture->svg.memory;
    double first = svg_text_width(arena_print(memory, "%" PRId64, picture->result->from));
    double last = svg_text_width(arena_print(memory, "%" PRId64, picture->result->until));
    /* The last label may extend half its width beyond its tick. */
    double widest = 1.5 * (first > last ? first : last) + GAP;
    double room = (PLOT_RIGHT - PLOT_LEFT) / widest;
    return room < MOST ? room : MOST;
}

/* Computes multiples of the step in integers, which are exact at any distance from 0. */
static void draw_time_axis(const plan_picture *picture) {
    uint64_t from = (uint64_t)picture->result->from;
    uint64_t span = (uint64_t)picture->result->until - from;
    const double largest_step = 5e18; /* the next one is above 2^63 */
    double wanted_step = svg_step((double)span, time_ticks_most(picture));
    uint64_t step = (uint64_t)(wanted_step < largest_step ? wanted_step : largest_step);
    int64_t beyond = picture->result->from % (int64_t)step;
    uint64_t first = beyond > 0 ? step - (uint64_t)beyond : UINT64_C(0) - (uint64_t)beyond;
    uint64_t more = (span - first) / step;
    for (uint64_t tick = 0; tick <= more; tick++) {
        int64_t instant = (int64_t)(from + first + tick * step);
        double x = instant_pixel(picture, instant);
        svg_line(&picture->svg, "axis", x, PLOT_BOTTOM, x, PLOT_BOTTOM + 5);
        svg_label(&picture->svg, x, PLOT_BOTTOM + 21,
                  arena_print(picture->svg.memory, "%" PRId64, instant));
    }
    svg_line(&picture->svg, "axis", PLOT_LEFT, PLOT_BOTTOM, PLOT_RIGHT, PLOT_BOTTOM);
    svg_label(&picture->svg, (PLOT_LEFT + PLOT_RIGHT) / 2.0, TIME_LABEL_Y,
              "time, in the steps of the file");
}

/* Draws a tensor at least half a pixel wide and high. Small ones have no outline. */
static void draw_tensor(const plan_picture *picture, size_t index) {
    const double least_pixels = 0.5;
    const double edge_pixels = 2.5;
    const rein_tensor_lifetime *lifetime = &picture->result->input.lifetimes[index];
    uint64_t offset = picture->result->planned.offsets[index];
    double left = instant_pixel(picture, lifetime->from);
    double right = instant_pixel(picture, lifetime->until);
    double bottom = svg_axis_pixel(&picture->bytes, (double)offset);
    double top = svg_axis_pixel(&picture->bytes, (double)offset + (double)lifetime->size_bytes);
    double width = right - left > least_pixels ? right - left : least_pixels;
    double height = bottom - top > least_pixels ? bottom - top : least_pixels;
    bool is_thin = width < edge_pixels || height < edge_pixels;
    arena *memory = picture->svg.memory;
    svg_box(&picture->svg,
            arena_print(memory, "tensor c%zu%s", index % COLOUR_COUNT, is_thin ? " thin" : ""),
            left, bottom - height, width, height,
            arena_print(
                memory,
                "%s: %s (%" PRIu64 " B) at offset %" PRIu64 ", alive [%" PRId64 ", %" PRId64 ")",
                picture->result->input.ids[index], rounded_bytes(memory, lifetime->size_bytes),
                lifetime->size_bytes, offset, lifetime->from, lifetime->until));
}

static void draw_tensors(const plan_picture *picture) {
    for (size_t index = 0; index < picture->result->input.count; index++) {
        if (!work_may_write_row(picture->result->limits, index)) {
            return;
        }
        if (picture->result->input.lifetimes[index].size_bytes > 0) {
            draw_tensor(picture, index);
        }
    }
}

static void draw_outline(const plan_picture *picture, const live_outline *outline,
                         const char *shape) {
    fprintf(picture->svg.stream, "<path class=\"%s\" d=\"", shape);
    for (size_t index = 0; index < outline->count; index++) {
        double x = instant_pixel(picture, outline->steps[index].instant);
        double y = svg_axis_pixel(&picture->bytes, (double)outline->steps[index].live_bytes);
        if (index == 0) {
            fprintf(picture->svg.stream, "M%.2f %dV%.2f", x, PLOT_BOTTOM, y);
        } else {
            fprintf(picture->svg.stream, "H%.2fV%.2f", x, y);
        }
    }
    fputs("\"/>\n", picture->svg.stream);
}

/* Draws the dashed line over the solid one, so that both are visible if they coincide. */
static void draw_limits(const plan_picture *picture) {
    if (picture->shows_capacity) {
        double y = svg_axis_pixel(&picture->bytes, (double)picture->result->capacity_bytes.value);
        svg_line(&picture->svg, "capacity", PLOT_LEFT, y, PLOT_RIGHT, y);
    }
    uint64_t lower_bound = picture->result->planned.outcome.lower_bound_bytes;
    double y = svg_axis_pixel(&picture->bytes, (double)lower_bound);
    svg_line(&picture->svg, "bound", PLOT_LEFT, y, PLOT_RIGHT, y);
}

static void draw_legend(const plan_picture *picture) {
    enum { SAMPLE = 26, ENTRY = 190, TEXT_GAP = 34 };
    static const struct {
        const char *shape;
        const char *text;
    } lines[] = {{"live", "bytes alive"}, {"bound", "lower bound"}, {"capacity", "capacity"}};
    double x = PLOT_LEFT;
    for (int colour = 0; colour < COLOUR_COUNT; colour++) {
        fprintf(picture->svg.stream,
                "<rect class=\"c%d\" x=\"%.1f\" y=\"%d\" width=\"8\" height=\"12\"/>\n", colour,
                x + 8 * colour, LEGEND_Y - 11);
    }
    svg_text(&picture->svg, x + 8 * COLOUR_COUNT + 8, LEGEND_Y, "", "tensors, as placed");
    x += ENTRY + TEXT_GAP;
    size_t count = picture->shows_capacity ? 3 : 2;
    for (size_t index = 0; index < count; index++) {
        svg_line(&picture->svg, lines[index].shape, x, LEGEND_Y - 5, x + SAMPLE, LEGEND_Y - 5);
        svg_text(&picture->svg, x + TEXT_GAP, LEGEND_Y, "", lines[index].text);
        x += ENTRY;
    }
}

/* With many steps, a thin line without a halo hides less of the tensors. */
static void draw_picture(const plan_picture *picture) {
    enum { SPARSE_STEPS_MAX = 400 };
    live_outline outline = live_outline_make(picture->svg.memory, &picture->result->input);
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
    svg_end(&picture->svg);
}

bool plan_write_svg(diagnostics *sink, const plan_report *result, const char *path) {
    output_text *text = output_open(sink->memory);
    plan_picture picture = {
        .svg = {text->stream, sink->memory},
        .result = result,
        .time = {0, (double)((uint64_t)result->until - (uint64_t)result->from), PLOT_LEFT,
                 PLOT_RIGHT},
    };
    picture.bytes =
        (svg_axis){0, top_bytes(result, &picture.shows_capacity), PLOT_BOTTOM, PLOT_TOP};
    draw_picture(&picture);
    return output_to_file_within(sink, text, result->limits, path);
}
