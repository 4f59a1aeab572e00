/* Sessions of NVML and lists of processes, with a fake NVML. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "lacking_function.h"
#include "nvml/processes.h"

static char folder[] = "/tmp/nvml_XXXXXX";

static const char *path_of(const char *name) {
    static char path[sizeof folder + 16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", name);
}

/* Makes the folder that the fake reads. It has no process. */
static void begin(void) {
    cr_assert(mkdtemp(folder) != NULL, "no folder");
    setenv("FAKE_NVML_FOLDER", folder, 1);
    write_file("used", "1000");
    write_file("compute", "");
    write_file("mps", "");
    write_file("graphics", "");
}

static void end(void) {
    static const char *const names[] = {"used", "compute", "mps", "graphics", "asked"};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        (void)unlink(path_of(names[index]));
    }
    cr_assert(rmdir(folder) == 0, "the folder has another file");
}

TestSuite(nvml, .init = begin, .fini = end);

static nvml_session opened(void) {
    nvml_session session = rein_i_nvml_open_by_uuid("GPU-1");
    cr_assert(session.condition == NVML_OPEN, "condition %d", (int)session.condition);
    return session;
}

static nvml_condition condition_of(nvml_session session) {
    nvml_condition condition = session.condition;
    cr_assert(condition == NVML_OPEN || session.library == NULL, "a failed session is closed");
    rein_i_nvml_close(&session);
    cr_assert(getenv("FAKE_NVML_IS_OPEN") == NULL || condition == NVML_NO_DRIVER, "still open");
    return condition;
}

Test(nvml, finds_a_device_by_its_uuid_or_its_pci_id) {
    setenv("FAKE_NVML_UUID", "MIG-1", 1);
    cr_assert(condition_of(rein_i_nvml_open_by_uuid("MIG-1")) == NVML_OPEN, "the UUID");
    cr_assert(condition_of(rein_i_nvml_open_by_uuid("GPU-2")) == NVML_NO_DEVICE, "another UUID");
    cr_assert(condition_of(rein_i_nvml_open_by_pci_id("0000:01:00.0")) == NVML_OPEN, "the PCI id");
    cr_assert(condition_of(rein_i_nvml_open_by_pci_id("")) == NVML_NO_DEVICE, "no PCI id");
}

Test(nvml, says_why_it_is_not_open) {
    static const char *const functions[] = {"nvmlInit_v2", "nvmlShutdown",
                                            "nvmlDeviceGetHandleByUUID", "nvmlDeviceGetMemoryInfo"};
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        lacking_function = functions[index];
        nvml_condition condition = condition_of(rein_i_nvml_open_by_uuid("GPU-1"));
        cr_assert(condition == NVML_NO_LIBRARY, "%s: %d", functions[index], (int)condition);
    }
    lacking_function = NULL;
    setenv("FAKE_NVML", "no_init", 1);
    cr_assert(condition_of(rein_i_nvml_open_by_uuid("GPU-1")) == NVML_NO_DRIVER, "no driver");
}

Test(nvml, knows_nothing_if_it_is_not_open) {
    nvml_session session = {.condition = NVML_NO_LIBRARY};
    nvml_process_list list = {.count = 0};
    cr_assert(!rein_i_nvml_used_bytes(&session).is_known, "used bytes");
    cr_assert(!rein_i_nvml_processes_read(&session, &list), "processes");
    cr_assert(!rein_i_nvml_own_bytes(&session).is_known, "own bytes");
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
    cr_assert(session.condition == NVML_NO_LIBRARY, "closing keeps the reason");
}

Test(nvml, reports_the_used_bytes_of_the_device) {
    nvml_session session = opened();
    rein_fact_u64 used = rein_i_nvml_used_bytes(&session);
    cr_assert(used.is_known && used.value == 1000, "%" PRIu64, used.value);
    cr_assert(unlink(path_of("used")) == 0, "no file");
    cr_assert(!rein_i_nvml_used_bytes(&session).is_known, "a failed query");
    rein_i_nvml_close(&session);
    cr_assert(session.condition == NVML_CLOSED, "closed");
}

static void expect_process(const nvml_process_list *list, size_t index, int64_t pid,
                           rein_fact_u64 used) {
    const nvml_process *process = &list->processes[index];
    cr_assert(process->pid == pid, "%zu: pid %" PRId64, index, process->pid);
    cr_assert(process->used_bytes.is_known == used.is_known, "pid %" PRId64 ": known", pid);
    cr_assert(!used.is_known || process->used_bytes.value == used.value,
              "pid %" PRId64 ": %" PRIu64, pid, process->used_bytes.value);
}

Test(nvml, counts_a_process_once_with_its_largest_figure) {
    write_file("compute", "7 100\n8 0\n9 18446744073709551615\n7 300\n");
    write_file("mps", "8 50\n7 200\n");
    write_file("graphics", "9 0\n10 40\n8 60\n");
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    for (int round = 0; round < 2; round++) {
        cr_assert(rein_i_nvml_processes_read(&session, &list), "it is listed");
        cr_assert(list.count == 4, "%zu processes", list.count);
        expect_process(&list, 0, 7, rein_fact_u64_known(300));
        expect_process(&list, 1, 8, rein_fact_u64_known(60));
        expect_process(&list, 2, 9, rein_fact_u64_unknown());
        expect_process(&list, 3, 10, rein_fact_u64_known(40));
    }
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

Test(nvml, uses_the_lists_that_there_are) {
    static const char *const names[] = {"graphics", "compute", "mps"};
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        cr_assert(rein_i_nvml_processes_read(&session, &list), "without %zu lists", index);
        cr_assert(list.count == 0, "an empty list");
        cr_assert(unlink(path_of(names[index])) == 0, "no file");
    }
    cr_assert(!rein_i_nvml_processes_read(&session, &list), "without a list");
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

Test(nvml, lists_nothing_if_a_list_fails) {
    static const char *const names[] = {"compute", "mps", "graphics"};
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        write_file(names[index], "7 100\nfails\n");
        cr_assert(!rein_i_nvml_processes_read(&session, &list) && list.count == 0, "%s fails",
                  names[index]);
        write_file(names[index], "7 100\n");
        cr_assert(rein_i_nvml_processes_read(&session, &list) && list.count == 1, "%s answers",
                  names[index]);
    }
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

Test(nvml, needs_no_function_that_lists) {
    write_file("compute", "7 100\n");
    lacking_function = "nvmlDeviceGetMPSComputeRunningProcesses";
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    cr_assert(rein_i_nvml_processes_read(&session, &list) && list.count == 1, "one process");
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

static void expect_one_process(const char *why) {
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    cr_assert(rein_i_nvml_processes_read(&session, &list) && list.count == 1, "%s", why);
    expect_process(&list, 0, 7, rein_fact_u64_known(100));
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

Test(nvml, uses_the_version_of_the_lists_that_the_driver_has) {
    write_file("compute", "7 100\n");
    lacking_function = "nvmlDeviceGetComputeRunningProcesses_v3";
    expect_one_process("without the third version");
    lacking_function = "nvmlDeviceGetComputeRunningProcesses_v2";
    expect_one_process("without the second version");
    lacking_function = NULL;
    setenv("FAKE_NVML_VERSION", "535.54.03", 1);
    expect_one_process("the third version has longer entries");
    setenv("FAKE_NVML", "no_version", 1);
    expect_one_process("the version is unknown");
    unsetenv("FAKE_NVML");
    lacking_function = "nvmlSystemGetDriverVersion";
    expect_one_process("the version cannot be asked");
}

enum { MANY = 1000 };

/* Lists many processes of which the last is the caller, with 7 bytes. */
static void write_many(void) {
    FILE *file = fopen(path_of("mps"), "w");
    cr_assert(file != NULL, "no file");
    for (int index = 1; index < MANY; index++) {
        fprintf(file, "%d 1\n", 10000000 + index);
    }
    fprintf(file, "%d 7\n", (int)getpid());
    fclose(file);
}

Test(nvml, reads_lists_of_any_length) {
    write_many();
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    cr_assert(rein_i_nvml_processes_read(&session, &list), "it is listed");
    cr_assert(list.count == MANY, "%zu processes", list.count);
    expect_process(&list, MANY - 1, getpid(), rein_fact_u64_known(7));
    rein_i_nvml_processes_free(&list);
    rein_fact_u64 own = rein_i_nvml_own_bytes(&session);
    cr_assert(own.is_known && own.value == 7, "the caller's");
    rein_i_nvml_close(&session);
}

Test(nvml, lists_nothing_if_no_buffer_is_long_enough) {
    setenv("FAKE_NVML", "no_size", 1);
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    cr_assert(!rein_i_nvml_processes_read(&session, &list) && list.count == 0, "a list");
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}

Test(nvml, own_bytes_of_0_are_unknown) {
    nvml_session session = opened();
    cr_assert(!rein_i_nvml_own_bytes(&session).is_known, "not listed");
    char text[32];
    snprintf(text, sizeof text, "%d 0\n", (int)getpid());
    write_file("compute", text);
    cr_assert(!rein_i_nvml_own_bytes(&session).is_known, "listed with 0");
    rein_i_nvml_close(&session);
}

Test(nvml, lists_nothing_without_memory) {
    write_many();
    nvml_session session = opened();
    nvml_process_list list = {.count = 0};
    size_t failed = 0;
    bool is_listed = false;
    while (!is_listed) {
        rein_i_nvml_processes_free(&list);
        failing_allocation = failed + 1;
        is_listed = rein_i_nvml_processes_read(&session, &list);
        cr_assert(is_listed || list.count == 0, "allocation %zu: a part of a list", failed);
        failed += !is_listed;
        failing_allocation = 0;
    }
    cr_assert(list.count == MANY, "%zu processes", list.count);
    cr_assert(failed >= 3, "%zu allocations", failed);
    rein_i_nvml_processes_free(&list);
    rein_i_nvml_close(&session);
}
