#include "cli/plan/live_outline.h"

#include <stdlib.h>

typedef struct life_event {
    int64_t instant;
    uint64_t size_bytes;
    bool is_start;
} life_event;

/* Compares by time. At the same instant ends come first, so that the sum never exceeds the peak. */
static int compare_events(const void *left, const void *right) {
    const life_event *first = left;
    const life_event *second = right;
    if (first->instant != second->instant) {
        return first->instant < second->instant ? -1 : 1;
    }
    return (int)first->is_start - (int)second->is_start;
}

static life_event *sorted_events(arena *memory, const lifetimes_file *input) {
    life_event *events = arena_allocate(memory, 2 * input->count, sizeof *events);
    for (size_t index = 0; index < input->count; index++) {
        const rein_tensor_lifetime *lifetime = &input->lifetimes[index];
        events[2 * index] = (life_event){lifetime->from, lifetime->size_bytes, true};
        events[2 * index + 1] = (life_event){lifetime->until, lifetime->size_bytes, false};
    }
    qsort(events, 2 * input->count, sizeof *events, compare_events);
    return events;
}

live_outline live_outline_make(arena *memory, const lifetimes_file *input) {
    size_t event_count = 2 * input->count;
    const life_event *events = sorted_events(memory, input);
    live_step *steps = arena_allocate(memory, event_count, sizeof *steps);
    size_t count = 0;
    uint64_t live_bytes = 0;
    for (size_t at = 0; at < event_count; at++) {
        const life_event *event = &events[at];
        live_bytes += event->is_start ? event->size_bytes : UINT64_C(0) - event->size_bytes;
        bool is_last_of_instant = at + 1 == event_count || events[at + 1].instant != event->instant;
        if (is_last_of_instant) {
            steps[count++] = (live_step){.instant = event->instant, .live_bytes = live_bytes};
        }
    }
    return (live_outline){.steps = steps, .count = count};
}
