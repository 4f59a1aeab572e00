#include "mocks/simulated_cudart/simulated_state.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_CAPACITY = 4096 };

/* Start of the device addresses, which rise or fall from here. The host has no memory there. */
static const uintptr_t middle_address = (uintptr_t)1 << 56;

simulated_state simulation;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t epoch;
static _Thread_local thread_state own;

static const char *call_log[LOG_CAPACITY];
static uint64_t call_count;
static uint64_t failing_call; /* 0: none */
enum { FAILING_FUNCTION_COUNT = 4 };
static const char *failing_functions[FAILING_FUNCTION_COUNT];
static cudaError_t failing_code;
static const char *interrupted_function;
static void (*interruption)(void);

void simulated_lock(void) {
    pthread_mutex_lock(&mutex);
}

void simulated_unlock(void) {
    pthread_mutex_unlock(&mutex);
}

thread_state *simulated_thread(void) {
    if (own.epoch != epoch) {
        own = (thread_state){.epoch = epoch};
    }
    return &own;
}

bool simulated_is_lost_code(cudaError_t code) {
    int value = (int)code;
    return value == 700 || value == 702 || value == 710 || (value >= 714 && value <= 719) ||
           value == 721 || value == 810 || value == 911;
}

/* Returns whether the function was set to fail. Each fails once. */
static bool takes_failing_function(const char *function) {
    for (size_t i = 0; i < FAILING_FUNCTION_COUNT; i++) {
        if (failing_functions[i] != NULL && strcmp(failing_functions[i], function) == 0) {
            failing_functions[i] = NULL;
            return true;
        }
    }
    return false;
}

static cudaError_t scripted_fault(const char *function, int device) {
    if (call_count != failing_call && !takes_failing_function(function)) {
        return cudaSuccess;
    }
    if (simulated_is_lost_code(failing_code) && device >= 0) {
        simulation.devices[device].lost = failing_code;
    }
    return failing_code;
}

void simulated_cudart_meanwhile(const char *name, void (*meanwhile)(void)) {
    interrupted_function = name;
    interruption = meanwhile;
}

static void interrupt(const char *function) {
    if (interrupted_function != NULL && strcmp(function, interrupted_function) == 0) {
        interrupted_function = NULL;
        interruption();
    }
}

cudaError_t simulated_enter_on(const char *function, int device) {
    interrupt(function);
    simulated_lock();
    call_log[call_count % LOG_CAPACITY] = function;
    call_count++;
    simulated_settle();
    return scripted_fault(function, device);
}

cudaError_t simulated_enter(const char *function) {
    return simulated_enter_on(function, simulated_thread()->device);
}

cudaError_t simulated_leave(cudaError_t code) {
    if (code != cudaSuccess) {
        simulated_thread()->last_error = code;
    }
    simulated_unlock();
    return code;
}

cudaError_t simulated_driver_state(void) {
    return simulation.driver_version < CUDART_VERSION ? cudaErrorInsufficientDriver
                                                      : simulation.initialisation;
}

uint64_t simulated_device_free(const device_state *device) {
    uint64_t total = device->facts.profile.total_bytes.value;
    uint64_t taken = device->tenant_bytes + device->taken_bytes;
    return taken < total ? total - taken : 0;
}

cudaError_t simulated_context(device_state **out_device) {
    cudaError_t code = simulated_driver_state();
    if (code != cudaSuccess) {
        return code;
    }
    device_state *device = &simulation.devices[simulated_thread()->device];
    if (device->lost != cudaSuccess) {
        return device->lost;
    }
    if (!device->has_context) {
        if (device->facts.context_bytes > simulated_device_free(device)) {
            return cudaErrorMemoryAllocation;
        }
        device->has_context = true;
        device->taken_bytes += device->facts.context_bytes;
    }
    *out_device = device;
    return cudaSuccess;
}

cudaError_t simulated_may_create(void) {
    if (simulated_thread()->mode == cudaStreamCaptureModeRelaxed) {
        return cudaSuccess;
    }
    for (const object *each = simulation.objects; each != NULL; each = each->next) {
        if (each->is_capturing) {
            return cudaErrorStreamCaptureUnsupported;
        }
    }
    return cudaSuccess;
}

uint64_t simulated_round_up(uint64_t bytes, uint64_t unit) {
    if (unit == 0) {
        return 0;
    }
    uint64_t units = bytes / unit + (bytes % unit != 0);
    return units > UINT64_MAX / unit ? UINT64_MAX : units * unit;
}

object *simulated_add(object_kind kind, int device) {
    object *added = calloc(1, sizeof *added);
    if (added == NULL) {
        abort();
    }
    added->kind = kind;
    added->device = device;
    added->handle = added;
    added->next = simulation.objects;
    simulation.objects = added;
    return added;
}

void simulated_cudart_skip_addresses(uint64_t bytes) {
    simulated_lock();
    simulation.given_bytes += (uintptr_t)bytes;
    simulated_unlock();
}

object *simulated_add_allocation(int device, uint64_t bytes) {
    object *added = simulated_add(OBJECT_ALLOCATION, device);
    added->bytes = bytes;
    uintptr_t before = simulation.given_bytes;
    simulation.given_bytes += (uintptr_t)bytes;
    added->handle = (const void *)(simulation.devices[device].facts.do_addresses_fall
                                       ? middle_address - simulation.given_bytes
                                       : middle_address + before);
    return added;
}

void simulated_remove(object *gone) {
    object **link = &simulation.objects;
    while (*link != gone) {
        link = &(*link)->next;
    }
    *link = gone->next;
    free(gone);
}

object *simulated_find(const void *handle, object_kind kind) {
    for (object *each = simulation.objects; each != NULL; each = each->next) {
        if (each->handle == handle && each->kind == kind && !each->is_destroyed) {
            return each;
        }
    }
    return NULL;
}

object *simulated_any(object_kind kind) {
    object *each = simulation.objects;
    while (each != NULL && each->kind != kind) {
        each = each->next;
    }
    return each;
}

simulated_device simulated_device_default(void) {
    simulated_device device = {.profile = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC),
                               .context_bytes = UINT64_C(300) << 20,
                               .pool_growth_bytes = UINT64_C(32) << 20,
                               .malloc_granularity_bytes = UINT64_C(2) << 20,
                               .cap_rule = SIMULATED_CAP_ROUNDS_UP,
                               .pci_bus = 1};
    snprintf(device.profile.name, sizeof device.profile.name, "Simulated device");
    device.profile.total_bytes = rein_fact_u64_known(UINT64_C(8) << 30);
    device.profile.allocation_granularity_bytes = rein_fact_u64_known(512);
    device.profile.compute_capability_major = rein_fact_i64_known(8);
    device.profile.compute_capability_minor = rein_fact_i64_known(7);
    device.profile.multiprocessor_count = rein_fact_u64_known(16);
    device.profile.least_stream_priority = rein_fact_i64_known(0);
    device.profile.greatest_stream_priority = rein_fact_i64_known(-5);
    device.profile.supports_memory_pools = rein_fact_bool_known(true);
    device.profile.is_integrated = rein_fact_bool_known(false);
    return device;
}

static void take_u64(rein_fact_u64 *target, rein_fact_u64 fact) {
    *target = fact.is_known ? fact : *target;
}

static void take_i64(rein_fact_i64 *target, rein_fact_i64 fact) {
    *target = fact.is_known ? fact : *target;
}

static void take_bool(rein_fact_bool *target, rein_fact_bool fact) {
    *target = fact.is_known ? fact : *target;
}

simulated_device simulated_device_of(const rein_device_profile *profile) {
    simulated_device device = simulated_device_default();
    rein_device_profile *facts = &device.profile;
    if (profile->name[0] != '\0') {
        memcpy(facts->name, profile->name, sizeof facts->name);
    }
    take_u64(&facts->total_bytes, profile->total_bytes);
    take_u64(&facts->allocation_granularity_bytes, profile->allocation_granularity_bytes);
    take_u64(&facts->pool_growth_bytes, profile->pool_growth_bytes);
    take_i64(&facts->compute_capability_major, profile->compute_capability_major);
    take_i64(&facts->compute_capability_minor, profile->compute_capability_minor);
    take_u64(&facts->multiprocessor_count, profile->multiprocessor_count);
    take_i64(&facts->least_stream_priority, profile->least_stream_priority);
    take_i64(&facts->greatest_stream_priority, profile->greatest_stream_priority);
    take_bool(&facts->supports_memory_pools, profile->supports_memory_pools);
    take_bool(&facts->is_integrated, profile->is_integrated);
    if (profile->context_overhead_bytes.is_known) {
        device.context_bytes = profile->context_overhead_bytes.value;
    }
    return device;
}

static void forget_objects(void) {
    while (simulation.objects != NULL) {
        simulated_remove(simulation.objects);
    }
}

void simulated_cudart_reset(const simulated_device *devices, int count, int driver_version) {
    simulated_lock();
    forget_objects();
    simulation = (simulated_state){.device_count = count, .driver_version = driver_version};
    for (int i = 0; i < count; i++) {
        simulation.devices[i].facts = devices[i];
    }
    epoch++;
    call_count = 0;
    failing_call = 0;
    memset(failing_functions, 0, sizeof failing_functions);
    simulated_unlock();
}

simulated_handles simulated_cudart_handles(void) {
    simulated_handles handles = {0, 0, 0, 0};
    simulated_lock();
    simulated_settle();
    for (object *each = simulation.objects; each != NULL; each = each->next) {
        if (simulation.devices[each->device].lost != cudaSuccess) {
            continue;
        }
        handles.streams += each->kind == OBJECT_STREAM;
        handles.events += each->kind == OBJECT_EVENT;
        handles.pools += each->kind == OBJECT_POOL && !each->is_destroyed;
        handles.allocations += each->kind == OBJECT_ALLOCATION && !each->is_freed;
    }
    simulated_unlock();
    return handles;
}

uint64_t simulated_cudart_call_count(void) {
    simulated_lock();
    uint64_t count = call_count;
    simulated_unlock();
    return count;
}

const char *simulated_cudart_call_name(uint64_t number) {
    simulated_lock();
    bool is_kept = number >= 1 && number <= call_count && call_count - number < LOG_CAPACITY;
    const char *name = is_kept ? call_log[(number - 1) % LOG_CAPACITY] : NULL;
    simulated_unlock();
    return name;
}

void simulated_cudart_fail_call(uint64_t number, cudaError_t code) {
    simulated_lock();
    call_count = 0;
    failing_call = number;
    failing_code = code;
    simulated_unlock();
}

void simulated_cudart_fail_functions(const char *const *names, size_t count, cudaError_t code) {
    simulated_lock();
    memset(failing_functions, 0, sizeof failing_functions);
    for (size_t i = 0; i < count && i < FAILING_FUNCTION_COUNT; i++) {
        failing_functions[i] = names[i];
    }
    failing_code = code;
    simulated_unlock();
}

void simulated_cudart_fail_function(const char *name, cudaError_t code) {
    simulated_cudart_fail_functions(&name, 1, code);
}

void simulated_cudart_lose_device(int device, cudaError_t code) {
    simulated_lock();
    simulation.devices[device].lost = code;
    simulated_unlock();
}

void simulated_cudart_set_tenant(int device, uint64_t bytes) {
    simulated_lock();
    simulation.devices[device].tenant_bytes = bytes;
    simulated_unlock();
}

void simulated_cudart_set_initialisation(cudaError_t code) {
    simulated_lock();
    simulation.initialisation = code;
    simulated_unlock();
}

bool simulated_cudart_has_context(int device) {
    simulated_lock();
    bool has_context = simulation.devices[device].has_context;
    simulated_unlock();
    return has_context;
}

uint64_t simulated_cudart_free_bytes(int device) {
    simulated_lock();
    simulated_settle();
    uint64_t bytes = simulated_device_free(&simulation.devices[device]);
    simulated_unlock();
    return bytes;
}
