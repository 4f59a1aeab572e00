"""What the command says of a size or a time that it does not read."""


def not_a_size(text):
    return (f"'{text}' is not a valid size; write a number and a unit, such as 512MiB "
            "(units: B, KiB, MiB, GiB, TiB)\n")


def misspelt_size(text, meant):
    return f"'{text}' is not a valid size; did you mean {meant}?\n"


def ambiguous_size(text, binary, decimal):
    return f"'{text}' is not a valid size; did you mean {binary} or {decimal}?\n"


def not_a_time(text):
    return (f"'{text}' is not a valid time; write a number and a unit, such as 100ms "
            "(units: ns, us, ms, s, min, h)\n")
