"""Stands in for PyTorch: prints the fraction. Its device has STAND_IN_TOTAL_BYTES, or 24 GiB."""
import os
import types

TOTAL_BYTES = int(os.environ.get("STAND_IN_TOTAL_BYTES", 24 << 30))

cuda = types.SimpleNamespace(
    get_device_properties=lambda _device: types.SimpleNamespace(total_memory=TOTAL_BYTES),
    set_per_process_memory_fraction=lambda fraction, _device: print("fraction", fraction))
