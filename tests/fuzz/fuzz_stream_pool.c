/* Compares a stream pool on a simulated device with simple accounting: which lease has which
 * stream, and until when its work runs. */
#include "cuda/stream_pool.h"
#include "fuzz.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

enum { STREAM_COUNT = 5, STREAM_LIMIT = 6 };

static const uint32_t counts[REIN_CUDA_PRIORITY_COUNT] = {1, 3, 1};

typedef struct held_stream {
    rein_cuda_stream_lease lease; /* the last lease */
    rein_cuda_priority priority;
    bool is_held;
    uint64_t ready_ns;
} held_stream;

typedef struct model {
    rein_ledger ledger;
    rein_cuda_stream_pool *pool;
    held_stream streams[STREAM_COUNT]; /* streams that were leased at some time */
    unsigned seen_count;
    uint64_t others; /* streams charged to the ledger by others */
} model;

static void open_model(model *m) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    *m = (model){.seen_count = 0};
    rein_resource_budget budget = {.memory_limit_bytes = 1,
                                   .stream_limit = STREAM_LIMIT,
                                   .compute_budget = rein_duration_from_ns(1)};
    require(rein_ledger_init(&m->ledger, &budget).is_ok, "a ledger");
    rein_cuda_stream_pool_options options = {.ledger = &m->ledger,
                                             .counts = {counts[0], counts[1], counts[2]}};
    m->pool = REIN_UNWRAP(rein_cuda_stream_pool_create(&options));
}

static uint64_t count_held(const model *m, int priority) {
    uint64_t count = 0;
    for (unsigned i = 0; i < m->seen_count; i++) {
        count += m->streams[i].is_held && (priority < 0 || (int)m->streams[i].priority == priority);
    }
    return count;
}

static bool is_busy(const held_stream *stream) {
    return !stream->is_held && simulated_cudart_now_ns() < stream->ready_ns;
}

static uint64_t count_busy(const model *m, int priority) {
    uint64_t count = 0;
    for (unsigned i = 0; i < m->seen_count; i++) {
        count +=
            is_busy(&m->streams[i]) && (priority < 0 || (int)m->streams[i].priority == priority);
    }
    return count;
}

static held_stream *find_stream(model *m, cudaStream_t stream) {
    unsigned at = 0;
    while (at < m->seen_count && m->streams[at].lease.stream != stream) {
        at++;
    }
    require(at < STREAM_COUNT, "there are no more streams than were made");
    m->seen_count += at == m->seen_count;
    return &m->streams[at];
}

static void acquire(model *m, choices *from) {
    int priority = (int)choose_below(from, REIN_CUDA_PRIORITY_COUNT);
    uint64_t taken = count_held(m, priority) + count_busy(m, priority);
    uint64_t charged = count_held(m, -1) + count_busy(m, -1) + m->others;
    rein_cuda_stream_lease lease =
        REIN_UNWRAP(rein_cuda_stream_try_acquire(m->pool, (rein_cuda_priority)priority));
    require(lease.verdict.is_granted == (lease.stream != NULL), "granted means a stream");
    if (!lease.verdict.is_granted) {
        require(taken == counts[priority] || charged >= STREAM_LIMIT,
                "an idle stream is not refused");
        return;
    }
    held_stream *stream = find_stream(m, lease.stream);
    require(!stream->is_held, "a lease is exclusive");
    require(simulated_cudart_now_ns() >= stream->ready_ns, "a stream is handed on when it is idle");
    *stream = (held_stream){lease, (rein_cuda_priority)priority, true, 0};
    require(count_held(m, priority) <= counts[priority], "a priority has its streams");
}

static void release(model *m, choices *from) {
    held_stream *stream = &m->streams[choose_below(from, STREAM_COUNT)];
    rein_result_void released = rein_cuda_stream_release(m->pool, &stream->lease);
    require(released.is_ok == stream->is_held, "exactly the held stream is released");
    stream->is_held = false;
    require(!rein_cuda_stream_release(m->pool, &stream->lease).is_ok, "and once");
}

static void submit(model *m, choices *from) {
    held_stream *stream = &m->streams[choose_below(from, STREAM_COUNT)];
    uint64_t ns = choose_byte(from);
    if (stream->is_held) {
        uint64_t now = simulated_cudart_now_ns();
        simulated_cudart_submit_work(stream->lease.stream, ns);
        stream->ready_ns = (stream->ready_ns > now ? stream->ready_ns : now) + ns;
    }
}

static void charge_beside(model *m, choices *from) {
    if (choose_below(from, 2) == 0) {
        m->others += rein_ledger_acquire_stream(&m->ledger).is_granted;
    } else if (m->others > 0) {
        require(rein_ledger_release_stream(&m->ledger).is_ok, "others release theirs");
        m->others--;
    }
}

static void require_agreement(model *m) {
    rein_cuda_stream_usage usage = rein_cuda_stream_pool_read(m->pool);
    uint64_t used = rein_ledger_read(&m->ledger).streams.used;
    require(usage.leased_count == count_held(m, -1), "as many are leased as are held");
    require(usage.draining_count >= count_busy(m, -1), "busy streams are draining");
    require(used == usage.leased_count + usage.draining_count + m->others,
            "the ledger has the sum");
    require(used <= STREAM_LIMIT, "the ledger is within its limit");
}

static void close_model(model *m) {
    bool has_held = count_held(m, -1) > 0;
    require(rein_cuda_stream_pool_destroy(m->pool).is_ok == !has_held,
            "a pool with leases does not go");
    for (unsigned i = 0; has_held && i < m->seen_count; i++) {
        if (m->streams[i].is_held) {
            require(rein_cuda_stream_release(m->pool, &m->streams[i].lease).is_ok, "a release");
        }
    }
    require(!has_held || rein_cuda_stream_pool_destroy(m->pool).is_ok, "then it is destroyed");
    require(rein_ledger_read(&m->ledger).streams.used == m->others, "and releases everything");
    simulated_handles left = simulated_cudart_handles();
    require(left.streams == 0 && left.events == 0, "nothing is leaked");
}

static void operate(model *m, choices *from) {
    switch (choose_below(from, 5)) {
    case 0:
        acquire(m, from);
        break;
    case 1:
        release(m, from);
        break;
    case 2:
        submit(m, from);
        break;
    case 3:
        simulated_cudart_advance(choose_byte(from));
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
    close_model(&m);
    return 0;
}
