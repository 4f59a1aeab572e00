#!/usr/bin/env python3
"""Writes the header of a GGUF model: make_header.py FILE. Prints the size of the whole model.

The model has the shape of a Llama with 8 billion parameters, quantised to 4 and 6 bits. It has no
vocabulary and no weights: `rein inspect` reads headers only."""

import struct
import sys

BLOCKS, WIDTH, FEED_FORWARD, HEADS, KV_HEADS, HEAD, WORDS = 32, 4096, 14336, 32, 8, 128, 128256
UINT32, FLOAT32, STRING = 4, 6, 8  # types of metadata
F32, Q4_K, Q6_K = 0, 12, 14  # types of tensors
ELEMENTS_AND_BYTES = {F32: (1, 4), Q4_K: (256, 144), Q6_K: (256, 210)}
ALIGNMENT = 32

METADATA = [
    ("general.architecture", STRING, "llama"),
    ("general.name", STRING, "chat-8b"),
    ("llama.block_count", UINT32, BLOCKS),
    ("llama.context_length", UINT32, 131072),
    ("llama.embedding_length", UINT32, WIDTH),
    ("llama.feed_forward_length", UINT32, FEED_FORWARD),
    ("llama.attention.head_count", UINT32, HEADS),
    ("llama.attention.head_count_kv", UINT32, KV_HEADS),
    ("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
    ("llama.rope.dimension_count", UINT32, HEAD),
    ("llama.vocab_size", UINT32, WORDS),
]


def block_tensors(index):
    """Half of the values and of the down projections have 6 bits."""
    fine = Q6_K if index % 2 == 0 else Q4_K
    shapes = {"attn_norm": (F32, WIDTH), "attn_q": (Q4_K, WIDTH, WIDTH), "attn_k": (Q4_K, WIDTH, KV_HEADS * HEAD),
              "attn_v": (fine, WIDTH, KV_HEADS * HEAD), "attn_output": (Q4_K, WIDTH, WIDTH),
              "ffn_norm": (F32, WIDTH), "ffn_gate": (Q4_K, WIDTH, FEED_FORWARD),
              "ffn_up": (Q4_K, WIDTH, FEED_FORWARD), "ffn_down": (fine, FEED_FORWARD, WIDTH)}
    return [(f"blk.{index}.{name}.weight", *shape) for name, shape in shapes.items()]


def tensors():
    yield ("token_embd.weight", Q4_K, WIDTH, WORDS)
    for index in range(BLOCKS):
        yield from block_tensors(index)
    yield ("output_norm.weight", F32, WIDTH)
    yield ("output.weight", Q6_K, WIDTH, WORDS)


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def metadata(key, kind, value):
    packed = text(value) if kind == STRING else struct.pack("<f" if kind == FLOAT32 else "<I", value)
    return text(key) + struct.pack("<I", kind) + packed


def aligned(size):
    return -(-size // ALIGNMENT) * ALIGNMENT


def header():
    """Returns the header and the bytes of the weights."""
    entries = b""
    offset = 0
    for count, (name, kind, *shape) in enumerate(tensors(), 1):
        entries += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
        elements, size = ELEMENTS_AND_BYTES[kind]
        for extent in shape:
            size *= extent
        offset += aligned(size // elements)
    keys = b"".join(metadata(*entry) for entry in METADATA)
    written = struct.pack("<4sIQQ", b"GGUF", 3, count, len(METADATA)) + keys + entries
    return written.ljust(aligned(len(written)), b"\0"), offset


def main():
    written, weights = header()
    with open(sys.argv[1], "wb") as file:
        file.write(written)
    print(len(written) + weights)


if __name__ == "__main__":
    main()
