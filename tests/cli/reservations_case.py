"""Shared by the tests of rein run and rein status."""

import fcntl
import json
import os
import struct
import subprocess

import rein_case
from rein_case import DEVICE, FITS, MANIFEST, ReinCase
from test_json import load_schema

GPU = DEVICE + "uuid: GPU-1\n"
MIB = 2 ** 20
GIB = 2 ** 30
F_OFD_SETLK = 37
# With the context of 64 MiB: 564 of the device's 1024 MiB.
ONE = ["--device", "gpu.yaml", "--model", "one", "--memory", "500MiB", "--streams", "3",
       "--compute", "10ms"]
HOLD = ["sh", "-c", "echo ready; read line"]


class ReservationsCase(ReinCase):
    def setUp(self):
        super().setUp()
        self.write("gpu.yaml", GPU)
        self.write("fleet.yaml", MANIFEST.replace("device.yaml", "gpu.yaml"))

    def start(self, *command, variables=None, **options):
        """Starts `rein run`. Returns after its command has printed a line."""
        held = subprocess.Popen([rein_case.REIN, "run", *ONE, "--", *command], cwd=self.folder,
                                env=self.environment(variables), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, encoding="utf-8", **options)
        self.addCleanup(held.communicate)
        self.assertEqual(held.stdout.readline(), "ready\n")
        return held

    def run_one(self, *command, **options):
        return self.run_rein("run", *ONE, "--", *command, **options)

    def status(self, code=FITS, **options):
        document = json.loads(self.expect_result(code, "status", "--json", "--device", "gpu.yaml",
                                                 **options))
        load_schema("status").validate(document)
        device, = document["devices"]
        return device

    def folder_of_device(self):
        return os.path.join(self.state, "GPU-1")

    def files_of_device(self):
        """Returns the names of the reservations' files. The lock's file starts with a dot."""
        return [name for name in os.listdir(self.folder_of_device()) if not name.startswith(".")]

    def lock(self, path):
        """Locks a file as another process with a reservation does. Returns the file, which owns the
        lock."""
        file = open(path, "r+b")
        self.addCleanup(file.close)
        fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
        return file
