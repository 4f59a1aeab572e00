/* For rein_backend.hpp alone: the slots of a backend (contract/backend.h) that call the functions
 * of a class. */
#ifndef REIN_CONTRACT_REIN_BACKEND_SLOTS_HPP
#define REIN_CONTRACT_REIN_BACKEND_SLOTS_HPP

#include <exception>
#include <new>
#include <type_traits>

#include "contract/backend.h"
#include "contract/rein_result.hpp"

namespace rein {

namespace detail {

/* Converts to the result type of a slot in C. A result of C is returned unchanged. */
template <class C> C to_c(const result<typename c_result<C>::value_type> &from) noexcept {
    return from.template to_c<C>();
}
template <class C> C to_c(const C &from) noexcept {
    return from;
}
template <class C> C to_c(const rein_error &error) noexcept {
    return to_c<C>(result<typename c_result<C>::value_type>(error));
}

/* Calls a function of a class and returns its result in C, or an error if it throws. */
template <class C, class Call> C answer(Call &&call) noexcept {
#ifdef __cpp_exceptions
    try {
        return to_c<C>(call());
    } catch (const std::bad_alloc &) {
        return to_c<C>(make_error(REIN_ERROR_OUT_OF_MEMORY, "the backend threw std::bad_alloc"));
    } catch (const std::exception &thrown) {
        rein_error error = make_error(REIN_ERROR_BACKEND_ERROR, "the backend threw: {text}");
        return to_c<C>(rein_error_with_text(error, thrown.what()));
    } catch (...) {
        return to_c<C>(make_error(REIN_ERROR_BACKEND_ERROR,
                                  "the backend threw an object that is not a std::exception"));
    }
#else
    return to_c<C>(call());
#endif
}

/* Returns the engine that `self` of a slot points to. */
template <class Engine> Engine &engine_of(void *self) noexcept {
    return *static_cast<Engine *>(self);
}

/* The slots that every backend has, and warmup. */
template <class Engine> struct slots {
    static rein_result_void load(void *self, const char *path, const rein_model_id *id) noexcept {
        return answer<rein_result_void>([&] { return engine_of<Engine>(self).load(path, *id); });
    }
    static rein_result_void unload(void *self) noexcept {
        return answer<rein_result_void>([&] { return engine_of<Engine>(self).unload(); });
    }
    static rein_result_void execute(void *self, const rein_execution_request *request,
                                    rein_execution_result *out_result) noexcept {
        return answer<rein_result_void>(
            [&] { return engine_of<Engine>(self).execute(*request, *out_result); });
    }
    static const rein_backend_capabilities *capabilities(void *self) noexcept {
        using returned = decltype(engine_of<Engine>(self).capabilities());
        static_assert(noexcept(engine_of<Engine>(self).capabilities()),
                      "capabilities must be noexcept");
        static_assert(std::is_lvalue_reference_v<returned>,
                      "capabilities must return a reference to what lives as long as the backend");
        const rein_backend_capabilities &all = engine_of<Engine>(self).capabilities();
        return &all;
    }
    static bool is_loaded(void *self) noexcept {
        static_assert(noexcept(engine_of<Engine>(self).is_loaded()), "is_loaded must be noexcept");
        return engine_of<Engine>(self).is_loaded();
    }
    static void destroy(void *self) noexcept {
        static_assert(std::is_nothrow_destructible_v<Engine>, "the destructor must be noexcept");
        delete &engine_of<Engine>(self);
    }
    static rein_result_memory_estimate estimate_memory(void *self, const char *path,
                                                       const rein_input_shapes *shapes) noexcept {
        return answer<rein_result_memory_estimate>(
            [&] { return engine_of<Engine>(self).estimate_memory(path, shapes); });
    }
    static rein_result_lifetime_view estimate_lifetimes(void *self, const char *path,
                                                        const rein_input_shapes *shapes) noexcept {
        return answer<rein_result_lifetime_view>(
            [&] { return engine_of<Engine>(self).estimate_lifetimes(path, shapes); });
    }
    static rein_result_tensor_spec_view input_specs(void *self, const char *path) noexcept {
        return answer<rein_result_tensor_spec_view>(
            [&] { return engine_of<Engine>(self).input_specs(path); });
    }
    static rein_result_tensor_spec_view output_specs(void *self, const char *path) noexcept {
        return answer<rein_result_tensor_spec_view>(
            [&] { return engine_of<Engine>(self).output_specs(path); });
    }
    static rein_result_void warmup(void *self, CUstream_st *stream) noexcept {
        return answer<rein_result_void>([&] { return engine_of<Engine>(self).warmup(stream); });
    }
};

} // namespace detail

} // namespace rein

#endif
