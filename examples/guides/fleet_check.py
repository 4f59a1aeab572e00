"""Says which models of a fleet are promised more than they need. usage: fleet_check.py MANIFEST"""
import json
import subprocess
import sys

FITS, DOES_NOT_FIT, BAD_INPUT, CANNOT_TELL = 0, 1, 2, 3


def check(manifest, *options):
    """Returns the answer of `rein check --json`. Raises ValueError if the input is bad."""
    run = subprocess.run(["rein", "check", manifest, "--json", *options],
                         capture_output=True, text=True, check=False)
    if run.returncode not in (FITS, DOES_NOT_FIT, CANNOT_TELL):
        raise ValueError(run.stderr.strip())
    return json.loads(run.stdout)


if __name__ == "__main__":
    answer = check(sys.argv[1])
    print(f"{answer['outcome']}: {answer['memory']['shortfall_bytes'] >> 20} MiB short")
    for model in answer["models"]:
        if model["needed_bytes"] is not None:  # None is unknown, and never 0
            spare = model["reserved_bytes"] - model["needed_bytes"]
            print(f"{model['id']:13} {spare >> 20:4} MiB to spare")
