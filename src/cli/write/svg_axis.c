#include "cli/write/svg_axis.h"

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

double svg_byte_step(double span_bytes, double most, const char **out_unit,
                     double *out_unit_bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    enum { UNIT_COUNT = sizeof units / sizeof units[0] };
    int index = 0;
    double unit_bytes = 1;
    while (index + 1 < UNIT_COUNT && span_bytes / (unit_bytes * 1024) > most / 4) {
        unit_bytes *= 1024;
        index++;
    }
    *out_unit = units[index];
    *out_unit_bytes = unit_bytes;
    return svg_step(span_bytes / unit_bytes, most) * unit_bytes;
}
