"""rein run --measure, with a fake NVML that reads its answers from files at each query."""

import os
import pty
import resource
import signal
import subprocess
import time

import rein_case
from messages import faults_of
from model_files import write_gguf
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT
from reservations_case import GPU, MIB, ONE, ReservationsCase

FILE = "measured.yaml"
RESERVED = 564  # MiB
# Each process of three prints its id; the last one waits for a line.
TREE = """\
echo $$
if [ $1 -gt 0 ]; then sh tree.sh $(($1 - 1)); else read line; fi
exit 0
"""
# Leaves a child that waits for a line behind.
ORPHAN = "exec 3<&0; sh -c 'echo $$; read line <&3; exit 9' & exit 5"
HOLD = ["sh", "-c", "echo $$; read line; exit 7"]
SIGNALS = ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2"]
# Leaves the process group and waits for the file "go". Then writes how often it got the signal of its first
# argument. With a second argument, it sends the signal to its parent.
APART = """\
import os
import signal
import sys
count = 0
def note(number, frame):
    global count
    count += 1
number = getattr(signal, sys.argv[1])
signal.signal(number, note)
os.setpgid(0, 0)
if sys.argv[2:]:
    os.kill(os.getppid(), number)
print("ready", flush=True)
while not os.path.exists("go"):
    os.sched_yield()
with open("count.new", "w") as file:
    file.write(str(count))
os.rename("count.new", "count")
"""


class Measure(ReservationsCase):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("nvml"))
        self.answer("used", 1000 * MIB)
        self.list_processes()
        self.write("tree.sh", TREE)
        self.write("apart.py", APART)

    def environment(self, variables=None):
        return super().environment({"FAKE_NVML_FOLDER": self.path("nvml"), "FAKE_NVML_UUID": "GPU-1",
                                    **(variables or {})})

    def answer(self, name, content):
        """Replaces an answer of the fake at once; None: removes it, so that the query fails."""
        path = self.path(os.path.join("nvml", name))
        if content is None:
            os.remove(path)
            return
        self.write("answer", f"{content}\n")
        os.replace(self.path("answer"), path)

    def list_processes(self, *processes, name="compute"):
        self.answer(name, "".join(f"{pid} {used}\n" for pid, used in processes))

    def asked(self):
        """Returns the number of queries of the device's used memory: the last one of each sample."""
        try:
            return os.path.getsize(self.path("nvml/asked"))
        except FileNotFoundError:
            return 0

    def wait_until(self, has_come, missing):
        limit = time.monotonic() + 60
        while not has_come():
            self.assertLess(time.monotonic(), limit, missing)
            os.sched_yield()

    def wait_for_sample(self):
        """Returns when a whole sample has been taken."""
        goal = self.asked() + 2
        self.wait_until(lambda: self.asked() >= goal, "no sample is taken")

    def measure(self, *command, variables=None, **options):
        """Starts a measured command."""
        options.setdefault("stdin", subprocess.PIPE)
        started = subprocess.Popen(
            [rein_case.REIN, "run", *ONE, "--measure", FILE, "--", *command], cwd=self.folder,
            env=self.environment(variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", **options)
        self.addCleanup(started.communicate)
        return started

    def run_measured(self, *command, options=(), **more):
        return self.run_rein("run", *ONE, "--measure", FILE, *options, "--", *command, **more)

    def read_pid(self, started):
        return int(started.stdout.readline())

    def finish(self, started, code, line="\n"):
        """Sends a line, and returns standard error."""
        _, said = started.communicate(line)
        self.assertEqual(started.returncode, code, said)
        return said

    def figures(self):
        """Returns the keys and values of the measurement."""
        comment, *lines = self.read(FILE).splitlines()
        self.assertRegex(comment, r"\A# Measured by rein run on \d{4}-\d\d-\d\d: \S+\Z")
        return dict(line.split(": ") for line in lines)

    def expect_figures(self, method, peak, final):
        found = self.figures()
        self.assertGreater(int(found.pop("samples")), 0)
        self.assertEqual(found, {
            "schema": "1", "device": "'GPU-1'", "peak": f"{peak}B", "final": f"{final}B",
            "includes_contexts": "true", "method": method, "interval": "20ms"})

    def expect_said(self, said, *facts):
        """Expects one line about the model 'one' that names the facts."""
        self.assertEqual(faults_of(said, ("rein", "'one'", *facts)), [])

    def expect_nothing_written(self):
        self.assertEqual([name for name in os.listdir(self.folder)
                          if name == FILE or name.startswith("rein.")], [])

    def test_a_tree_of_processes(self):
        started = self.measure("sh", "tree.sh", "2")
        pids = [self.read_pid(started) for _ in range(3)]
        others = [(2 ** 31 - 1, 950 * MIB), (os.getpid(), 900 * MIB), (started.pid, 800 * MIB), (1, 700 * MIB)]
        self.list_processes(*others, *((pid, 100 * MIB) for pid in pids))
        self.wait_for_sample()
        self.list_processes(*others, (pids[1], 50 * MIB))
        self.wait_for_sample()
        self.list_processes(*others)
        self.wait_for_sample()
        self.expect_said(self.finish(started, 0), "300.0 MiB", f"{RESERVED}.0 MiB", "20 ms")
        self.expect_figures("processes", 300 * MIB, 50 * MIB)

    def test_every_list_counts_a_process_once(self):
        started = self.measure(*HOLD)
        pid = self.read_pid(started)
        self.list_processes((pid, 10 * MIB), (pid, 20 * MIB))
        self.list_processes((pid, 40 * MIB), name="mps")
        self.list_processes((pid, 30 * MIB), name="graphics")
        self.wait_for_sample()
        self.finish(started, 7)
        self.expect_figures("processes", 40 * MIB, 40 * MIB)

    def test_a_child_that_outlives_its_parent(self):
        started = self.measure("sh", "-c", ORPHAN)
        pid = self.read_pid(started)
        self.wait_for_sample()
        self.list_processes((pid, 100 * MIB))
        self.wait_for_sample()
        self.assertEqual(self.status()["reserved_bytes"], RESERVED * MIB)
        self.expect_said(self.finish(started, 5), "100.0 MiB")
        self.expect_figures("processes", 100 * MIB, 100 * MIB)
        self.assertEqual(self.status()["reserved_bytes"], 0)

    def test_a_command_whose_rein_is_killed_keeps_the_reservation(self):
        started = self.measure(*HOLD)
        self.read_pid(started)
        started.kill()
        started.wait()
        self.assertEqual(self.status()["reserved_bytes"], RESERVED * MIB)
        started.stdin.close()
        # The command closes its output when it ends.
        self.assertEqual(started.stdout.read(), "")
        self.assertEqual(self.status()["reserved_bytes"], 0)
        self.expect_nothing_written()
        started.stdin = None

    def test_containers_show_no_bytes(self):
        for used in (0, 2 ** 64 - 1, None):
            started = self.measure(*HOLD)
            pid = self.read_pid(started)
            self.list_processes(*([] if used is None else [(pid, used)]))
            self.answer("used", 1300 * MIB)
            self.wait_for_sample()
            self.answer("used", 1200 * MIB)
            self.wait_for_sample()
            self.answer("used", 1000 * MIB)
            self.wait_for_sample()
            said = self.finish(started, 7)
            self.expect_said(said, "300.0 MiB", f"{RESERVED}.0 MiB", "20 ms", "free memory")
            self.expect_figures("free-memory", 300 * MIB, 200 * MIB)

    def test_a_process_whose_bytes_are_unknown(self):
        for unknown in (0, 2 ** 64 - 1, 2 ** 64 - 2):
            started = self.measure("sh", "tree.sh", "1")
            first, second = self.read_pid(started), self.read_pid(started)
            self.list_processes((first, 100 * MIB), (second, unknown))
            self.wait_for_sample()
            self.list_processes((first, 90 * MIB))
            self.wait_for_sample()
            lacking, line = self.finish(started, 0).splitlines(True)
            self.expect_said(lacking, "samples", "NVML")
            self.expect_said(line, "100.0 MiB")
            self.expect_figures("processes", 100 * MIB, 90 * MIB)

    def test_a_driver_that_lists_no_processes(self):
        self.answer("compute", None)
        started = self.measure(*HOLD)
        self.read_pid(started)
        self.answer("used", 1001 * MIB)
        self.wait_for_sample()
        self.expect_said(self.finish(started, 7), "1.0 MiB", "free memory")
        self.expect_figures("free-memory", MIB, MIB)

    def test_a_command_that_is_never_seen(self):
        for command, code in ((["true"], 0), (["sh", "-c", "exit 3"], 3)):
            done = self.run_measured(*command)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.expect_said(done.stderr, "GPU-1", f"'{FILE}'")
            self.expect_nothing_written()
        self.write(FILE, "from before\n")
        self.run_measured("true")
        self.assertEqual(self.read(FILE), "from before\n")

    def expect_not_started(self, code, said, options=(), **more):
        done = self.run_measured("touch", "started", options=options, **more)
        self.expect_messages(done.stderr, said)
        self.assertEqual((done.returncode, done.stdout), (code, ""))
        self.assertFalse(os.path.exists(self.path("started")))
        self.expect_nothing_written()

    def test_without_a_driver(self):
        os.mkdir(self.path("libraries"))
        self.write("libraries/libnvidia-ml.so.1", "not a library")
        said = ("rein", "libnvidia-ml.so.1", "driver", "utility", "--measure")
        for variables in ({"LD_LIBRARY_PATH": self.path("libraries")}, {"FAKE_NVML": "no_init"}):
            self.expect_not_started(CANNOT_TELL, said, variables=variables)
            self.expect_not_started(120 + CANNOT_TELL, said, options=["--exit-base", "120"],
                                    variables=variables)
        self.assertEqual(os.listdir(self.state), [])

    def test_a_device_that_the_driver_does_not_know(self):
        said = ("rein", "libnvidia-ml.so.1", "'GPU-1'", "nvidia-smi -L", "--measure")
        self.expect_not_started(CANNOT_TELL, said, variables={"FAKE_NVML_UUID": "GPU-2"})

    def test_the_driver_is_asked_by_the_normalised_uuid(self):
        self.write("gpu.yaml", GPU.replace("GPU-1", "gpu-1"))
        self.assertEqual(self.run_measured("true").returncode, 0)
        self.write("gpu.yaml", GPU.replace("GPU-1", "gpu/1"))
        self.expect_not_started(BAD_INPUT, ("options", "UUID", "63"))

    def test_a_driver_that_fails_later(self):
        started = self.measure(*HOLD)
        pid = self.read_pid(started)
        self.list_processes((pid, 100 * MIB))
        self.wait_for_sample()
        for name in ("compute", "used"):
            self.answer(name, None)
        self.wait_for_sample()
        failed, line = self.finish(started, 7).splitlines(True)
        self.expect_said(failed, "samples", "NVML")
        self.expect_said(line, "100.0 MiB")
        self.expect_figures("processes", 100 * MIB, 100 * MIB)

    def test_a_list_that_fails_is_not_an_empty_list(self):
        started = self.measure(*HOLD)
        pid = self.read_pid(started)
        self.list_processes((pid, 100 * MIB))
        self.list_processes(name="graphics")
        self.wait_for_sample()
        self.answer("compute", "fails")
        self.wait_for_sample()
        failed, line = self.finish(started, 7).splitlines(True)
        self.expect_said(failed, "samples", "NVML")
        self.expect_said(line, "100.0 MiB")

    def test_a_driver_that_never_answers(self):
        for name in ("compute", "used"):
            self.answer(name, None)
        started = self.measure(*HOLD)
        self.wait_for_sample()
        failed, line = self.finish(started, 7).splitlines(True)
        self.expect_said(failed, "samples", "NVML")
        self.expect_said(line, "GPU-1", f"'{FILE}'")
        self.expect_nothing_written()

    def test_each_signal_is_passed_on(self):
        for name in SIGNALS:
            started = self.measure("sh", "-c", f"trap 'exit 8' {name}; echo ready; read line; exit 9")
            self.assertEqual(started.stdout.readline(), "ready\n")
            started.send_signal(getattr(signal, "SIG" + name))
            started.wait()
            self.finish(started, 8, None)

    def test_a_signal_that_ends_the_command_ends_rein(self):
        for name in SIGNALS:
            number = getattr(signal, "SIG" + name)
            started = self.measure(*HOLD)
            self.list_processes((self.read_pid(started), 100 * MIB))
            self.wait_for_sample()
            started.send_signal(number)
            started.wait()
            self.expect_said(self.finish(started, -number, None), "100.0 MiB")
            self.expect_figures("processes", 100 * MIB, 100 * MIB)

    def test_signals_reach_the_children_that_are_left(self):
        started = self.measure("sh", "-c", ORPHAN)
        self.read_pid(started)
        self.wait_for_sample()
        started.send_signal(signal.SIGTERM)
        started.wait()
        self.finish(started, 5, None)

    def test_an_ignored_signal_stays_ignored(self):
        def ignore():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        started = self.measure("python3", "apart.py", "SIGINT", preexec_fn=ignore)
        self.assertEqual(started.stdout.readline(), "ready\n")
        started.send_signal(signal.SIGINT)
        self.expect_count(0)
        self.finish(started, 0)
        done = self.run_measured("sh", "-c", "kill -INT $$; exit 6", preexec_fn=ignore)
        self.assertEqual(done.returncode, 6)

    def test_ignored_children_do_not_lose_the_exit_code(self):
        done = self.run_measured("sh", "-c", "exit 4", preexec_fn=lambda: signal.signal(
            signal.SIGCHLD, signal.SIG_IGN))
        self.assertEqual(done.returncode, 4)

    def expect_count(self, count):
        """Expects that apart.py has got so many signals once rein has handled its own."""
        self.wait_for_sample()
        self.write("go", "")
        self.wait_until(lambda: os.path.exists(self.path("count")), "no count")
        self.assertEqual(self.read("count"), str(count))

    def test_a_signal_of_the_command_does_not_come_back(self):
        started = self.measure("python3", "apart.py", "SIGTERM", "send")
        self.assertEqual(started.stdout.readline(), "ready\n")
        self.expect_count(0)
        self.finish(started, 0)

    def fork_on_terminal(self, *command, leader=()):
        """Starts a measured command on a terminal of its own. rein leads its session, unless there is a
        leader, which starts it. Returns the leader's process and the terminal."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            call = [*leader, rein_case.REIN, "run", *ONE, "--measure", FILE, "--", *command]
            os.execvpe(call[0], call, self.environment())
        return pid, open(terminal, "r+b", buffering=0)

    def test_a_signal_of_the_terminal_is_not_passed_on(self):
        pid, terminal = self.fork_on_terminal("python3", "apart.py", "SIGINT")
        with terminal:
            self.assertEqual(terminal.readline(), b"ready\r\n")
            terminal.write(b"\x03")
            self.assertEqual(terminal.read(2), b"^C")
            self.expect_count(0)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def test_a_terminal_that_hangs_up(self):
        # It signals only rein, the leader of the session.
        pid, terminal = self.fork_on_terminal("sh", "-c", "trap 'kill $!; exit 8' HUP; echo ready; read line; "
                                              "sleep 60 & wait")
        with terminal:
            self.assertEqual(terminal.readline(), b"ready\r\n")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 8)

    def test_the_end_of_a_session_is_not_passed_on(self):
        # Its leader ends, and the foreground group gets the signal.
        leader, terminal = self.fork_on_terminal("python3", "apart.py", "SIGHUP",
                                                 leader=["sh", "-c", '"$@"; :', "sh"])
        with terminal:
            self.assertEqual(terminal.readline(), b"ready\r\n")
        os.waitpid(leader, 0)
        self.expect_count(0)
        self.wait_until(lambda: self.status()["reserved_bytes"] == 0, "rein does not end")

    def test_the_exit_code_is_the_command_s(self):
        for code in (0, 1, 2, 3, 7, 125, 255):
            for options in ([], ["--exit-base", "120"]):
                done = self.run_measured("sh", "-c", f"exit {code}", options=options)
                self.assertEqual(done.returncode, code)

    def test_death_by_a_signal_is_the_command_s(self):
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGPIPE, signal.SIGXFSZ,
                       signal.SIGRTMIN + 3):
            done = self.run_measured("sh", "-c", f"kill -{int(number)} $$; exit 9")
            self.assertEqual(done.returncode, -number)

    def test_the_core_is_not_dumped_twice(self):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        started = self.measure("sh", "-c", "ulimit -c 0; kill -ABRT $$", preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))))
        _, status = os.waitpid(started.pid, 0)
        started.returncode = -os.WTERMSIG(status)
        self.assertEqual((os.WTERMSIG(status), os.WCOREDUMP(status)), (signal.SIGABRT, False))

    def test_a_command_that_cannot_run(self):
        self.write("no-interpreter", "#!/nowhere/sh\n")
        os.chmod(self.path("no-interpreter"), 0o755)
        for command, code in (("./missing", 127), ("missing-in-path", 127), ("./no-interpreter", 127),
                              ("./gpu.yaml", 126), ("./gpu.yaml/inner", 126), ("", 127)):
            done = self.run_measured(command)
            self.expect_messages(done.stderr, ("rein", f"'{command}'"))
            self.assertEqual((done.returncode, self.run_rein("run", *ONE, "--", command).returncode),
                             (code, code), command)
            self.assertEqual(self.files_of_device(), [])
        self.expect_nothing_written()

    def test_a_script_without_an_interpreter_runs(self):
        self.write("script", "exit 6\n")
        os.chmod(self.path("script"), 0o755)
        self.assertEqual(self.run_rein("run", *ONE, "--", "./script").returncode, 6)
        self.assertEqual(self.run_measured("./script").returncode, 6)

    def test_more_is_used_than_is_reserved(self):
        for more, used, reserved in ((36 * MIB, "600.0 MiB", f"{RESERVED}.0 MiB"),
                                     (1, f"{RESERVED * MIB + 1}B", f"{RESERVED * MIB}B")):
            started = self.measure(*HOLD)
            self.list_processes((self.read_pid(started), RESERVED * MIB + more))
            self.wait_for_sample()
            self.expect_said(self.finish(started, 7), used, "more than", reserved)

    def test_a_file_that_cannot_be_written(self):
        os.mkdir(self.path("folder"))
        os.symlink("nothing", self.path("dangling"))
        self.write("input.yaml", GPU)
        for path, said in (("none/file", ("none/file", "cannot write", "No such file or directory")),
                           ("folder", ("folder", "cannot write", "Is a directory")),
                           ("gpu.yaml/file", ("gpu.yaml/file", "cannot write", "Not a directory")),
                           ("dangling", ("dangling", "symbolic link")),
                           ("gpu.yaml", ("rein", "'gpu.yaml'", "input")),
                           ("/proc/version", ("/proc/version", "cannot write"))):
            done = self.run_rein("run", *ONE, "--measure", path, "--", "touch", "started")
            self.expect_messages(done.stderr, said)
            self.assertEqual(done.returncode, BAD_INPUT)
        self.write("lifetimes.csv", "id,lower,upper,size\n1,0,3,100\n")
        write_gguf(self.folder, "llama-3.1-8b.Q4_K_M")
        self.write("fleet.yaml", self.read("fleet.yaml") + """\
  - id: planned
    budget: {memory: 100MiB, streams: 1, compute: 10ms}
    weights: 1MiB
    lifetimes: lifetimes.csv
  - id: read
    budget: {memory: 100MiB, streams: 1, compute: 10ms}
    file: llama-3.1-8b.Q4_K_M.gguf
""")
        for name, path in (("small", "fleet.yaml"), ("small", "gpu.yaml"), ("planned", "lifetimes.csv"),
                           ("read", "llama-3.1-8b.Q4_K_M.gguf")):
            self.expect_refusal(("rein", f"'{path}'", "input"), "run", "--manifest", "fleet.yaml",
                                "--model", name, "--measure", path, "--", "touch", "started")
        self.assertFalse(os.path.exists(self.path("started")))
        self.assertEqual(os.listdir(self.state), [])

    def test_a_file_that_can_no_longer_be_written(self):
        os.mkdir(self.path("folder"))
        started = subprocess.Popen(
            [rein_case.REIN, "run", *ONE, "--measure", "folder/file", "--", *HOLD], cwd=self.folder,
            env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8")
        self.list_processes((self.read_pid(started), 100 * MIB))
        self.wait_for_sample()
        os.rmdir(self.path("folder"))
        failed, line = self.finish(started, 7).splitlines(True)
        self.assertEqual(faults_of(failed, ("folder/file", "cannot write")), [])
        self.expect_said(line, "100.0 MiB")

    def test_a_link_is_followed_and_a_pipe_is_written(self):
        self.write("target.yaml", "old")
        os.symlink("target.yaml", self.path(FILE))
        started = self.measure(*HOLD)
        self.list_processes((self.read_pid(started), 100 * MIB))
        self.wait_for_sample()
        self.finish(started, 7)
        self.assertTrue(os.path.islink(self.path(FILE)))
        self.expect_figures("processes", 100 * MIB, 100 * MIB)
        for path in ("-", "/dev/stdout"):
            started = subprocess.Popen(
                [rein_case.REIN, "run", *ONE, "--measure", path, "--", *HOLD], cwd=self.folder,
                env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, encoding="utf-8")
            self.list_processes((self.read_pid(started), 100 * MIB))
            self.wait_for_sample()
            out, _ = started.communicate("\n")
            self.assertIn(f"\npeak: {100 * MIB}B\n", out)

    def test_a_device_file_is_an_output(self):
        done = self.run_rein("run", *ONE, "--measure", "/dev/null", "--", "true")
        self.assertEqual(done.returncode, 0)

    def test_the_reservation_counts_while_the_command_runs(self):
        started = self.measure(*HOLD)
        self.read_pid(started)
        live, = self.status()["reservations"]
        self.assertEqual((live["pid"], live["holder"], live["bytes"]),
                         (started.pid, "sh", RESERVED * MIB))
        self.assertEqual(self.run_measured("true").returncode, DOES_NOT_FIT)
        self.finish(started, 7)
        self.assertEqual(self.status()["reserved_bytes"], 0)

    def test_the_command_has_its_environment_and_its_input(self):
        done = self.run_measured("sh", "-c", "cat; echo $REIN_MODEL", stdin=None, input="text\n")
        self.assertEqual((done.returncode, done.stdout), (0, "text\none\n"))


if __name__ == "__main__":
    rein_case.main()
