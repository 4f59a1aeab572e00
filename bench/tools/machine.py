"""The machine and tools of a measurement. No host names, no paths."""
import datetime
import os
import re
import shutil
import subprocess


def output_of(command):
    """Returns the output of a command, or an empty text if it is missing or fails."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return found.group(1) if found else os.uname().machine


def commit():
    known = output_of(["git", "rev-parse", "--short=12", "HEAD"])
    changed = output_of(["git", "status", "--porcelain", "--untracked-files=no"])
    return known + ("-changed" if known and changed else "")


def load():
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def context(build, load_before):
    release = re.search(r"release ([0-9.]+)", output_of(["nvcc", "--version"]))
    known = {
        "part": "host",
        "compiler": build["compiler"],
        "flags": build["flags"],
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "toolkit": release.group(1) if release else "",
        "driver": output_of(["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "load": f"{load_before} before, {load()} after",
    }
    return {key: value for key, value in known.items() if value != ""}


def kind(context_of_part):
    """Returns a file name for this kind of machine."""
    device = context_of_part.get("device")
    name = f"{device + ' ' if device else ''}{context_of_part.get('cpu', 'unknown')}"
    plain = re.sub(r"\(R\)|\(TM\)|CPU|Processor|@.*", " ", name)
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return f"{words}-{context_of_part.get('cores', 0)}-cores"
