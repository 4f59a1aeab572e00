#!/usr/bin/env python3
"""rust_declarations.py RUSTC FOLDER RS

Prints C that compiles if the declarations of a Rust file match the headers. It compares the value of
each constant, the size of each structure, the offset and type of each member, and the type of each
function. A program that RUSTC compiles in FOLDER reports the sizes and offsets.
"""
import pathlib
import re
import subprocess
import sys

C_NAMES = {"c_char": "char", "c_void": "void", "bool": "bool", "usize": "size_t", "i32": "int32_t",
           "i64": "int64_t", "u8": "uint8_t", "u32": "uint32_t", "u64": "uint64_t"}
# Opaque types have only a tag.
OPAQUE = re.compile(r"pub struct (\w+) \{\s*_opaque")
CONSTANT = re.compile(r"pub const (\w+): \w+ = (\w+);")
STRUCT = re.compile(r"pub struct (\w+) \{\n(.*?)\n\}", re.S)
RESULT = re.compile(r"pub type (\w+) = rein_result<(\w+)>;")
CALLBACK = re.compile(r"pub type (\w+) =\s*(Option<.*?>);", re.S)
ENUM = re.compile(r"pub type (\w+) = (u32);")
FUNCTION = re.compile(r"pub fn (rein_\w+)\((.*?)\)(?: -> ([^;]*))?;", re.S)
POINTER_TO_FUNCTION = re.compile(r'(?:Option<)?unsafe extern "C" fn\((.*?),? ?\)(?: -> (.*?))?>?')
DECLARATION = re.compile(r"pub (?:struct|type|const|fn) (rein_\w+|REIN_\w+|CUstream_st)\b(?!<)")
PROGRAM = """#[path = "%s"]
mod rein;
use rein::*;
use std::mem::{size_of, MaybeUninit};
use std::ptr::addr_of;

macro_rules! offset {
    ($type:ty, $member:ident) => {{
        let place = MaybeUninit::<$type>::uninit();
        unsafe { addr_of!((*place.as_ptr()).$member) as usize - place.as_ptr() as usize }
    }};
}

fn main() {
%s
}
"""


def c_member(name):
    """Renames `where` and `self`, which are keywords of Rust."""
    return name.removeprefix("r#").removesuffix("_")


def c_type(rust, opaque):
    rust = " ".join(rust.split())
    if function := POINTER_TO_FUNCTION.fullmatch(rust):
        return f"{c_return(function[2], opaque)} (*)({c_parameters(function[1], opaque)})"
    if array := re.fullmatch(r"\[(.*); (.*)\]", rust):
        return f"{c_type(array[1], opaque)}[{array[2]}]"
    if pointer := re.fullmatch(r"\*(const|mut) (.*)", rust):
        return f"{c_type(pointer[2], opaque)}{' const' if pointer[1] == 'const' else ''} *"
    return f"struct {rust}" if rust in opaque else C_NAMES.get(rust, rust)


def c_return(rust, opaque):
    return c_type(rust, opaque) if rust else "void"


def c_parameters(rust, opaque):
    return ", ".join(c_type(part, opaque) for part in rust.split(",") if part.strip()) or "void"


def members_of(body):
    """Returns pairs of name and type. A type may extend over lines; the next member begins with
    `pub`."""
    return [tuple(part.strip().rstrip(",") for part in member.split(":", 1))
            for member in re.split(r"^\s*pub ", body, flags=re.M)[1:]]


def assertion(condition, text):
    return f'_Static_assert({condition}, "{text}");'


def is_type(expression, c_name):
    return f"__builtin_types_compatible_p(__typeof__({expression}), {c_name})"


def assertions_of_types(text, opaque, structs):
    for struct, members in structs.items():
        for name, rust in members:
            member = f"(({struct} *)0)->{c_member(name)}"
            yield assertion(is_type(member, c_type(rust, opaque)), f"{struct}.{c_member(name)} has another type")
    for result, value in RESULT.findall(text):
        yield assertion(is_type(f"(({result} *)0)->as.value", c_type(value, opaque)), f"{result} has another value")
    for name, rust in CALLBACK.findall(text):
        yield assertion(is_type(f"({name})0", c_type(rust, opaque)), f"{name} is another type")
    for name, rust in ENUM.findall(text):
        yield assertion(f"sizeof({name}) == sizeof({C_NAMES[rust]})", f"{name} has another size")
    for name, value in CONSTANT.findall(text):
        yield assertion(f"{name} == {value}", f"{name} has another value")
    for name, parameters, returned in FUNCTION.findall(text):
        types = ",".join(part.split(":", 1)[1] for part in parameters.split(",") if part.strip())
        yield f"{c_return(returned, opaque)} {name}({c_parameters(types, opaque)});"


def reported_layout(rustc, folder, path, structs):
    lines = []
    for struct, members in structs.items():
        report = 'println!("_Static_assert(%s == {}, \\"%s\\");", %s);'
        lines.append(report % (f"sizeof({struct})", f"{struct} has another size", f"size_of::<{struct}>()"))
        lines += [report % (f"offsetof({struct}, {c_member(name)})", f"{struct}.{c_member(name)} has another offset",
                            f"offset!({struct}, {name})") for name, _ in members]
    source, program = folder / "layout.rs", folder / "layout"
    source.write_text(PROGRAM % (path.resolve(), "\n".join("    " + line for line in lines)), encoding="utf-8")
    subprocess.run([rustc, "--edition", "2021", "-o", program, source], check=True)
    return subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True).stdout


def require_all(text, structs):
    """Ends the program if a declaration matches no pattern, because it would not be checked."""
    found = set(structs)
    for pattern in (OPAQUE, CONSTANT, RESULT, CALLBACK, ENUM, FUNCTION):
        found.update(match[1] for match in pattern.finditer(text))
    if missed := set(DECLARATION.findall(text)) - found:
        sys.exit(f"not understood: {', '.join(sorted(missed))}")


def main():
    rustc, folder, path = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    opaque = set(OPAQUE.findall(text))
    structs = {name: members_of(body) for name, body in STRUCT.findall(text) if name not in opaque}
    require_all(text, structs)
    layouts = dict(structs)
    layouts.update({name: [("is_ok", "bool"), ("r#as", "")] for name, _ in RESULT.findall(text)})
    print("\n".join(assertions_of_types(text, opaque, structs)))
    print(reported_layout(rustc, folder, path, layouts))


main()
