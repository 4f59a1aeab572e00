#!/usr/bin/env python3
"""engine.py FOLDER MODEL real|simulated

Loads MODEL with llama.cpp v0.5.0, whose libraries are in FOLDER, on the CPU. Creates a context for each line
of standard input, a JSON object of fields of ContextParams. The engine's log on standard error states the
sizes. The line "row N" precedes the log of context N, and "row N made" or "row N refused" follows it.
`simulated` allocates neither weights nor a KV cache, for models of any size.
"""
import ctypes
import json
import os
import sys

CPU_ONLY = 0
LOAD_MODE_NONE = 0  # weights are read, not mapped
LOG_LEVEL_INFO = 2  # below is DEBUG: thousands of lines for each context


class ModelParams(ctypes.Structure):
    _fields_ = [
        *[(name, ctypes.c_void_p) for name in ("devices", "overrides")],
        *[(name, ctypes.c_int32) for name in ("n_gpu_layers", "split_mode", "load_mode", "lazy_mode", "main_gpu")],
        *[(name, ctypes.c_void_p) for name in ("tensor_split", "progress", "progress_data", "kv_overrides")],
        *[(name, ctypes.c_bool) for name in (
            "vocab_only", "check_tensors", "use_extra_bufts", "no_host", "no_alloc", "load_mtp")]]


class ContextParams(ctypes.Structure):
    _fields_ = [
        *[(name, ctypes.c_uint32) for name in (
            "n_ctx", "n_batch", "n_ubatch", "n_seq_max", "n_rs_seq", "n_outputs_max", "n_outputs_max_per_seq")],
        *[(name, ctypes.c_int32) for name in (
            "n_threads", "n_threads_batch", "ctx_type", "rope_scaling_type", "pooling_type", "attention_type",
            "flash_attn_type")],
        *[(name, ctypes.c_float) for name in (
            "rope_freq_base", "rope_freq_scale", "yarn_ext_factor", "yarn_attn_factor", "yarn_beta_fast",
            "yarn_beta_slow")],
        ("yarn_orig_ctx", ctypes.c_uint32), ("defrag_thold", ctypes.c_float),
        *[(name, ctypes.c_void_p) for name in ("eval_callback", "eval_data")],
        *[(name, ctypes.c_int32) for name in ("type_k", "type_v")],
        *[(name, ctypes.c_void_p) for name in ("abort_callback", "abort_data")],
        *[(name, ctypes.c_bool) for name in (
            "embeddings", "offload_kqv", "no_perf", "op_offload", "swa_full", "kv_unified")],
        ("samplers", ctypes.c_void_p), ("n_samplers", ctypes.c_size_t), ("other", ctypes.c_void_p)]


@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
def log(level, text, _):
    if level >= LOG_LEVEL_INFO:
        os.write(sys.stderr.fileno(), text)


def open_libraries(folder):
    ggml = ctypes.CDLL(os.path.join(folder, "libggml.v0.5.0.so"))
    ggml.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    ggml.ggml_backend_load_all_from_path.restype = None
    ggml.ggml_backend_load_all_from_path(os.fsencode(folder))
    llama = ctypes.CDLL(os.path.join(folder, "libllama.v0.5.0.so"))
    llama.llama_log_set(log, None)
    llama.llama_model_default_params.restype = ModelParams
    llama.llama_context_default_params.restype = ContextParams
    llama.llama_model_load_from_file.argtypes = [ctypes.c_char_p, ModelParams]
    llama.llama_model_load_from_file.restype = ctypes.c_void_p
    llama.llama_init_from_model.argtypes = [ctypes.c_void_p, ContextParams]
    llama.llama_init_from_model.restype = ctypes.c_void_p
    llama.llama_free.argtypes = [ctypes.c_void_p]
    llama.llama_free.restype = None
    return llama


def load_model(llama, path, simulated):
    params = llama.llama_model_default_params()
    params.n_gpu_layers = CPU_ONLY
    params.load_mode = LOAD_MODE_NONE
    params.use_extra_bufts = False  # no repacked weights
    params.no_alloc = simulated
    return llama.llama_model_load_from_file(os.fsencode(path), params)


def create_context(llama, model, fields):
    """Returns whether the engine creates the context."""
    params = llama.llama_context_default_params()
    for name, value in fields.items():
        setattr(params, name, value)
    context = llama.llama_init_from_model(model, params)
    if context:
        llama.llama_free(context)
    return bool(context)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    folder, path, mode = sys.argv[1:]
    llama = open_libraries(folder)
    model = load_model(llama, path, mode == "simulated")
    if not model:
        return 1
    for number, line in enumerate(sys.stdin):
        say(f"row {number}")
        made = create_context(llama, model, json.loads(line))
        say(f"row {number} {'made' if made else 'refused'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
