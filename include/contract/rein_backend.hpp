/* A backend as a class of C++17.
 *
 *     class my_engine : public rein::backend_base<my_engine> {
 *       public:
 *         rein::result<void> load(const char *model_path, const rein_model_id &model_id);
 *         rein::result<void> unload();
 *         rein::result<void> execute(const rein_execution_request &request,
 *                                    rein_execution_result &out_result);
 *         const rein_backend_capabilities &capabilities() noexcept;
 *         bool is_loaded() noexcept;
 *         rein::result<rein_memory_estimate> estimate_memory(const char *model_path,
 *                                                            const rein_input_shapes *shapes);
 *         rein::result<rein_lifetime_view> estimate_lifetimes(const char *model_path,
 *                                                             const rein_input_shapes *shapes);
 *         rein::result<rein_tensor_spec_view> input_specs(const char *model_path);
 *         rein::result<rein_tensor_spec_view> output_specs(const char *model_path);
 *
 *         // Optional.
 *         rein::result<void> warmup(CUstream_st *stream);
 *         // Sequences: all three or none.
 *         rein::result<std::uint64_t> estimate_state(const char *model_path,
 *                                                    std::uint64_t max_tokens);
 *         rein::result<rein_sequence_id> open_sequence(std::uint64_t max_tokens);
 *         rein::result<void> close_sequence(rein_sequence_id sequence);
 *         // Asynchronous execution: both or neither.
 *         rein::result<void> submit(const rein_execution_request &request,
 *                                   rein_execution_result &out_result, rein_completion completion);
 *         rein::result<void> drain();
 *         // Buffers: both or neither.
 *         rein::result<void *> allocate_buffer(std::uint64_t size_bytes, rein_memory_kind kind);
 *         void release_buffer(void *buffer) noexcept;
 *     };
 *     rein::result<rein::backend> made = rein::make_backend<my_engine>(arguments...);
 *
 * The functions follow the rules of the slots in contract/backend.h, sequences.h, submission.h and
 * buffers.h. They may also return the results of the C headers. `shapes` is nullptr for the largest
 * shapes. There is no virtual function: each slot calls its function directly.
 *
 * Exceptions do not cross C. The slot catches exceptions of the function and returns an error:
 * OutOfMemory for std::bad_alloc, BackendError with what() as its foreign text for any other
 * std::exception, BackendError for anything else. The functions `capabilities`, `is_loaded`,
 * `release_buffer` and the destructor must be noexcept: otherwise the class does not compile. A
 * submit that throws must not have enqueued the execution. Cancelling a thread (pthread_cancel)
 * inside a slot ends the program. */
#ifndef REIN_CONTRACT_REIN_BACKEND_HPP
#define REIN_CONTRACT_REIN_BACKEND_HPP

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "contract/rein.hpp"
#include "contract/rein_backend_parts.hpp"
#include "contract/rein_backend_slots.hpp"

namespace rein {

/* The base of a backend's class. The object is on the heap and stays at its address, also if its
 * rein::backend is moved. It cannot be copied or moved. */
template <class Engine> class backend_base {
  public:
    /* Not available: `self` of the slots is the address of the object. */
    backend_base(const backend_base &) = delete;
    /* Not available, for the same reason. */
    backend_base &operator=(const backend_base &) = delete;

    /* Returns the table. Its slots take an Engine that was allocated by new. */
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
        if constexpr (detail::has_warmup<Engine>) {
            table.warmup = slots::warmup;
        }
        table.sequences = detail::sequences_of<Engine>();
        table.submission = detail::submission_of<Engine>();
        table.buffers = detail::buffers_of<Engine>();
        return table;
    }

  protected:
    /* Constructs the base of an engine. */
    backend_base() = default;
    /* Destroys the base. Protected: an engine is deleted as an Engine, never through its base. */
    ~backend_base() = default;
};

/* Returns a backend that owns `engine`. Errors: InvalidArgument if `engine` is null or
 * rein_backend_bind refuses its table or capabilities; the engine is then destroyed. */
template <class Engine> result<backend> bind_backend(std::unique_ptr<Engine> engine) noexcept {
    static_assert(std::is_base_of_v<backend_base<Engine>, Engine>,
                  "an engine must derive from rein::backend_base of itself");
    if (engine == nullptr) {
        return make_error(REIN_ERROR_INVALID_ARGUMENT, "the engine must not be NULL");
    }
    static const rein_backend_interface table = Engine::interface();
    result bound = rein_backend_bind(&table, engine.get());
    if (!bound) {
        return bound.error();
    }
    engine.release();
    return backend(*bound);
}

/* Returns a backend of a new Engine. Errors: those of bind_backend; OutOfMemory; an error for an
 * exception of the constructor, as for a slot. */
template <class Engine, class... Arguments>
result<backend> make_backend(Arguments &&...arguments) noexcept {
    std::unique_ptr<Engine> engine;
    result<void> made = detail::answer<rein_result_void>([&]() -> result<void> {
        engine.reset(new (std::nothrow) Engine(std::forward<Arguments>(arguments)...));
        if (engine == nullptr) {
            return make_error(REIN_ERROR_OUT_OF_MEMORY,
                              "the host is out of memory: cannot create the backend");
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
