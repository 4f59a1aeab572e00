/* A backend as a class of C++17.
 *
 *     class my_engine : public rein::backend_base<my_engine> {
 *       public:
 *         rein::result<void> load(const char *model_path);
 *         rein::result<void> unload();
 *         rein::result<void> execute(const rein_execution_request &request,
 *                                    rein_execution_result &out_result);
 *         rein_backend_capabilities capabilities() noexcept;
 *         bool is_loaded() noexcept;
 *         rein::result<rein_memory_estimate> estimate_memory(const char *model_path);
 *         rein::result<rein_lifetime_view> estimate_lifetimes(const char *model_path);
 *         rein::result<rein_tensor_spec_view> input_specs(const char *model_path);
 *         rein::result<rein_tensor_spec_view> output_specs(const char *model_path);
 *         rein::result<void> warmup(CUstream_st *stream); // may be left out
 *     };
 *     rein::result<rein::backend> made = rein::make_backend<my_engine>(arguments...);
 *
 * The functions keep the rules of the slots in contract/backend.h, of errors, of borrowed arrays
 * and of threads. They may return the results of C as well. There is no virtual function: each slot
 * of the table calls its function directly.
 *
 * Exceptions must not cross C, so they end at the slot. What a function throws becomes the error
 * that it failed to return: std::bad_alloc is OutOfMemory, everything else BackendError with what()
 * as its foreign text. capabilities and is_loaded cannot fail: they have to be noexcept, as the
 * destructor is, or the program does not compile. An exception costs nothing where none is thrown;
 * what ends a thread by unwinding it (pthread_cancel) inside of a slot ends the program. */
#ifndef REIN_CONTRACT_REIN_BACKEND_HPP
#define REIN_CONTRACT_REIN_BACKEND_HPP

#include <exception>
#include <memory>
#include <new>

#include "contract/rein.hpp"

namespace rein {

namespace detail {

/* The answer of a slot in C, also where its function throws. A result of C goes through as it is.
 */
template <class C> C to_c(const result<typename c_result<C>::value_type> &from) noexcept {
    return from.template to_c<C>();
}
template <class C> C to_c(const C &from) noexcept {
    return from;
}
template <class C> C to_c(const rein_error &error) noexcept {
    return to_c<C>(result<typename c_result<C>::value_type>(error));
}
template <class C, class Call> C answer(Call &&call) noexcept {
#ifdef __cpp_exceptions
    try {
        return to_c<C>(call());
    } catch (const std::bad_alloc &) {
        return to_c<C>(make_error(REIN_ERROR_OUT_OF_MEMORY, "the backend has no memory left"));
    } catch (const std::exception &thrown) {
        rein_error error = make_error(REIN_ERROR_BACKEND_ERROR, "the backend threw: {text}");
        return to_c<C>(rein_error_with_text(error, thrown.what()));
    } catch (...) {
        return to_c<C>(
            make_error(REIN_ERROR_BACKEND_ERROR, "the backend threw what is no std::exception"));
    }
#else
    return to_c<C>(call());
#endif
}

template <class Engine, class = void> struct has_warmup : std::false_type {};
template <class Engine>
struct has_warmup<Engine, std::void_t<decltype(std::declval<Engine &>().warmup(nullptr))>>
    : std::true_type {};

/* The slots of an engine. */
template <class Engine> struct slots {
    static Engine &engine(void *self) noexcept {
        return *static_cast<Engine *>(self);
    }
    static rein_result_void load(void *self, const char *path) noexcept {
        return answer<rein_result_void>([&] { return engine(self).load(path); });
    }
    static rein_result_void unload(void *self) noexcept {
        return answer<rein_result_void>([&] { return engine(self).unload(); });
    }
    static rein_result_void execute(void *self, const rein_execution_request *request,
                                    rein_execution_result *out_result) noexcept {
        return answer<rein_result_void>(
            [&] { return engine(self).execute(*request, *out_result); });
    }
    static rein_backend_capabilities capabilities(void *self) noexcept {
        static_assert(noexcept(engine(self).capabilities()), "capabilities has to be noexcept");
        return engine(self).capabilities();
    }
    static bool is_loaded(void *self) noexcept {
        static_assert(noexcept(engine(self).is_loaded()), "is_loaded has to be noexcept");
        return engine(self).is_loaded();
    }
    static void destroy(void *self) noexcept {
        static_assert(std::is_nothrow_destructible_v<Engine>, "the destructor has to be noexcept");
        delete &engine(self);
    }
    static rein_result_memory_estimate estimate_memory(void *self, const char *path) noexcept {
        return answer<rein_result_memory_estimate>(
            [&] { return engine(self).estimate_memory(path); });
    }
    static rein_result_lifetime_view estimate_lifetimes(void *self, const char *path) noexcept {
        return answer<rein_result_lifetime_view>(
            [&] { return engine(self).estimate_lifetimes(path); });
    }
    static rein_result_tensor_spec_view input_specs(void *self, const char *path) noexcept {
        return answer<rein_result_tensor_spec_view>([&] { return engine(self).input_specs(path); });
    }
    static rein_result_tensor_spec_view output_specs(void *self, const char *path) noexcept {
        return answer<rein_result_tensor_spec_view>(
            [&] { return engine(self).output_specs(path); });
    }
    static rein_result_void warmup(void *self, CUstream_st *stream) noexcept {
        return answer<rein_result_void>([&] { return engine(self).warmup(stream); });
    }
};

} // namespace detail

/* The base of a backend's class. The object outlives a move of its rein::backend, for it lies on
 * the heap; it is neither copied nor moved itself. */
template <class Engine> class backend_base {
  public:
    /* Stays where it is: the table's `self` is its address. */
    backend_base(const backend_base &) = delete;
    /* On the same grounds. */
    backend_base &operator=(const backend_base &) = delete;

    /* The table, whose slots take an Engine that was allocated by new. */
    static rein_backend_interface interface() noexcept {
        using slots = detail::slots<Engine>;
        rein_backend_interface table{};
        table.struct_size = sizeof table;
        table.load = slots::load;
        table.unload = slots::unload;
        table.execute = slots::execute;
        table.capabilities = slots::capabilities;
        table.is_loaded = slots::is_loaded;
        table.destroy = slots::destroy;
        table.estimate_memory = slots::estimate_memory;
        table.estimate_lifetimes = slots::estimate_lifetimes;
        table.input_specs = slots::input_specs;
        table.output_specs = slots::output_specs;
        if constexpr (detail::has_warmup<Engine>::value) {
            table.warmup = slots::warmup;
        }
        return table;
    }

  protected:
    /* For the class that derives from it. */
    backend_base() = default;
    /* An engine is deleted as what it is, never through its base. */
    ~backend_base() = default;
};

/* A backend that owns `engine`. Errors: InvalidArgument if `engine` is empty. */
template <class Engine> result<backend> bind_backend(std::unique_ptr<Engine> engine) noexcept {
    static_assert(std::is_base_of_v<backend_base<Engine>, Engine>,
                  "an engine derives from rein::backend_base of itself");
    if (engine == nullptr) {
        return make_error(REIN_ERROR_INVALID_ARGUMENT, "the engine is empty, expected one");
    }
    static const rein_backend_interface table = Engine::interface();
    result bound = rein_backend_bind(&table, engine.get());
    if (!bound) {
        return bound.error();
    }
    engine.release();
    return backend(*bound);
}

/* A backend of a new Engine. Errors: what the constructor throws, as a slot's; OutOfMemory. */
template <class Engine, class... Arguments>
result<backend> make_backend(Arguments &&...arguments) noexcept {
    std::unique_ptr<Engine> engine;
    result<void> made = detail::answer<rein_result_void>([&]() -> result<void> {
        engine.reset(new (std::nothrow) Engine(std::forward<Arguments>(arguments)...));
        if (engine == nullptr) {
            return make_error(REIN_ERROR_OUT_OF_MEMORY, "no memory for the backend");
        }
        return {};
    });
    if (!made) {
        return made.error();
    }
    return bind_backend(std::move(engine));
}

} // namespace rein

#endif
