//! A backend in Rust. Its models keep the values that reach a threshold, and add them up. A model is
//! a text file that holds the threshold.
mod rein;

use rein::*;
use std::any::Any;
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::mem::size_of;
use std::os::raw::{c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;
use std::slice;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The most values of one execution.
const COUNT_MAX: u32 = 1024;

/// The text as C has it: static, with a terminating NUL.
macro_rules! c_text {
    ($text:expr) => {
        concat!($text, "\0").as_ptr().cast::<c_char>()
    };
}

/// An error that arose here, with a message in static storage.
macro_rules! error {
    ($code:expr, $message:literal) => {
        make_error(
            $code,
            rein_source_location {
                function: c_text!(module_path!()),
                file: c_text!(file!()),
                line: line!() as i32,
            },
            c_text!($message),
        )
    };
}

fn make_error(
    code: rein_error_code,
    place: rein_source_location,
    message: *const c_char,
) -> rein_error {
    // SAFETY: `error!` passes static texts.
    unsafe { rein_error_make(code, place, message) }
}

type Outcome<T> = Result<T, rein_error>;

const DONE: rein_unit = rein_unit { unused: 0 };

/// The engine.
struct Model {
    id: rein_model_id,
    threshold: f32,
}

impl Model {
    /// Returns the values to keep, in their order.
    fn keep<'a>(&'a self, values: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        let reaches = move |value: &f32| *value >= self.threshold;
        values.iter().copied().filter(reaches)
    }
}

fn with_text(error: rein_error, text: &CStr) -> rein_error {
    // SAFETY: the text is copied.
    unsafe { rein_error_with_text(error, text.as_ptr()) }
}

fn cannot_read(path: &CStr, cause: io::Error) -> rein_error {
    let error = match cause.kind() {
        io::ErrorKind::NotFound => error!(REIN_ERROR_NOT_FOUND, "'{text}' does not exist"),
        _ => error!(REIN_ERROR_BACKEND_ERROR, "cannot read the model '{text}'"),
    };
    // SAFETY: the call only copies.
    let error = unsafe { rein_error_with_native_code(error, cause.raw_os_error().unwrap_or(0)) };
    with_text(error, path)
}

fn read_threshold(path: &CStr) -> Outcome<f32> {
    let text = std::fs::read_to_string(OsStr::from_bytes(path.to_bytes()))
        .map_err(|cause| cannot_read(path, cause))?;
    match text.trim().parse() {
        Ok(threshold) if f32::is_finite(threshold) => Ok(threshold),
        _ => {
            let error = error!(
                REIN_ERROR_BACKEND_ERROR,
                "'{text}' is not a model: it must hold a finite number"
            );
            Err(with_text(error, path))
        }
    }
}

/// The backend: `self` of the slots points to it.
struct Sieve {
    clock: rein_clock,
    capabilities: rein_backend_capabilities,
    input_specs: [rein_tensor_spec; 1],
    output_specs: [rein_tensor_spec; 2],
    model: RwLock<Option<Model>>,
}

fn view_of(specs: &[rein_tensor_spec]) -> rein_tensor_spec_view {
    rein_tensor_spec_view {
        specs: specs.as_ptr(),
        count: specs.len(),
    }
}

/// Returns the elements of a tensor that fits its spec.
///
/// # Safety
/// The tensor's data is valid for reads, and nothing writes to it.
unsafe fn elements_of(tensor: &rein_tensor) -> &[f32] {
    match tensor.descriptor.shape.dimensions[0] {
        0 => &[], // the data may be NULL
        count => slice::from_raw_parts(tensor.data.cast(), count as usize),
    }
}

fn vector(count: usize) -> rein_shape {
    let mut shape = SCALAR;
    shape.dimensions[0] = count as i64;
    shape.rank = 1;
    shape
}

const SCALAR: rein_shape = rein_shape {
    dimensions: [0; REIN_SHAPE_MAX_RANK],
    rank: 0,
};

impl Sieve {
    fn read(&self) -> RwLockReadGuard<'_, Option<Model>> {
        self.model.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Model>> {
        self.model.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self, path: &CStr, id: rein_model_id) -> Outcome<rein_unit> {
        if self.read().is_some() {
            return Err(error!(
                REIN_ERROR_INVALID_STATE,
                "a model is loaded; unload it first"
            ));
        }
        let threshold = read_threshold(path)?; // without the lock: is_loaded does not wait
        *self.write() = Some(Model { id, threshold });
        Ok(DONE)
    }

    fn unload(&self) -> Outcome<rein_unit> {
        match self.write().take() {
            Some(_) => Ok(DONE),
            None => Err(error!(REIN_ERROR_INVALID_STATE, "no model is loaded")),
        }
    }

    /// # Safety
    /// Request and result are those of an execution (contract/execution.h).
    unsafe fn execute(
        &self,
        request: &rein_execution_request,
        result: *mut rein_execution_result,
    ) -> Outcome<rein_unit> {
        let model = self.read();
        let model = model
            .as_ref()
            .ok_or_else(|| error!(REIN_ERROR_INVALID_STATE, "no model is loaded"))?;
        let (takes, gives) = (view_of(&self.input_specs), view_of(&self.output_specs));
        rein_backend_check_execution(request, result, &model.id, takes, gives).into_result()?;
        let values = elements_of(&*request.input_tensors);
        let shapes = [vector(model.keep(values).count()), SCALAR];
        rein_execution_result_set_shapes(result, shapes.as_ptr(), shapes.len()).into_result()?;
        let outputs = slice::from_raw_parts((*result).output_tensors, shapes.len());
        let kept: *mut f32 = outputs[0].data.cast();
        for (index, value) in model.keep(values).enumerate() {
            kept.add(index).write(value);
        }
        outputs[1]
            .data
            .cast::<f32>()
            .write(model.keep(values).sum());
        let now = (self.clock.now)(self.clock.self_);
        rein_execution_result_complete(request, now, result);
        Ok(DONE)
    }

    /// # Safety
    /// The shapes are NULL or those of a question (contract/backend.h).
    unsafe fn check_question(&self, path: &CStr, shapes: *const rein_input_shapes) -> Outcome<()> {
        read_threshold(path)?;
        rein_backend_check_shapes(shapes, view_of(&self.input_specs)).into_result()?;
        Ok(())
    }
}

// The slots. Each turns C's arguments into Rust's and answers with what the method returns.

/// Runs a method. A panic must not leave Rust: it becomes an InternalError.
fn answer<T: Copy>(method: impl FnOnce() -> Outcome<T>) -> rein_result<T> {
    catch_unwind(AssertUnwindSafe(method))
        .unwrap_or_else(|panic| Err(panic_error(panic)))
        .into()
}

fn panic_error(panic: Box<dyn Any + Send>) -> rein_error {
    let text = match panic.downcast_ref::<String>() {
        Some(text) => text.as_str(),
        None => panic.downcast_ref::<&str>().copied().unwrap_or("no text"),
    };
    let text = CString::new(text).unwrap_or_default();
    with_text(
        error!(REIN_ERROR_INTERNAL_ERROR, "the engine panicked: {text}"),
        &text,
    )
}

unsafe fn sieve<'a>(this: *mut c_void) -> &'a Sieve {
    &*this.cast()
}

unsafe extern "C" fn load(
    this: *mut c_void,
    path: *const c_char,
    id: *const rein_model_id,
) -> rein_result_void {
    answer(|| sieve(this).load(CStr::from_ptr(path), *id))
}

unsafe extern "C" fn unload(this: *mut c_void) -> rein_result_void {
    answer(|| sieve(this).unload())
}

unsafe extern "C" fn execute(
    this: *mut c_void,
    request: *const rein_execution_request,
    out_result: *mut rein_execution_result,
) -> rein_result_void {
    answer(|| sieve(this).execute(&*request, out_result))
}

unsafe extern "C" fn capabilities(this: *mut c_void) -> *const rein_backend_capabilities {
    &sieve(this).capabilities
}

unsafe extern "C" fn is_loaded(this: *mut c_void) -> bool {
    sieve(this).read().is_some()
}

unsafe extern "C" fn destroy(this: *mut c_void) {
    drop(Box::<Sieve>::from_raw(this.cast()));
}

unsafe extern "C" fn estimate_memory(
    this: *mut c_void,
    path: *const c_char,
    shapes: *const rein_input_shapes,
) -> rein_result_memory_estimate {
    let known = |value| rein_fact_u64 {
        is_known: true,
        value,
    };
    let threshold_bytes = known(size_of::<f32>() as u64);
    answer(|| {
        sieve(this).check_question(CStr::from_ptr(path), shapes)?;
        Ok(rein_memory_estimate {
            weights_bytes: threshold_bytes,
            load_peak_bytes: threshold_bytes,
            activation_bytes: known(0),
            activation_lower_bound_bytes: known(0),
        })
    })
}

unsafe extern "C" fn estimate_lifetimes(
    this: *mut c_void,
    path: *const c_char,
    shapes: *const rein_input_shapes,
) -> rein_result_lifetime_view {
    answer(|| {
        sieve(this).check_question(CStr::from_ptr(path), shapes)?;
        Ok(rein_lifetime_view {
            lifetimes: null(), // no hidden tensor
            count: 0,
        })
    })
}

unsafe extern "C" fn input_specs(
    this: *mut c_void,
    path: *const c_char,
) -> rein_result_tensor_spec_view {
    answer(|| read_threshold(CStr::from_ptr(path)).map(|_| view_of(&sieve(this).input_specs)))
}

unsafe extern "C" fn output_specs(
    this: *mut c_void,
    path: *const c_char,
) -> rein_result_tensor_spec_view {
    answer(|| read_threshold(CStr::from_ptr(path)).map(|_| view_of(&sieve(this).output_specs)))
}

static TABLE: rein_backend_interface = rein_backend_interface {
    struct_size: size_of::<rein_backend_interface>(),
    load,
    unload,
    execute,
    capabilities,
    is_loaded,
    destroy,
    estimate_memory,
    estimate_lifetimes,
    input_specs,
    output_specs,
    warmup: None,
    sequences: null(),
    submission: null(),
    buffers: null(),
};

// Creation.

fn describe_capabilities() -> rein_backend_capabilities {
    let mut backend_name = [0; REIN_NAME_MAX_BYTES + 1];
    for (index, byte) in b"sieve".iter().enumerate() {
        backend_name[index] = *byte as c_char;
    }
    rein_backend_capabilities {
        struct_size: size_of::<rein_backend_capabilities>(),
        backend_name,
        max_batch_size: 1,
        supported_dtypes: rein_dtype_set {
            bits: 1 << REIN_DTYPE_FLOAT32,
        },
        memory_kinds: rein_memory_kind_set {
            bits: 1 << REIN_MEMORY_HOST,
        },
        requires_pinned_memory: false,
        supports_async_execution: false,
        supports_concurrent_execution: true,
    }
}

fn describe(name: *const c_char, shape: rein_shape) -> Outcome<rein_tensor_spec> {
    // SAFETY: the name is static and the shape lives until the call returns.
    unsafe { rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR) }
        .into_result()
}

/// Returns a spec of one dimension from `min` to COUNT_MAX.
fn describe_range(
    name: *const c_char,
    min: i64,
    symbol: *const c_char,
) -> Outcome<rein_tensor_spec> {
    let spec = describe(name, vector(COUNT_MAX as usize))?;
    // SAFETY: the symbol is static and the spec lives until the call returns.
    unsafe { rein_tensor_spec_with_range(&spec, 0, min, i64::from(COUNT_MAX), symbol) }
        .into_result()
}

fn create(clock: rein_clock) -> Outcome<rein_backend> {
    let sieve = Box::new(Sieve {
        clock,
        capabilities: describe_capabilities(),
        input_specs: [describe_range(c_text!("values"), 1, c_text!("count"))?],
        output_specs: [
            describe_range(c_text!("kept"), 0, c_text!("kept"))?,
            describe(c_text!("sum"), SCALAR)?,
        ],
        model: RwLock::new(None),
    });
    let this = Box::into_raw(sieve).cast::<c_void>();
    // SAFETY: the table is static and its slots take this `self`. If it is refused, nothing else
    // refers to `self`.
    unsafe {
        let bound = rein_backend_bind(&TABLE, this).into_result();
        if bound.is_err() {
            destroy(this);
        }
        bound
    }
}

/// Creates a backend. The clock's functions are copied; its `self` outlives the backend.
///
/// # Safety
/// The clock is valid (contract/clock.h).
#[no_mangle]
pub unsafe extern "C" fn sieve_backend_create(clock: *const rein_clock) -> rein_result_backend {
    answer(|| create(*clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(method: impl FnOnce() -> Outcome<rein_unit>) -> rein_error {
        answer(method).into_result().err().expect("an error")
    }

    fn text_of(error: &rein_error) -> &str {
        // SAFETY: the text is terminated.
        unsafe { CStr::from_ptr(error.foreign_text.as_ptr()) }
            .to_str()
            .unwrap()
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let error = error_of(|| panic!("layer {}", 3));
        assert_eq!(error.code, REIN_ERROR_INTERNAL_ERROR);
        assert_eq!(text_of(&error), "layer 3");
        assert_eq!(text_of(&error_of(|| panic!("no layer"))), "no layer");
    }
}
