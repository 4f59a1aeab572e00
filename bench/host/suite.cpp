#include "host/suite.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

#include "host/allocations.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define REIN_BENCH_CALLGRIND
#endif

namespace {

std::vector<suite_subject> &subjects() {
    static std::vector<suite_subject> all;
    return all;
}

std::string text_or_empty(const char *text) {
    return text == nullptr ? "" : text;
}

const char *role_name(bench_role role) {
    return role == BENCH_OURS ? "ours" : role == BENCH_PEER ? "peer" : "limit";
}

std::string quoted(const std::string &text) {
    std::string escaped = "\"";
    for (char character : text) {
        if (character == '"' || character == '\\') {
            escaped += '\\';
        }
        escaped += character;
    }
    return escaped + "\"";
}

void call(bench_hook hook, void *context) {
    if (hook != nullptr) {
        hook(context);
    }
}

void set_counters(benchmark::State &state, const suite_subject &subject, uint64_t allocations,
                  double returned) {
    using benchmark::Counter;
    state.SetItemsProcessed(state.iterations());
    if (bench_counts_allocations()) {
        state.counters["allocations"] =
            Counter(static_cast<double>(allocations), Counter::kAvgIterations);
    }
    if (!subject.counter.empty()) {
        state.counters[subject.counter] = subject.operation.counter_is_per_million
                                              ? Counter(returned * 1e6, Counter::kAvgIterations)
                                              : Counter(returned, Counter::kAvgThreads);
    }
}

void measure(benchmark::State &state, const suite_subject &subject) {
    const bench_subject &operation = subject.operation;
    if (state.thread_index() == 0) {
        call(operation.prepare, operation.context);
    }
    double returned = 0;
    uint64_t before = bench_allocations();
    while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(operation.batch))) {
        uint64_t answer = operation.run(operation.context, operation.batch);
        benchmark::DoNotOptimize(answer);
        returned =
            static_cast<double>(answer) + (operation.counter_is_per_million ? returned : 0.0);
    }
    uint64_t allocations = bench_allocations() - before;
    if (state.thread_index() == 0) {
        call(operation.finish, operation.context);
    }
    set_counters(state, subject, allocations, returned);
}

} // namespace

std::string suite_subject::name() const {
    return table + "|" + case_name + "|" + subject;
}

bool suite_subject::is_waived() const {
    return operation.run == nullptr;
}

const std::vector<suite_subject> &suite_subjects() {
    return subjects();
}

void bench_add(const bench_subject *subject) {
    subjects().push_back({*subject, subject->table, subject->case_name, subject->subject,
                          text_or_empty(subject->waived_because), text_or_empty(subject->counter)});
}

void bench_add_all(const bench_subject *subjects, uint64_t count) {
    for (uint64_t index = 0; index < count; index++) {
        bench_add(&subjects[index]);
    }
}

void bench_stop(const char *reason) {
    std::fprintf(stderr, "bench_host: %s\n", reason);
    std::exit(2);
}

void suite_print() {
    for (const suite_subject &subject : subjects()) {
        std::printf(
            "{\"name\": %s, \"table\": %s, \"case\": %s, \"subject\": %s, \"role\": \"%s\", "
            "\"threads\": %d, \"waived\": %s, \"counts_instructions\": %s}\n",
            quoted(subject.name()).c_str(), quoted(subject.table).c_str(),
            quoted(subject.case_name).c_str(), quoted(subject.subject).c_str(),
            role_name(subject.operation.role), subject.operation.threads,
            quoted(subject.waived_because).c_str(),
            subject.operation.counts_instructions ? "true" : "false");
    }
}

void suite_register(bool is_quick) {
    for (const suite_subject &subject : subjects()) {
        if (subject.is_waived()) {
            continue;
        }
        auto *registered = benchmark::RegisterBenchmark(
            subject.name().c_str(),
            [&subject](benchmark::State &state) { measure(state, subject); });
        bool uses_wall_clock = subject.operation.threads > 0 || subject.operation.uses_wall_clock;
        // Threads share processors with other programs, which needs a longer time to average out.
        double seconds = uses_wall_clock ? 0.1 : 0.02;
        registered->MinTime(is_quick ? 1e-6 : seconds)->Repetitions(is_quick ? 1 : 21);
        if (subject.operation.threads > 0) {
            registered->Threads(subject.operation.threads);
        }
        if (uses_wall_clock) {
            registered->UseRealTime();
        }
    }
}

#ifdef REIN_BENCH_CALLGRIND

void suite_count_instructions() {
    for (const suite_subject &subject : subjects()) {
        const bench_subject &operation = subject.operation;
        if (subject.is_waived() || !operation.counts_instructions) {
            continue;
        }
        call(operation.prepare, operation.context);
        benchmark::DoNotOptimize(operation.run(operation.context, operation.batch));
        CALLGRIND_ZERO_STATS;
        benchmark::DoNotOptimize(operation.run(operation.context, operation.batch));
        std::string text = std::to_string(operation.batch) + "|" + subject.name();
        CALLGRIND_DUMP_STATS_AT(text.c_str());
        call(operation.finish, operation.context);
    }
}

#else

void suite_count_instructions() {
    bench_stop("built without valgrind's headers: instructions cannot be counted");
}

#endif
