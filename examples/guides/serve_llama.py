"""Starts llama-server with the longest context that fits in the budget of `rein run`.

usage: serve_llama.py MODEL COMPUTE_MIB [OPTION...]
COMPUTE_MIB are the compute buffers for the longest context. Options are those of llama-server.
"""
import bisect
import json
import os
import subprocess
import sys

STEP_BYTES = 2 << 20  # the granularity of the device
CONTEXT_STEP = 256    # llama.cpp rounds a context up to it


def inspect(model, tokens):
    call = ["rein", "inspect", model, "--context", str(tokens), "--parallel", "1", "--json"]
    return json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout)


def main():
    model, compute_mib, *options = sys.argv[1:]

    def need(tokens):
        facts = inspect(model, tokens)
        parts = facts["weights"]["device_bytes"], facts["state"]["device_bytes"], int(compute_mib) << 20
        return sum(-(-part // STEP_BYTES) * STEP_BYTES for part in parts)

    trained = inspect(model, 0)["context"]["tokens"]
    lengths = range(CONTEXT_STEP, trained + 1, CONTEXT_STEP)
    fitting = bisect.bisect_right(lengths, int(os.environ["REIN_MEMORY_LIMIT_BYTES"]), key=need)
    if fitting == 0:
        sys.exit(f"{model}: no context fits in the budget")
    os.execvp("llama-server", ["llama-server", "--model", model, "--ctx-size", str(lengths[fitting - 1]),
                               "--parallel", "1", "--n-gpu-layers", "all", "--fit", "off", *options])


main()
