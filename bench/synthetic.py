#!/usr/bin/env python3
"""Writes synthetic lifetimes for bench_plan, the same for the same arguments.

    synthetic.py guillotine BUFFERS DROPPED SEED   pieces of a rectangle of 1048576 bytes, DROPPED of them left out
    synthetic.py tight COUNT SEED                  few buffers that fill 40 bytes at many instants; sometimes no
                                                   plan reaches that peak
    synthetic.py lifetimes COUNT SEED              starts anywhere, short and long lives, sizes of all scales
"""
import random
import sys

CAPACITY = 1048576
SECTIONS_PER_BUFFER = 4


def guillotine(buffers, dropped, seed):
    """Cuts the largest piece, in time or in offset, somewhere in its middle half."""
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


def tight(count, seed):
    """Each buffer takes at most what is still free for all of its life."""
    rng = random.Random(seed)
    instants = count // 2
    room = [40] * (instants + 8)
    rows = []
    while len(rows) < count:
        from_ = rng.randrange(instants)
        until = from_ + 1 + rng.randrange(8)
        size = min(1 + rng.randrange(20), min(room[from_:until]))
        if size == 0 and rng.random() < 0.999:
            continue
        for instant in range(from_, until):
            room[instant] -= size
        rows.append((from_, until, size))
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
    elif arguments[:1] == ["tight"] and len(arguments) == 3:
        rows = tight(int(arguments[1]), int(arguments[2]))
    elif arguments[:1] == ["lifetimes"] and len(arguments) == 3:
        rows = lifetimes(int(arguments[1]), int(arguments[2]))
    else:
        sys.exit(__doc__)
    print("id,lower,upper,size")
    for i, row in enumerate(rows):
        print(i, *row, sep=",")


main(sys.argv[1:])
