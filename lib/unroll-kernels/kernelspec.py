#!/usr/bin/env python3
"""Writes a Jupyter kernel that loads IJava's libraries before the kit, as IJava does: JJava's kernel (its own libraries are relocated) with those on its class path.

    mvn verify                                                  (fills lib/unroll-kernels/target/ijava)
    python3 lib/unroll-kernels/kernelspec.py FOLDER
    JUPYTER_PATH=FOLDER python3 notebooks/run.py 01 --kernel behind-ijava

FOLDER/loaded.txt then says from which jar each class came. The kernel's first cell asks for a class that IJava's libraries have: it must come from those.
"""
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "notebooks"))
sys.dont_write_bytecode = True
from runner import environment  # noqa: E402 (found by the line above)

folder, libraries = Path(sys.argv[1]).resolve(), ROOT / "lib/unroll-kernels/target/ijava"
kernel = next((home / "share/jupyter/kernels/java/jjava.jar" for home in (environment.VENV, Path(sys.prefix))
               if (home / "share/jupyter/kernels/java/jjava.jar").exists()), None)
if kernel is None or not libraries.is_dir():
    sys.exit("run `python3 notebooks/run.py 01`, which installs JJava, and `mvn verify`, which fetches IJava's libraries, first")
spec = folder / "kernels" / "behind-ijava" / "kernel.json"
spec.parent.mkdir(parents=True, exist_ok=True)
spec.write_text(json.dumps({
    "argv": ["java", *environment.JVM_OPTIONS.split(), "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED", f"-Xlog:class+load:file={folder / 'loaded.txt'}",
             "-cp", os.pathsep.join([str(libraries / "*"), str(kernel)]), "org.dflib.jjava.distro.JJava", "{connection_file}"],
    "env": {"JJAVA_STARTUP_SCRIPT": 'Class.forName("org.apache.commons.lang3.StringUtils"); Class.forName("com.google.gson.JsonParser");'},
    "display_name": "Java, behind IJava's libraries", "language": "java", "interrupt_mode": "message"}), encoding="utf-8")
