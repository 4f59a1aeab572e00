#include "cli/write/svg.h"

#include "cli/base/terminal.h"
#include "cli/base/text.h"
#include "cli/write/escape.h"

static const char card_styles[] =
    "text{font:14px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}\n"
    ".card{fill:#ffffff;stroke:#d0d7de}\n"
    ".head{font-size:18px;font-weight:600}\n"
    ".soft{fill:#59636e}\n"
    ".axis{stroke:#59636e}\n";

static const char dark_card_styles[] =
    "text{fill:#f0f6fc}.card{fill:#0d1117;stroke:#3d444d}.soft{fill:#a6afb9}\n"
    ".axis{stroke:#9198a1}\n";

static void write_styles(FILE *stream, const svg_card *card) {
    fprintf(stream,
            "<style>\n%s%s@media (prefers-color-scheme:dark){\n%s%s}\n.thin{stroke:none}\n"
            "</style>\n",
            card_styles, card->styles, dark_card_styles, card->dark_styles);
}

void svg_begin(const svg *picture, const svg_card *card) {
    enum { HEADING_COLUMNS_MAX = 80 };
    FILE *stream = picture->stream;
    fprintf(stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" role=\"img\">\n<title>",
            SVG_WIDTH, card->height, SVG_WIDTH, card->height);
    print_markup(stream, card->name);
    fputs("</title>\n", stream);
    write_styles(stream, card);
    fprintf(stream,
            "<rect class=\"card\" x=\".5\" y=\".5\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
            SVG_WIDTH - 1, card->height - 1);
    svg_text(picture, SVG_MARGIN, 34, "class=\"head\"",
             text_shorten(picture->memory, card->heading, HEADING_COLUMNS_MAX,
                          glyphs_unicode()->ellipsis));
    svg_text(picture, SVG_MARGIN, 60,
             arena_print(picture->memory, "class=\"%s\"", card->sentence_class), card->sentence);
}

void svg_end(const svg *picture) {
    fputs("</svg>\n", picture->stream);
}

void svg_text(const svg *picture, double x, double y, const char *attributes, const char *text) {
    fprintf(picture->stream, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    print_markup(picture->stream, text);
    fputs("</text>\n", picture->stream);
}

void svg_line(const svg *picture, const char *shape, double x1, double y1, double x2, double y2) {
    fprintf(picture->stream,
            "<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>\n", shape, x1, y1,
            x2, y2);
}

void svg_box(const svg *picture, const char *shape, double x, double y, double width, double height,
             const char *title) {
    fprintf(picture->stream,
            "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>",
            shape, x, y, width, height);
    print_markup(picture->stream, title);
    fputs("</title></rect>\n", picture->stream);
}

double svg_text_width(const char *text) {
    enum { COLUMN_PIXELS = 9 };
    return COLUMN_PIXELS * (double)text_columns(text);
}

void svg_label(const svg *picture, double x, double y, const char *text) {
    enum { EDGE = 10 };
    double half = svg_text_width(text) / 2;
    double least = EDGE + half;
    double greatest = SVG_WIDTH - EDGE - half;
    double near = x > greatest ? greatest : x;
    svg_text(picture, near < least ? least : near, y, "class=\"soft\" text-anchor=\"middle\"",
             text);
}

double svg_axis_pixel(const svg_axis *axis, double value) {
    double share = (value - axis->least) / (axis->greatest - axis->least);
    return axis->start + share * (axis->end - axis->start);
}

double svg_step(double span, double most) {
    static const double factors[] = {1, 2, 5};
    enum { FACTOR_COUNT = sizeof factors / sizeof factors[0] };
    double power = 1;
    int index = 0;
    while (span / (power * factors[index]) > most) {
        index = (index + 1) % FACTOR_COUNT;
        power = index == 0 ? power * 10 : power;
    }
    return power * factors[index];
}

svg_byte_ticks svg_byte_ticks_of(double span_bytes, double most) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    enum { UNIT_COUNT = sizeof units / sizeof units[0] };
    int index = 0;
    double unit_bytes = 1;
    while (index + 1 < UNIT_COUNT && span_bytes / (unit_bytes * 1024) > most / 4) {
        unit_bytes *= 1024;
        index++;
    }
    return (svg_byte_ticks){.step_bytes = svg_step(span_bytes / unit_bytes, most) * unit_bytes,
                            .unit = units[index],
                            .unit_bytes = unit_bytes};
}

const char *svg_byte_label(arena *memory, const svg_byte_ticks *ticks, int tick) {
    return tick == 0 ? "0"
                     : arena_print(memory, "%.0f %s", tick * ticks->step_bytes / ticks->unit_bytes,
                                   ticks->unit);
}
