/* A deterministic hash that serves as a source of pseudo-random numbers. */
#ifndef REIN_HOST_PLAN_NOISE_H
#define REIN_HOST_PLAN_NOISE_H

#include <stdint.h>

static inline uint64_t noise_mix(uint64_t value) {
    value = (value ^ (value >> 31)) * UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    return value ^ (value >> 32);
}

#endif
