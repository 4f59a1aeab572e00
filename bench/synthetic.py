#!/usr/bin/env python3
"""Writes synthetic lifetimes for bench_plan, the same for the same arguments.

    synthetic.py guillotine BUFFERS DROPPED SEED   pieces of a rectangle of 1048576 bytes, DROPPED of them left out
    synthetic.py tight BUFFERS HEIGHT SEED         instants filled up to HEIGHT: one in some does not fit its peak
    synthetic.py lifetimes COUNT SEED              starts anywhere, short and long lives, sizes of all scales
"""
import random
import sys

CAPACITY = 1048576
SECTIONS_PER_BUFFER = 4
TIGHT_INSTANTS = 16


def guillotine(buffers, dropped, seed):
    """Cuts the largest piece, in time or in offset, in its middle half."""
    rng = random.Random(seed)
    pieces = [(0, SECTIONS_PER_BUFFER * buffers, 0, CAPACITY)]
    while len(pieces) < buffers:
        piece = max(pieces, key=lambda p: (p[1] - p[0]) * (p[3] - p[2]))
        pieces.remove(piece)
        from_, until, low, high = piece
        if rng.random() < 0.5 and until - from_ > 3:
            middle = from_ + int((until - from_) * rng.uniform(0.25, 0.75))
            pieces += [(from_, middle, low, high), (middle, until, low, high)]
        else:
            middle = low + int((high - low) * rng.uniform(0.25, 0.75))
            pieces += [(from_, until, low, middle), (from_, until, middle, high)]
    rng.shuffle(pieces)
    kept = pieces[: buffers - int(buffers * dropped)]
    return [(p[0], p[1], p[3] - p[2]) for p in kept]


def tight(buffers, height, seed):
    """Stacks buffers in 16 instants, each as large as fits; keeps no offsets."""
    rng = random.Random(seed)
    room = [height] * TIGHT_INSTANTS
    rows = []
    while len(rows) < buffers and max(room) > 0:
        start = rng.randrange(TIGHT_INSTANTS)
        end = min(start + 1 + rng.randrange(6), TIGHT_INSTANTS)
        least = min(room[start:end])
        if least > 0:
            size = 1 + rng.randrange(min(least, 9))
            for t in range(start, end):
                room[t] -= size
            rows.append((start, end, size))
    return rows


def lifetimes(count, seed):
    rng = random.Random(seed)
    rows = []
    for _ in range(count):
        from_ = rng.randrange(2 * count)
        rows.append((from_, from_ + 1 + int(2 ** rng.uniform(0, 12)), 64 * int(2 ** rng.uniform(0, 16))))
    return rows


def main(arguments):
    if arguments[:1] == ["guillotine"] and len(arguments) == 4:
        rows = guillotine(int(arguments[1]), float(arguments[2]), int(arguments[3]))
    elif arguments[:1] == ["tight"] and len(arguments) == 4:
        rows = tight(int(arguments[1]), int(arguments[2]), int(arguments[3]))
    elif arguments[:1] == ["lifetimes"] and len(arguments) == 3:
        rows = lifetimes(int(arguments[1]), int(arguments[2]))
    else:
        sys.exit(__doc__)
    print("id,lower,upper,size")
    for i, row in enumerate(rows):
        print(i, *row, sep=",")


if __name__ == "__main__":
    main(sys.argv[1:])
