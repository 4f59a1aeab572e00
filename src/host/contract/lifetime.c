#include "contract/lifetime.h"

#include "host/base/checked.h"
#include "host/base/radix_sort.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"

/* The checker needs the most: three indices for each lifetime, and two keys with an index each. */
enum { WORKSPACE_WORDS_PER_LIFETIME = 7 };

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "a workspace is counted in words of 64 bits");

rein_result_bytes rein_lifetime_workspace_bytes(size_t count) {
    uint64_t bytes = 0;
    if (!checked_multiply(count, WORKSPACE_WORDS_PER_LIFETIME * sizeof(size_t), &bytes)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the workspace for {u} lifetimes does not fit in the address space", count,
            0, 0));
    }
    return rein_result_bytes_ok(bytes);
}

static rein_result_void validate_lifetime(const rein_tensor_lifetime *lifetime, size_t index) {
    if (lifetime->until <= lifetime->from) {
        return rein_i_invalid(
            REIN_HERE, "lifetime {u} has from {i} and until {i}; until must be greater than from",
            index, (uint64_t)lifetime->from, (uint64_t)lifetime->until);
    }
    uint64_t alignment = lifetime->alignment_bytes;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        return rein_i_invalid(REIN_HERE,
                              "lifetime {u} has alignment_bytes {u}; it must be a power of two",
                              index, alignment, 0);
    }
    if (lifetime->size_bytes > REIN_PLACEMENT_BYTES_MAX) {
        return rein_i_invalid(REIN_HERE, "lifetime {u} has size_bytes {u}; it must be at most {u}",
                              index, lifetime->size_bytes, REIN_PLACEMENT_BYTES_MAX);
    }
    return rein_done();
}

rein_result_void rein_lifetimes_validate(const rein_tensor_lifetime *lifetimes, size_t count) {
    if (lifetimes == NULL && count > 0) {
        return rein_i_invalid(REIN_HERE, "lifetimes" MUST_HOLD_ELEMENTS, count, 0, 0);
    }
    for (size_t i = 0; i < count; i++) {
        REIN_TRY(rein_result_void, validate_lifetime(&lifetimes[i], i));
    }
    return rein_done();
}

rein_result_void rein_i_workspace_check(rein_workspace workspace, uint64_t needed_bytes,
                                        rein_source_location where) {
    size_t available = workspace.memory == NULL ? 0 : workspace.size_bytes;
    if (available < needed_bytes) {
        return rein_i_invalid(where, "the workspace has {bytes}; provide at least {bytes}",
                              available, needed_bytes, 0);
    }
    return rein_done();
}

rein_result_void rein_i_lifetime_input_check(const rein_tensor_lifetime *lifetimes, size_t count,
                                             rein_workspace workspace) {
    uint64_t needed = REIN_TRY(rein_result_void, rein_lifetime_workspace_bytes(count));
    REIN_TRY(rein_result_void, rein_i_workspace_check(workspace, needed, REIN_HERE));
    return rein_lifetimes_validate(lifetimes, count);
}

/* A sweep over time that adds each tensor that starts and subtracts each that ends. */
typedef struct live_sweep {
    const rein_tensor_lifetime *lifetimes;
    const keyed_index *by_start;
    const keyed_index *by_end;
    size_t started;
    size_t ended;
    uint64_t live_bytes;
} live_sweep;

static live_sweep live_sweep_begin(const rein_tensor_lifetime *lifetimes, size_t count,
                                   keyed_index *space) {
    keyed_index *by_start = space;
    keyed_index *by_end = space + count;
    keyed_index *scratch = space + 2 * count;
    for (size_t i = 0; i < count; i++) {
        by_start[i] = (keyed_index){radix_sort_signed_key(lifetimes[i].from), i};
        by_end[i] = (keyed_index){radix_sort_signed_key(lifetimes[i].until), i};
    }
    (void)rein_i_radix_sort(by_start, count, scratch, NULL, NULL);
    (void)rein_i_radix_sort(by_end, count, scratch, NULL, NULL);
    return (live_sweep){lifetimes, by_start, by_end, 0, 0, 0};
}

/* Starts the next lifetime, after removing those that ended by then. Returns false if the live
 * bytes overflow. */
static bool live_sweep_start_next(live_sweep *sweep) {
    const rein_tensor_lifetime *next = &sweep->lifetimes[sweep->by_start[sweep->started++].index];
    /* Validated by the caller: not NULL. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    while (sweep->lifetimes[sweep->by_end[sweep->ended].index].until <= next->from) {
        sweep->live_bytes -= sweep->lifetimes[sweep->by_end[sweep->ended++].index].size_bytes;
    }
    return checked_add(sweep->live_bytes, next->size_bytes, &sweep->live_bytes);
}

rein_result_live_peak rein_lifetimes_peak(const rein_tensor_lifetime *lifetimes, size_t count,
                                          rein_workspace workspace) {
    REIN_TRY(rein_result_live_peak, rein_i_lifetime_input_check(lifetimes, count, workspace));
    rein_live_peak peak = {0, 0};
    if (count == 0) {
        return rein_result_live_peak_ok(peak); /* the workspace may be NULL */
    }
    live_sweep sweep = live_sweep_begin(lifetimes, count, workspace.memory);
    while (sweep.started < count) {
        size_t next = sweep.by_start[sweep.started].index;
        bool is_first = sweep.started == 0;
        if (!live_sweep_start_next(&sweep)) {
            return rein_result_live_peak_fail(rein_i_invalid_error(
                REIN_HERE, "the sum of the bytes alive at {i} with lifetime {u}" MUST_FIT_64_BITS,
                (uint64_t)lifetimes[next].from, next, 0));
        }
        if (is_first || sweep.live_bytes > peak.bytes) {
            peak = (rein_live_peak){sweep.live_bytes, lifetimes[next].from};
        }
    }
    return rein_result_live_peak_ok(peak);
}
