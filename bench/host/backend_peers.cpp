// A backend as a C++ class with virtual functions, with the same signatures and bodies.
#include "host/backend.h"
#include "host/subject.h"
#include "host/topics.h"

namespace {

class backend {
  public:
    virtual ~backend() = default;
    virtual bool is_loaded() = 0;
    virtual rein_result_void execute(const rein_execution_request *request,
                                     rein_execution_result *out_result) = 0;
};

class ready_backend final : public backend {
  public:
    BENCH_OPAQUE bool is_loaded() override {
        return is_ready;
    }
    BENCH_OPAQUE rein_result_void execute(const rein_execution_request *request,
                                          rein_execution_result *out_result) override {
        bench_keep(this);
        bench_keep(request);
        bench_keep(out_result);
        return rein_done();
    }

  private:
    bool is_ready = true;
};

ready_backend the_backend;
rein_execution_request request{};
rein_execution_result result{};

// The compiler must not know the class of the callee.
backend *unknown_backend(void *context) {
    return reinterpret_cast<backend *>(bench_hide(reinterpret_cast<uintptr_t>(context)));
}

uint64_t run_is_loaded(void *context, uint64_t count) {
    backend *called = unknown_backend(context);
    uint64_t loaded = 0;
    for (uint64_t i = 0; i < count; i++) {
        loaded += called->is_loaded();
    }
    return loaded;
}

uint64_t run_execute(void *context, uint64_t count) {
    backend *called = unknown_backend(context);
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_void executed = called->execute(&request, &result);
        done += rein_result_void_is_ok(executed);
    }
    return done;
}

} // namespace

void bench_add_backend_peers(void) {
    bench_subject subject{};
    subject.table = BACKEND_TABLE;
    subject.case_name = BACKEND_CASE_IS_LOADED;
    subject.subject = "C++ virtual call";
    subject.role = BENCH_PEER;
    subject.run = run_is_loaded;
    subject.context = static_cast<backend *>(&the_backend);
    subject.batch = BACKEND_BATCH;
    subject.counts_instructions = true;
    bench_add(&subject);
    subject.case_name = BACKEND_CASE_EXECUTE;
    subject.run = run_execute;
    bench_add(&subject);
}
