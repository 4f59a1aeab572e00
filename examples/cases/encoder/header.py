"""Writes the header of a reranker in GGUF, in a sparse file of the model's size: 24 blocks, 567.75 million parameters,
F16 as its quantisation leaves it. The data of its tensors are zero.
usage: header.py OUT
"""
import os
import struct
import sys

F32, F16 = (0, 4), (1, 2)
WIDTH, INNER, BLOCKS, TOKENS, CONTEXT = 1024, 4096, 24, 250002, 8192
NUMBERS = {"block_count": BLOCKS, "context_length": CONTEXT, "embedding_length": WIDTH,
           "feed_forward_length": INNER, "attention.head_count": 16}


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def linear(name, inputs, outputs):
    return [(f"{name}.weight", F16, (inputs, outputs)), (f"{name}.bias", F32, (outputs,))]


def norm(name):
    return [(f"{name}.{part}", F32, (WIDTH,)) for part in ("weight", "bias")]


def block(index):
    at = f"blk.{index}."
    tensors = [tensor for name in "qkv" for tensor in linear(f"{at}attn_{name}", WIDTH, WIDTH)]
    return (tensors + linear(f"{at}attn_output", WIDTH, WIDTH) + norm(f"{at}attn_output_norm") +
            linear(f"{at}ffn_up", WIDTH, INNER) + linear(f"{at}ffn_down", INNER, WIDTH) +
            norm(f"{at}layer_output_norm"))


def model():
    tensors = [("token_embd.weight", F16, (WIDTH, TOKENS)), ("position_embd.weight", F32, (WIDTH, CONTEXT)),
               ("token_types.weight", F32, (WIDTH, 1)), *norm("token_embd_norm")]
    for index in range(BLOCKS):
        tensors += block(index)
    return tensors + linear("cls", WIDTH, WIDTH) + linear("cls.output", WIDTH, 1)


def metadata():
    texts = {"general.architecture": "bert", "general.name": "Reranker"}
    entries = [text(key) + struct.pack("<I", 8) + text(value) for key, value in texts.items()]
    entries += [text(f"bert.{key}") + struct.pack("<II", 4, value) for key, value in NUMBERS.items()]
    return entries + [text("bert.attention.causal") + struct.pack("<I?", 7, False)]


def main():
    offset, described = 0, []
    for name, (kind, size), shape in model():
        described.append(text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
        count = 1
        for extent in shape:
            count *= extent
        offset += -(-count * size // 32) * 32
    entries = metadata()
    header = b"GGUF" + struct.pack("<IQQ", 3, len(described), len(entries)) + b"".join(entries + described)
    with open(sys.argv[1], "wb") as file:
        file.write(header)
        os.truncate(file.fileno(), -(-len(header) // 32) * 32 + offset)


main()
