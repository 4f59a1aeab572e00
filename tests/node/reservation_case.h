/* A state directory for one test, and requests for it. No Criterion here: stress programs use it
 * too. */
#ifndef REIN_TESTS_NODE_RESERVATION_CASE_H
#define REIN_TESTS_NODE_RESERVATION_CASE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mocks/virtual_clock.h"
#include "node/reservation.h"
#include "open_descriptors.h"

#define CASE_DEVICE "GPU-test"

enum { CASE_PATH_CAPACITY = 512 };

typedef struct reservation_case {
    char path[CASE_PATH_CAPACITY];
    rein_state_directory directory;
    virtual_clock time;
    rein_clock clock;
    rein_device_profile device; /* 1000 bytes in steps of 1, no overhead */
    rein_model_demand models[REIN_RESERVATION_MODELS_MAX + 1];
    rein_model_verdict verdicts[REIN_RESERVATION_MODELS_MAX + 1];
    rein_reservation_request request; /* for the first model, without waiting */
} reservation_case;

static inline rein_model_demand case_model(const char *id, uint64_t limit_bytes) {
    rein_resource_budget budget = {
        .memory_limit_bytes = limit_bytes, .stream_limit = 1, .compute_budget = {1}};
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make(id)), budget);
    model.weights_bytes = rein_fact_u64_known(1);
    model.activation_bytes = rein_fact_u64_known(0);
    model.activation_lower_bound_bytes = rein_fact_u64_known(0);
    return model;
}

/* Fills `trial`, whose requests point into it. Exits if the setup fails. */
static inline void case_open(reservation_case *trial) {
    memset(trial, 0, sizeof *trial);
    const char *folder = getenv("TMPDIR");
    snprintf(trial->path, sizeof trial->path, "%s/rein-test-XXXXXX",
             folder == NULL ? "/tmp" : folder);
    if (mkdtemp(trial->path) == NULL) {
        perror(trial->path);
        abort();
    }
    trial->directory = REIN_UNWRAP(rein_state_directory_open(trial->path));
    virtual_clock_init(&trial->time, rein_timestamp_from_ns(0));
    trial->clock = virtual_clock_view(&trial->time);
    trial->device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    strcpy(trial->device.uuid, CASE_DEVICE);
    trial->device.total_bytes = rein_fact_u64_known(1000);
    trial->device.context_overhead_bytes = rein_fact_u64_known(0);
    trial->device.allocation_granularity_bytes = rein_fact_u64_known(1);
    trial->models[0] = case_model("small", 400);
    trial->request = (rein_reservation_request){
        .admission = rein_admission_request_make(trial->models, 1, &trial->device),
        .holder = "test",
        .clock = &trial->clock,
        .deadline = rein_timestamp_from_ns(0)};
}

/* Reopens the directory in a child of fork: a directory belongs to the process that opened it. */
static inline void case_open_again(reservation_case *trial) {
    rein_state_directory_close(&trial->directory);
    trial->directory = REIN_UNWRAP(rein_state_directory_open(trial->path));
}

static inline void case_file(const reservation_case *trial, const char *name,
                             char out_path[2 * CASE_PATH_CAPACITY]) {
    snprintf(out_path, 2 * CASE_PATH_CAPACITY, "%s/" CASE_DEVICE "/%s", trial->path, name);
}

/* Returns the number of files in the device's folder; 0 if the folder does not exist. `out_name`
 * may be NULL. */
static inline size_t case_files(const reservation_case *trial, char *out_name) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(trial, "", path);
    DIR *folder = opendir(path);
    size_t count = 0;
    for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            count++;
            if (out_name != NULL) {
                strcpy(out_name, entry->d_name);
            }
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static inline void case_empty_folder(const char *path) {
    DIR *folder = opendir(path);
    for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char inner[2 * CASE_PATH_CAPACITY + 256];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            remove(inner);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

/* Removes a folder of the state directory and the files in it. */
static inline void case_empty_folder_of(const reservation_case *trial, const char *name) {
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/%s", trial->path, name);
    case_empty_folder(path);
    rmdir(path);
}

static inline void case_close(reservation_case *trial) {
    rein_state_directory_close(&trial->directory);
    case_empty_folder_of(trial, CASE_DEVICE);
    case_empty_folder(trial->path);
    rmdir(trial->path);
}

#endif
