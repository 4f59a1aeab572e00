"""Checks the options that the scripts of docs/guides/engines.md compute, over many budgets and devices,
against the rules that the engines publish. The scripts are the page's own; the engines are the stand-ins
of the page, which print how they were called.
usage: engine_options.py REIN FOLDER
"""
import ast
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

MIB = 1 << 20
GIB = 1 << 30
ROOT = pathlib.Path.cwd()
PAGE = pathlib.Path("docs/guides/engines.md")
GUIDES = ROOT / "examples/guides"
SAVED = re.compile(r"<!-- save: (\S+) -->\n```\w+\n(.*?)^```\n", re.S | re.M)
MODELS = {"llama-3.1-8b.Q4_K_M": 4912916288, "gemma-3-4b.Q4_K_M": 2483245568, "llama-3.2-1b.Q4_K_M": 803903392}
rng = random.Random(20)


class Node:
    """A folder with the page's files, and what the scripts print in it."""

    def __init__(self, rein, folder):
        self.rein = pathlib.Path(rein).resolve()
        self.folder = pathlib.Path(folder).resolve()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "state").mkdir(parents=True)
        for name, text in SAVED.findall(PAGE.read_text(encoding="utf-8")):
            (self.folder / name).write_text(text, encoding="utf-8")
        subprocess.run(["tar", "-xJf", ROOT / "tests/models/gguf/heads.tar.xz", *MODELS], cwd=self.folder, check=True)
        for name, size in MODELS.items():
            os.truncate(self.folder / name, size)
        (self.folder / "python3").symlink_to(sys.executable)
        stand_ins = str(GUIDES / "stand-ins")
        self.environment = dict(os.environ, PATH=f"{stand_ins}:{self.rein.parent}:{self.folder}:{os.environ['PATH']}",
                                PYTHONPATH=stand_ins, PYTHONDONTWRITEBYTECODE="1",
                                REIN_STATE_DIR=str(self.folder / "state"))

    def call(self, *arguments, **variables):
        variables = {name: str(value) for name, value in variables.items()}
        return subprocess.run([str(word) for word in arguments], cwd=self.folder, env={**self.environment, **variables},
                              text=True, capture_output=True, check=False)

    def printed(self, *arguments, limit, **variables):
        run = self.call(*arguments, REIN_MEMORY_LIMIT_BYTES=limit, **variables)
        assert run.returncode == 0, f"{arguments}: {run.stderr}"
        return run.stdout

    def set_profile(self, total):
        path = self.folder / "gpu.yaml"
        path.write_text(re.sub(r"(?m)^total: .*", f"total: {total}B", path.read_text(encoding="utf-8")))


def budgets(count):
    """Yields totals of devices with budgets of any size, and with those that exact shares make."""
    for _ in range(count):
        total = rng.randrange(4 * GIB, 192 * GIB)
        yield total, rng.randrange(total // 1000, total + 1)
        total -= total % 10000
        exact = total // 10000 * rng.randrange(1, 10000)
        yield from ((total, exact - 1), (total, exact), (total, exact + 1), (total, total))


def vllm_bytes(total, share):
    return math.ceil(total * share)


def check_vllm(node):
    for total, limit in budgets(4):
        shown = node.printed("sh", "serve-vllm", limit=limit, REIN_DEVICE_TOTAL_BYTES=total).split()[-1]
        tens = int(shown.removeprefix("0."))
        assert re.fullmatch(r"0\.\d{4}", shown), shown
        assert vllm_bytes(total, float(shown)) <= limit, f"{shown} of {total} is above {limit}"
        assert (tens + 1) * total >= limit * 10000, f"{shown} of {total} is not the largest share within {limit}"
    refused = node.call("sh", "serve-vllm", REIN_MEMORY_LIMIT_BYTES=GIB)
    assert refused.returncode != 0 and "vllm" not in refused.stdout, refused
    return "vLLM"


def check_vllm_back(node):
    """A budget that was computed from a share gives that share, or the next smaller one if both are exact."""
    for _ in range(6):
        total, tens = rng.randrange(4 * GIB, 192 * GIB), rng.randrange(1, 10000)
        shown = node.printed("sh", "serve-vllm", limit=vllm_bytes(total, tens / 10000),
                             REIN_DEVICE_TOTAL_BYTES=total).split()[-1]
        assert int(shown.removeprefix("0.")) == tens - (tens * total % 10000 == 0), (total, tens, shown)
    return "vLLM's budgets"


def check_torch(node):
    for total, limit in budgets(4):
        shown = node.printed("python3", "train.py", limit=limit, STAND_IN_TOTAL_BYTES=total).split()[-1]
        allowed = int(float(shown) * total)
        assert limit - 1 <= allowed <= limit, f"{shown} of {total} allows {allowed} of {limit}"
    return "PyTorch"


def arena_bytes(requests, limit, is_doubling):
    """Returns what an arena of ONNX Runtime allocates for requests that are all alive; None if it refuses."""
    total, region, free = 0, MIB, []
    for request in requests:
        request = -(-request // 256) * 256
        place = next((at for at, size in enumerate(free) if size >= request), None)
        if place is not None:
            free[place] -= request
            continue
        available = (limit - total) // 256 * 256
        if request > available:
            return None
        extension = request
        if is_doubling:
            is_larger = request > region
            while request > region:
                region *= 2
            extension = min(region, available)
            region *= 1 if is_larger else 2
        total += extension
        free.append(extension - request)
    return total


def check_onnxruntime(node):
    requests = [16 * GIB, 7 * GIB]
    assert arena_bytes(requests, 64 * GIB, True) == 32 * GIB
    assert arena_bytes(requests, 64 * GIB, False) == 23 * GIB
    assert "takes 32 GiB" in (page := PAGE.read_text(encoding="utf-8")) and "takes 23 GiB" in page
    outside = 256 * MIB
    for _ in range(5):
        limit = rng.randrange(GIB, 64 * GIB)
        name, options = ast.literal_eval(node.printed("python3", "rank.py", limit=limit))
        assert name == "CUDAExecutionProvider" and options["arena_extend_strategy"] == "kSameAsRequested", options
        assert options["gpu_mem_limit"] + outside == limit, options
        requests = [rng.randrange(1, limit // 8) for _ in range(8)]
        for is_doubling in (False, True):
            held = arena_bytes(requests, options["gpu_mem_limit"], is_doubling)
            assert held is None or held <= options["gpu_mem_limit"], (requests, held)
    return "ONNX Runtime"


def device_bytes(node, model, tokens, sequences, step=1):
    """Returns the bytes of weights and cache on the device, each in steps."""
    run = node.call(node.rein, "inspect", model, "--context", tokens, "--parallel", sequences, "--json")
    facts = json.loads(run.stdout)
    return sum(-(-facts[part]["device_bytes"] // step) * step for part in ("weights", "state"))


def check_ollama(node):
    shutil.copyfile(node.folder / "llama-3.2-1b.Q4_K_M", node.folder / "small.gguf")
    need = device_bytes(node, "small.gguf", 16384, 2) + 300 * MIB
    for limit in [need, 2 * need - 1, 2 * need, *(rng.randrange(need, 20 * need) for _ in range(3))]:
        options = dict(re.findall(r"(?m)^OLLAMA_(\w+)=(\S+)$", node.printed("sh", "serve-ollama", limit=limit)))
        models = int(options["MAX_LOADED_MODELS"])
        assert models * need <= limit < (models + 1) * need, (models, limit)
        assert int(options["NUM_PARALLEL"]) * int(options["CONTEXT_LENGTH"]) == 16384, options
    refused = node.call("sh", "serve-ollama", REIN_MEMORY_LIMIT_BYTES=need - 1)
    assert refused.returncode != 0 and "ollama serve" not in refused.stdout, refused
    return "Ollama"


def fits(node, model, tokens, limit):
    """Says whether `rein check` finds that the model fits in the budget."""
    node.set_profile(512 * GIB)
    manifest = {"schema": 1, "device": {"profile": "gpu.yaml"}, "models": [
        {"id": "chat", "file": model, "budget": {"memory": f"{limit}B", "streams": 1, "compute": "1s"},
         "engine": {"context": tokens, "parallel": 1}, "activations": "600MiB"}]}
    (node.folder / "chat.json").write_text(json.dumps(manifest), encoding="utf-8")
    run = node.call(node.rein, "check", "chat.json")
    assert run.returncode in (0, 1), run.stdout + run.stderr
    return run.returncode == 0


def check_llama(node):
    script = GUIDES / "serve_llama.py"
    for model, trained in (("llama-3.1-8b.Q4_K_M", 131072), ("gemma-3-4b.Q4_K_M", 131072)):
        least, most = (device_bytes(node, model, tokens, 1, 2 * MIB) + 600 * MIB for tokens in (256, trained))
        for limit in least, most, rng.randrange(least, most):
            words = node.printed("python3", script, model, 600, limit=limit).split()
            tokens = int(words[words.index("--ctx-size") + 1])
            assert tokens % 256 == 0 and fits(node, model, tokens, limit), (model, tokens, limit)
            assert tokens == trained or not fits(node, model, tokens + 256, limit), (model, tokens, limit)
            assert words[words.index("--fit") + 1] == "off", words
        refused = node.call("python3", script, model, 600, REIN_MEMORY_LIMIT_BYTES=least - 1)
        assert refused.returncode != 0 and "llama-server" not in refused.stdout, refused
    return "llama-server"


def main():
    node = Node(*sys.argv[1:])
    checks = check_vllm, check_vllm_back, check_torch, check_onnxruntime, check_ollama, check_llama
    print("options of", ", ".join(check(node) for check in checks))


main()
