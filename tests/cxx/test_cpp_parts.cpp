#include <cstring>
#include <string>
#include <vector>

#include "cxx_case.hpp"
#include "cxx_conformance.hpp"
#include "doubler.hpp"
#include "tally.hpp"

namespace {

const rein_model_id model = *rein::result(rein_model_id_make("model"));

rein::backend make_loaded_tally(slot failing = slot::none, fault how = fault::none) {
    rein::result made = rein::make_backend<tally>(failing, how);
    CHECK(made && rein_backend_load(made->get(), "any", &model).is_ok);
    return std::move(made).value();
}

/* An execution and the data that it refers to. Cannot be moved. */
struct execution {
    std::vector<std::uint8_t> bytes;
    std::uint64_t sum = 0;
    rein_tensor input, output;
    rein_execution_request request;
    rein_execution_result done;

    execution(rein::backend &backend, std::vector<std::uint8_t> addends,
              rein_sequence_id sequence = {})
        : bytes(std::move(addends)) {
        rein::result inputs = rein_backend_input_specs(backend.get(), "any");
        rein::result outputs = rein_backend_output_specs(backend.get(), "any");
        rein_shape shape{{static_cast<std::int64_t>(bytes.size())}, 1};
        input = *rein::result(rein_tensor_make_shaped(inputs->specs, &shape, bytes.data()));
        output = *rein::result(rein_tensor_make(outputs->specs, &sum));
        request = rein_execution_request_make(model, rein_request_id{}, &input, 1,
                                              rein_clock_now(rein_clock_system()));
        request.sequence = sequence;
        done = rein_execution_result_make(&output, 1);
    }
    execution(const execution &) = delete;
    execution &operator=(const execution &) = delete;
};

/* Executes once and returns the sum. */
rein::result<std::uint64_t> add(rein::backend &backend, std::vector<std::uint8_t> addends,
                                rein_sequence_id sequence = {}) {
    execution one(backend, std::move(addends), sequence);
    return rein::result(rein_backend_execute(backend.get(), &one.request, &one.done)).map([&] {
        return one.sum;
    });
}

void it_conforms() {
    CHECK(conforms<tally>(0));
    CHECK(tally_buffers_alive == 0);
}

void a_part_is_one_static_table() {
    rein_backend_interface table = tally::interface(), same = tally::interface();
    CHECK(table.sequences == same.sequences && table.submission == same.submission &&
          table.buffers == same.buffers);
    CHECK(table.sequences->struct_size == sizeof(rein_sequences_interface));
    CHECK(table.submission->struct_size == sizeof(rein_submission_interface));
    CHECK(table.buffers->struct_size == sizeof(rein_buffers_interface));
}

void a_class_without_a_part_does_not_offer_it() {
    rein_backend_interface table = doubler::interface();
    CHECK(table.sequences == nullptr && table.submission == nullptr && table.buffers == nullptr);
    rein::result made = rein::make_backend<doubler>();
    rein::result opened = rein_backend_open_sequence(made->get(), 1);
    rein::result drained = rein_backend_drain(made->get());
    rein::result buffer = rein_backend_allocate_buffer(made->get(), 1, REIN_MEMORY_HOST);
    CHECK(opened.error().code == REIN_ERROR_UNSUPPORTED);
    CHECK(drained.error().code == REIN_ERROR_UNSUPPORTED);
    CHECK(buffer.error().code == REIN_ERROR_UNSUPPORTED);
}

void capabilities_must_agree_with_the_parts() {
    rein::result made = rein::make_backend<tally>(slot::none, fault::none, false);
    CHECK(made.error().code == REIN_ERROR_INVALID_ARGUMENT);
    CHECK(rein::message(made.error()).find("supports_async_execution") != std::string::npos);
}

void a_sequence_keeps_its_state() {
    rein::backend backend = make_loaded_tally();
    rein::result first = rein_backend_open_sequence(backend.get(), 3);
    rein::result second = rein_backend_open_sequence(backend.get(), 3);
    CHECK(first && second && *first != *second && *first != rein_sequence_id{});
    CHECK(*add(backend, {1, 2}, *first) == 3 && *add(backend, {4}, *first) == 7);
    CHECK(*add(backend, {5}, *second) == 5 && *add(backend, {6}) == 6);
    CHECK(add(backend, {1}, *first).error().code == REIN_ERROR_BUDGET_EXCEEDED);
    CHECK(rein_backend_close_sequence(backend.get(), *first).is_ok);
    CHECK(add(backend, {1}, *first).error().code == REIN_ERROR_NOT_FOUND);
    rein::result closed = rein_backend_close_sequence(backend.get(), *first);
    CHECK(closed.error().code == REIN_ERROR_NOT_FOUND);
}

/* Records the calls of a completion. */
struct completed {
    std::vector<rein_execution_result *> results;
    std::vector<bool> outcomes;

    static void receive(void *context, rein_result_void outcome, rein_execution_result *result) {
        auto *all = static_cast<completed *>(context);
        all->results.push_back(result);
        all->outcomes.push_back(outcome.is_ok);
    }
    rein_completion completion() {
        return {receive, this};
    }
};

void submitted_executions_complete_in_order() {
    rein::backend backend = make_loaded_tally();
    rein::result sequence = rein_backend_open_sequence(backend.get(), 4);
    execution first(backend, {1, 2}, *sequence), second(backend, {3, 4}, *sequence);
    execution third(backend, {5}, *sequence);
    completed all;
    for (execution *one : {&first, &second, &third}) {
        CHECK(
            rein_backend_submit(backend.get(), &one->request, &one->done, all.completion()).is_ok);
    }
    CHECK(rein_backend_drain(backend.get()).is_ok);
    CHECK(all.results == std::vector({&first.done, &second.done, &third.done}));
    CHECK(all.outcomes == std::vector({true, true, false}));
    CHECK(first.sum == 3 && second.sum == 10 && third.sum == 0);
}

void a_refused_submission_is_not_completed() {
    rein::backend backend = make_loaded_tally();
    execution one(backend, {1});
    one.request.model_id = *rein::result(rein_model_id_make("another"));
    completed all;
    rein::result refused =
        rein_backend_submit(backend.get(), &one.request, &one.done, all.completion());
    CHECK(refused.error().code == REIN_ERROR_INVALID_ARGUMENT);
    CHECK(rein_backend_drain(backend.get()).is_ok && all.results.empty());
}

void a_buffer_lives_until_it_is_released() {
    {
        rein::backend backend = make_loaded_tally();
        rein::result buffer = rein_backend_allocate_buffer(backend.get(), 8, REIN_MEMORY_HOST);
        rein::result kept = rein_backend_allocate_buffer(backend.get(), 8, REIN_MEMORY_HOST);
        static_assert(std::is_same_v<decltype(buffer), rein::result<void *>>);
        CHECK(buffer && kept && *buffer != *kept && tally_buffers_alive == 2);
        std::memset(*buffer, 1, 8);
        execution one(backend, {0, 0});
        one.input.data = *buffer;
        CHECK(rein_backend_execute(backend.get(), &one.request, &one.done).is_ok && one.sum == 2);
        rein_backend_release_buffer(backend.get(), *buffer);
        CHECK(tally_buffers_alive == 1);
        rein::result device = rein_backend_allocate_buffer(backend.get(), 8, REIN_MEMORY_DEVICE);
        CHECK(device.error().code == REIN_ERROR_UNSUPPORTED);
        /* Calls the slot directly: rein_backend_allocate_buffer refuses before it calls the slot.
         */
        const rein_backend *bound = backend.get();
        device = bound->table->buffers->allocate(bound->self, 8, REIN_MEMORY_DEVICE);
        CHECK(rein::message(device.error()) == "only host memory");
    }
    CHECK(tally_buffers_alive == 0);
}

/* Returns the error of the slot `failing`, which fails as `how` says. */
rein_error error_of(slot failing, fault how) {
    rein::backend backend = make_loaded_tally(failing, how);
    execution one(backend, {1});
    completed none;
    rein_error error = rein::make_error(REIN_ERROR_INTERNAL_ERROR, "no slot");
    if (failing == slot::estimate_state) {
        error = rein::result(rein_backend_estimate_state(backend.get(), "any", 1)).error();
    } else if (failing == slot::open_sequence) {
        error = rein::result(rein_backend_open_sequence(backend.get(), 1)).error();
    } else if (failing == slot::close_sequence) {
        rein::result opened = rein_backend_open_sequence(backend.get(), 1);
        error = rein::result(rein_backend_close_sequence(backend.get(), *opened)).error();
    } else if (failing == slot::submit) {
        error = rein::result(
                    rein_backend_submit(backend.get(), &one.request, &one.done, none.completion()))
                    .error();
    } else if (failing == slot::drain) {
        error = rein::result(rein_backend_drain(backend.get())).error();
    } else if (failing == slot::allocate_buffer) {
        error =
            rein::result(rein_backend_allocate_buffer(backend.get(), 1, REIN_MEMORY_HOST)).error();
    }
    CHECK(none.results.empty() && tally_buffers_alive == 0);
    return error;
}

void an_exception_does_not_leave_any_slot() {
    for (slot failing : {slot::estimate_state, slot::open_sequence, slot::close_sequence,
                         slot::submit, slot::drain, slot::allocate_buffer}) {
        for (fault how : {fault::returned, fault::bad_alloc, fault::exception, fault::number}) {
            CHECK(error_of(failing, how).code == code_of(how));
        }
        std::string text = rein::message(error_of(failing, fault::exception));
        CHECK(text == "the backend threw: the engine's own words");
    }
}

} // namespace

int main() {
    it_conforms();
    a_part_is_one_static_table();
    a_class_without_a_part_does_not_offer_it();
    capabilities_must_agree_with_the_parts();
    a_sequence_keeps_its_state();
    submitted_executions_complete_in_order();
    a_refused_submission_is_not_completed();
    a_buffer_lives_until_it_is_released();
    an_exception_does_not_leave_any_slot();
    return 0;
}
