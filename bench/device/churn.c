#include "churn.h"

#include "statistics.h"

enum {
    SLOT_COUNT = 64,
    SIZE_MIN_BYTES = 256,
    AT_ONCE_EVERY = 16,
    SETTLE_EVERY = 64,
    LAST_SIZE_EVERY = 8
};

typedef struct churner {
    churn_load *load;
    churn_counts counts;
    void *slots[SLOT_COUNT];
} churner;

/* Returns sizes of every order of magnitude, large enough in total to hit the budget. */
static uint64_t next_size(churn_load *load) {
    uint64_t size = SIZE_MIN_BYTES;
    while (size < load->size_max_bytes && random_below(&load->random_state, LAST_SIZE_EVERY) != 0) {
        size *= 2;
    }
    return size - random_below(&load->random_state, SIZE_MIN_BYTES);
}

static bool is_ordered(churn_load *load) {
    return load->has_stream_order && random_below(&load->random_state, AT_ONCE_EVERY) != 0;
}

static rein_result_void fill(churner *own, size_t slot) {
    churn_load *load = own->load;
    uint64_t bytes = next_size(load);
    rein_result_cuda_allocation answer =
        is_ordered(load) ? rein_cuda_memory_allocate_async(load->pool, bytes, own->load->stream)
                         : rein_cuda_memory_allocate(load->pool, bytes);
    if (!answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_OUT_OF_MEMORY) {
        own->counts.without_memory++;
        return rein_done();
    }
    REIN_TRY(rein_result_void, answer);
    own->slots[slot] = REIN_VALUE(answer).pointer;
    own->counts.refused += !REIN_VALUE(answer).verdict.is_granted;
    return rein_done();
}

static rein_result_void settle(churner *own) {
    REIN_TRY(rein_result_void, raw_result(cudaStreamSynchronize(own->load->stream),
                                          "cudaStreamSynchronize", REIN_HERE));
    REIN_TRY(rein_result_void, rein_cuda_memory_pool_collect(own->load->pool));
    return rein_done();
}

/* An immediate free first waits for the stream, because no submitted work may use the memory. If an
 * ordered free runs out of memory, frees immediately: a full device may have no room for the event
 * of an ordered free. */
static rein_result_void empty(churner *own, size_t slot, bool ordered) {
    void *pointer = own->slots[slot];
    own->slots[slot] = NULL;
    if (ordered) {
        rein_result_void freed =
            rein_cuda_memory_free_async(own->load->pool, pointer, own->load->stream);
        if (freed.is_ok || REIN_ERROR(freed).code != REIN_ERROR_OUT_OF_MEMORY) {
            return freed;
        }
    }
    REIN_TRY(rein_result_void, settle(own));
    return rein_cuda_memory_free(own->load->pool, pointer);
}

static rein_result_void step(churner *own) {
    size_t slot = (size_t)random_below(&own->load->random_state, SLOT_COUNT);
    return own->slots[slot] == NULL ? fill(own, slot) : empty(own, slot, is_ordered(own->load));
}

static rein_result_void run_steps(churner *own) {
    while (own->counts.operations < own->load->operations) {
        REIN_TRY(rein_result_void, step(own));
        if (++own->counts.operations % SETTLE_EVERY == 0) {
            REIN_TRY(rein_result_void, settle(own));
            if (raw_now_ns() >= own->load->deadline_ns) {
                break;
            }
        }
    }
    for (size_t i = 0; i < SLOT_COUNT; i++) {
        if (own->slots[i] != NULL) {
            REIN_TRY(rein_result_void, empty(own, i, own->load->has_stream_order));
        }
    }
    return settle(own);
}

rein_result_void churn(churn_load *load, churn_counts *out_counts) {
    churner own = {.load = load};
    rein_result_void done = run_steps(&own);
    *out_counts = own.counts;
    return done;
}
