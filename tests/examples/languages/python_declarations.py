#!/usr/bin/env python3
"""python_declarations.py FOLDER

Prints C that compiles if the declarations of FOLDER/rein.py match the headers. It compares the value
of each constant, the size of each structure, the offset and size of each member, and the number and
types of each function's parameters.
"""
import ctypes
import sys

C_NAMES = {ctypes.c_char: "char", ctypes.c_char_p: "const char *", ctypes.c_void_p: "void *",
           ctypes.c_int32: "int32_t", ctypes.c_int64: "int64_t", ctypes.c_uint32: "uint32_t",
           ctypes.c_uint64: "uint64_t", None: "void"}


def c_type(python):
    if python in C_NAMES:
        return C_NAMES[python]
    if hasattr(python, "contents"):
        return f"{c_type(python._type_)} *"
    return python.__name__


def assertion(condition, text):
    return f'_Static_assert({condition}, "{text}");'


def assertions_of(struct):
    name = struct.__name__
    yield assertion(f"sizeof({name}) == {ctypes.sizeof(struct)}", f"{name} has another size")
    for member, _ in struct._fields_:
        place = getattr(struct, member)
        yield assertion(f"offsetof({name}, {member}) == {place.offset} && "
                        f"sizeof((({name} *)0)->{member}) == {place.size}", f"{name}.{member} has another place")


def call_of(name, returned, *parameters):
    """A function that calls it with arguments of its parameters' types."""
    declared = ", ".join(f"{c_type(parameter)} a{index}" for index, parameter in enumerate(parameters)) or "void"
    arguments = ", ".join(f"a{index}" for index in range(len(parameters)))
    result = "" if returned is None else "return "
    constant = "const " if hasattr(returned, "contents") else ""
    return f"{constant}{c_type(returned)} call_{name}({declared}) {{ {result}{name}({arguments}); }}"


def main():
    sys.path.insert(0, sys.argv[1])
    sys.dont_write_bytecode = True
    import rein
    for name, value in vars(rein).items():
        if name.startswith("REIN_"):
            print(assertion(f"{name} == {value}", f"{name} has another value"))
        elif name.startswith("rein_"):
            print("\n".join(assertions_of(value)))
    for name, types in rein.FUNCTIONS.items():
        print(call_of(name, *types))


main()
