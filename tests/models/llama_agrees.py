#!/usr/bin/env python3
"""llama_agrees.py REIN PACKAGE FOLDER [SEED]

Compares `REIN inspect` with llama.cpp itself, from the npm package of PACKAGE/package-lock.json, which is
installed into FOLDER. The models are those of tests/models/memory as sparse files. Their contexts have the
defaults of the engine, and settings drawn at random from SEED. Compares the sizes of weights, caches and
states, rounded as in the engine's log, and the tokens of the context. The engine simulates the allocations
of large models. Prints each disagreement, and exits with 1 if there is one. Exits with 77 (skipped) if
there is no npm, no registry, or no library for this machine.
"""
import collections
import json
import os
import pathlib
import platform
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

import model_files

CONTEXTS = 40  # of each model
MOST_REAL_BYTES = 1100 * 10**6  # of a file; larger models are simulated
MOST_SEQUENCES = 5
SMALLEST_CONTEXT = MOST_SEQUENCES  # the engine aborts if a batch has fewer tokens than there are sequences
LARGEST_CONTEXT = {"real": 4000, "simulated": 40000}
ENGINE_TIMEOUT_S = 120  # for the contexts of a model
SKIPPED = 77
KV_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q4_1": 3, "q5_0": 6, "q5_1": 7, "q8_0": 8, "iq4_nl": 20, "bf16": 30}
FLASH_ATTENTION = {"off": 0, "on": 1, "auto": -1}
PARTS = ("kv", "sliding_window", "recurrent", "index")
SWITCH = {"off": False, "on": True}
BROKEN_PACKAGE = re.compile(r"EINTEGRITY|EUSAGE|EJSONPARSE")


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def install(package, folder):
    """Returns the folder of the engine's libraries."""
    if platform.machine() != "x86_64":
        skip(f"there is no library for {platform.machine()}")
    if not shutil.which("npm"):
        skip("there is no npm")
    folder.mkdir(parents=True, exist_ok=True)
    lock, installed = package / "package-lock.json", folder / "installed"
    if not installed.exists() or installed.read_text() != lock.read_text():
        for file in (lock, package / "package.json"):
            shutil.copy(file, folder)
        run_npm(folder)
        shutil.copy(lock, installed)
    return folder / "node_modules" / "@node-llama-cpp" / "linux-x64" / "bins" / "linux-x64"


def run_npm(folder):
    """A broken package or lock file is a failure; a registry that cannot be reached is not."""
    done = subprocess.run(
        ["timeout", "120", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1",
         "--fetch-retry-mintimeout=1000"], cwd=folder, text=True, check=False, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(done.stdout)
        if BROKEN_PACKAGE.search(done.stdout):
            sys.exit(1)
        skip("npm could not install the engine; see above")


class Setting:
    """The same choices as fields for the engine and as options of the command."""

    def __init__(self):
        self.fields, self.options = {}, []

    def choose(self, option, text, **fields):
        self.options += [option, text]
        self.fields |= fields


def draw_setting(draw, mode):
    """Each choice is left to the engine's default now and then."""
    setting = Setting()
    if draw.random() < 0.9:
        context = int(SMALLEST_CONTEXT * (LARGEST_CONTEXT[mode] / SMALLEST_CONTEXT) ** draw.random())
        setting.choose("--context", str(context), n_ctx=context)
    if draw.random() < 0.7:
        sequences = draw.randint(1, MOST_SEQUENCES)
        setting.choose("--parallel", str(sequences), n_seq_max=sequences)
    if draw.random() < 0.7:
        key = draw.choice(list(KV_TYPES))
        value = draw.choice([key, *KV_TYPES])
        setting.choose("--kv-type", f"{key},{value}", type_k=KV_TYPES[key], type_v=KV_TYPES[value])
    for option, field in (("--batch", "n_batch"), ("--ubatch", "n_ubatch")):
        if draw.random() < 0.5:
            tokens = draw.choice([32, 100, 512, 1024])
            setting.choose(option, str(tokens), **{field: tokens})
    for option, field, values in (
            ("--flash-attention", "flash_attn_type", FLASH_ATTENTION), ("--unified-kv", "kv_unified", SWITCH),
            ("--swa-full", "swa_full", SWITCH)):
        if draw.random() < 0.7:
            text = draw.choice(list(values))
            setting.choose(option, text, **{field: values[text]})
    return setting


def ask_engine(libraries, model, mode, settings):
    """Returns what the engine logs for the model, and for each setting. Starts it again if a setting ends it."""
    logs = []
    while len(logs) < len(settings):
        lines = "".join(json.dumps(setting.fields) + "\n" for setting in settings[len(logs):])
        done = subprocess.run(
            [sys.executable, HERE / "llama" / "engine.py", libraries, model, mode], input=lines.encode(),
            check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=ENGINE_TIMEOUT_S,
            env=os.environ | {"GGML_NO_BACKTRACE": "1"})
        load, *rows = re.split(r"^row \d+\n", done.stdout.decode(errors="replace"), flags=re.MULTILINE)
        if not rows:
            raise ValueError(f"the engine does not load the model:\n{load[-2000:]}")
        logs += rows
    return load, logs


def ask_command(command, model, options):
    """Returns the document of the command, or None if it refuses the options."""
    done = subprocess.run(
        [command, "inspect", "--engine", "llama-c-api", "--gpu-layers", "0", *options, "--json", model], check=False,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 2:
        return None
    done.check_returncode()
    return json.loads(done.stdout)


def mebibytes(size):
    """Rounds a size as the engine does, which converts it to float first."""
    return "%.2f" % (struct.unpack("f", struct.pack("f", size))[0] / 2**20)


def file_size(size):
    """Rounds the size of all tensors as the engine does."""
    return "%.2f MiB" % (size / 2**20) if size < 2**30 else "%.2f GiB" % (size / 2**30)


def found(pattern, text):
    return re.findall(pattern, text, flags=re.MULTILINE)


def compare_weights(load, document, mode):
    weights = document["weights"]
    stated = {"file": found(r"file size += ([\d.]+ [MG]iB)", load)}
    expected = {"file": [file_size(weights["file_bytes"])]}
    if mode == "real":
        stated["host"] = found(r"model buffer size = +([\d.]+) MiB", load)
        expected["host"] = [mebibytes(weights["host_bytes"])]
    return stated, expected


def compare_context(log, document):
    names = {"n_ctx": "tokens", "n_ctx_seq": "tokens_per_sequence", "n_seq_max": "sequences"}
    stated = {name: int(value) for name, value in found(r"^llama_context: (\w+) += (\d+)$", log) if name in names}
    stated["MiB"] = found(r": size = +([\d.]+) MiB \(", log)
    expected = {name: document["context"][key] for name, key in names.items()}
    expected["MiB"] = [mebibytes(document["state"][f"{part}_bytes"]) for part in PARTS]
    for answer in (stated, expected):
        answer["MiB"] = sorted(size for size in answer["MiB"] if size != "0.00")
    return stated, expected


def judge(log, document):
    """Returns the kind of a context, and both answers if they differ."""
    end = (found(r"^row \d+ (\w+)$", log) or ["aborted"])[0]
    answer = "refused" if document is None else "made"
    if "refused" in (end, answer):
        return ("refused", None) if end == answer else ("differs", (end, answer))
    if document["state"]["total_bytes"] is None:
        return "unknown", None
    answers = compare_context(log, document)
    if answers[0] != answers[1]:
        return "differs", answers
    return "equal" if end == "made" else "equal, then aborted", None


def compare_model(command, libraries, model, mode, draw):
    settings = [Setting()] + [draw_setting(draw, mode) for _ in range(CONTEXTS - 1)]
    load, logs = ask_engine(libraries, model, mode, settings)
    documents = [ask_command(command, model, setting.options) for setting in settings]
    stated, expected = compare_weights(load, documents[0], mode)
    if stated != expected:
        yield "differs", f"weights: the engine says {stated}, rein {expected}"
    for setting, log, document in zip(settings, logs, documents, strict=True):
        kind, answers = judge(log, document)
        yield kind, answers and f"{' '.join(setting.options)}: the engine says {answers[0]}, rein {answers[1]}"


def models_of_record():
    """Returns the size of the first file of each model for which tests/models/memory has rows."""
    sizes = model_files.gguf_sizes()
    with tarfile.open(HERE / "memory" / "rows.tar.xz") as rows:
        text = rows.extractfile("rows.txt").read().decode()
    return {name: sizes[name] for name in found(r"^model (\S+)", text)}


def main():
    command, package, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    draw = random.Random(sys.argv[4] if len(sys.argv) > 4 else "1")
    libraries = install(package, folder)
    sizes = models_of_record()
    kinds = collections.Counter()
    with tempfile.TemporaryDirectory() as models:
        model_files.write_gguf(models, *model_files.gguf_sizes())
        for name, size in sizes.items():
            mode = "real" if size <= MOST_REAL_BYTES else "simulated"
            start = time.monotonic()
            for kind, text in compare_model(command, libraries, os.path.join(models, f"{name}.gguf"), mode, draw):
                kinds[kind] += 1
                if text:
                    print(f"{name}: {text}")
            print(f"{name}: {mode}, {time.monotonic() - start:.1f} s", flush=True)
    print(f"{len(sizes)} models: {dict(kinds)}")
    return 1 if kinds["differs"] or not kinds["equal"] else 0


if __name__ == "__main__":
    sys.exit(main())
