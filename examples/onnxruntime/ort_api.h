/* The part of ONNX Runtime's C API that this example calls.
 *
 * The library exports one function, OrtGetApiBase. It leads to a table of function pointers to
 * which each release appends: the ordinal and the signature of a slot never change. This header
 * declares the slots that are used at their ordinals, and leaves the others without a name. */
#ifndef REIN_EXAMPLES_ORT_API_H
#define REIN_EXAMPLES_ORT_API_H

#include <stddef.h>
#include <stdint.h>

/* The first version of the table that has every slot below (release 1.8). */
enum { ORT_API_VERSION = 8 };

/* Opaque objects of the engine. */
typedef struct ort_status ort_status; /* NULL: success */
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_session_options ort_session_options;
typedef struct ort_run_options ort_run_options;
typedef struct ort_value ort_value;
typedef struct ort_type_info ort_type_info;
typedef struct ort_tensor_info ort_tensor_info;
typedef struct ort_memory_info ort_memory_info;

/* Values of the engine's error codes. */
enum { ORT_NO_SUCH_FILE = 3 };

/* Log messages of at least this severity are written to standard error. */
enum { ORT_LOG_FATAL = 4 };

/* The kind of an allocator that is not an arena of the engine, and its default memory. */
enum { ORT_DEVICE_ALLOCATOR = 0, ORT_MEMORY_DEFAULT = 0 };

/* Element types, numbered as in ONNX's TensorProto. */
enum {
    ORT_FLOAT = 1,
    ORT_UINT8 = 2,
    ORT_INT8 = 3,
    ORT_UINT16 = 4,
    ORT_INT16 = 5,
    ORT_INT32 = 6,
    ORT_INT64 = 7,
    ORT_BOOL = 9,
    ORT_FLOAT16 = 10,
    ORT_DOUBLE = 11,
    ORT_UINT32 = 12,
    ORT_UINT64 = 13,
    ORT_BFLOAT16 = 16
};

/* An allocator that a program gives to the engine. The engine reads no member after `info` if the
 * version is below 18. */
typedef struct ort_allocator {
    uint32_t version;
    void *(*alloc)(struct ort_allocator *self, size_t size_bytes);
    void (*free)(struct ort_allocator *self, void *memory);
    const ort_memory_info *(*info)(const struct ort_allocator *self);
} ort_allocator;

/* A slot that is not used. */
typedef void (*ort_slot)(void);

/* The table. The number in the name of an unnamed range is its first ordinal. Slots that return a
 * status have failed if it is not NULL; the caller releases it. */
typedef struct ort_api {
    ort_slot unnamed_0[1];
    int (*get_error_code)(const ort_status *status);
    const char *(*get_error_message)(const ort_status *status);
    ort_status *(*create_env)(int log_severity, const char *log_id, ort_env **out_env);
    ort_slot unnamed_4[3];
    ort_status *(*create_session)(const ort_env *env, const char *model_path,
                                  const ort_session_options *options, ort_session **out_session);
    ort_slot unnamed_8[1];
    ort_status *(*run)(ort_session *session, const ort_run_options *options,
                       const char *const *input_names, const ort_value *const *inputs,
                       size_t input_count, const char *const *output_names, size_t output_count,
                       ort_value **outputs);
    ort_status *(*create_session_options)(ort_session_options **out_options);
    ort_slot unnamed_11[6];
    ort_status *(*disable_memory_pattern)(ort_session_options *options);
    ort_slot unnamed_18[6];
    ort_status *(*set_intra_op_threads)(ort_session_options *options, int count);
    ort_slot unnamed_25[5];
    ort_status *(*get_input_count)(const ort_session *session, size_t *out_count);
    ort_status *(*get_output_count)(const ort_session *session, size_t *out_count);
    ort_slot unnamed_32[1];
    ort_status *(*get_input_type_info)(const ort_session *session, size_t index,
                                       ort_type_info **out_info);
    ort_status *(*get_output_type_info)(const ort_session *session, size_t index,
                                        ort_type_info **out_info);
    ort_slot unnamed_35[1];
    ort_status *(*get_input_name)(const ort_session *session, size_t index,
                                  ort_allocator *allocator, char **out_name);
    ort_status *(*get_output_name)(const ort_session *session, size_t index,
                                   ort_allocator *allocator, char **out_name);
    ort_slot unnamed_38[1];
    ort_status *(*create_run_options)(ort_run_options **out_options);
    ort_slot unnamed_40[6];
    ort_status *(*set_terminate)(ort_run_options *options);
    ort_status *(*unset_terminate)(ort_run_options *options);
    ort_slot unnamed_48[1];
    ort_status *(*create_tensor_with_data)(const ort_memory_info *info, void *data,
                                           size_t size_bytes, const int64_t *dimensions,
                                           size_t rank, int element_type, ort_value **out_value);
    ort_slot unnamed_50[1];
    ort_status *(*get_tensor_data)(ort_value *value, void **out_data);
    ort_slot unnamed_52[3];
    ort_status *(*cast_to_tensor_info)(const ort_type_info *info,
                                       const ort_tensor_info **out_tensor_info);
    ort_slot unnamed_56[4];
    ort_status *(*get_element_type)(const ort_tensor_info *info, int *out_element_type);
    ort_status *(*get_rank)(const ort_tensor_info *info, size_t *out_rank);
    ort_status *(*get_dimensions)(const ort_tensor_info *info, int64_t *out_dimensions,
                                  size_t rank);
    ort_status *(*get_symbols)(const ort_tensor_info *info, const char **out_symbols, size_t rank);
    ort_slot unnamed_64[1];
    ort_status *(*get_value_tensor_info)(const ort_value *value, ort_tensor_info **out_info);
    ort_slot unnamed_66[3];
    ort_status *(*create_cpu_memory_info)(int allocator_kind, int memory_kind,
                                          ort_memory_info **out_info);
    ort_slot unnamed_70[6];
    ort_status *(*allocator_free)(ort_allocator *allocator, void *memory);
    ort_slot unnamed_77[1];
    ort_status *(*get_default_allocator)(ort_allocator **out_allocator);
    ort_slot unnamed_79[13];
    void (*release_env)(ort_env *env);
    void (*release_status)(ort_status *status);
    void (*release_memory_info)(ort_memory_info *info);
    void (*release_session)(ort_session *session);
    void (*release_value)(ort_value *value);
    void (*release_run_options)(ort_run_options *options);
    void (*release_type_info)(ort_type_info *info);
    void (*release_tensor_info)(ort_tensor_info *info);
    void (*release_session_options)(ort_session_options *options);
    ort_slot unnamed_101[29];
    ort_status *(*add_session_config)(ort_session_options *options, const char *key,
                                      const char *value);
    ort_slot unnamed_131[45];
    ort_status *(*register_allocator)(ort_env *env, ort_allocator *allocator);
    ort_status *(*unregister_allocator)(ort_env *env, const ort_memory_info *info);
} ort_api;

/* The return type of OrtGetApiBase. */
typedef struct ort_api_base {
    const ort_api *(*get_api)(uint32_t version); /* NULL if the library is older */
    const char *(*get_version)(void);            /* such as "1.20.1" */
} ort_api_base;

/* The ordinals, counted from 0. */
#define ORT_AT(slot, ordinal)                                               \
    _Static_assert(offsetof(ort_api, slot) == (ordinal) * sizeof(ort_slot), \
                   "the ordinal of " #slot " is " #ordinal)
ORT_AT(get_error_code, 1);
ORT_AT(get_error_message, 2);
ORT_AT(create_env, 3);
ORT_AT(create_session, 7);
ORT_AT(run, 9);
ORT_AT(create_session_options, 10);
ORT_AT(disable_memory_pattern, 17);
ORT_AT(set_intra_op_threads, 24);
ORT_AT(get_input_count, 30);
ORT_AT(get_output_count, 31);
ORT_AT(get_input_type_info, 33);
ORT_AT(get_output_type_info, 34);
ORT_AT(get_input_name, 36);
ORT_AT(get_output_name, 37);
ORT_AT(create_run_options, 39);
ORT_AT(set_terminate, 46);
ORT_AT(unset_terminate, 47);
ORT_AT(create_tensor_with_data, 49);
ORT_AT(get_tensor_data, 51);
ORT_AT(cast_to_tensor_info, 55);
ORT_AT(get_element_type, 60);
ORT_AT(get_rank, 61);
ORT_AT(get_dimensions, 62);
ORT_AT(get_symbols, 63);
ORT_AT(get_value_tensor_info, 65);
ORT_AT(create_cpu_memory_info, 69);
ORT_AT(allocator_free, 76);
ORT_AT(get_default_allocator, 78);
ORT_AT(release_env, 92);
ORT_AT(release_status, 93);
ORT_AT(release_memory_info, 94);
ORT_AT(release_session, 95);
ORT_AT(release_value, 96);
ORT_AT(release_run_options, 97);
ORT_AT(release_type_info, 98);
ORT_AT(release_tensor_info, 99);
ORT_AT(release_session_options, 100);
ORT_AT(add_session_config, 130);
ORT_AT(register_allocator, 176);
ORT_AT(unregister_allocator, 177);
#undef ORT_AT

#endif
