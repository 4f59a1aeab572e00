"""The time that `rein run` adds to the start of a program, compared with `env`."""
import os
import shutil
import tempfile
import time

import host_tables
from statistics_of import percentiles, summary

DEVICE = """schema: 1
name: a device to measure with
source: synthetic
uuid: GPU-bench
total: 8GiB
context_overhead: 300MiB
granularity: 2MiB
"""
MANIFEST = """schema: 1
device: {profile: device.yaml}
models:
  - id: model
    budget: {memory: 512MiB, streams: 4, compute: 100ms}
    weights: 100MiB
    activations: 80MiB
"""


def start_ns(command, environment):
    start = time.perf_counter_ns()
    child = os.posix_spawn(command[0], command, environment)
    _, status = os.waitpid(child, 0)
    took = time.perf_counter_ns() - start
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with status {status}")
    return took


def take_turns(commands, environment, rounds):
    times = {subject: [] for subject in commands}
    for _ in range(rounds):
        for subject, command in commands.items():
            times[subject].append(start_ns(command, environment))
    return times


def write_file(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def rows(rein, is_quick):
    true = shutil.which("true")
    roles = {"rein run": "ours", "env": "peer", "the program alone": "limit"}
    with tempfile.TemporaryDirectory() as folder:
        write_file(folder, "device.yaml", DEVICE)
        manifest = write_file(folder, "fleet.yaml", MANIFEST)
        state = os.path.join(folder, "state")
        os.mkdir(state, 0o755)
        environment = {"PATH": os.environ["PATH"], "REIN_STATE_DIR": state}
        commands = {
            "rein run": [rein, "run", "--manifest", manifest, "--model", "model", "--", true],
            "env": [shutil.which("env"), true],
            "the program alone": [true],
        }
        take_turns(commands, environment, 1 if is_quick else 20)
        times = take_turns(commands, environment, 3 if is_quick else 400)
    return [{"table": host_tables.RUN, "case": "true", "subject": subject, "role": roles[subject],
             "status": "measured"} | summary(taken, "us") | percentiles(taken, "us")
            for subject, taken in times.items()]
