/* Parts shared by all pictures: the card, texts, lines, boxes and axes.
 *
 * A card has its own background, and colours for light and dark mode, to be readable on any
 * page. */
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
    const char *name;     /* for screen readers */
    const char *heading;  /* shortened if it is too long */
    const char *sentence; /* below the heading */
    const char *sentence_class;
    const char *styles;      /* for the picture's own classes */
    const char *dark_styles; /* replacements on dark pages */
} svg_card;

/* Begins a card. It defines the classes "soft" for texts, "axis" for lines and "thin" for boxes
 * without an edge. */
void svg_begin(const svg *picture, const svg_card *card);

void svg_end(const svg *picture);

/* `attributes` are those of the element, such as a class, or "". */
void svg_text(const svg *picture, double x, double y, const char *attributes, const char *text);

void svg_line(const svg *picture, const char *shape, double x1, double y1, double x2, double y2);

/* `title` is the tooltip of the box. */
void svg_box(const svg *picture, const char *shape, double x, double y, double width, double height,
             const char *title);

/* Returns the largest width of a text in common fonts, in pixels. */
double svg_text_width(const char *text);

/* Writes a text centred at `x`, or as near as fits into the card. */
void svg_label(const svg *picture, double x, double y, const char *text);

/* Maps values from `least` to `greatest` to the pixels from `start` to `end`. */
typedef struct svg_axis {
    double least;
    double greatest; /* above `least` */
    double start;
    double end;
} svg_axis;

double svg_axis_pixel(const svg_axis *axis, double value);

/* Returns 1, 2 or 5 times a power of ten, at least 1, so that `span` has at most `most` ticks. */
double svg_step(double span, double most);

/* The ticks of an axis of bytes that starts at 0. */
typedef struct svg_byte_ticks {
    double step_bytes;
    const char *unit; /* unit of the labels */
    double unit_bytes;
} svg_byte_ticks;

/* Returns at most `most` ticks within the span. Their distance is a whole number of the largest
 * unit that allows a distance of at least 1. */
svg_byte_ticks svg_byte_ticks_of(double span_bytes, double most);

/* Returns a label such as "0" or "512 MiB". */
const char *svg_byte_label(arena *memory, const svg_byte_ticks *ticks, int tick);

#endif
