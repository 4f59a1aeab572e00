"""Writes the allocations in a PyTorch memory snapshot as lifetimes for `rein plan`.
usage: pytorch_snapshot.py SNAPSHOT.pickle|SNAPSHOT.json [DEVICE] > lifetimes.csv

An instant is the index of an event. A block that the trace does not free lives until after the last
event; one that it frees without an allocation lives from instant 0. Their numbers go to standard error."""
import json
import pickle
import sys


class PlainUnpickler(pickle.Unpickler):
    """Loads lists, dictionaries, texts and numbers only, so that a snapshot cannot run code."""
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"a snapshot must not contain {module}.{name}")


def lifetimes(events):
    """Yields (start, end, size) for each block. An instant that the trace does not have is None."""
    alive = {}
    for now, event in enumerate(events):
        if event["action"] == "alloc":
            if event["addr"] in alive:
                sys.exit(f"event {now}: a block at {event['addr']:#x} is alive already")
            alive[event["addr"]] = now, event["size"]
        elif event["action"] == "free_completed":
            start, size = alive.pop(event["addr"], (None, event["size"]))
            yield start, now, size
    yield from ((start, None, size) for start, size in alive.values())


if not sys.argv[1:]:
    sys.exit(__doc__)
path, device = sys.argv[1], int((sys.argv + ["0"])[2])
with open(path, "rb") as file:
    snapshot = json.load(file) if path.endswith(".json") else PlainUnpickler(file).load()
traces = {index: events for index, events in enumerate(snapshot["device_traces"]) if events}
if device not in traces:
    sys.exit(f"{path} has no events of device {device}; name one of the devices {list(traces)}")
trace = traces[device]
blocks = sorted(lifetimes(trace), key=lambda block: block[0] or 0)
print("id,lower,upper,size,alignment")
for index, (start, end, size) in enumerate(blocks):
    print(index, start or 0, len(trace) if end is None else end, size, 512, sep=",")
print(f"not freed: {sum(end is None for _, end, _ in blocks)}, allocated before the trace: "
      f"{sum(start is None for start, _, _ in blocks)}", file=sys.stderr)
