// The subjects that were added, and what is done with them.
#ifndef REIN_BENCH_SUITE_HPP
#define REIN_BENCH_SUITE_HPP

#include <string>
#include <vector>

#include "host/subject.h"

struct suite_subject {
    bench_subject operation; // without its texts, which are the strings below
    std::string table;
    std::string case_name;
    std::string subject;
    std::string waived_because;
    std::string counter;

    // "table|case|subject": the name of the benchmark.
    std::string name() const;
    bool is_waived() const;
};

// In the order in which they were added.
const std::vector<suite_subject> &suite_subjects();

// Prints every subject as a line of JSON, measured or waived.
void suite_print();

// Registers what is not waived with Google Benchmark. Quick: one repetition, as short as can be.
void suite_register(bool is_quick);

// Counts the instructions of each small operation; does so under callgrind alone. Each count ends
// in a file of callgrind's own, which names the subject.
void suite_count_instructions();

#endif
