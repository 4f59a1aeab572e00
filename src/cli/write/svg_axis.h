/* Scales and ticks of a picture's axes. */
#ifndef REIN_CLI_WRITE_SVG_AXIS_H
#define REIN_CLI_WRITE_SVG_AXIS_H

#include "cli/base/arena.h"

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

/* The same in bytes: so many of the largest unit that gives a step of 1 or more of it. Sets the
 * unit's name and size. */
double svg_byte_step(double span_bytes, double most, const char **out_unit, double *out_unit_bytes);

#endif
