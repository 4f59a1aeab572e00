/* Parts that all pictures share: the card, texts, lines, boxes and axes.
 *
 * A card has its own background and colours for light and dark, so that it reads on any page. */
#ifndef REIN_CLI_WRITE_SVG_H
#define REIN_CLI_WRITE_SVG_H

#include <stdio.h>

#include "cli/base/arena.h"

enum { SVG_WIDTH = 1000, SVG_MARGIN = 28 };

typedef struct svg {
    FILE *stream;
    arena *memory;
} svg;

typedef struct svg_card {
    int height;
    const char *name;     /* for readers who hear the picture */
    const char *heading;  /* shortened if it is too long */
    const char *sentence; /* below the heading */
    const char *sentence_class;
    const char *styles;      /* of the picture's own classes */
    const char *dark_styles; /* what of them is otherwise on a dark page */
} svg_card;

/* Its classes: "soft" for texts, "axis" for lines, "thin" for a box without an edge. */
void svg_begin(const svg *picture, const svg_card *card);

void svg_end(const svg *picture);

/* `attributes` are those of the element, such as a class; "" if there are none. */
void svg_text(const svg *picture, double x, double y, const char *attributes, const char *text);

void svg_line(const svg *picture, const char *shape, double x1, double y1, double x2, double y2);

/* `title` is what a pointer that rests on the box is told. */
void svg_box(const svg *picture, const char *shape, double x, double y, double width, double height,
             const char *title);

/* The width of a text, in pixels: what usual fonts take at most. */
double svg_text_width(const char *text);

/* A text whose middle is at `x`, or as near to it as the card has room. */
void svg_label(const svg *picture, double x, double y, const char *text);

/* Values from `least` to `greatest` over the pixels from `start` to `end`. */
typedef struct svg_axis {
    double least;
    double greatest; /* above `least` */
    double start;
    double end;
} svg_axis;

double svg_axis_pixel(const svg_axis *axis, double value);

/* 1, 2 or 5 times a power of ten, so that at most `most` ticks are within `span`; at least 1. */
double svg_step(double span, double most);

/* The ticks of an axis of bytes that starts at 0. */
typedef struct svg_byte_ticks {
    double step_bytes;
    const char *unit; /* of the labels */
    double unit_bytes;
} svg_byte_ticks;

/* At most `most` ticks within the span, a whole number of the largest unit for which that is 1 or
 * more apart. */
svg_byte_ticks svg_byte_ticks_of(double span_bytes, double most);

/* "0", "512 MiB". */
const char *svg_byte_label(arena *memory, const svg_byte_ticks *ticks, int tick);

#endif
