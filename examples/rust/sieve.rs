//! Runs the sieve through Rein's calls, as a program runs any backend.
//! usage: sieve MODEL VALUE...
mod rein;

use rein::*;
use std::env::args;
use std::ffi::{CStr, CString};
use std::mem::{size_of, zeroed};
use std::os::raw::c_char;
use std::process::exit;
use std::ptr::null;

extern "C" {
    fn sieve_backend_create(clock: *const rein_clock) -> rein_result_backend;
}

type Outcome<T> = Result<T, rein_error>;

/// Returns the text of an error.
fn text_of(error: &rein_error) -> String {
    let mut buffer = [0 as c_char; 512];
    // SAFETY: the buffer has the capacity that is stated; the text ends within it.
    unsafe {
        rein_error_to_string(error, buffer.as_mut_ptr(), buffer.len());
        CStr::from_ptr(buffer.as_ptr())
            .to_string_lossy()
            .into_owned()
    }
}

/// Owns a backend.
struct Backend(rein_backend);

impl Drop for Backend {
    fn drop(&mut self) {
        // SAFETY: nothing else refers to the backend.
        unsafe { rein_backend_destroy(&mut self.0) }
    }
}

/// A loaded model.
struct Session {
    backend: Backend,
    path: CString,
    id: rein_model_id,
}

impl Session {
    fn load(path: &CStr) -> Outcome<Session> {
        // SAFETY: the clock is static; the texts live until each call returns.
        unsafe {
            let backend = Backend(sieve_backend_create(rein_clock_system()).into_result()?);
            let estimate =
                rein_backend_estimate_memory(&backend.0, path.as_ptr(), null()).into_result()?;
            if estimate.weights_bytes.is_known {
                println!("weights {}B", estimate.weights_bytes.value);
            }
            let id = rein_model_id_make(b"sieve\0".as_ptr().cast()).into_result()?;
            rein_backend_load(&backend.0, path.as_ptr(), &id).into_result()?;
            Ok(Session {
                backend,
                path: path.to_owned(),
                id,
            })
        }
    }

    /// Returns the kept values and their sum. There is room for `capacity` of them.
    fn execute(&self, values: &mut [f32], capacity: usize) -> Outcome<(Vec<f32>, f32)> {
        let mut kept = vec![0.0_f32; capacity];
        let mut sum = 0.0_f32;
        let (kept_bytes, sum_bytes) = (capacity * size_of::<f32>(), size_of::<f32>());
        // SAFETY: the specs live until the next question of another model; the tensors refer to
        // memory of this function that has their sizes.
        unsafe {
            let (backend, path) = (&self.backend.0, self.path.as_ptr());
            let takes = rein_backend_input_specs(backend, path).into_result()?.specs;
            let gives = rein_backend_output_specs(backend, path)
                .into_result()?
                .specs;
            let shape = rein_shape_make(&(values.len() as i64), 1).into_result()?;
            let data = values.as_mut_ptr().cast();
            let input = rein_tensor_make_shaped(takes, &shape, data).into_result()?;
            let data = kept.as_mut_ptr().cast();
            let to_kept = rein_tensor_make_output(gives, data, kept_bytes as u64).into_result()?;
            let data = (&mut sum as *mut f32).cast();
            let to_sum =
                rein_tensor_make_output(gives.add(1), data, sum_bytes as u64).into_result()?;
            let mut outputs = [to_kept, to_sum];
            self.call(&input, &mut outputs)?;
            kept.truncate(outputs[0].descriptor.shape.dimensions[0] as usize);
        }
        Ok((kept, sum))
    }

    /// # Safety
    /// The data of the tensors is valid.
    unsafe fn call(&self, input: &rein_tensor, outputs: &mut [rein_tensor; 2]) -> Outcome<()> {
        let clock = *rein_clock_system();
        let request = rein_execution_request {
            struct_size: size_of::<rein_execution_request>(),
            model_id: self.id,
            request_id: rein_request_id_generate().into_result()?,
            input_tensors: input,
            input_tensor_count: 1,
            submission_time: (clock.now)(clock.self_),
            ..zeroed()
        };
        let mut result = rein_execution_result {
            struct_size: size_of::<rein_execution_result>(),
            output_tensors: outputs.as_mut_ptr(),
            output_tensor_count: outputs.len(),
            ..zeroed()
        };
        rein_backend_execute(&self.backend.0, &request, &mut result).into_result()?;
        Ok(())
    }
}

/// Executes with no room for kept values, and once more with as much as the error asks for.
fn run(path: &CStr, values: &mut [f32]) -> Outcome<()> {
    let session = Session::load(path)?;
    let (kept, sum) = match session.execute(values, 0) {
        Err(error) if error.code == REIN_ERROR_BUFFER_TOO_SMALL => {
            println!("needs {}B, has {}B", error.numbers[0], error.numbers[1]);
            session.execute(values, error.numbers[0] as usize / size_of::<f32>())?
        }
        outcome => outcome?,
    };
    println!("kept {kept:?}, sum {sum}");
    Ok(())
}

fn main() {
    let mut arguments = args().skip(1);
    let path = arguments.next().and_then(|path| CString::new(path).ok());
    let values: Result<Vec<f32>, _> = arguments.map(|value| value.parse()).collect();
    let (path, mut values) = match (path, values) {
        (Some(path), Ok(values)) => (path, values),
        _ => {
            eprintln!("usage: sieve MODEL VALUE...");
            exit(2);
        }
    };
    if let Err(error) = run(&path, &mut values) {
        eprintln!("{}", text_of(&error));
        exit(1);
    }
}
