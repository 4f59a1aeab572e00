// The registered subjects, and the operations on them.
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

    // Returns "table|case|subject", the name of the benchmark.
    std::string name() const;
    bool is_waived() const;
};

// Returns the subjects in the order in which they were added.
const std::vector<suite_subject> &suite_subjects();

// Prints every subject as a line of JSON, measured or waived.
void suite_print();

// Registers the subjects that are not waived with Google Benchmark. Quick: a single repetition, as
// short as possible.
void suite_register(bool is_quick);

// Counts the instructions of each small operation; works only under callgrind. Each count is
// written to a callgrind file that names the subject.
void suite_count_instructions();

#endif
