#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

#include "cuda/probe.h"
#include "cuda/runtime_under_test.h"

const char runtime_name[] = "cudart";
const bool runtime_can_fragment = true;

bool runtime_prepare(void) {
    rein_cuda_system system = rein_cuda_system_query();
    if (system.condition == REIN_CUDA_READY) {
        return true;
    }
    char reason[256];
    rein_error_to_string(&system.reason, reason, sizeof reason);
    printf("skipped: %s\n", reason);
    return false;
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The pointer's value is the duration, so that no memory must live until the stream gets here.
 */
static void CUDART_CB spend(void *ns) {
    uint64_t end = now_ns() + (uint64_t)(uintptr_t)ns;
    while (now_ns() < end) {
    }
}

bool runtime_submit_work(cudaStream_t stream, uint64_t ns) {
    return cudaLaunchHostFunc(stream, spend, (void *)(uintptr_t)ns) == cudaSuccess;
}

void runtime_advance(uint64_t ns) {
    (void)ns;
}

void runtime_finish_work(void) {
    (void)cudaDeviceSynchronize();
}

bool runtime_holds_allocations(size_t count) {
    (void)count;
    return true;
}

bool runtime_holds_nothing(void) {
    return true;
}

/* A kernel that writes to an unmapped address. The driver compiles PTX itself, so no other compiler
 * is needed. */
static const char faulty_kernel[] = ".version 6.3\n"
                                    ".target sm_75\n"
                                    ".address_size 64\n"
                                    ".visible .entry write_nowhere()\n"
                                    "{\n"
                                    "    .reg .b64 %address;\n"
                                    "    .reg .b32 %value;\n"
                                    "    mov.u64 %address, 4096;\n"
                                    "    mov.u32 %value, 1;\n"
                                    "    st.global.u32 [%address], %value;\n"
                                    "    ret;\n"
                                    "}\n";

/* Not every version of the runtime can load a kernel from text, but the driver can. */
typedef int (*load_module)(void **module, const void *image);
typedef int (*get_function)(void **function, void *module, const char *name);
typedef int (*launch_kernel)(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                             unsigned block_x, unsigned block_y, unsigned block_z,
                             unsigned shared_bytes, void *stream, void **parameters, void **extra);

static int launch_faulty_kernel(void *driver, cudaStream_t stream) {
    load_module load = NULL;
    get_function get = NULL;
    launch_kernel launch = NULL;
    *(void **)&load = dlsym(driver, "cuModuleLoadData");
    *(void **)&get = dlsym(driver, "cuModuleGetFunction");
    *(void **)&launch = dlsym(driver, "cuLaunchKernel");
    if (load == NULL || get == NULL || launch == NULL) {
        return -1;
    }
    void *module = NULL;
    void *function = NULL;
    int code = load(&module, faulty_kernel);
    if (code == 0) {
        code = get(&function, module, "write_nowhere");
    }
    return code != 0 ? code : launch(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL);
}

bool runtime_lose_device(cudaStream_t stream) {
    void *driver = dlopen("libcuda.so.1", RTLD_NOW);
    int code = driver == NULL ? -1 : launch_faulty_kernel(driver, stream);
    if (code != 0) {
        printf("skipped: the driver does not take a kernel as text (code %d)\n", code);
    }
    return code == 0;
}
