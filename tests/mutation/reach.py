"""Finds the functions that a test program runs: only mutants in these can make it fail.

Uses gcov on the program linked with instrumented sources. Functions that run only in a process that
a signal kills are not recorded. Too few programs try a mutant in these, which can only lower the
score.
"""
import json
import shutil
import subprocess

FLAGS = ["--coverage"]


class Instrumented:
    """The objects of the sources, instrumented for gcov."""

    def __init__(self, build, sources, folder):
        self.build = build
        self.folder = folder
        self.objects = {}
        folder.mkdir()
        for file, source in sources.items():
            self.objects[file] = folder / (file.replace("/", "_") + ".o")
            build.compile_to(file, source, self.objects[file], FLAGS)

    def link(self, program, out_binary):
        self.build.link_to(program, [built for file, built in self.objects.items()
                                     if program in self.build.programs_of(file)],
                           out_binary, FLAGS)

    def reached(self, prefix):
        """{(file, line)} of all functions that a program with GCOV_PREFIX `prefix` ran."""
        data = prefix / self.folder.relative_to("/")
        if not data.is_dir():
            return set()
        for notes in self.folder.glob("*.gcno"):
            shutil.copy(notes, data)
        counted = subprocess.run(["gcov", "--json-format", "--stdout", *data.glob("*.gcda")],
                                 cwd=data, check=True, stdout=subprocess.PIPE, text=True).stdout
        return {(file["file"], line) for report in counted.splitlines() if report
                for file in json.loads(report)["files"] for function in file["functions"]
                if function["execution_count"] > 0
                for line in range(function["start_line"], function["end_line"] + 1)}
