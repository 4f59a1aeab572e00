#!/usr/bin/env python3
"""device_waived.py OUTPUT REASON: writes the device half that was not built, as a waived table."""
import sys

import bench_format

TABLE = "device: the CUDA module beside raw CUDA"


def main():
    output, reason = sys.argv[1:]
    bench_format.write({
        "format": bench_format.FORMAT,
        "context": {"part": "device"},
        "tables": [{"name": TABLE, "what": "All tables of the device half.",
                    "limits": "not known here."}],
        "rows": [{"table": TABLE, "case": "all", "subject": "rein", "role": "ours",
                  "status": "waived", "reason": reason}],
        "goals": [],
    }, output)


if __name__ == "__main__":
    main()
