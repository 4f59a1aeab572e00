"""rein run, rein status, and what rein check counts: for a command that runs and one that ended."""

import json
import os
import pty
import re
import resource
import shutil
import signal
import subprocess

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, NO_COUNTS
from reservations_case import GIB, GPU, HOLD, MIB, ONE, ReservationsCase
from test_json import load_schema

SOURCES = ("--device", "--model", "--memory", "--streams", "--compute", "--manifest", "--model")
# The arguments of `rein run` and the message.
REFUSALS = [
    ([], ("rein", "rein run", "-- COMMAND [ARGUMENT...]")),
    (["--", "true"], ("rein", "--device", *SOURCES)),
    (["--manifest", "fleet.yaml", "--", "true"], ("rein", "--model", *SOURCES)),
    (["--manifest", "fleet.yaml", "--model", "x", "--", "true"], ("fleet.yaml", "'x'", "small")),
    (["--manifest", "fleet.yaml", "--model", "smal", "--", "true"], ("fleet.yaml", "'smal'", "'small'")),
    (["--manifest", "fleet.yaml", "--model", "x", "--streams", "1", "--", "true"],
     ("rein", "--streams", "--manifest")),
    (["--manifest", "fleet.yaml", "--model", "x", "--memory", "1MiB", "--", "true"],
     ("rein", "--memory", "--manifest")),
    (["--manifest", "fleet.yaml", "--model", "x", "--compute", "1ms", "--", "true"],
     ("rein", "--compute", "--manifest")),
    ([*ONE[:5], "8GB", *ONE[6:], "--", "true"], ("rein", "'--memory'", "'8GB'", "8GiB", "8000000000B")),
    ([*ONE[:7], "-1", *ONE[8:], "--", "true"], ("rein", "'--streams'", "'-1'", "2147483647")),
    ([*ONE, "--wait", "soon", "--", "true"], ("rein", "'--wait'", "'soon'", "time")),
    ([*ONE, "--exit-base", "121", "--", "true"], ("rein", "'--exit-base'", "'121'", "120")),
    ([*ONE, "--exit-base", "x", "--", "true"], ("rein", "'--exit-base'", "'x'", "120")),
    (["--device", "free.yaml", *ONE[2:], "--by-total", "--", "true"], ("free.yaml", "total", "--by-total")),
    (["--device", "device.yaml", *ONE[2:], "--", "true"], ("device.yaml", "uuid")),
]


class Reservations(Facts, ReservationsCase):
    def expect_message(self, done, *facts):
        """Expects one line on standard error that names the facts, and no output."""
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), done.stderr)
        self.assertFalse(done.stderr.endswith(".\n"), done.stderr)
        self.expect_facts(done.stderr, *facts)

    def test_a_model_among_many_is_not_listed(self):
        model = "  - {id: %s, budget: {memory: 1MiB, streams: 1, compute: 1ms}}\n"
        names = ["x" * 127, *(f"model-{number}" for number in range(8))]
        self.write("fleet.yaml", "schema: 1\nmodels:\n" + "".join(model % name for name in names))
        for name, meant in (("other", []), ("modle-3", ["'model-3'"]), ("x" * 126, [])):
            shown = name if len(name) <= 60 else name[:60] + ".."
            call = ["run", "--manifest", "fleet.yaml", "--model", name, "--", "true"]
            self.expect_refusal(("fleet.yaml", f"'{shown}'", *meant), *call)
            self.assertNotIn("model-1", self.run_rein(*call).stderr)

    def test_each_refusal(self):
        self.write("free.yaml", GPU.replace("total: 1GiB", "free: 1GiB"))
        for arguments, said in REFUSALS:
            with self.subTest(arguments):
                self.expect_refusal(said, "run", *arguments)

    def test_the_exit_code_is_the_command_s(self):
        for code in (0, 1, 2, 3, 7, 125, 255):
            self.assertEqual(self.run_one("sh", "-c", f"exit {code}").returncode, code)

    def test_a_command_that_cannot_run(self):
        self.expect_refusal(("rein", "'./missing'", "No such file or directory"), "run", *ONE, "--",
                            "./missing", code=127)
        self.expect_refusal(("rein", "'./gpu.yaml'", "Permission denied"), "run", *ONE, "--", "./gpu.yaml",
                            code=126)
        self.assertEqual(self.files_of_device(), [])

    def test_a_command_that_cannot_run_ends_as_under_env(self):
        self.write("no-interpreter", "#!/nowhere/sh\n")
        os.chmod(self.path("no-interpreter"), 0o755)
        os.mkdir(self.path("folder"))
        for command in ("./missing", "missing-in-path", "./no-interpreter", "./folder",
                        "./gpu.yaml", "./gpu.yaml/inner", ""):
            under_env = subprocess.run(["env", "--", command], cwd=self.folder, check=False,
                                       stderr=subprocess.DEVNULL).returncode
            self.assertIn(under_env, (126, 127))
            self.assertEqual(self.run_one(command).returncode, under_env, command)

    def test_rein_s_own_codes_can_be_moved_out_of_the_command_s_way(self):
        base = ["--exit-base", "120"]
        for code in (0, 1, 2, 3, 121):
            done = self.run_rein("run", *ONE, *base, "--", "sh", "-c", f"exit {code}")
            self.assertEqual(done.returncode, code)
        self.assertEqual(self.run_rein("run", *ONE, *base, "--", "./missing").returncode, 127)
        self.assertEqual(self.run_rein("run", *ONE, *base, "--wait", "x", "--", "true").returncode,
                         120 + BAD_INPUT)
        done = self.run_rein("run", *ONE, *base, "--", "true",
                             variables={"REIN_STATE_DIR": self.path("none")})
        self.assertEqual(done.returncode, 120 + CANNOT_TELL)
        self.start(*HOLD)
        self.assertEqual(self.run_rein("run", *ONE, *base, "--", "true").returncode,
                         120 + DOES_NOT_FIT)
        self.assertEqual(self.run_rein("run", *base, "--wrong", "--", "true").returncode, BAD_INPUT)

    def test_free_memory_that_the_holders_may_use_already(self):
        self.write("gpu.yaml", GPU + "free: 700MiB\n")
        self.start(*HOLD)
        more = ["--device", "gpu.yaml", "--model", "two", "--memory", "300MiB", *ONE[6:]]
        done = self.run_rein("run", *more, "--", "true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.expect_message(done, "rein: 'two' on GPU-1: cannot tell", "300MiB", "72MiB to 396MiB",
                            "free memory 700MiB", "64MiB", "0MiB", "0MiB", "1 live reservation", "564MiB",
                            "unknown", "reserved", "in use", "--by-total")
        self.assertEqual(self.run_rein("run", *more, "--by-total", "--", "true").returncode, 0)
        too_much = ["--device", "gpu.yaml", "--model", "two", "--memory", "500MiB", *ONE[6:]]
        for options in ([], ["--by-total"]):
            done = self.run_rein("run", *too_much, *options, "--", "true")
            self.assertEqual(done.returncode, DOES_NOT_FIT)

    def test_what_is_unknown_is_named(self):
        for line, name in (("context_overhead: 64MiB\n", "context_overhead"),
                           ("granularity: 2MiB\n", "granularity"), ("total: 1GiB\n", "memory")):
            self.write("gpu.yaml", GPU.replace(line, ""))
            done = self.run_one("true")
            self.assertEqual(done.returncode, CANNOT_TELL)
            self.expect_message(done, "rein: 'one' on GPU-1: cannot tell", "device's", name, "unknown")
        self.write("gpu.yaml", GPU + "memory_pools: true\n")
        self.expect_message(self.run_one("true"), "rein: 'one' on GPU-1: cannot tell", "pool_growth",
                            "unknown")

    def test_output_and_input_are_the_command_s(self):
        done = self.run_rein("run", *ONE, "--", "cat", stdin=None, input="text\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "text\n", ""))

    def test_the_command_finds_its_budget(self):
        done = self.run_one("env", variables={"CUDA_VISIBLE_DEVICES": "0"})
        found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
        self.assertRegex(found["REIN_RESERVATION"], r"\A[0-9a-f-]{36}\Z")
        for name, value in (("REIN_DEVICE", "GPU-1"), ("REIN_MODEL", "one"),
                            ("REIN_MEMORY_LIMIT_BYTES", str(500 * MIB)),
                            ("REIN_RESERVED_BYTES", str(564 * MIB)), ("REIN_STREAM_LIMIT", "3"),
                            ("REIN_COMPUTE_BUDGET_NS", "10000000"),
                            ("REIN_DEVICE_TOTAL_BYTES", str(1024 * MIB)),
                            ("CUDA_DEVICE_MAX_CONNECTIONS", "3")):
            self.assertEqual(found[name], value, name)

    def test_an_unknown_total_is_not_set(self):
        self.write("free.yaml", "schema: 1\nuuid: GPU-2\nsource: recorded\nfree: 900MiB\ncontext_overhead: 64MiB\n"
                   "granularity: 2MiB\n")
        done = self.run_rein("run", "--device", "free.yaml", *ONE[2:], "--", "env",
                             variables={"REIN_DEVICE_TOTAL_BYTES": "7"})
        self.assertEqual((done.returncode, "REIN_DEVICE_TOTAL_BYTES" in done.stdout), (0, False), done.stderr)

    def test_what_the_user_set_stays(self):
        for stated, expected in (("17", "17"), ("", "3")):
            done = self.run_one("sh", "-c", "echo $CUDA_DEVICE_MAX_CONNECTIONS",
                                variables={"CUDA_DEVICE_MAX_CONNECTIONS": stated})
            self.assertEqual(done.stdout, expected + "\n")

    def test_the_limit_of_mps(self):
        # The reserved bytes, including a context, and 1 MiB for each stream.
        os.mkdir(self.path("mps"))
        self.write("mps/control", "")
        name = "CUDA_MPS_PINNED_DEVICE_MEM_LIMIT"
        for visible, expected in (("GPU-1", "0=567M"), ("0,1", ""), ("", "")):
            done = self.run_one("sh", "-c", f"echo ${name}", variables={
                "CUDA_VISIBLE_DEVICES": visible, "CUDA_MPS_PIPE_DIRECTORY": self.path("mps")})
            self.assertEqual(done.stdout, expected + "\n", visible)
        done = self.run_one("sh", "-c", f"echo ${name}", variables={
            "CUDA_VISIBLE_DEVICES": "0", "CUDA_MPS_PIPE_DIRECTORY": self.path("none")})
        self.assertEqual(done.stdout, "\n")
        done = self.run_one("sh", "-c", f"echo ${name}", variables={
            name: "0=1G", "CUDA_VISIBLE_DEVICES": "0", "CUDA_MPS_PIPE_DIRECTORY": self.path("mps")})
        self.assertEqual(done.stdout, "0=1G\n")
        # Without a directory, the default is used. MPS may or may not run on this machine.
        done = self.run_one("sh", "-c", f"echo ${name}", variables={
            "CUDA_VISIBLE_DEVICES": "0", "CUDA_MPS_PIPE_DIRECTORY": ""})
        runs = os.path.exists("/tmp/nvidia-mps/control")
        self.assertEqual(done.stdout, "0=567M\n" if runs else "\n")

    def test_the_limit_of_mps_is_rounded_up_to_whole_mib(self):
        # With 1 MiB less, the model could not use the last bytes of its budget.
        self.write("fine.yaml", GPU.replace("granularity: 2MiB", "granularity: 512B"))
        os.mkdir(self.path("mps"))
        self.write("mps/control", "")
        for memory_bytes, limit in ((500 * MIB, 567), (500 * MIB + 512, 568), (501 * MIB - 512, 568)):
            done = self.run_rein(
                "run", "--device", "fine.yaml", "--model", "one", "--memory", f"{memory_bytes}B",
                "--streams", "3", "--compute", "10ms", "--",
                "sh", "-c", "echo $REIN_RESERVED_BYTES $CUDA_MPS_PINNED_DEVICE_MEM_LIMIT",
                variables={"CUDA_VISIBLE_DEVICES": "0", "CUDA_MPS_PIPE_DIRECTORY": self.path("mps")})
            self.assertEqual(done.stdout, f"{memory_bytes + 64 * MIB} 0={limit}M\n", done.stderr)

    def test_a_closed_pipe_ends_the_command_as_without_rein(self):
        held = subprocess.run(["sh", "-c", '"$@" | true; echo done', "sh", rein_case.REIN, "run",
                               *ONE, "--", "sh", "-c", "trap '' TERM; kill -PIPE $$; exit 9"],
                              cwd=self.folder, env=self.environment(), encoding="utf-8",
                              stdout=subprocess.PIPE, check=False)
        self.assertEqual(held.stdout, "done\n")
        self.assertEqual(self.run_one("sh", "-c", "kill -PIPE $$; exit 9").returncode,
                         -signal.SIGPIPE)

    def test_no_file_may_grow(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        refused = self.run_one("true", variables=NO_COUNTS, preexec_fn=limit)
        self.assertEqual((refused.returncode, refused.stdout), (CANNOT_TELL, ""))
        self.assertRegex(refused.stderr, r"\Arein: [^\n]*File too large[^\n]*\n")
        self.assertEqual(self.run_one("sh", "-c", "kill -XFSZ $$; exit 9").returncode,
                         -signal.SIGXFSZ)

    def test_a_live_command_is_counted(self):
        held = self.start(*HOLD)
        device = self.status()
        self.assertEqual((device["total_bytes"], device["reserved_bytes"], device["free_bytes"]),
                         (1024 * MIB, 564 * MIB, 460 * MIB))
        live, = device["reservations"]
        self.assertEqual((live["pid"], live["uid"], live["holder"], live["bytes"]),
                         (held.pid, os.geteuid(), "sh", 564 * MIB))
        self.assertEqual(live["models"], [{"id": "one", "memory_bytes": 500 * MIB, "streams": 3,
                                           "compute_ns": 10000000}])
        done = self.run_one("true")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.expect_message(done, "rein: 'one' on GPU-1: does not fit", "500MiB", "396MiB",
                            "total memory 1024MiB", "64MiB", "0MiB", "0MiB", "1 live reservation", "564MiB",
                            "104MiB short")
        held.communicate("\n")
        self.assertEqual(self.status()["reserved_bytes"], 0)
        self.assertEqual(self.run_one("true").returncode, 0)

    def test_check_counts_what_is_live(self):
        self.assertRegex(self.expect_result(FITS, "check", "fleet.yaml"), "- reserved +0 B .*default\n")
        self.start(*HOLD)
        self.write("fleet.yaml", self.read("fleet.yaml").replace("memory: 100MiB",
                                                                 "memory: 400MiB"))
        table = self.expect_result(DOES_NOT_FIT, "check", "fleet.yaml")
        self.expect_lines(table, ("- reserved", "591396864 B", "564.0 MiB", "1 live reservation",
                                  "'rein status'"))
        document = json.loads(self.expect_result(DOES_NOT_FIT, "check", "--json", "fleet.yaml"))
        load_schema("check").validate(document)
        self.assertEqual(document["memory"]["live_reservations"],
                         {"count": 1, "bytes": 564 * MIB, "unknown": 0,
                          "device_total_bytes": GIB})
        self.assertEqual(document["memory"]["shortfall_bytes"], 68 * MIB)

    def test_every_end_of_the_command_ends_the_reservation(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            held = self.start("sh", "-c", "echo ready; read line")
            held.send_signal(number)
            self.assertEqual(held.wait(), -number)
            self.assertEqual(self.status()["reserved_bytes"], 0, number)

    def test_no_room_for_another_open_file(self):
        done = self.run_one("true", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                                                          (10, 10)))
        self.assertEqual((done.returncode, done.stderr), (
            CANNOT_TELL, "rein: cannot keep the reservation open for another program: Invalid "
            "argument\n"))
        self.assertEqual(self.files_of_device(), [])

    def test_a_stopped_command_keeps_its_reservation(self):
        held = self.start(*HOLD)
        held.send_signal(signal.SIGSTOP)
        _, state = os.waitpid(held.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(state))
        self.assertEqual(self.status()["reserved_bytes"], 564 * MIB)
        held.send_signal(signal.SIGCONT)
        held.communicate("\n")
        self.assertEqual(held.returncode, 0)

    def test_a_terminal_stays_the_command_s(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(rein_case.REIN, [rein_case.REIN, "run", *ONE, "--", "sh", "-c",
                                       "trap 'echo caught; exit 5' INT; echo ready; read line"],
                      self.environment())
        with open(terminal, "r+b", buffering=0) as file:
            self.assertEqual(file.readline(), b"ready\r\n")
            file.write(b"\x03")
            self.assertIn(b"caught", file.readline())
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 5)

    def test_a_grandchild_holds_the_reservation_until_it_ends(self):
        held = self.start("sh", "-c", "exec 3<&0; (echo ready; read line <&3) & exit 0")
        held.wait()
        self.assertEqual(self.status()["reserved_bytes"], 564 * MIB)
        held.stdin.close()
        self.assertEqual(held.stdout.read(), "")
        self.assertEqual(self.status()["reserved_bytes"], 0)
        held.stdin = None

    def test_a_run_inside_a_run_reserves_too(self):
        inner = " ".join([rein_case.REIN, "run", *ONE, "--", "true"])
        done = self.run_one("sh", "-c", inner)
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.expect_message(done, "1 live reservation", "564MiB")

    def test_waiting_ends_with_the_time_or_with_room(self):
        held = self.start(*HOLD)
        done = self.run_rein("run", *ONE, "--wait", "20ms", "--", "true")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        waiting = subprocess.Popen([rein_case.REIN, "run", *ONE, "--wait", "60s", "--", "true"],
                                   cwd=self.folder, env=self.environment())
        held.communicate("\n")
        self.assertEqual(waiting.wait(), 0)

    def test_a_model_of_a_manifest(self):
        done = self.run_rein("run", "--manifest", "fleet.yaml", "--model", "small", "--", "sh",
                             "-c", "echo $REIN_MEMORY_LIMIT_BYTES")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"{100 * MIB}\n", ""))
        self.write("fleet.yaml", self.read("fleet.yaml").replace("    weights: 50MiB\n", ""))
        done = self.run_rein("run", "--manifest", "fleet.yaml", "--model", "small", "--", "true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.expect_message(done, "rein: 'small' on GPU-1: cannot tell", "budget", "weights", "unknown",
                            "100MiB")
        self.write("fleet.yaml", self.read("fleet.yaml").replace("    budget", "    weights: 1GiB\n"
                                                                 "    budget"))
        done = self.run_rein("run", "--manifest", "fleet.yaml", "--model", "small", "--", "true")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.expect_message(done, "rein: 'small' on GPU-1: does not fit", "1028MiB", "100MiB", "928MiB",
                            "1028MiB")

    def test_a_foreign_file_that_is_locked_keeps_everyone_out(self):
        self.run_one("true")
        notes = os.path.join(self.folder_of_device(), "notes\x1b")
        self.write(notes, "mine")
        self.assertEqual(self.run_one("true").returncode, FITS)
        self.assertEqual(self.status()["unknown"], [])
        self.lock(notes)
        done = self.run_one("true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.expect_message(done, "1 reservation", "unknown", "'rein status'")
        device = self.status(CANNOT_TELL)
        self.assertEqual(device["unknown"], [{"file": "notes\x1b",
                                              "reason": "it is damaged"}])
        self.assertEqual(device["free_bytes"], None)
        self.assertIn("  unknown: notes\\x1b: it is damaged\n",
                      self.expect_result(CANNOT_TELL, "status"))
        table = self.expect_result(CANNOT_TELL, "check", "fleet.yaml")
        self.expect_lines(table, ("- reserved", "0 live reservations", "1 unknown"))
        self.expect_verdict(table, "cannot tell", "1 reservation", "unknown", "'rein status'")
        self.assertEqual(self.read(notes), "mine")
        self.write(os.path.join(self.folder_of_device(), "more"), "mine")
        self.lock(os.path.join(self.folder_of_device(), "more"))
        self.expect_verdict(self.expect_result(CANNOT_TELL, "check", "fleet.yaml"), "cannot tell",
                            "2 reservations", "unknown", "'rein status'")

    def test_a_state_directory_that_cannot_be_used(self):
        os.chmod(self.state, 0o777)
        done = self.run_one("true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.expect_messages(done.stderr, ("rein", self.state, "chmod o-w"))
        self.assertEqual(self.run_rein("status").returncode, BAD_INPUT)
        self.assertEqual(self.run_rein("check", "fleet.yaml").returncode, CANNOT_TELL)
        os.chmod(self.state, 0o700)
        done = self.run_rein("status", variables={"REIN_STATE_DIR": "here"})
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.assertIn("must be an absolute path", done.stderr)
        done = self.run_one("true", variables={"REIN_STATE_DIR": self.path("none")})
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("does not exist", done.stderr)
        # A missing directory has no reservations.
        self.expect_result(FITS, "check", "fleet.yaml",
                           variables={"REIN_STATE_DIR": self.path("none")})

    def test_status_of_an_unused_node(self):
        unused = self.expect_result(FITS, "status")
        self.expect_facts(unused, "no reservations", "node")
        self.expect_lines(self.expect_result(FITS, "status", "--device", "gpu.yaml"),
                          ("GPU-1", "0.0 GiB", "1.0 GiB", "1.0 GiB"))
        self.assertEqual(self.expect_result(FITS, "status", "--device", "device.yaml"), unused)
        self.expect_refusal(("rein", "--json", "--prometheus"), "status", "--json", "--prometheus")

    def test_the_oldest_reservation_comes_first(self):
        self.start(*HOLD)
        file, = self.files_of_device()
        path = os.path.join(self.folder_of_device(), file)
        # Changes it to an old reservation of two models.
        self.write(path, re.sub("since .*", "since 1", self.read(path))
                   .replace("end\n", "model 1048576 1 1000000 two\nend\n"))
        done = self.run_rein("run", "--device", "gpu.yaml", "--model", "new", "--memory", "1MiB",
                             *ONE[6:], "--", rein_case.REIN, "status")
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        old, new = done.stdout.splitlines()[2:]
        self.assertRegex(old, r"\A  one and 1 more +564\.0 MiB .* 1970-01-01T00:00:01Z\Z")
        self.assertRegex(new, r"\A  new +66\.0 MiB ")

    def test_more_is_reserved_than_the_profile_says_there_is(self):
        self.write("gpu.yaml", GPU.replace("total: 1GiB", "free: 1GiB"))
        self.start(*HOLD)
        self.write("gpu.yaml", GPU.replace("1GiB", "512MiB"))
        self.expect_lines(self.expect_result(FITS, "status", "--device", "gpu.yaml"),
                          ("GPU-1: ", "564.0 MiB", "512.0 MiB", "unknown"))

    def test_two_totals_of_one_device(self):
        self.start(*HOLD)
        self.write("gpu.yaml", GPU.replace("1GiB", "2GiB"))
        device = self.status(CANNOT_TELL)
        self.assertEqual((device["total_bytes"], device["free_bytes"]), (2 * GIB, None))
        done = self.run_one("true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        totals = ("total memory", "2GiB", "profile", "1GiB", "live reservations")
        self.expect_message(done, *totals)
        self.expect_verdict(self.expect_result(CANNOT_TELL, "check", "fleet.yaml"), "cannot tell", *totals)
        document = json.loads(self.expect_result(CANNOT_TELL, "check", "--json", "fleet.yaml"))
        load_schema("check").validate(document)
        self.assertEqual(document["memory"]["missing"], ["device_total"])
        self.assertEqual(document["memory"]["live_reservations"]["device_total_bytes"], GIB)
        self.expect_facts(device["failure"], *totals)

    def test_every_spelling_of_a_device_is_one(self):
        self.start(*HOLD)
        self.write("gpu.yaml", GPU.replace("GPU-1", "gpu-1"))
        self.assertEqual(self.run_one("true").returncode, DOES_NOT_FIT)
        self.assertEqual(self.status()["uuid"], "GPU-1")
        self.assertEqual(self.status()["reserved_bytes"], 564 * MIB)
        self.expect_lines(self.expect_result(FITS, "check", "fleet.yaml"),
                          ("- reserved", "564.0 MiB", "1 live reservation"))

    def test_a_reservation_whose_file_was_removed(self):
        held = self.start(*HOLD)
        shutil.rmtree(self.folder_of_device())
        for _ in range(2):
            device = self.status(CANNOT_TELL)
            unknown, = device["unknown"]
            self.expect_facts(unknown["reason"], "removed", f"process {held.pid}", "564MiB")
            self.assertEqual((device["free_bytes"], device["reserved_bytes"]), (None, 0))
            self.assertEqual(self.run_one("true").returncode, CANNOT_TELL)
        self.assertIn("GPU-1: 0 B reserved\n", self.expect_result(CANNOT_TELL, "status"))
        held.communicate("\n")
        self.assertEqual(self.status()["unknown"], [])
        self.assertEqual(self.run_one("true").returncode, FITS)

    def test_a_removed_reservation_that_two_processes_hold_is_told_once(self):
        self.start("sh", "-c", "tail -f /dev/null & echo ready; read line; kill $!")
        small = [*ONE[:5], "100MiB", *ONE[6:]]
        held = subprocess.Popen([rein_case.REIN, "run", *small, "--", *HOLD], cwd=self.folder,
                                env=self.environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(held.communicate)
        self.assertEqual(held.stdout.readline(), "ready\n")
        shutil.rmtree(self.folder_of_device())
        self.assertEqual(len(self.status(CANNOT_TELL)["unknown"]), 2)

    def test_only_a_reservation_makes_the_user_s_directory(self):
        os.mkdir(self.path("runtime"), 0o700)
        variables = {"REIN_STATE_DIR": "", "XDG_RUNTIME_DIR": self.path("runtime")}
        if os.path.exists("/run/rein"):
            self.skipTest("this node has a directory of its own")
        self.expect_facts(self.expect_result(FITS, "status", variables=variables), "no reservations")
        self.expect_result(FITS, "check", "fleet.yaml", variables=variables)
        self.assertEqual(os.listdir(self.path("runtime")), [])
        done = self.run_one("true", variables=variables)
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        self.assertEqual(os.stat(self.path("runtime/rein")).st_mode & 0o7777, 0o700)
        os.mkdir(self.path("other"))
        self.write("other/rein", "a file")
        variables["XDG_RUNTIME_DIR"] = self.path("other")
        self.assertEqual(self.run_rein("status", variables=variables).returncode, BAD_INPUT)
        variables["XDG_RUNTIME_DIR"] = self.path("nowhere")
        done = self.run_one("true", variables=variables)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("cannot make the state directory", done.stderr)

    def test_each_total_goes_to_its_device(self):
        self.start(*HOLD)
        self.write("other.yaml", GPU.replace("GPU-1", "GPU-2"))
        done = self.run_rein("run", "--device", "other.yaml", *ONE[2:], "--", rein_case.REIN,
                             "status", "--device", "other.yaml")
        self.expect_lines(done.stdout, ("GPU-1", "564.0 MiB", "1024.0 MiB", "460.0 MiB"))
        self.expect_lines(done.stdout, ("GPU-2", "564.0 MiB", "1024.0 MiB", "460.0 MiB"))

    def test_status_as_a_table(self):
        self.start(*HOLD)
        lines = self.expect_result(FITS, "status", "--device", "gpu.yaml").splitlines()
        self.expect_facts(lines[0], "GPU-1", "564.0 MiB", "1024.0 MiB", "460.0 MiB")
        self.assertRegex(lines[2], r"\A  one +564\.0 MiB  sh +\d+ +\d+  \d{4}-\d\d-\d\dT[\d:]+Z\Z")
        self.assertEqual(len(lines), 3)

    def test_status_as_metrics(self):
        self.start("sh", "-c", "echo ready; read line")
        metrics = self.expect_result(FITS, "status", "--prometheus", "--device", "gpu.yaml")
        for line in (f'rein_device_reserved_bytes{{device="GPU-1"}} {564 * MIB}',
                     'rein_device_reservations{device="GPU-1"} 1',
                     'rein_device_unknown_files{device="GPU-1"} 0',
                     f'rein_device_free_bytes{{device="GPU-1"}} {460 * MIB}'):
            self.assertIn(line + "\n", metrics)
        self.assertRegex(metrics, r'(?m)^rein_reservation_bytes\{device="GPU-1",reservation="'
                                  r'[0-9a-f-]{36}\.reservation",holder="sh",uid="\d+"\} \d+$')
        self.assert_metrics(metrics)

    def test_stated_and_live_reservations_are_both_named(self):
        self.write("fleet.yaml", self.read("fleet.yaml").replace("headroom:", "reserved: 1MiB, headroom:"))
        self.start(*HOLD)
        report = self.expect_result(FITS, "check", "fleet.yaml")
        self.assertRegex(report, r"- reserved .*manifest:2; 564\.0 MiB held by 1 live reservation")

    def test_metrics_of_a_holder_of_an_odd_name(self):
        command = self.path('a"b\\c')
        shutil.copy(shutil.which("sh"), command)
        self.start(command, "-c", "echo ready; read line")
        metrics = self.expect_result(FITS, "status", "--prometheus")
        self.assertIn(r',holder="a\"b\\c",', metrics)

    def assert_metrics(self, metrics):
        for line in metrics.splitlines():
            self.assertRegex(line, r'\A(# (HELP|TYPE) \w+ .+|\w+\{(\w+="[^"]*",?)+\} \d+)\Z')


if __name__ == "__main__":
    rein_case.main()
