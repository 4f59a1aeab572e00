"""Bad lifetimes, bad profiles, and paths that are not files."""

import os
import shutil
import subprocess
import tempfile

import rein_case
from messages import COLUMNS
from rein_case import BAD_INPUT, DEVICE, FITS, ReinCase

HEADER = "id,lower,upper,size\n"
ALIGNED = "id,lower,upper,size,alignment\n"
PROFILE_KEYS = ("schema", "name", "uuid", "total", "free", "context_overhead", "granularity", "pool_growth",
                "compute_capability", "multiprocessors", "connections", "stream_priorities", "memory_pools",
                "integrated", "driver", "runtime", "source", "note", "recorded_at")

# By the fault: the file and the message or messages.
LIFETIMES = {
    "empty":
        ("",
         ("l.csv", "empty", "lifetimes")),
    "no header":
        ("a,0,1,1\n",
         ("l.csv:1:1", "'a,0,1,1'", COLUMNS)),
    "another header":
        ("name,from,to,bytes\n",
         ("l.csv:1:1", "'name,from,to,bytes'", COLUMNS)),
    "an offset that is not a number":
        ("id,lower,upper,size,offset\na,0,1,1,-1\n",
         ("l.csv:2:9", "'-1'", "0", "2^64 - 1")),
    "an alignment of 3 before an offset":
        ("id,lower,upper,size,alignment,offset\na,0,1,1,3,0\n",
         ("l.csv:2:9", "'3'", "power of two", "1")),
    "no offset in a row":
        ("id,lower,upper,size,offset\na,0,1,1\n",
         ("l.csv:2:1", "4", "5", "id,lower,upper,size,offset")),
    "no row":
        (HEADER,
         ("l.csv:1:1", "row")),
    "an empty row":
        (HEADER + "a,0,1,1\n\nb,0,1,1\n",
         ("l.csv:3:1", "empty", "4", "id,lower,upper,size")),
    "too few values":
        (HEADER + "a,0,1\n",
         ("l.csv:2:1", "3", "4", "id,lower,upper,size")),
    "too many values":
        (HEADER + "a,0,1,1,1\n",
         ("l.csv:2:1", "5", "4", "id,lower,upper,size")),
    "no alignment":
        (ALIGNED + "a,0,1,1\n",
         ("l.csv:2:1", "4", "5", "id,lower,upper,size,alignment")),
    "no id":
        (HEADER + ",0,1,1\n",
         ("l.csv:2:1", "''")),
    "an id again":
        (HEADER + "a,0,1,1\nb,0,1,1\na,0,1,1\n",
         ("l.csv:4:1", "id", "'a'", "2:1")),
    "a tab in an id":
        (HEADER + "a\tb,0,1,1\n",
         ("l.csv:2:1", "'a\\x09b'", "tabs")),
    "no lower":
        (HEADER + "a,,1,1\n",
         ("l.csv:2:3", "''", "-2^63", "2^63 - 1")),
    "a fraction":
        (HEADER + "a,0.5,1,1\n",
         ("l.csv:2:3", "'0.5'", "-2^63", "2^63 - 1")),
    "a space within":
        (HEADER + "a, 1 0,1,1\n",
         ("l.csv:2:4", "'1 0'", "-2^63", "2^63 - 1")),
    "a leading zero":
        (HEADER + "a,00,1,1\n",
         ("l.csv:2:3", "'00'", "-2^63", "2^63 - 1")),
    "minus zero":
        (HEADER + "a,-0,1,1\n",
         ("l.csv:2:3", "'-0'", "-2^63", "2^63 - 1")),
    "a plus sign":
        (HEADER + "a,+0,1,1\n",
         ("l.csv:2:3", "'+0'", "-2^63", "2^63 - 1")),
    "a lower of 2^63":
        (HEADER + "a,9223372036854775808,1,1\n",
         ("l.csv:2:3", "'9223372036854775808'", "-2^63", "2^63 - 1")),
    "an upper below -2^63":
        (HEADER + "a,0,-9223372036854775809,1\n",
         ("l.csv:2:5", "'-9223372036854775809'", "-2^63", "2^63 - 1")),
    "an upper at lower":
        (HEADER + "a,1,1,1\n",
         ("l.csv:2:5", "'1'", "lower", "'1'")),
    "an upper below lower":
        (HEADER + "a,2,1,1\n",
         ("l.csv:2:5", "'1'", "lower", "'2'")),
    "a negative size":
        (HEADER + "a,0,1,-1\n",
         ("l.csv:2:7", "'-1'", "0", "2^63")),
    "a size with a unit":
        (HEADER + "a,0,1,1KiB\n",
         ("l.csv:2:7", "'1KiB'", "0", "2^63")),
    "a size above 2^63":
        (HEADER + "a,0,1,9223372036854775809\n",
         ("l.csv:2:7", "'9223372036854775809'", "0", "2^63")),
    "a size of 2^64":
        (HEADER + "a,0,1,18446744073709551616\n",
         ("l.csv:2:7", "'18446744073709551616'", "0", "2^63")),
    "an alignment of 0":
        (ALIGNED + "a,0,1,1,0\n",
         ("l.csv:2:9", "'0'", "power of two", "1")),
    "an alignment of 3":
        (ALIGNED + "a,0,1,1,3\n",
         ("l.csv:2:9", "'3'", "power of two", "1")),
    "live bytes beyond 2^64":
        (HEADER + "a,0,1,9223372036854775808\nb,0,1,9223372036854775808\n",
         ("l.csv", "0", "1", "64")),
    "a position behind wide letters":
        (HEADER + "漢字,x,1,1\n",
         ("l.csv:2:4", "'x'", "-2^63", "2^63 - 1")),
    "a carriage return within":
        (HEADER + "a\rb,0,1,1\n",
         ("l.csv:2:1", "'a\\x0db'", "line breaks")),
    "only carriage returns":
        ((HEADER + "a,0,1,1\n").replace("\n", "\r"),
         ("l.csv:1:16", "'size\\x0da'", "LF", "CR LF")),
    "not UTF-8":
        (HEADER.encode() + b"\xff,0,1,1\n",
         ("l.csv:2:1", "0xff", "UTF-8")),
    "a NUL byte":
        (HEADER + "a,0,1,1\0\n",
         ("l.csv:2:8", "U+0000")),
}

PROFILES = {
    "empty":
        ("",
         ("d.yaml", "empty", "device profile")),
    "no schema":
        (DEVICE.replace("schema: 1\n", ""),
         ("d.yaml:1:1", "device profile", "'schema'")),
    "another schema":
        (DEVICE.replace("schema: 1", "schema: 2"),
         ("d.yaml:1:9", "'2'", "1")),
    "no source":
        (DEVICE.replace("source: synthetic\n", ""),
         ("d.yaml:1:1", "device profile", "'source'")),
    "another source":
        (DEVICE.replace("synthetic", "guessed"),
         ("d.yaml:3:9", "'guessed'", "probed", "recorded", "documented", "synthetic")),
    "a misspelt key":
        (DEVICE.replace("granularity", "granluarity"),
         ("d.yaml:6:1", "'granluarity'", "device profile", "'granularity'")),
    "a size without a unit":
        (DEVICE.replace("1GiB", "1073741824"),
         ("d.yaml:4:8", "'1073741824'", "size")),
    "a total of 0":
        (DEVICE.replace("1GiB", "0B"),
         ("d.yaml:4:8", "total", "0")),
    "a granularity of 0":
        (DEVICE.replace("2MiB", "0B"),
         ("d.yaml:6:14", "granularity", "0")),
    "a pool growth of 0":
        (DEVICE + "pool_growth: 0B\n",
         ("d.yaml:8:14", "pool_growth", "0")),
    "free above total":
        (DEVICE + "free: 2GiB\n",
         ("d.yaml:8:7", "free", "2GiB", "1GiB")),
    "total below free":
        (DEVICE.replace("total: 1GiB", "free: 2GiB") + "total: 1GiB\n",
         ("d.yaml:8:8", "free", "2GiB", "1GiB")),
    "priorities the wrong way round":
        (DEVICE + "stream_priorities: {least: -5, greatest: 0}\n",
         ("d.yaml:8:20", "greatest", "0", "-5")),
    "only one priority":
        (DEVICE + "stream_priorities: {least: 0}\n",
         ("d.yaml:8:20", "stream_priorities", "'greatest'")),
    "a priority in quotes":
        (DEVICE + 'stream_priorities: {least: "0", greatest: -5}\n',
         ("d.yaml:8:28", "'0'", "quotes")),
    "a fraction as priority":
        (DEVICE + "stream_priorities: {least: 0.5, greatest: -5}\n",
         ("d.yaml:8:28", "'0.5'", "-5")),
    "a word as priority":
        (DEVICE + "stream_priorities: {least: [], greatest: -5}\n",
         ("d.yaml:8:28", "list", "-5")),
    "yes":
        (DEVICE + "integrated: yes\n",
         ("d.yaml:8:13", "'yes'", "true", "false")),
    "a true in quotes":
        (DEVICE + 'integrated: "true"\n',
         ("d.yaml:8:13", "'true'", "quotes")),
    "a list as a bool":
        (DEVICE + "integrated: [true]\n",
         ("d.yaml:8:13", "list", "true", "false")),
    "a capability without a point":
        (DEVICE + "compute_capability: 87\n",
         ("d.yaml:8:21", "'87'", "8.7")),
    "a capability with two points":
        (DEVICE + "compute_capability: 8.7.0\n",
         ("d.yaml:8:21", "'8.7.0'", "8.7")),
    "a capability with a long number":
        (DEVICE + "compute_capability: 123456789.0\n",
         ("d.yaml:8:21", "'123456789.0'", "8.7")),
    "a list as a capability":
        (DEVICE + "compute_capability: [8, 7]\n",
         ("d.yaml:8:21", "list", "8.7")),
    "a driver by CUDA's count":
        (DEVICE + "driver: 13000\n",
         ("d.yaml:8:9", "'13000'", "8.7")),
    "a driver with three digits":
        (DEVICE + "driver: 12.100\n",
         ("d.yaml:8:9", "'12.100'", "8.7")),
    "a negative count":
        (DEVICE + "multiprocessors: -1\n",
         ("d.yaml:8:18", "'-1'", "0", "2^64 - 1")),
    "no date":
        (DEVICE + "recorded_at: yesterday\n",
         ("d.yaml:8:14", "'yesterday'", "2026-01-31", "2026-01-31T12:30:00Z")),
    "the 31st of February":
        (DEVICE + "recorded_at: 2026-02-31\n",
         ("d.yaml:8:14", "'2026-02-31'", "2026-01-31", "2026-01-31T12:30:00Z")),
    "another zone":
        (DEVICE + "recorded_at: 2026-01-31T12:30:00+01:00\n",
         ("d.yaml:8:14", "'2026-01-31T12:30:00+01:00'", "2026-01-31", "2026-01-31T12:30:00Z")),
    "a short date":
        (DEVICE + "recorded_at: 2026-1-31\n",
         ("d.yaml:8:14", "'2026-1-31'", "2026-01-31", "2026-01-31T12:30:00Z")),
    "the 25th hour":
        (DEVICE + "recorded_at: 2026-01-31T25:30:00Z\n",
         ("d.yaml:8:14", "'2026-01-31T25:30:00Z'", "2026-01-31", "2026-01-31T12:30:00Z")),
    "a list as a date":
        (DEVICE + "recorded_at: []\n",
         ("d.yaml:8:14", "list", "2026-01-31", "2026-01-31T12:30:00Z")),
    "too long a name":
        (DEVICE.replace("Test device", "é" * 64),
         ("d.yaml:2:7", "'éééééééééééééééééééééééééééééé..'", "127", "128")),
    "too long a uuid":
        (DEVICE + "uuid: " + "x" * 64 + "\n",
         ("d.yaml:8:7", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..'", "63", "64")),
    "a number of a name":
        (DEVICE.replace("Test device", "null"),
         ("d.yaml:2:7", "'null'")),
    "a manifest":
        (rein_case.MANIFEST,
         [("d.yaml:2:1", "'device'", "device profile", *PROFILE_KEYS),
          ("d.yaml:3:1", "'models'", "device profile", *PROFILE_KEYS)]),
}


class BadFiles(ReinCase):
    def test_each_lifetimes_file(self):
        for name, (content, said) in LIFETIMES.items():
            with self.subTest(name):
                self.write("l.csv", content)
                self.expect_refusal(said, "plan", "l.csv")

    def test_each_profile(self):
        for name, (content, said) in PROFILES.items():
            with self.subTest(name):
                self.write("d.yaml", content)
                self.expect_refusal(said, "check", "fleet.yaml", "--device", "d.yaml")

    def test_what_lifetimes_may_look_like(self):
        for content in (HEADER + "a,0,1,0\n", HEADER + "a,-5,-4,1", HEADER + "a b,0,1,1\n",
                        (HEADER + "a,0,1,1\nb,0,1,1\n").replace("\n", "\r\n"),
                        "\ufeff" + HEADER + "a,0,1,1\n", ALIGNED + "a,0,1,1,256\n",
                        HEADER + "x" * 5000 + ",0,1,1\n", HEADER + "漢,0,1,1\n"):
            self.write("l.csv", content)
            self.expect_result(FITS, "plan", "l.csv")

    def test_paths_that_are_not_files(self):
        os.symlink("loop", self.path("loop"))
        for path, reason in (("none", "No such file or directory"),
                             ("loop", "Too many levels of symbolic links"),
                             ("fleet.yaml/x", "Not a directory"),
                             ("x" * 300, "File name too long")):
            self.expect_refusal((path, reason), "check", path)
            self.expect_refusal((path, reason), "plan", path)
        self.expect_refusal((".", "directory", "manifest"), "check", ".")
        self.expect_refusal((".", "directory", "lifetimes"), "verify", ".", "proof")
        self.expect_refusal((".", "directory", "device profile"), "check", "fleet.yaml", "--device", ".")

    def test_a_file_that_must_not_be_read(self):
        # Root can read any file, so the command then runs as another user, in a folder of its own.
        # A coverage build needs a place for its counts there.
        is_root = os.geteuid() == 0
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            command = shutil.copy(rein_case.REIN, os.path.join(folder, "rein"))
            secret = os.path.join(folder, "secret.yaml")
            with open(secret, "w", encoding="utf-8") as file:
                file.write(rein_case.MANIFEST)
            os.chmod(secret, 0)
            counts = os.path.join(folder, "counts")
            os.mkdir(counts)
            os.chmod(counts, 0o777)
            done = subprocess.run([command, "check", "secret.yaml"], cwd=folder, timeout=60,
                                  check=False, capture_output=True, encoding="utf-8",
                                  env={**os.environ, "GCOV_PREFIX": counts},
                                  user=65534 if is_root else None)
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.expect_messages(done.stderr, ("secret.yaml", "Permission denied"))

    def test_a_file_without_end(self):
        self.expect_refusal(("/dev/zero", "large", "manifest", "16MiB"), "check", "/dev/zero")

    def test_a_pipe_is_read_to_its_end(self):
        reader, writer = os.pipe()
        os.write(writer, rein_case.LIFETIMES.encode())
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.expect_result(FITS, "plan", "/dev/stdin", stdin=pipe)


if __name__ == "__main__":
    rein_case.main()
