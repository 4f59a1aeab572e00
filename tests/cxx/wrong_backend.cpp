// A backend with all optional functions. WITHOUT_x leaves one out; WRONG_x declares one wrongly.
#include "contract/rein_backend.hpp"

struct engine : rein::backend_base<engine> {
    rein::result<void> load(const char *path, const rein_model_id &id);
    rein::result<void> unload();
    rein::result<void> execute(const rein_execution_request &request, rein_execution_result &out);
#if defined(WRONG_VALUE_OF_CAPABILITIES)
    rein_backend_capabilities capabilities() noexcept;
#elif defined(WRONG_THROWING_CAPABILITIES)
    const rein_backend_capabilities &capabilities();
#else
    const rein_backend_capabilities &capabilities() noexcept;
#endif
#ifdef WRONG_THROWING_IS_LOADED
    bool is_loaded();
#else
    bool is_loaded() noexcept;
#endif
#ifdef WRONG_THROWING_DESTRUCTOR
    ~engine() noexcept(false);
#endif
    rein::result<rein_memory_estimate> estimate_memory(const char *path,
                                                       const rein_input_shapes *shapes);
    rein::result<rein_lifetime_view> estimate_lifetimes(const char *path,
                                                        const rein_input_shapes *shapes);
    rein::result<rein_tensor_spec_view> input_specs(const char *path);
    rein::result<rein_tensor_spec_view> output_specs(const char *path);
#ifdef WRONG_WARMUP
    rein::result<void> warmup();
#else
    rein::result<void> warmup(CUstream_st *stream);
#endif
#ifndef WITHOUT_ESTIMATE_STATE
    rein::result<std::uint64_t> estimate_state(const char *path, std::uint64_t max_tokens);
#endif
#ifndef WITHOUT_OPEN_SEQUENCE
    rein::result<rein_sequence_id> open_sequence(std::uint64_t max_tokens);
#endif
#ifndef WITHOUT_CLOSE_SEQUENCE
    rein::result<void> close_sequence(rein_sequence_id sequence);
#endif
#ifndef WITHOUT_SUBMIT
    rein::result<void> submit(const rein_execution_request &request, rein_execution_result &out,
                              rein_completion completion);
#endif
#ifndef WITHOUT_DRAIN
    rein::result<void> drain();
#endif
#ifndef WITHOUT_ALLOCATE_BUFFER
    rein::result<void *> allocate_buffer(std::uint64_t size_bytes, rein_memory_kind kind);
#endif
#if defined(WRONG_THROWING_RELEASE_BUFFER)
    void release_buffer(void *buffer);
#elif !defined(WITHOUT_RELEASE_BUFFER)
    void release_buffer(void *buffer) noexcept;
#endif
};

rein::result<rein::backend> made = rein::make_backend<engine>();
