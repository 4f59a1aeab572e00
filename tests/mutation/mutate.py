#!/usr/bin/env python3
"""mutate.py BUILD_FOLDER [--sample N | --all] [--seed S] [--file F]... [--without PROGRAM]...
          [--slowest SECONDS] [--jobs J]

Mutation testing of src/host, src/nvml and src/cuda: makes small faults in them, one at a time, and checks
whether a test notices. BUILD_FOLDER must have been built by ninja with the tests (the preset
`mutation`).

Only the file of a mutant is compiled. Its object is linked into the test programs ahead of the
archives, in a folder of its own. The programs that run the mutant's function try it, the quickest
first; the program that noticed the last mutant of the file goes before all others. If all of them
miss the mutant, the quick ones try it again with AddressSanitizer, UndefinedBehaviorSanitizer and
leak detection, in the mutant and the contract library. A mutant with the same machine code at -O2
as the original is not counted.

A program may use ten times the processor time that it takes without a mutant, which does not depend
on the load of the machine. A program that waits forever is ended by a wall-clock limit. That counts
only if the program without the mutant is not equally slow at that moment.

Prints how many mutants were killed, timed out, do not compile, and survived, and each survivor as
`FILE:LINE: TEXT  =>  TEXT OF THE MUTANT`. Mutants in survivors.txt, which gives the reason why no
test can notice them, are not counted. All listed mutants of the chosen files are tried; a noticed
one is an error. A listed mutant whose line has changed or whose file does not exist is printed, so
that it can be removed or quoted again. Exits with 1 on an error, or if fewer than 95 % of the
others were noticed. Exits with 2 if it cannot begin, because nothing is built or a test fails
without a mutant.
"""
import argparse
import collections
import concurrent.futures
import functools
import json
import math
import os
import pathlib
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

from mutants import mutants_of, read_enums
from reach import Instrumented

ROOT = pathlib.Path(__file__).resolve().parents[2]
SURVIVORS = pathlib.Path(__file__).with_name("survivors.txt")
HOST_ARCHIVES = {f"src/host/librein_{name}.a" for name in ("contract", "plan", "node")}
LABELS = {"host", "sim", "stress", "oracle"}
SANITIZED = ["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]
NOTICED_PERCENT_MIN = 95
CPU_LIMIT_MIN_S = 4
CLOCK_LIMIT_MIN_S = 20
LIMIT_FACTOR = 10
SANITIZED_SECONDS_MAX = 3
KILLED, TIMED_OUT, SURVIVED = "killed", "timed out", "survived"
NOT_COMPILING, SAME_CODE = "not compiling", "same machine code"


class Program:
    """A test program: its ctest entry, its link command, its running time."""

    def __init__(self, entry, build):
        properties = {item["name"]: item["value"] for item in entry.get("properties", [])}
        self.name = entry["name"]
        self.binary = os.path.relpath(entry["command"][0], build)
        self.arguments = entry["command"][1:]
        self.environment = dict(item.split("=", 1) for item in properties.get("ENVIRONMENT", []))
        self.labels = set(properties.get("LABELS", []))
        self.is_judged_by_output = "PASS_REGULAR_EXPRESSION" in properties
        self.fails = [re.compile(text) for text in properties.get("FAIL_REGULAR_EXPRESSION", [])]
        if self.labels & {"host", "sim"} and "--verbose" in self.arguments:
            self.arguments.append("--fail-fast")  # Criterion's
        self.seconds = self.cpu_seconds = 60.0  # until they are measured
        self.symbols = set()
        self.reached = set()
        self.link = []

    def run(self, binary, original, folder):
        """KILLED, TIMED_OUT or SURVIVED; `original` is the binary without a mutant."""
        while True:
            limit = max(CLOCK_LIMIT_MIN_S, LIMIT_FACTOR * self.seconds)
            verdict = self.run_once(binary, folder, limit)
            if verdict is not None:
                return verdict
            start = time.monotonic()
            self.run_once(original, folder, None)
            self.seconds = time.monotonic() - start
            if LIMIT_FACTOR * self.seconds <= limit:
                return TIMED_OUT

    def run_once(self, binary, folder, clock_limit, **environment):
        """As run, but returns None if the wall-clock limit ended the program."""
        cpu_limit = math.ceil(max(CPU_LIMIT_MIN_S, LIMIT_FACTOR * self.cpu_seconds))
        with subprocess.Popen(
                ["prlimit", f"--cpu={cpu_limit}:{cpu_limit + 1}", binary, *self.arguments],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True,
                env=os.environ | self.environment | {"TMPDIR": str(folder)} | environment
        ) as process:
            try:
                output, _ = process.communicate(timeout=clock_limit)
            except subprocess.TimeoutExpired:
                return None
            finally:
                kill_group(process.pid)
        text = output.decode(errors="replace")
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return TIMED_OUT
        is_red = process.returncode != 0 or any(fail.search(text) for fail in self.fails)
        return KILLED if is_red else SURVIVED


def stop(message):
    """Prints why the run cannot begin or continue, and exits."""
    print(f"mutate: {message}", file=sys.stderr)
    sys.exit(2)


def kill_group(group):
    """Kills processes that a program left behind: Criterion runs each test in its own process."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def output_of(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def functions_of(file, kinds):
    """Functions of the given nm kinds: "T" external, "tT" all. Archives rename internal ones."""
    lines = output_of("nm", "--defined-only", file).splitlines()
    return {line.split()[2] for line in lines
            if line.split()[1] in kinds}


class Build:
    def __init__(self, folder, scratch):
        self.folder = folder.resolve()
        listing = self.folder / "compile_commands.json"
        if not listing.is_file():
            stop(f"there is no {listing}, expected what `cmake --preset mutation` sets up")
        commands = json.loads(listing.read_text())
        self.compile, self.object = {}, {}
        for entry in commands:
            file = os.path.relpath(entry["file"], ROOT)
            if re.match(r"src/(host|nvml|cuda)/", file):
                words = shlex.split(entry["command"])
                at = words.index("-o")
                self.object[file] = self.folder / words[at + 1]
                self.compile[file] = words[:at] + ["-O2", "-g0", "-w", "-x", "c"]
        self.programs = self.find_programs()
        self.archive = scratch / "host.a"
        host = [file for file in self.object if file.startswith("src/host/")]
        output_of("ar", "qc", self.archive, *(self.object[file] for file in host))
        self.sanitized_archive = scratch / "sanitized.a"
        output_of("ar", "qc", self.sanitized_archive,
                  *(self.sanitize(file, scratch) for file in host))

    def sanitize(self, file, scratch):
        """Compiles the file with the sanitizers; returns the object."""
        sanitized = scratch / f"{file.replace('/', '_')}.o"
        if not self.compile_to(file, (ROOT / file).read_text(), sanitized, SANITIZED):
            stop(f"{file} does not compile with {' '.join(SANITIZED)}")
        return sanitized

    def find_programs(self):
        tests = json.loads(output_of("ctest", "--show-only=json-v1", cwd=self.folder))["tests"]
        programs = [Program(entry, self.folder) for entry in tests
                    if entry.get("command", [""])[0].startswith(f"{self.folder}/")]
        programs = [program for program in programs if program.labels & LABELS
                    and not program.labels & {"thorough", "soak"}
                    and not program.is_judged_by_output]
        for program in programs:
            command = output_of("ninja", "-C", self.folder, "-t", "commands", "-s", program.binary)
            words = shlex.split(command.strip().splitlines()[-1])
            program.link = words[words.index("&&") + 1:len(words) - 2]
            program.symbols = functions_of(self.folder / program.binary, "tT")
        return programs

    @functools.cache
    def programs_of(self, file):
        """The programs that contain the file's functions."""
        symbols = functions_of(self.object[file], "T")
        return [program for program in self.programs if symbols <= program.symbols]

    def leave_out(self, is_unwanted):
        self.programs = [program for program in self.programs if not is_unwanted(program)]
        self.programs_of.cache_clear()

    def compile_to(self, file, text, out_object, flags):
        """Compiles the text under the file's name and line numbers. Returns whether it compiles."""
        source = f'# 1 "{file}"\n{text}'
        return subprocess.run(
            [*self.compile[file], *flags, "-c", "-", "-o", out_object], input=source, text=True,
            cwd=self.folder, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def link_to(self, program, objects, out_binary, flags):
        """Links the program with the objects, ahead of the archives."""
        archive = str(self.sanitized_archive if flags == SANITIZED else self.archive)
        words = [archive if word in HOST_ARCHIVES else word for word in program.link]
        words[words.index("-o") + 1] = str(out_binary)
        first = next(at for at, word in enumerate(words) if word.endswith(".o"))
        words[first:first] = [*flags, *map(str, objects)]
        subprocess.run(words, cwd=self.folder, check=True)


class Trial:
    """Tries the mutants of all files with the programs. Threads share the order of programs."""

    def __init__(self, build, sources):
        self.build = build
        self.sources = sources
        self.lock = threading.Lock()
        self.originals = {}
        self.order = {}

    def prepare(self, file, folder):
        stem = pathlib.Path(file).stem
        self.order[file] = collections.deque(sorted(
            self.build.programs_of(file),
            key=lambda program: (stem not in program.name, program.seconds)))
        original = folder / "original.o"
        compiles = self.build.compile_to(file, self.sources[file], original, [])
        if not compiles or not self.order[file]:
            stop(f"{file} does not compile, or no program of the tests holds it")
        self.originals[file] = original.read_bytes()

    def judge(self, mutant):
        """(verdict, the program that noticed, or None)"""
        text = mutant.apply(self.sources[mutant.file])
        with tempfile.TemporaryDirectory(prefix="mutant_") as name:
            folder = pathlib.Path(name)
            mutated = folder / "mutant.o"
            if not self.build.compile_to(mutant.file, text, mutated, []):
                return NOT_COMPILING, None
            if mutated.read_bytes() == self.originals[mutant.file]:
                return SAME_CODE, None
            verdict, program = self.run_programs(mutant, mutated, folder, [])
            if verdict == SURVIVED:
                self.build.compile_to(mutant.file, text, mutated, SANITIZED)
                verdict, program = self.run_programs(mutant, mutated, folder, SANITIZED)
            return verdict, program

    def programs_for(self, mutant):
        """The programs that run the mutant's function; all if none is known to."""
        with self.lock:
            programs = list(self.order[mutant.file])
        place = (mutant.file, mutant.line)
        return [program for program in programs if place in program.reached] or programs

    def run_programs(self, mutant, mutated, folder, flags):
        for program in self.programs_for(mutant):
            if flags and program.cpu_seconds > SANITIZED_SECONDS_MAX:
                continue
            binary = folder / "program"
            self.build.link_to(program, [mutated], binary, flags)
            verdict = program.run(binary, self.build.folder / program.binary, folder)
            if verdict != SURVIVED:
                with self.lock:
                    self.order[mutant.file].remove(program)
                    self.order[mutant.file].appendleft(program)
                return verdict, program.name
        return SURVIVED, None


def read_listed():
    """{key of the mutant: reason}, from lines `FILE: TEXT  =>  TEXT` with an indented reason."""
    listed, key = {}, None
    for number, line in enumerate(SURVIVORS.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            if key is None:
                stop(f"{SURVIVORS.name}:{number}: a reason without a mutant")
            listed[key] = f"{listed[key]} {line.strip()}".strip()
        else:
            file, _, texts = line.partition(": ")
            before, _, after = texts.partition("  =>  ")
            key = (file, before.strip(), after.strip())
            listed[key] = ""
    for file, before, after in (key for key, reason in listed.items() if not reason):
        stop(f"{SURVIVORS.name}: no reason given for {file}: {before}  =>  {after}")
    return listed


def parse_arguments():
    parser = argparse.ArgumentParser(description="Mutation testing of src/host, src/nvml and src/cuda.")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--sample", type=int, metavar="N", default=200,
                        help="how many mutants, drawn from all of them (default: 200)")
    parser.add_argument("--seed", type=int, metavar="S", default=1, help="of the draw (default: 1)")
    parser.add_argument("--file", action="append", metavar="F",
                        help="of this file, as src/host/contract/ledger.c; may be repeated (default: all)")
    parser.add_argument("--all", action="store_true", help="every mutant: hours")
    parser.add_argument("--without", action="append", metavar="PROGRAM", default=[],
                        help="leave out this test, as plan_record; may be repeated")
    parser.add_argument("--slowest", type=float, metavar="SECONDS", default=math.inf,
                        help="leave out programs that take longer by themselves (default: none)")
    parser.add_argument("--jobs", type=int, metavar="J", default=os.cpu_count())
    return parser.parse_args()


def choose(arguments, sources, listed):
    """The unlisted mutants of the sample, all listed ones of the files, the count of all."""
    enums = read_enums(path.read_text() for folder in ("include", "src")
                       for path in sorted((ROOT / folder).rglob("*.[ch]")))
    mutants = [mutant for file, source in sorted(sources.items())
               for mutant in mutants_of(file, source, enums)]
    count = len(mutants) if arguments.all else min(arguments.sample, len(mutants))
    drawn = random.Random(arguments.seed).sample(mutants, count)
    is_listed = {mutant: mutant.key(sources[mutant.file]) in listed for mutant in mutants}
    return ([mutant for mutant in drawn if not is_listed[mutant]],
            [mutant for mutant in mutants if is_listed[mutant]], len(mutants))


def children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_programs(build, sources, scratch):
    """Runs each program without a mutant to measure its time and the functions that it runs."""
    instrumented = Instrumented(build, sources, scratch / "instrumented")
    for program in build.programs:
        with tempfile.TemporaryDirectory(prefix="mutant_") as name:
            folder = pathlib.Path(name)
            instrumented.link(program, folder / "program")
            start, cpu_start = time.monotonic(), children_cpu_seconds()
            verdict = program.run_once(folder / "program", folder, None,
                                       GCOV_PREFIX=str(folder / "reached"))
            program.seconds = time.monotonic() - start
            program.cpu_seconds = children_cpu_seconds() - cpu_start
            program.reached = instrumented.reached(folder / "reached")
        if verdict != SURVIVED:
            stop(f"{program.name} fails without a mutant: {verdict}")


def check_listed(listed, excused, verdicts, sources):
    """Whether all listed mutants of these files survived. Prints the noticed and the stale ones."""
    keys = {mutant: mutant.key(sources[mutant.file]) for mutant in excused}
    noticed = {keys[mutant] for mutant in excused
               if verdicts[mutant][0] not in (SURVIVED, SAME_CODE)}
    stale = {key for key in listed if key[0] in sources} - set(keys.values())
    for file, before, after in sorted(stale):
        print(f"{SURVIVORS.name}: the line has changed: {file}: {before}  =>  {after}")
    for file in sorted({file for file, _, _ in listed if not (ROOT / file).is_file()}):
        print(f"{SURVIVORS.name}: {file} does not exist")
    for file, before, after in sorted(noticed):
        print(f"{SURVIVORS.name}: does not survive: {file}: {before}  =>  {after}")
    return not noticed


def try_all(trial, mutants, listed, scratch, jobs):
    """{mutant: (verdict, program that noticed)}. Prints each survivor that is not listed."""
    for file in sorted({mutant.file for mutant in mutants}):
        trial.prepare(file, scratch)
    verdicts = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for mutant, verdict in zip(mutants, pool.map(trial.judge, mutants)):
            verdicts[mutant] = verdict
            _, before, after = key = mutant.key(trial.sources[mutant.file])
            if verdict[0] == SURVIVED and key not in listed:
                print(f"{mutant.file}:{mutant.line}: {before}  =>  {after}", flush=True)
    return verdicts


def report_score(arguments, counts, total, excused_count):
    """Prints the score; returns the percentage that was noticed."""
    noticed = counts[KILLED] + counts[TIMED_OUT]
    judged = noticed + counts[SURVIVED]
    percent = 100 * noticed / judged if judged else 100
    print(f"{sum(counts.values())} of {total} mutants (seed {arguments.seed}): "
          + ", ".join(f"{counts[verdict]} {verdict}" for verdict in
                      (KILLED, TIMED_OUT, SURVIVED, NOT_COMPILING, SAME_CODE))
          + f"; {excused_count} listed in {SURVIVORS.name}")
    print(f"noticed: {noticed} of {judged} ({percent:.1f} %), expected {NOTICED_PERCENT_MIN} %")
    return percent


def run(arguments, scratch):
    build = Build(arguments.build, scratch)
    files = arguments.file or sorted(build.compile)
    for file in files:
        if file not in build.compile:
            stop(f"{file} is not a .c file of src/host, src/nvml or src/cuda, or was not built")
    sources = {file: (ROOT / file).read_text() for file in files}
    listed = read_listed()
    chosen, excused, total = choose(arguments, sources, listed)
    needed = {program for file in files for program in build.programs_of(file)}
    build.leave_out(lambda program: program not in needed or program.name in arguments.without)
    measure_programs(build, sources, scratch)
    build.leave_out(lambda program: program.seconds > arguments.slowest)
    verdicts = try_all(Trial(build, sources), chosen + excused, listed, scratch,
                       arguments.jobs)
    is_list_right = check_listed(listed, excused, verdicts, sources)
    counts = collections.Counter(verdicts[mutant][0] for mutant in chosen)
    percent = report_score(arguments, counts, total, len(excused))
    return 0 if is_list_right and percent >= NOTICED_PERCENT_MIN else 1


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="mutants_") as scratch:
        return run(arguments, pathlib.Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
