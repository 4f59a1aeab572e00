/* Compares a memory pool on a simulated device with simple accounting: the live bytes, the charged
 * bytes, and the bytes of the ledger that others use. */
#include "contract/units.h"
#include "cuda/memory_pool.h"
#include "fuzz.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

enum { LIVE_MOST = 64, STREAM_COUNT = 2, GRANULARITY = 512 };

static const uint64_t limit_bytes = 4 * REIN_MIB;

typedef struct model {
    rein_ledger ledger;
    rein_cuda_memory_pool *pool;
    cudaStream_t streams[STREAM_COUNT];
    void *pointers[LIVE_MOST];
    uint64_t charges[LIVE_MOST];
    unsigned live_count;
    uint64_t live_bytes;
    uint64_t draining_bytes; /* freed in stream order and not collected */
    uint64_t others_bytes;   /* charged to the ledger outside the pool */
} model;

static void open_model(model *m) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    *m = (model){.live_count = 0};
    rein_resource_budget budget = {.memory_limit_bytes = limit_bytes,
                                   .stream_limit = 1,
                                   .compute_budget = rein_duration_from_ns(1)};
    require(rein_ledger_init(&m->ledger, &budget).is_ok, "a ledger");
    for (unsigned i = 0; i < STREAM_COUNT; i++) {
        require(cudaStreamCreateWithFlags(&m->streams[i], cudaStreamNonBlocking) == cudaSuccess,
                "a stream");
    }
    rein_cuda_memory_pool_options options = {.ledger = &m->ledger,
                                             .granularity_bytes = rein_fact_u64_known(GRANULARITY)};
    m->pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
}

static cudaStream_t choose_stream(model *m, choices *from) {
    return m->streams[choose_below(from, STREAM_COUNT)];
}

static void allocate(model *m, choices *from) {
    uint64_t bytes = choose_number(from) >> choose_below(from, 64);
    bool is_ordered = choose_below(from, 2) == 0;
    if (m->live_count == LIVE_MOST) {
        return;
    }
    rein_result_cuda_allocation result =
        is_ordered ? rein_cuda_memory_allocate_async(m->pool, bytes, choose_stream(m, from))
                   : rein_cuda_memory_allocate(m->pool, bytes);
    bool has_charge = bytes > 0 && bytes <= UINT64_MAX - GRANULARITY + 1;
    require(result.is_ok == has_charge, "an allocation is answered");
    if (!has_charge) {
        return;
    }
    rein_cuda_allocation answer = REIN_VALUE(result);
    uint64_t charge = (bytes + GRANULARITY - 1) / GRANULARITY * GRANULARITY;
    uint64_t used = m->live_bytes + m->draining_bytes + m->others_bytes;
    require(answer.verdict.requested == charge, "the charge is the size rounded up");
    require(answer.verdict.is_granted == (charge <= limit_bytes - used),
            "exactly the fitting requests are granted");
    require(answer.verdict.is_granted == (answer.pointer != NULL), "granted means a pointer");
    if (answer.pointer != NULL) {
        m->pointers[m->live_count] = answer.pointer;
        m->charges[m->live_count++] = charge;
        m->live_bytes += charge;
    } else {
        require(answer.draining_bytes == m->draining_bytes, "a refusal has the draining bytes");
    }
}

static void release(model *m, choices *from) {
    unsigned at = choose_below(from, LIVE_MOST);
    bool is_ordered = choose_below(from, 2) == 0;
    if (at >= m->live_count) {
        require(!rein_cuda_memory_free(m->pool, m).is_ok, "a foreign pointer is refused");
        return;
    }
    void *pointer = m->pointers[at];
    rein_result_void freed =
        is_ordered ? rein_cuda_memory_free_async(m->pool, pointer, choose_stream(m, from))
                   : rein_cuda_memory_free(m->pool, pointer);
    require(freed.is_ok, "a live allocation can be freed");
    require(!rein_cuda_memory_free(m->pool, pointer).is_ok, "but once");
    m->live_bytes -= m->charges[at];
    m->draining_bytes += is_ordered ? m->charges[at] : 0;
    m->live_count--;
    m->pointers[at] = m->pointers[m->live_count];
    m->charges[at] = m->charges[m->live_count];
}

static void collect(model *m) {
    rein_result_cuda_collected collected = rein_cuda_memory_pool_collect(m->pool);
    require(collected.is_ok, "a collection is answered");
    require(REIN_VALUE(collected) <= m->draining_bytes, "only what is draining is collected");
    m->draining_bytes -= REIN_VALUE(collected);
}

/* Charges the ledger for others, or releases. */
static void charge_beside(model *m, choices *from) {
    uint64_t bytes = choose_number(from) % (limit_bytes / 2);
    if (choose_below(from, 2) == 0) {
        bool is_granted = rein_ledger_charge_memory(&m->ledger, bytes).is_granted;
        m->others_bytes += is_granted ? bytes : 0;
    } else if (bytes <= m->others_bytes) {
        require(rein_ledger_release_memory(&m->ledger, bytes).is_ok, "others release theirs");
        m->others_bytes -= bytes;
    }
}

static void require_agreement(model *m) {
    rein_cuda_memory_report report = REIN_UNWRAP(rein_cuda_memory_pool_report(m->pool));
    rein_ledger_usage usage = rein_ledger_read(&m->ledger);
    rein_cuda_live_allocation listed[LIVE_MOST];
    uint64_t listed_bytes = 0;
    size_t count = rein_cuda_memory_pool_list(m->pool, listed, LIVE_MOST);
    for (size_t i = 0; i < count; i++) {
        listed_bytes += listed[i].charged_bytes;
    }
    require(report.live_count == m->live_count && count == m->live_count, "the live are as many");
    require(report.live_bytes == m->live_bytes && listed_bytes == m->live_bytes,
            "the live bytes agree");
    require(report.draining_bytes == m->draining_bytes, "the draining bytes agree");
    require(usage.memory_bytes.used == m->live_bytes + m->draining_bytes + m->others_bytes,
            "the ledger has the sum");
    require(usage.memory_bytes.used <= limit_bytes, "the ledger is within its limit");
}

static void close_model(model *m) {
    require(rein_cuda_memory_pool_destroy(m->pool).is_ok, "the pool is destroyed");
    require(rein_ledger_read(&m->ledger).memory_bytes.used == m->others_bytes,
            "and releases everything that it holds");
    for (unsigned i = 0; i < STREAM_COUNT; i++) {
        cudaStreamDestroy(m->streams[i]);
    }
    simulated_handles left = simulated_cudart_handles();
    require(left.allocations == 0 && left.pools == 0 && left.events == 0, "nothing is leaked");
}

static void operate(model *m, choices *from) {
    switch (choose_below(from, 8)) {
    case 0:
    case 1:
    case 2:
        allocate(m, from);
        break;
    case 3:
    case 4:
        release(m, from);
        break;
    case 5:
        simulated_cudart_submit_work(choose_stream(m, from), choose_byte(from));
        break;
    case 6:
        simulated_cudart_advance(choose_byte(from));
        collect(m);
        break;
    default:
        charge_beside(m, from);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    choices from = {data, size};
    model m;
    open_model(&m);
    while (from.length > 0) {
        operate(&m, &from);
        require_agreement(&m);
    }
    simulated_cudart_advance(UINT64_C(1) << 40);
    collect(&m);
    require(m.draining_bytes == 0, "in the end, all that was freed is collected");
    close_model(&m);
    return 0;
}
