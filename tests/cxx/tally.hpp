/* An engine with all optional parts: adds up 1 to 8 bytes, and in a sequence also the sum so far.
 */
#ifndef REIN_TESTS_CXX_TALLY_HPP
#define REIN_TESTS_CXX_TALLY_HPP

#include <atomic>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "contract/rein_backend.hpp"
#include "cxx_fault.hpp"

/* The functions of the optional parts that can fail. */
enum class slot {
    none,
    estimate_state,
    open_sequence,
    close_sequence,
    submit,
    drain,
    allocate_buffer
};

/* The buffers of all tallies that are not released. */
inline std::atomic<int> tally_buffers_alive;

class tally : public rein::backend_base<tally> {
    struct sequence {
        std::uint64_t sum;
        std::uint64_t tokens_left;
    };
    rein_backend_capabilities capabilities_{};
    rein_tensor_spec input_{}, output_{};
    rein_model_id model_{};
    bool is_loaded_ = false;
    slot failing_;
    fault how_;
    std::mutex mutex_; /* guards the members below */
    std::unordered_map<rein_sequence_id, sequence> sequences_;
    std::uint64_t last_sequence_ = 0;
    std::unordered_map<void *, std::shared_ptr<void>> buffers_;
    std::mutex submission_mutex_;              /* guards the member below */
    std::shared_future<void> last_submission_; /* waits for the one before it */

  public:
    /* Fails in one slot. Its capabilities may deny that it executes asynchronously. */
    explicit tally(slot failing = slot::none, fault how = fault::none, bool admits_async = true)
        : failing_(failing), how_(how) {
        capabilities_.struct_size = sizeof capabilities_;
        std::strcpy(capabilities_.backend_name, "tally");
        capabilities_.max_batch_size = 8;
        capabilities_.supported_dtypes =
            rein_dtype_set_with(rein_dtype_set_with({}, REIN_DTYPE_UINT8), REIN_DTYPE_UINT64);
        capabilities_.memory_kinds = rein_memory_kind_set_with({}, REIN_MEMORY_HOST);
        capabilities_.supports_async_execution = admits_async;
        rein_shape one{{1}, 1};
        input_ = *rein::result(
            rein_tensor_spec_make("bytes", &one, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
        input_ = *rein::result(rein_tensor_spec_with_range(&input_, 0, 1, 8, "count"));
        output_ = *rein::result(
            rein_tensor_spec_make("sum", &one, REIN_DTYPE_UINT64, REIN_LAYOUT_ROW_MAJOR));
    }
    ~tally() {
        wait();
    }
    rein::result<void> load(const char *path, const rein_model_id &id) {
        if (is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "a model is loaded");
        }
        rein::result found = find(path);
        is_loaded_ = found.has_value();
        model_ = id;
        return found;
    }
    rein::result<void> unload() {
        wait();
        sequences_.clear();
        if (!std::exchange(is_loaded_, false)) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        return {};
    }
    rein::result<void> execute(const rein_execution_request &request,
                               rein_execution_result &out_result) {
        return check(request, out_result).and_then([&] { return add(request, out_result); });
    }
    const rein_backend_capabilities &capabilities() noexcept {
        return capabilities_;
    }
    bool is_loaded() noexcept {
        return is_loaded_;
    }
    rein::result<rein_memory_estimate> estimate_memory(const char *path,
                                                       const rein_input_shapes *shapes) {
        rein_memory_estimate estimate{};
        estimate.weights_bytes = rein_fact_u64_known(0);
        estimate.activation_bytes = rein_fact_u64_known(0);
        return find(path)
            .and_then([&] {
                return rein_backend_check_shapes(shapes, {&input_, 1});
            })
            .map([&] { return estimate; });
    }
    rein::result<rein_lifetime_view> estimate_lifetimes(const char *path,
                                                        const rein_input_shapes *shapes) {
        return find(path)
            .and_then([&] {
                return rein_backend_check_shapes(shapes, {&input_, 1});
            })
            .map([] { return rein_lifetime_view{}; });
    }
    rein::result<rein_tensor_spec_view> input_specs(const char *path) {
        return find(path).map([&] { return rein_tensor_spec_view{&input_, 1}; });
    }
    rein::result<rein_tensor_spec_view> output_specs(const char *path) {
        return find(path).map([&] { return rein_tensor_spec_view{&output_, 1}; });
    }

    rein::result<std::uint64_t> estimate_state(const char *path, std::uint64_t) {
        return find(path).and_then([&] { return fail_in(slot::estimate_state); }).map([] {
            return std::uint64_t{sizeof(sequence)};
        });
    }
    rein::result<rein_sequence_id> open_sequence(std::uint64_t max_tokens) {
        std::lock_guard lock(mutex_);
        if (!is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        return fail_in(slot::open_sequence).map([&] {
            rein_sequence_id id{++last_sequence_};
            sequences_[id] = sequence{0, max_tokens};
            return id;
        });
    }
    /* Returns a result of C, as any of these functions may. */
    rein_result_void close_sequence(rein_sequence_id id) {
        std::lock_guard lock(mutex_);
        rein::result done = fail_in(slot::close_sequence);
        if (done && sequences_.erase(id) == 0) {
            done = rein::make_error(REIN_ERROR_NOT_FOUND, "no such sequence is open");
        }
        return done.to_c<rein_result_void>();
    }

    rein::result<void> submit(const rein_execution_request &request,
                              rein_execution_result &out_result, rein_completion completion) {
        rein::result ready =
            check(request, out_result).and_then([&] { return fail_in(slot::submit); });
        if (!ready) {
            return ready;
        }
        std::lock_guard lock(submission_mutex_);
        auto run = [this, before = last_submission_, &request, &out_result, completion] {
            if (before.valid()) {
                before.wait();
            }
            rein::result<void> outcome = add(request, out_result);
            completion.function(completion.context, outcome.to_c<rein_result_void>(), &out_result);
        };
        last_submission_ = std::async(std::launch::async, std::move(run));
        return {};
    }
    rein::result<void> drain() {
        wait();
        return fail_in(slot::drain);
    }

    rein::result<void *> allocate_buffer(std::uint64_t size_bytes, rein_memory_kind kind) {
        if (kind != REIN_MEMORY_HOST) {
            return rein::make_error(REIN_ERROR_UNSUPPORTED, "only host memory");
        }
        return fail_in(slot::allocate_buffer).map([&] { return allocate_buffer(size_bytes); });
    }
    void release_buffer(void *buffer) noexcept {
        std::lock_guard lock(mutex_);
        buffers_.erase(buffer);
    }

  private:
    static rein::result<void> find(const char *path) {
        if (std::strcmp(path, "missing") == 0) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such model");
        }
        if (std::strcmp(path, "broken") == 0) {
            throw std::runtime_error("not a model");
        }
        return {};
    }
    rein::result<void> fail_in(slot where) const {
        return fail(where == failing_ ? how_ : fault::none);
    }
    rein::result<void> check(const rein_execution_request &request,
                             const rein_execution_result &result) const {
        if (!is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        return rein_backend_check_execution(&request, &result, &model_, {&input_, 1},
                                            {&output_, 1});
    }
    /* Adds to the sum of the request's sequence, if it has one, and takes a token for each byte. */
    rein::result<std::uint64_t> sum_of(rein_sequence_id id, std::uint64_t addend,
                                       std::uint64_t tokens) {
        std::lock_guard lock(mutex_);
        if (id == rein_sequence_id{}) {
            return addend;
        }
        auto found = sequences_.find(id);
        if (found == sequences_.end()) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such sequence is open");
        }
        if (tokens > found->second.tokens_left) {
            return rein::make_error(REIN_ERROR_BUDGET_EXCEEDED, "the sequence has too few tokens");
        }
        found->second.tokens_left -= tokens;
        return found->second.sum += addend;
    }
    rein::result<void> add(const rein_execution_request &request,
                           rein_execution_result &out_result) {
        const rein_tensor &input = request.input_tensors[0];
        auto *bytes = static_cast<const std::uint8_t *>(input.data);
        std::int64_t count = input.descriptor.shape.dimensions[0];
        std::uint64_t addend = std::accumulate(bytes, bytes + count, std::uint64_t{0});
        rein::result sum = sum_of(request.sequence, addend, static_cast<std::uint64_t>(count));
        if (!sum) {
            return sum.error();
        }
        std::memcpy(out_result.output_tensors[0].data, &*sum, sizeof *sum);
        rein_execution_result_complete(&request, rein_clock_now(rein_clock_system()), &out_result);
        return {};
    }
    void wait() {
        std::lock_guard lock(submission_mutex_);
        if (last_submission_.valid()) {
            last_submission_.wait();
        }
    }
    /* An overload, so that the part is found by a call and not by the name. */
    void *allocate_buffer(std::uint64_t size_bytes) {
        std::lock_guard lock(mutex_);
        void *bytes = ::operator new(size_bytes);
        tally_buffers_alive++;
        buffers_.emplace(bytes, std::shared_ptr<void>(bytes, free_buffer));
        return bytes;
    }
    static void free_buffer(void *buffer) noexcept {
        ::operator delete(buffer);
        tally_buffers_alive--;
    }
};

#endif
