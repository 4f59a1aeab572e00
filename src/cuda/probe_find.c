#include <stdlib.h>
#include <string.h>

#include "contract/ids.h"
#include "cuda/failure.h"
#include "cuda/probe_internal.h"

static rein_error named_error(rein_error_code code, rein_source_location where, const char *message,
                              const char *text) {
    return rein_error_with_text(rein_error_make(code, where, message), text);
}

static rein_result_cuda_device not_found(const char *text) {
    return rein_result_cuda_device_fail(
        named_error(REIN_ERROR_NOT_FOUND, REIN_HERE,
                    "'{text}' is not a visible CUDA device; check CUDA_VISIBLE_DEVICES", text));
}

static rein_result_cuda_device malformed(const char *text) {
    return rein_result_cuda_device_fail(
        named_error(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                    "'{text}' does not name a CUDA device; write an index, a UUID such as GPU-... "
                    "or a PCI id such as 0000:65:00.0",
                    text));
}

static bool consists_of(const char *text, const char *characters) {
    return text[0] != '\0' && text[strspn(text, characters)] == '\0';
}

static rein_result_cuda_device find_by_index(const char *text, uint32_t device_count) {
    unsigned long index = strtoul(text, NULL, 10); /* ULONG_MAX if out of range */
    return index < device_count ? rein_result_cuda_device_ok((int32_t)index) : not_found(text);
}

static rein_result_cuda_device find_by_pci_id(const char *text) {
    cuda_scope scope;
    rein_i_cuda_scope_enter_plain(&scope);
    int device = 0;
    cudaError_t code = rein_i_cuda_scope_note(&scope, cudaDeviceGetByPCIBusId(&device, text));
    rein_i_cuda_scope_leave(&scope);
    if (code == cudaErrorInvalidValue || code == cudaErrorInvalidDevice) {
        return not_found(text);
    }
    if (code != cudaSuccess) {
        return rein_result_cuda_device_fail(
            rein_i_cuda_failure(code, REIN_HERE, "cudaDeviceGetByPCIBusId failed: {text}", 0, 0));
    }
    return rein_result_cuda_device_ok(device);
}

static rein_result_cuda_device compare_uuids(cuda_scope *scope, const rein_request_id *uuid,
                                             uint32_t device_count, const char *text) {
    for (uint32_t i = 0; i < device_count; i++) {
        struct cudaDeviceProp properties;
        REIN_TRY(rein_result_cuda_device, rein_i_probe_properties(scope, (int32_t)i, &properties));
        if (memcmp(properties.uuid.bytes, uuid->bytes, sizeof uuid->bytes) == 0) {
            return rein_result_cuda_device_ok((int32_t)i);
        }
    }
    return not_found(text);
}

static rein_result_cuda_device find_by_uuid(const char *text, const rein_request_id *uuid,
                                            uint32_t device_count) {
    cuda_scope scope;
    rein_i_cuda_scope_enter_plain(&scope);
    rein_result_cuda_device found = compare_uuids(&scope, uuid, device_count, text);
    rein_i_cuda_scope_leave(&scope);
    return found;
}

/* Returns whether `text` is a UUID with one of the prefixes that tools print. */
static bool parse_uuid(const char *text, rein_request_id *out_uuid) {
    enum { PREFIX_LENGTH = 4 };
    if (strncmp(text, "GPU-", PREFIX_LENGTH) != 0 && strncmp(text, "MIG-", PREFIX_LENGTH) != 0) {
        return false;
    }
    rein_result_request_id parsed = rein_request_id_parse(text + PREFIX_LENGTH);
    if (parsed.is_ok) {
        *out_uuid = REIN_VALUE(parsed);
    }
    return parsed.is_ok;
}

typedef enum name_kind { NAME_NONE, NAME_INDEX, NAME_PCI_ID, NAME_UUID } name_kind;

static name_kind kind_of(const char *text, rein_request_id *out_uuid) {
    if (consists_of(text, "0123456789")) {
        return NAME_INDEX;
    }
    if (strchr(text, ':') != NULL && consists_of(text, "0123456789abcdefABCDEF:.")) {
        return NAME_PCI_ID;
    }
    return parse_uuid(text, out_uuid) ? NAME_UUID : NAME_NONE;
}

rein_result_cuda_device rein_cuda_find_device(const char *text) {
    rein_request_id uuid;
    name_kind kind = text == NULL ? NAME_NONE : kind_of(text, &uuid);
    if (kind == NAME_NONE) {
        return malformed(text == NULL ? "NULL" : text);
    }
    rein_cuda_system system;
    REIN_TRY(rein_result_cuda_device, rein_i_probe_require_ready(&system));
    if (kind == NAME_INDEX) {
        return find_by_index(text, system.device_count);
    }
    return kind == NAME_PCI_ID ? find_by_pci_id(text)
                               : find_by_uuid(text, &uuid, system.device_count);
}
