/* The conformance suite for an engine in C++. */
#ifndef REIN_TESTS_CXX_CXX_CONFORMANCE_HPP
#define REIN_TESTS_CXX_CXX_CONFORMANCE_HPP

#include <cstdint>
#include <cstdio>

#include "conformance/backend_conformance.h"
#include "contract/rein_backend.hpp"

/* Prints the finding of a rule, unless the rule is held. */
inline void print_unless_held(void *, const conformance_finding *finding) {
    if (finding->outcome != CONFORMANCE_HELD) {
        char text[1024];
        conformance_finding_to_string(finding, text, sizeof text);
        std::fprintf(stderr, "%s\n", text);
    }
}

/* Fills an input of bytes. */
inline void fill_bytes(void *, std::uint32_t variant, const rein_tensor *input) {
    auto *bytes = static_cast<std::uint8_t *>(input->data);
    for (std::int64_t index = 0; index < input->descriptor.shape.dimensions[0]; index++) {
        bytes[index] = static_cast<std::uint8_t>(variant + static_cast<std::uint32_t>(index));
    }
}

/* Returns whether an engine, made without arguments, holds every rule except `waived_count` waived
 * ones. */
template <class Engine> bool conforms(std::size_t waived_count) {
    conformance_subject subject{};
    subject.create = [](void *) {
        rein::result made = rein::make_backend<Engine>();
        return made ? rein_result_backend_ok(made->release())
                    : rein_result_backend_fail(made.error());
    };
    subject.clock = rein_clock_system();
    subject.model_path = "any";
    subject.missing_path = "missing";
    subject.broken_path = "broken";
    subject.has_warmup = Engine::interface().warmup != nullptr;
    subject.is_deterministic = true;
    subject.fill_input = fill_bytes;
    conformance_report report = conformance_check(&subject, print_unless_held, nullptr);
    return report.waived == waived_count && report.held + waived_count == conformance_rule_count();
}

#endif
