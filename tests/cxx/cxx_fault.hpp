/* The ways in which a function of an engine fails. */
#ifndef REIN_TESTS_CXX_CXX_FAULT_HPP
#define REIN_TESTS_CXX_CXX_FAULT_HPP

#include <new>
#include <stdexcept>

#include "contract/rein.hpp"

enum class fault { none, returned, bad_alloc, exception, number };

/* Fails as `how` says. */
inline rein::result<void> fail(fault how) {
    switch (how) {
    case fault::none:
        return {};
    case fault::returned:
        return rein::make_error(REIN_ERROR_TIMEOUT, "too late");
    case fault::bad_alloc:
        throw std::bad_alloc();
    case fault::exception:
        throw std::runtime_error("the engine's own words");
    case fault::number:
        throw 42;
    }
    return {};
}

/* Returns the code of the error that a slot returns for a fault. */
inline rein_error_code code_of(fault how) {
    switch (how) {
    case fault::returned:
        return REIN_ERROR_TIMEOUT;
    case fault::bad_alloc:
        return REIN_ERROR_OUT_OF_MEMORY;
    default:
        return REIN_ERROR_BACKEND_ERROR;
    }
}

#endif
