//! The part of Rein's contract that this example uses, declared by hand. Names, order and types are
//! those of the headers in include/contract, which also say what each function does. The test
//! rust_matches_the_headers compares all of them with the headers.
#![allow(non_camel_case_types, dead_code)]

use std::os::raw::{c_char, c_void};

// contract/error.h

pub type rein_error_code = u32;
pub const REIN_ERROR_BACKEND_ERROR: rein_error_code = 2;
pub const REIN_ERROR_INVALID_ARGUMENT: rein_error_code = 3;
pub const REIN_ERROR_NOT_FOUND: rein_error_code = 4;
pub const REIN_ERROR_INTERNAL_ERROR: rein_error_code = 6;
pub const REIN_ERROR_INVALID_STATE: rein_error_code = 13;
pub const REIN_ERROR_BUFFER_TOO_SMALL: rein_error_code = 14;

pub const REIN_ERROR_NUMBER_COUNT: usize = 3;
pub const REIN_ERROR_FOREIGN_TEXT_CAPACITY: usize = 128;
pub const REIN_ERROR_CONTEXT_CAPACITY: usize = 64;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_source_location {
    pub function: *const c_char,
    pub file: *const c_char,
    pub line: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_error {
    pub code: rein_error_code,
    pub native_code: i32,
    pub r#where: rein_source_location,
    pub message: *const c_char,
    pub numbers: [u64; REIN_ERROR_NUMBER_COUNT],
    pub foreign_text: [c_char; REIN_ERROR_FOREIGN_TEXT_CAPACITY],
    pub context: [c_char; REIN_ERROR_CONTEXT_CAPACITY],
}

extern "C" {
    pub fn rein_error_make(
        code: rein_error_code,
        r#where: rein_source_location,
        message: *const c_char,
    ) -> rein_error;
    pub fn rein_error_with_text(error: rein_error, text: *const c_char) -> rein_error;
    pub fn rein_error_with_native_code(error: rein_error, native_code: i32) -> rein_error;
    pub fn rein_error_to_string(
        error: *const rein_error,
        buffer: *mut c_char,
        capacity: usize,
    ) -> usize;
}

// contract/result.h

#[repr(C)]
pub struct rein_result<T: Copy> {
    pub is_ok: bool,
    pub r#as: rein_value_or_error<T>,
}

#[repr(C)]
pub union rein_value_or_error<T: Copy> {
    pub value: T,
    pub error: rein_error,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_unit {
    pub unused: c_char,
}

pub type rein_result_void = rein_result<rein_unit>;
pub type rein_result_bytes = rein_result<u64>;

impl<T: Copy> rein_result<T> {
    /// Returns what the result holds, so that `?` passes an error on.
    pub fn into_result(self) -> Result<T, rein_error> {
        // SAFETY: `is_ok` says which member is valid.
        unsafe {
            if self.is_ok {
                Ok(self.r#as.value)
            } else {
                Err(self.r#as.error)
            }
        }
    }
}

impl<T: Copy> From<Result<T, rein_error>> for rein_result<T> {
    fn from(outcome: Result<T, rein_error>) -> Self {
        match outcome {
            Ok(value) => rein_result {
                is_ok: true,
                r#as: rein_value_or_error { value },
            },
            Err(error) => rein_result {
                is_ok: false,
                r#as: rein_value_or_error { error },
            },
        }
    }
}

// contract/clock.h

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_duration {
    pub ns: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_timestamp {
    pub ns: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_clock {
    pub now: unsafe extern "C" fn(*mut c_void) -> rein_timestamp,
    pub sleep_until: unsafe extern "C" fn(*mut c_void, rein_timestamp),
    pub self_: *mut c_void,
}

extern "C" {
    pub fn rein_clock_system() -> *const rein_clock;
}

// contract/ids.h

pub const REIN_NAME_MAX_BYTES: usize = 127;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_model_id {
    pub text: [c_char; REIN_NAME_MAX_BYTES + 1],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_request_id {
    pub bytes: [u8; 16],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor_id {
    pub value: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_sequence_id {
    pub value: u64,
}

pub type rein_result_model_id = rein_result<rein_model_id>;
pub type rein_result_request_id = rein_result<rein_request_id>;

extern "C" {
    pub fn rein_model_id_make(text: *const c_char) -> rein_result_model_id;
    pub fn rein_request_id_generate() -> rein_result_request_id;
}

// contract/device.h

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_fact_u64 {
    pub is_known: bool,
    pub value: u64,
}

// contract/tensor.h

pub type rein_dtype = u32;
pub const REIN_DTYPE_FLOAT32: rein_dtype = 1;

pub type rein_layout = u32;
pub const REIN_LAYOUT_ROW_MAJOR: rein_layout = 1;

pub type rein_memory_kind = u32;
pub const REIN_MEMORY_HOST: rein_memory_kind = 1;
pub const REIN_MEMORY_PINNED: rein_memory_kind = 2;

pub const REIN_SHAPE_MAX_RANK: usize = 8;
pub const REIN_SYMBOL_CAPACITY: usize = 32;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_dtype_set {
    pub bits: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_memory_kind_set {
    pub bits: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_shape {
    pub dimensions: [i64; REIN_SHAPE_MAX_RANK],
    pub rank: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor_descriptor {
    pub name: [c_char; REIN_NAME_MAX_BYTES + 1],
    pub shape: rein_shape,
    pub dtype: rein_dtype,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_extent_range {
    pub min: i64,
    pub max: i64,
    pub symbol: [c_char; REIN_SYMBOL_CAPACITY],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor_spec {
    pub name: [c_char; REIN_NAME_MAX_BYTES + 1],
    pub rank: i32,
    pub dtype: rein_dtype,
    pub layout: rein_layout,
    pub memory_kinds: rein_memory_kind_set,
    pub device_index: i32,
    pub extents: [rein_extent_range; REIN_SHAPE_MAX_RANK],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor {
    pub descriptor: rein_tensor_descriptor,
    pub layout: rein_layout,
    pub memory_kind: rein_memory_kind,
    pub device_index: i32,
    pub data: *mut c_void,
    pub capacity_bytes: u64,
}

pub type rein_result_shape = rein_result<rein_shape>;
pub type rein_result_tensor_spec = rein_result<rein_tensor_spec>;
pub type rein_result_tensor = rein_result<rein_tensor>;

extern "C" {
    pub fn rein_dtype_set_with(set: rein_dtype_set, dtype: rein_dtype) -> rein_dtype_set;
    pub fn rein_memory_kind_set_with(
        set: rein_memory_kind_set,
        kind: rein_memory_kind,
    ) -> rein_memory_kind_set;
    pub fn rein_shape_make(dimensions: *const i64, rank: i32) -> rein_result_shape;
    pub fn rein_tensor_spec_make(
        name: *const c_char,
        shape: *const rein_shape,
        dtype: rein_dtype,
        layout: rein_layout,
    ) -> rein_result_tensor_spec;
    pub fn rein_tensor_spec_with_range(
        spec: *const rein_tensor_spec,
        dimension: i32,
        min: i64,
        max: i64,
        symbol: *const c_char,
    ) -> rein_result_tensor_spec;
    pub fn rein_tensor_make_shaped(
        spec: *const rein_tensor_spec,
        shape: *const rein_shape,
        data: *mut c_void,
    ) -> rein_result_tensor;
    pub fn rein_tensor_make_output(
        spec: *const rein_tensor_spec,
        data: *mut c_void,
        capacity_bytes: u64,
    ) -> rein_result_tensor;
}

// contract/execution.h

#[repr(C)]
pub struct CUstream_st {
    _opaque: [u8; 0],
}

pub type rein_output_callback =
    Option<unsafe extern "C" fn(*mut c_void, *const rein_tensor, usize) -> bool>;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_execution_request {
    pub struct_size: usize,
    pub model_id: rein_model_id,
    pub request_id: rein_request_id,
    pub input_tensors: *const rein_tensor,
    pub input_tensor_count: usize,
    pub deadline: rein_timestamp,
    pub submission_time: rein_timestamp,
    pub sequence: rein_sequence_id,
    pub stream: *mut CUstream_st,
    pub cancel: *const bool,
    pub on_output: rein_output_callback,
    pub on_output_context: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_execution_result {
    pub struct_size: usize,
    pub model_id: rein_model_id,
    pub request_id: rein_request_id,
    pub output_tensors: *mut rein_tensor,
    pub output_tensor_count: usize,
    pub actual_latency: rein_duration,
    pub deadline_met: bool,
    pub device_time_ns: rein_fact_u64,
}

extern "C" {
    pub fn rein_execution_result_set_shapes(
        result: *mut rein_execution_result,
        shapes: *const rein_shape,
        shape_count: usize,
    ) -> rein_result_void;
    pub fn rein_execution_result_complete(
        request: *const rein_execution_request,
        completion_time: rein_timestamp,
        out_result: *mut rein_execution_result,
    );
}

// contract/demand.h

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_memory_estimate {
    pub weights_bytes: rein_fact_u64,
    pub load_peak_bytes: rein_fact_u64,
    pub activation_bytes: rein_fact_u64,
    pub activation_lower_bound_bytes: rein_fact_u64,
}

// contract/lifetime.h

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor_lifetime {
    pub tensor: rein_tensor_id,
    pub from: i64,
    pub until: i64,
    pub size_bytes: u64,
    pub alignment_bytes: u64,
}

// contract/backend.h

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_backend_capabilities {
    pub struct_size: usize,
    pub backend_name: [c_char; REIN_NAME_MAX_BYTES + 1],
    pub max_batch_size: u32,
    pub supported_dtypes: rein_dtype_set,
    pub memory_kinds: rein_memory_kind_set,
    pub requires_pinned_memory: bool,
    pub supports_async_execution: bool,
    pub supports_concurrent_execution: bool,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_input_shapes {
    pub shapes: *const rein_shape,
    pub count: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_lifetime_view {
    pub lifetimes: *const rein_tensor_lifetime,
    pub count: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_tensor_spec_view {
    pub specs: *const rein_tensor_spec,
    pub count: usize,
}

pub type rein_result_memory_estimate = rein_result<rein_memory_estimate>;
pub type rein_result_lifetime_view = rein_result<rein_lifetime_view>;
pub type rein_result_tensor_spec_view = rein_result<rein_tensor_spec_view>;

#[repr(C)]
pub struct rein_sequences_interface {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct rein_submission_interface {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct rein_buffers_interface {
    _opaque: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_backend_interface {
    pub struct_size: usize,
    pub load:
        unsafe extern "C" fn(*mut c_void, *const c_char, *const rein_model_id) -> rein_result_void,
    pub unload: unsafe extern "C" fn(*mut c_void) -> rein_result_void,
    pub execute: unsafe extern "C" fn(
        *mut c_void,
        *const rein_execution_request,
        *mut rein_execution_result,
    ) -> rein_result_void,
    pub capabilities: unsafe extern "C" fn(*mut c_void) -> *const rein_backend_capabilities,
    pub is_loaded: unsafe extern "C" fn(*mut c_void) -> bool,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub estimate_memory: unsafe extern "C" fn(
        *mut c_void,
        *const c_char,
        *const rein_input_shapes,
    ) -> rein_result_memory_estimate,
    pub estimate_lifetimes: unsafe extern "C" fn(
        *mut c_void,
        *const c_char,
        *const rein_input_shapes,
    ) -> rein_result_lifetime_view,
    pub input_specs:
        unsafe extern "C" fn(*mut c_void, *const c_char) -> rein_result_tensor_spec_view,
    pub output_specs:
        unsafe extern "C" fn(*mut c_void, *const c_char) -> rein_result_tensor_spec_view,
    pub warmup: Option<unsafe extern "C" fn(*mut c_void, *mut CUstream_st) -> rein_result_void>,
    pub sequences: *const rein_sequences_interface,
    pub submission: *const rein_submission_interface,
    pub buffers: *const rein_buffers_interface,
}

// SAFETY: tables are static and nothing writes to them.
unsafe impl Sync for rein_backend_interface {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct rein_backend {
    pub table: *const rein_backend_interface,
    pub self_: *mut c_void,
}

pub type rein_result_backend = rein_result<rein_backend>;

extern "C" {
    pub fn rein_backend_bind(
        table: *const rein_backend_interface,
        self_: *mut c_void,
    ) -> rein_result_backend;
    pub fn rein_backend_check_execution(
        request: *const rein_execution_request,
        result: *const rein_execution_result,
        loaded_model: *const rein_model_id,
        input_specs: rein_tensor_spec_view,
        output_specs: rein_tensor_spec_view,
    ) -> rein_result_void;
    pub fn rein_backend_check_shapes(
        shapes: *const rein_input_shapes,
        input_specs: rein_tensor_spec_view,
    ) -> rein_result_void;
    pub fn rein_backend_load(
        backend: *const rein_backend,
        model_path: *const c_char,
        model_id: *const rein_model_id,
    ) -> rein_result_void;
    pub fn rein_backend_unload(backend: *const rein_backend) -> rein_result_void;
    pub fn rein_backend_execute(
        backend: *const rein_backend,
        request: *const rein_execution_request,
        out_result: *mut rein_execution_result,
    ) -> rein_result_void;
    pub fn rein_backend_estimate_memory(
        backend: *const rein_backend,
        model_path: *const c_char,
        shapes: *const rein_input_shapes,
    ) -> rein_result_memory_estimate;
    pub fn rein_backend_input_specs(
        backend: *const rein_backend,
        model_path: *const c_char,
    ) -> rein_result_tensor_spec_view;
    pub fn rein_backend_output_specs(
        backend: *const rein_backend,
        model_path: *const c_char,
    ) -> rein_result_tensor_spec_view;
    pub fn rein_backend_destroy(backend: *mut rein_backend);
}
