// bench_host [--list | --instructions | --quick] [--lifetimes FILE]... [Google Benchmark's options]
//
//     --list            prints each subject as a line of JSON
//     --instructions    counts the instructions of small operations; run it under callgrind
//     --quick           a single short repetition of each: shows that all of them run
//     --lifetimes FILE  lifetimes for the planner, in the format of `rein plan`
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "host/suite.hpp"
#include "host/topics.h"

namespace {

enum class task { measure, list, instructions };

struct settings {
    task asked = task::measure;
    bool is_quick = false;
    std::vector<const char *> lifetimes;
    std::vector<char *> others; // Google Benchmark's
};

settings read_settings(int argc, char **argv) {
    settings read;
    for (int at = 0; at < argc; at++) {
        if (std::strcmp(argv[at], "--list") == 0) {
            read.asked = task::list;
        } else if (std::strcmp(argv[at], "--instructions") == 0) {
            read.asked = task::instructions;
        } else if (std::strcmp(argv[at], "--quick") == 0) {
            read.is_quick = true;
        } else if (std::strcmp(argv[at], "--lifetimes") == 0 && at + 1 < argc) {
            read.lifetimes.push_back(argv[++at]);
        } else {
            read.others.push_back(argv[at]);
        }
    }
    return read;
}

void add_topics(const settings &asked) {
    bench_add_results();
    bench_add_result_peers();
    bench_add_ids();
    bench_add_id_peers();
    bench_add_ledger(static_cast<int>(std::thread::hardware_concurrency()));
    bench_add_backend();
    bench_add_backend_peers();
    bench_add_admission();
    bench_add_manifest();
    for (const char *path : asked.lifetimes) {
        bench_add_plan(path);
    }
    bench_add_reservation();
}

// Starts a second thread, as in any server. With a single thread the C library skips the locks,
// which would make a mutex look cheaper than it is.
void start_idle_thread() {
    std::thread([] {
        for (;;) {
            std::this_thread::sleep_for(std::chrono::hours(1));
        }
    }).detach();
}

int run_benchmarks(settings &asked) {
    int count = static_cast<int>(asked.others.size());
    benchmark::Initialize(&count, asked.others.data());
    if (benchmark::ReportUnrecognizedArguments(count, asked.others.data())) {
        return 2;
    }
    start_idle_thread();
    suite_register(asked.is_quick);
    std::size_t run = benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return run > 0 ? 0 : 2;
}

} // namespace

int main(int argc, char **argv) {
    settings asked = read_settings(argc, argv);
    add_topics(asked);
    if (asked.asked == task::list) {
        suite_print();
        return 0;
    }
    if (asked.asked == task::instructions) {
        suite_count_instructions();
        return 0;
    }
    return run_benchmarks(asked);
}
