"""The size of the library, and the time to compile its header."""
import os
import subprocess
import tempfile

import host_tables
from statistics_of import summary

CHARGING = """#include "contract/ledger.h"
int main(void) {
    rein_ledger ledger;
    rein_resource_budget budget = rein_resource_budget_default();
    rein_result_void made = rein_ledger_init(&ledger, &budget);
    return rein_result_void_is_ok(made) && rein_ledger_charge_memory(&ledger, 1).is_granted ? 0 : 1;
}
"""
EMPTY = "int main(void) { return 0; }\n"
HEADERS = [
    # case, subject, role, suffix, text
    ("C", "contract/contract.h", "ours", "c", '#include "contract/contract.h"\n'),
    ("C", "an empty file", "limit", "c", "typedef int unused;\n"),
    ("C", "stdio.h", "peer", "c", "#include <stdio.h>\n"),
    ("C++", "contract/contract.h", "ours", "cpp", '#include "contract/contract.h"\n'),
    ("C++", "an empty file", "limit", "cpp", "typedef int unused;\n"),
    ("C++", "expected", "peer", "cpp", "#include <expected>\n"),
    ("C++", "absl/status/statusor.h", "peer", "cpp", "#include <absl/status/statusor.h>\n"),
]


def code_and_data_bytes(path):
    """Returns the sizes of an archive's members, or of a program."""
    listing = subprocess.run(["size", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return sum(int(line.split()[0]) + int(line.split()[1]) for line in listing.splitlines()[1:])


def linked_bytes(build, folder, name, text, archive):
    source = os.path.join(folder, f"{name}.c")
    program = os.path.join(folder, name)
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([build["c_compiler"], "-O2", "-I", build["include"], source, archive, "-o",
                    program, "-lpthread"], check=True)
    return code_and_data_bytes(program)


def size_rows(build):
    with tempfile.TemporaryDirectory() as folder:
        charging = linked_bytes(build, folder, "charging", CHARGING, build["archive"])
        charging -= linked_bytes(build, folder, "empty", EMPTY, build["archive"])
    sizes = {"the whole archive": code_and_data_bytes(build["archive"]),
             "a program that charges a ledger": charging}
    return [{"table": host_tables.SIZE, "case": case, "subject": "rein", "role": "ours",
             "status": "measured"} | summary([size / 1024], "KiB") for case, size in sizes.items()]


def compile_ns(command):
    """Returns the processor time of a compiler and its children; None if it fails."""
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return (usage.ru_utime + usage.ru_stime) * 1e9 if child.returncode == 0 else None


def compile_commands(build, folder):
    commands = []
    for number, (_, _, _, suffix, text) in enumerate(HEADERS):
        source = os.path.join(folder, f"header{number}.{suffix}")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        compiler, standard = ((build["c_compiler"], "-std=c17") if suffix == "c"
                              else (build["cxx_compiler"], "-std=c++2b"))
        commands.append([compiler, standard, "-O2", "-I", build["include"], "-c", source, "-o",
                         os.path.join(folder, f"header{number}.o")])
    return commands


def header_rows(build, is_quick):
    with tempfile.TemporaryDirectory() as folder:
        commands = compile_commands(build, folder)
        rounds = [[compile_ns(command) for command in commands]
                  for _ in range(1 if is_quick else 11)]
    rows = []
    for number, (case, subject, role, _, _) in enumerate(HEADERS):
        row = {"table": host_tables.HEADER, "case": case, "subject": subject, "role": role}
        times = [times[number] for times in rounds]
        if None in times:
            row |= {"status": "waived", "reason": "it is not installed or does not compile"}
        else:
            row |= {"status": "measured"} | summary(times, "ms")
        rows.append(row)
    return rows


def rows(build, is_quick):
    return size_rows(build) + header_rows(build, is_quick)
