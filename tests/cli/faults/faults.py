"""Makes each call of the command to the C library fail once. The run must succeed, or end with a
message and leave nothing behind. Arguments: the command, and the library that makes calls fail.

REIN_FAULTS=all fails every call. By default, fails each of the first sixty and some of the others."""

import errno
import gzip
import json
import os
import re
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))

import rein_case
from model_files import onnx, safetensors, write_gguf
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, ReinCase
from reservations_case import GPU, HOLD, ONE
from test_inspect import CONFIG, GRAPH

FAIL_CALLS = ""
IS_WHOLE = os.environ.get("REIN_FAULTS") == "all"
ALLOCATIONS = ("malloc", "calloc", "realloc")
# Text that differs between runs, and the width of the column of times.
VOLATILE = re.compile(r' *\d+(\.\d+)? (ns|us|ms|s)\b|"[a-z_]*_ns": ?\d+|time="[0-9.]+"| +TIME\b')
OLD = "precious"
# Calls that may fail without an effect: the result is then still complete. The command must report the
# failure of any other call.
TOLERATED = {
    "malloc": "libc goes on without a buffer or a translation",
    "calloc": "as malloc",
    "realloc": "as malloc",
    "close": "of a file that was read; fsync has told of what was written",
    "fstat": "stdio then chooses another size of its buffer",
    "getdents64": "the search for removed reservations is best effort",
    "sched_getaffinity": "one thread plans",
    "pthread_create": "fewer threads plan",
}

# The arguments of a run and the files that it writes.
RUNS = {
    "check": (["check", "fleet.yaml"], ()),
    "check of several": (["check", "several.yaml", "--explain"], ()),
    "check as JSON": (["check", "several.yaml", "--json", "--svg", "link.svg"], ("out.svg",)),
    "check of many models as JSON": (["check", "many.yaml", "--json"], ()),
    "check as JUnit": (["check", "fleet.json", "--format", "junit"], ()),
    "check as annotations": (["check", "several.yaml", "--format", "github"], ()),
    "check of a bad manifest": (["check", "bad.yaml"], ()),
    "check of a file that is too large": (["check", "large.yaml"], ()),
    "check of the largest context": (["check", "engine.yaml", "--largest", "context"], ()),
    "plan": (["plan", "small.csv", "--csv", "out.csv", "--svg", "out.svg",
              "--certificate", "out.certificate"], ("out.csv", "out.svg", "out.certificate")),
    "plan as JSON": (["plan", "small.csv.gz", "--json"], ()),
    "plan of a large file": (["plan", "large.csv.gz"], ()),
    "plan of a hard one": (["plan", "hard.csv", "--effort", "2000", "--certificate", "out.proof"],
                           ("out.proof",)),
    "plan of a folder": (["plan", "many", "--csv", "outputs", "--jobs", "2"],
                         ("outputs/a.csv", "outputs/b.csv")),
    "plan of a folder as JSON": (["plan", "many", "--json", "--jobs", "1"], ()),
    "verify": (["verify", "hard.csv", "hard.proof"], ()),
    "init": (["init", "new.yaml"], ("new.yaml",)),
    "inspect of GGUF": (["inspect", "alltypes.gguf", "--context", "8192"], ()),
    "inspect of a directory": (["inspect", "model", "--context", "8192"], ()),
    "inspect of ONNX as JSON": (["inspect", "m.onnx", "--bind", "batch=2", "--json"], ()),
    "status": (["status"], ()),
    "status as JSON": (["status", "--json", "--device", "gpu.yaml"], ()),
    "status as metrics": (["status", "--prometheus"], ()),
    "run": (["run", *ONE, "--", "true"], ()),
    "run by a manifest": (["run", "--manifest", "gpu_fleet.yaml", "--model", "small", "--",
                           "true"], ()),
    "help": (["help", "check"], ()),
    "a wrong option": (["check", "--jsno", "fleet.yaml"], ()),
}


class Faults(ReinCase):
    def setUp(self):
        super().setUp()
        self.contents = {}
        self.write("small.csv.gz", gzip.compress(rein_case.LIFETIMES.encode()))
        # More than is inflated at once.
        self.write("large.csv.gz", gzip.compress(b"id,lower,upper,size\n" + b"x" * 2 ** 17 +
                                                 b",0,1,1\n"))
        self.write("hard.csv", HARD)
        self.write("gpu.yaml", GPU)
        self.write("gpu_fleet.yaml", rein_case.MANIFEST.replace("device.yaml", "gpu.yaml"))
        self.write("several.yaml", rein_case.MANIFEST.replace("device.yaml", "gpu.yaml") +
                   rein_case.MANIFEST.split("models:\n")[1].replace("small", "other", 1) +
                   rein_case.MANIFEST.split("models:\n")[1].replace("id: small", "id: huge")
                   .replace("100MiB", "8GiB"))
        # More than the initial capacity of a JSON array.
        self.write("many.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n" + "".join(
            f"  - {{id: m{index}, budget: {{memory: 1MiB, streams: 1, compute: 1ms}}}}\n"
            for index in range(33)))
        write_gguf(self.folder, "alltypes")
        self.write("engine.yaml", rein_case.MANIFEST.split("    weights:")[0] + "    file: alltypes.gguf\n")
        os.mkdir(self.path("model"))
        self.write("model/a.safetensors", safetensors({"a": ("F16", [4], 8)}))
        self.write("model/model.safetensors.index.json", '{"weight_map": {"a": "a.safetensors"}}')
        self.write("model/config.json", json.dumps(CONFIG))
        self.write("m.onnx", onnx(**GRAPH, external="m.data"))
        self.write("m.data", bytes(1024))
        self.write("large.yaml", b"\0" * (16 * 2 ** 20 + 1))
        self.write("bad.yaml", "schema: 1\nmodels: [{id: a, bugdet: 1}, x]\n")
        self.write("fleet.json", '{"schema": 1, "device": {"profile": "device.yaml"}, "models": '
                   '[{"id": "a", "budget": {"memory": "1MiB", "streams": 1, "compute": "1ms"}}]}')
        for folder in ("many", "outputs", "mps"):
            os.mkdir(self.path(folder))
        self.write("mps/control", "")
        self.write("many/a.csv", rein_case.LIFETIMES)
        self.write("many/b.csv", HARD)
        self.run_rein("plan", "hard.csv", "--certificate", "hard.proof")
        self.write("out.svg", OLD)
        os.symlink("out.svg", self.path("link.svg"))

    def environment(self, variables=None):
        return super().environment({"CUDA_VISIBLE_DEVICES": "0",
                                    "CUDA_MPS_PIPE_DIRECTORY": self.path("mps"),
                                    **(variables or {})})

    def files(self):
        """Yields the paths of all files, relative to the folder."""
        for folder, _, names in os.walk(self.folder):
            for name in names:
                yield os.path.join(folder, name)[len(self.folder) + 1:]

    def content_of(self, name):
        """Returns a file's content or a link's target. Rereads a file only if it has changed."""
        path = self.path(name)
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return "-> " + os.readlink(path)
        version = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if self.contents.get(name, ("", ""))[0] != version:
            with open(path, encoding="latin-1") as file:
                self.contents[name] = version, VOLATILE.sub("#", file.read())
        return self.contents[name][1]

    def content(self):
        """Returns the content of all files, by name."""
        return {name: self.content_of(name) for name in self.files()}

    def put_back(self, before):
        for name in set(self.files()) - before.keys():
            os.remove(self.path(name))
        if self.content_of("out.svg") != OLD:
            self.write("out.svg", OLD)

    def run_failing(self, arguments, call, number, failure):
        """Returns the run and whether the call failed."""
        mark = self.path("mark")
        done = self.run_rein(*arguments, variables={
            "LD_PRELOAD": FAIL_CALLS, "REIN_FAIL_CALL": f"{call}:{number}:{failure}",
            "REIN_FAIL_MARK": mark})
        has_failed = os.path.exists(mark)
        if has_failed:
            os.remove(mark)
        return done, has_failed

    def expect_no_harm(self, done, usual, call, failure, before, written, outputs):
        self.assertGreaterEqual(done.returncode, 0, f"ended by a signal: {done.stderr}")
        after = self.content()
        for name in after:
            self.assertIn(name, {*before, *outputs}, "left behind")
        for name in before.keys() - set(outputs):
            self.assertEqual(after.get(name), before[name])
        for name in outputs:
            self.assertIn(after.get(name), (before.get(name), written[name]), "half-written")
        if self.result(done) == self.result(usual):
            self.assertEqual({name: after.get(name) for name in outputs}, written)
            self.assertIn(call, TOLERATED, "the failure was ignored")
            return
        # The verdict "does not fit" does not depend on other reservations.
        self.assertIn(done.returncode, {BAD_INPUT, CANNOT_TELL, usual.returncode} - {FITS},
                      f"{done.stdout}{done.stderr}")
        said = done.stderr or done.stdout
        self.assertRegex(said, r"\A([^\n]*\n)+\Z")
        self.assertRegex(said, os.strerror(failure) + "|unknown|nobody understands|out of memory|"
                         "locale C.UTF-8")

    @staticmethod
    def result(done):
        return done.returncode, done.stderr, VOLATILE.sub("#", done.stdout)

    def numbers(self):
        yield from range(1, 61)
        number = 61
        while True:
            yield number
            number += 1 if IS_WHOLE else 11

    def torture(self, name, call, failure):
        """Returns whether the run makes such a call."""
        arguments, outputs = RUNS[name]
        before = self.content()
        usual = self.run_rein(*arguments)
        written = {output: self.content()[output] for output in outputs}
        self.put_back(before)
        for number in self.numbers():
            with self.subTest(name=name, call=call, number=number, errno=failure):
                done, has_failed = self.run_failing(arguments, call, number, failure)
                try:
                    if not has_failed:
                        return number > 1
                    self.expect_no_harm(done, usual, call, failure, before, written, outputs)
                finally:
                    self.put_back(before)

    def test_allocations(self):
        for name in RUNS:
            for call in ALLOCATIONS:
                is_called = self.torture(name, call, errno.ENOMEM)
                self.assertTrue(is_called or call != "calloc", f"{name} allocates nothing")

    def test_calls_to_the_system(self):
        for call, failure in (("open", errno.EMFILE), ("fstat", errno.EIO), ("read", errno.EIO),
                              ("pread", errno.EIO),
                              ("write", errno.ENOSPC), ("fsync", errno.EIO), ("close", errno.EIO),
                              ("fchmod", errno.EPERM), ("rename", errno.EACCES),
                              ("link", errno.EMLINK), ("mkstemp", errno.EACCES),
                              ("realpath", errno.ENOMEM), ("setlocale", errno.ENOENT),
                              ("setenv", errno.ENOMEM), ("sched_getaffinity", errno.EINVAL),
                              ("pthread_create", errno.EAGAIN), ("strdup", errno.ENOMEM),
                              ("getdents64", errno.EIO)):
            self.assertTrue([name for name in RUNS if self.torture(name, call, failure)],
                            f"nobody calls {call}")

    def test_interrupted_calls_are_made_again(self):
        for call in ("read", "pread", "write"):
            for name, (arguments, _) in RUNS.items():
                before = self.content()
                usual = self.run_rein(*arguments)
                self.put_back(before)
                done, has_failed = self.run_failing(arguments, call, 1, errno.EINTR)
                self.put_back(before)
                with self.subTest(name=name, call=call):
                    self.assertTrue(has_failed or call != "write" or usual.stdout == "")
                    self.assertEqual(self.result(done), self.result(usual))


if __name__ == "__main__":
    FAIL_CALLS = os.path.realpath(sys.argv.pop(2))
    rein_case.main()
