#include "node/rein_node.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "cxx_case.hpp"

namespace {

rein_reservation_request reservation_request(const rein_admission_request &admission) {
    rein_reservation_request request{};
    request.admission = admission;
    request.holder = "test";
    request.clock = rein_clock_system();
    request.deadline = rein_timestamp_from_ns(0);
    return request;
}

std::uint64_t reserved_bytes(const rein::state_directory &directory, const char *uuid) {
    rein::result summary = rein_reservation_visit(directory.get(), uuid, nullptr, nullptr);
    return summary->live_bytes;
}

/* The destructors of a child that exits do not release anything of its parent. */
void ends_in_a_child(rein::reservation_answer &answer) {
    pid_t child = fork();
    if (child == 0) {
        static rein::reservation held = std::move(answer.held);
        std::exit(held ? 0 : 1);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void a_reservation_ends_with_its_owner() {
    char path[] = "/tmp/rein_cpp_XXXXXX";
    CHECK(mkdtemp(path) != nullptr);
    rein::result directory = rein::open_state_directory(path);
    CHECK(directory);
    rein_model_demand model = rein_model_demand_make(*rein::result(rein_model_id_make("model")),
                                                     rein_resource_budget_default());
    model.weights_bytes = model.activation_bytes = rein_fact_u64_known(1);
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    std::strcpy(device.uuid, "GPU-1");
    device.total_bytes = rein_fact_u64_known(REIN_GIB);
    device.context_overhead_bytes = rein_fact_u64_known(0);
    device.allocation_granularity_bytes = rein_fact_u64_known(REIN_MIB);
    rein_admission_request admission = rein_admission_request_make(&model, 1, &device);
    rein_model_verdict verdict;
    rein_reservation_request request = reservation_request(admission);
    {
        rein::result answer = rein::take_reservation(*directory, request, &verdict);
        CHECK(answer && answer->held && reserved_bytes(*directory, "GPU-1") == 512 * REIN_MIB);
        ends_in_a_child(*answer);
        CHECK(reserved_bytes(*directory, "GPU-1") == 512 * REIN_MIB);
        device.total_bytes = rein_fact_u64_known(600 * REIN_MIB);
        rein::result refused = rein::take_reservation(*directory, request, &verdict);
        CHECK(refused && refused->verdict.outcome == REIN_ADMISSION_CANNOT_TELL && !refused->held);
    }
    CHECK(reserved_bytes(*directory, "GPU-1") == 0);
    CHECK(!rein::open_state_directory("/nowhere/at/all"));
    CHECK(std::system(("rm -r " + std::string(path)).c_str()) == 0);
}

} // namespace

int main() {
    a_reservation_ends_with_its_owner();
    return 0;
}
