#!/usr/bin/env python3
"""Lets a CUDA build of PyTorch run on the CPU without the 3 GB of CUDA libraries it names.

Usage: python3 cuda_stubs.py SITE-PACKAGES/torch/lib

The build's shared objects are linked against libcudart, libcublas and others, and cannot be loaded without them, even
when no CUDA function is ever called. For each such library that is missing this writes an empty stand-in with the same
name, symbols and symbol versions into the folder. Every function in it returns 100, which is cudaErrorNoDevice, so
PyTorch finds no CUDA device and takes the CPU. Needs Linux, gcc, and readelf and nm (binutils).
"""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Libraries that every Linux system has; a name outside this pattern that is not in the folder gets a stand-in.
SYSTEM = re.compile(r"(lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s|z|quadmath)\.so|ld-linux).*")
# Some libraries export without versions, so a symbol does not say where it lives; its prefix tells CUDA from C++.
UNVERSIONED = re.compile(r"(cu|nccl|nvrtc|nvshmem)\w+")
NO_DEVICE = 100


class StubError(Exception):
    """Stand-ins cannot be built here; the message says why and what to do."""


def build(folder):
    """Writes the missing libraries into the folder and returns their names, in alphabetical order."""
    tools = [tool for tool in ("gcc", "readelf", "nm") if shutil.which(tool) is None]
    if tools:
        raise StubError(f"{' and '.join(tools)} not found, needed to build stand-ins for the CUDA libraries: install a C "
                        "compiler and binutils, or set UNROLL_TORCH_PYTHON to a Python that can import torch.")
    folder = pathlib.Path(folder)
    objects = sorted(folder.glob("*.so*"))
    if not objects:
        raise StubError(f"{folder} has no shared objects: expected the lib folder of an installed torch package.")

    missing = set().union(*(needed(path) for path in objects)) - {path.name for path in objects}
    missing = {name for name in missing if not SYSTEM.fullmatch(name)}
    symbols = versioned_symbols(objects, missing)
    # Where an unversioned symbol is defined does not matter to the loader; libcudart is the one that is always loaded.
    runtime = next((name for name in sorted(missing) if name.startswith("libcudart.")), None)
    if runtime:
        symbols[runtime][""] |= unversioned_symbols(objects)
    for name in sorted(missing):
        compile_stub(folder / name, symbols[name])
    return sorted(missing)


def needed(path):
    """Names of the libraries that a shared object asks the loader for."""
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-dW", path)))


def versioned_symbols(objects, libraries):
    """Library name -> version -> symbols that the objects want from these libraries."""
    wanted = collections.defaultdict(lambda: collections.defaultdict(set))
    for path in objects:
        home = {}                                            # version -> library, valid within one object
        library = None
        for line in output("readelf", "-VW", path).splitlines():
            if found := re.search(r"File: (\S+)", line):
                library = found.group(1)
            elif (found := re.search(r"Name: (\S+)\s+Flags", line)) and library in libraries:
                home[found.group(1)] = library
                wanted[library][found.group(1)]              # a version counts even when no symbol is wanted from it
        for name in undefined(path):
            symbol, _, version = name.partition("@")
            if version in home:
                wanted[home[version]][version].add(symbol)
    return wanted


def unversioned_symbols(objects):
    """CUDA functions that the objects want without naming a version and that none of them defines."""
    wanted = {name for path in objects for name in undefined(path) if UNVERSIONED.fullmatch(name)}
    defined = {line.split()[-1].partition("@")[0] for path in objects
               for line in output("nm", "-D", "--defined-only", path).splitlines()}
    return wanted - defined


def undefined(path):
    """Symbols that the loader has to find elsewhere, as NAME or NAME@VERSION."""
    lines = output("nm", "-D", "--undefined-only", path).splitlines()
    return {line.split()[-1].replace("@@", "@") for line in lines}


def compile_stub(target, symbols):
    """Builds one library whose functions all report that there is no device."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        source, script, built = (pathlib.Path(scratch, name) for name in ("stub.c", "stub.map", "stub.so"))
        source.write_text("\n".join(function(name) for name in sorted(set().union(*symbols.values()))) + "\n")
        script.write_text("\n".join(f"{version} {{ global: {' '.join(name + ';' for name in sorted(names))} }};"
                                    for version, names in sorted(symbols.items()) if version) + "\n")
        versions = [f"-Wl,--version-script={script}"] if any(symbols) else []
        output("gcc", "-w", "-shared", "-fPIC", "-fno-builtin", f"-Wl,-soname,{target.name}", *versions, "-o", built, source)
        built.replace(target)


def function(name):
    """C source of one stand-in. Registering device code must return a handle that can be written to; the rest return an error."""
    if name.startswith("__cudaRegisterFatBinary"):
        return f"void *{name}(void) {{ static char handle[4096]; return handle; }}"
    return f"int {name}(void) {{ return {NO_DEVICE}; }}"


def output(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise StubError(f"{command[0]} failed with status {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print("\n".join(build(sys.argv[1])))
    except StubError as problem:
        sys.exit(str(problem))
