#include <stdio.h>
#include <string.h>

#include "mocks/simulated_cudart/simulated_state.h"

cudaError_t cudaRuntimeGetVersion(int *runtimeVersion) {
    cudaError_t code = simulated_enter("cudaRuntimeGetVersion");
    if (code == cudaSuccess) {
        *runtimeVersion = CUDART_VERSION;
    }
    return simulated_leave(code);
}

cudaError_t cudaDriverGetVersion(int *driverVersion) {
    cudaError_t code = simulated_enter("cudaDriverGetVersion");
    if (code == cudaSuccess) {
        *driverVersion = simulation.driver_version;
    }
    return simulated_leave(code);
}

cudaError_t cudaGetDeviceCount(int *count) {
    cudaError_t code = simulated_enter("cudaGetDeviceCount");
    if (code == cudaSuccess) {
        code = simulated_driver_state();
    }
    if (code == cudaSuccess) {
        *count = simulation.device_count;
    }
    return simulated_leave(code);
}

cudaError_t cudaGetDevice(int *device) {
    cudaError_t code = simulated_enter("cudaGetDevice");
    if (code == cudaSuccess) {
        code = simulated_driver_state();
    }
    if (code == cudaSuccess) {
        *device = simulated_thread()->device;
    }
    return simulated_leave(code);
}

static cudaError_t check_device(int device) {
    cudaError_t code = simulated_driver_state();
    if (code == cudaSuccess && (device < 0 || device >= simulation.device_count)) {
        code = cudaErrorInvalidDevice;
    }
    return code;
}

cudaError_t cudaSetDevice(int device) {
    cudaError_t code = simulated_enter_on("cudaSetDevice", device);
    if (code == cudaSuccess) {
        code = check_device(device);
    }
    if (code == cudaSuccess) {
        int before = simulated_thread()->device;
        device_state *state = NULL;
        simulated_thread()->device = device;
        code = simulated_context(&state);
        if (code != cudaSuccess && !simulated_is_lost_code(code)) {
            simulated_thread()->device = before;
        }
    }
    return simulated_leave(code);
}

static void describe(const simulated_device *device, int index, struct cudaDeviceProp *out) {
    memset(out, 0, sizeof *out);
    snprintf(out->name, sizeof out->name, "%s", device->profile.name);
    for (size_t i = 0; i < sizeof out->uuid.bytes; i++) {
        out->uuid.bytes[i] = (char)(16 * index + (int)i);
    }
    out->totalGlobalMem = (size_t)device->profile.total_bytes.value;
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *prop, int device) {
    cudaError_t code = simulated_enter("cudaGetDeviceProperties");
    if (code == cudaSuccess) {
        code = check_device(device);
    }
    if (code == cudaSuccess) {
        describe(&simulation.devices[device].facts, device, prop);
    }
    return simulated_leave(code);
}

static cudaError_t attribute_of(const simulated_device *device, enum cudaDeviceAttr attr,
                                int *out_value) {
    const rein_device_profile *profile = &device->profile;
    switch ((int)attr) {
    case cudaDevAttrComputeMode:
        *out_value = (int)device->compute_mode;
        return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor:
        *out_value = (int)profile->compute_capability_major.value;
        return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
        *out_value = (int)profile->compute_capability_minor.value;
        return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
        *out_value = (int)profile->multiprocessor_count.value;
        return cudaSuccess;
    case cudaDevAttrMemoryPoolsSupported:
        *out_value = profile->supports_memory_pools.value;
        return cudaSuccess;
    case cudaDevAttrIntegrated:
        *out_value = profile->is_integrated.value;
        return cudaSuccess;
    default:
        return cudaErrorInvalidValue;
    }
}

cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attr, int device) {
    cudaError_t code = simulated_enter("cudaDeviceGetAttribute");
    if (code == cudaSuccess) {
        code = check_device(device);
    }
    if (code == cudaSuccess) {
        code = attribute_of(&simulation.devices[device].facts, attr, value);
    }
    return simulated_leave(code);
}

cudaError_t cudaDeviceGetPCIBusId(char *pciBusId, int len, int device) {
    cudaError_t code = simulated_enter("cudaDeviceGetPCIBusId");
    if (code == cudaSuccess) {
        code = check_device(device);
    }
    if (code == cudaSuccess) {
        snprintf(pciBusId, (size_t)len, "0000:%02x:00.0",
                 (unsigned)simulation.devices[device].facts.pci_bus);
    }
    return simulated_leave(code);
}

static cudaError_t find_bus(const char *text, int *out_device) {
    unsigned domain = 0;
    unsigned bus = 0;
    if (sscanf(text, "%x:%x:", &domain, &bus) != 2) {
        return cudaErrorInvalidValue;
    }
    for (int i = 0; i < simulation.device_count; i++) {
        if (domain == 0 && simulation.devices[i].facts.pci_bus == (int)bus) {
            *out_device = i;
            return cudaSuccess;
        }
    }
    return cudaErrorInvalidDevice;
}

cudaError_t cudaDeviceGetByPCIBusId(int *device, const char *pciBusId) {
    cudaError_t code = simulated_enter("cudaDeviceGetByPCIBusId");
    if (code == cudaSuccess) {
        code = simulated_driver_state();
    }
    if (code == cudaSuccess) {
        code = find_bus(pciBusId, device);
    }
    return simulated_leave(code);
}

cudaError_t cudaMemGetInfo(size_t *free, size_t *total) {
    cudaError_t code = simulated_enter("cudaMemGetInfo");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        *free = (size_t)simulated_device_free(device);
        *total = (size_t)device->facts.profile.total_bytes.value;
    }
    return simulated_leave(code);
}

cudaError_t cudaDeviceGetStreamPriorityRange(int *leastPriority, int *greatestPriority) {
    cudaError_t code = simulated_enter("cudaDeviceGetStreamPriorityRange");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        *leastPriority = (int)device->facts.profile.least_stream_priority.value;
        *greatestPriority = (int)device->facts.profile.greatest_stream_priority.value;
    }
    return simulated_leave(code);
}

cudaError_t cudaThreadExchangeStreamCaptureMode(enum cudaStreamCaptureMode *mode) {
    cudaError_t code = simulated_enter("cudaThreadExchangeStreamCaptureMode");
    if (code == cudaSuccess) {
        code = simulated_driver_state();
    }
    if (code == cudaSuccess) {
        enum cudaStreamCaptureMode before = simulated_thread()->mode;
        simulated_thread()->mode = *mode;
        *mode = before;
    }
    return simulated_leave(code);
}

/* Returns whether a code stays pending: the context or the driver is gone. */
static bool stays(cudaError_t code) {
    return simulated_is_lost_code(code) || code == cudaErrorInsufficientDriver;
}

cudaError_t cudaPeekAtLastError(void) {
    cudaError_t fault = simulated_enter("cudaPeekAtLastError");
    if (fault != cudaSuccess) {
        simulated_thread()->last_error = fault;
    }
    cudaError_t code = simulated_thread()->last_error;
    simulated_unlock();
    return code;
}

cudaError_t cudaGetLastError(void) {
    cudaError_t fault = simulated_enter("cudaGetLastError");
    cudaError_t code = fault != cudaSuccess ? fault : simulated_thread()->last_error;
    if (!stays(code)) {
        simulated_thread()->last_error = cudaSuccess;
    }
    simulated_unlock();
    return code;
}

const char *cudaGetErrorName(cudaError_t error) {
    switch ((int)error) {
    case cudaErrorInvalidValue:
        return "cudaErrorInvalidValue";
    case cudaErrorMemoryAllocation:
        return "cudaErrorMemoryAllocation";
    case cudaErrorInsufficientDriver:
        return "cudaErrorInsufficientDriver";
    case cudaErrorNoDevice:
        return "cudaErrorNoDevice";
    case cudaErrorIllegalAddress:
        return "cudaErrorIllegalAddress";
    default:
        return "cudaErrorOfTheSimulation";
    }
}

const char *cudaGetErrorString(cudaError_t error) {
    if (error == cudaErrorInsufficientDriver) {
        return "CUDA driver version is insufficient for CUDA runtime version";
    }
    return error == cudaErrorMemoryAllocation ? "out of memory" : "an error";
}
