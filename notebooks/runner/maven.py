"""Fetches Maven into notebooks/.maven where the computer has none that is new enough."""
import hashlib
import http.client
import os
import shutil
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from .paths import MAVEN
from .problem import Problem
from .progress import Line

VERSION = "3.9.11"
ADDRESS = f"https://archive.apache.org/dist/maven/maven-3/{VERSION}/binaries/apache-maven-{VERSION}-bin.zip"
SHA512 = ("03e2d65d4483a3396980629f260e25cac0d8b6f7f2791e4dc20bc83f9514db8d"
          "0f05b0479e699a5f34679250c49c8e52e961262ded468a20de0be254d8207076")
BYTES = 9_278_421


def fetched(folder=MAVEN):
    """The `mvn` program that was fetched before, or None."""
    program = folder / f"apache-maven-{VERSION}" / "bin" / ("mvn.cmd" if os.name == "nt" else "mvn")
    return program if program.exists() else None


def fetch(lacking, folder=MAVEN, address=ADDRESS, sha512=SHA512):
    """Downloads Maven, checks it and unpacks it; gives its program. `lacking` says why the computer's own does not do."""
    line = Line()
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                archive = answer.read(BYTES + 1)
        except (OSError, http.client.HTTPException) as refused:  # no network, no such address, a connection that breaks off
            raise Problem(f"Maven cannot be fetched from {address}:\n  {refused}\nBehind a proxy, HTTPS_PROXY names it. "
                          f"Or install Maven, which lacks here:\n\n{lacking}\n\nThen start run.py again.")
        if hashlib.sha512(archive).hexdigest() != sha512:
            raise Problem(f"What came from {address} is not Maven {VERSION}: its sha512 is\n  {hashlib.sha512(archive).hexdigest()}, not\n"
                          f"  {sha512}. Install Maven instead:\n\n{lacking}\n\nThen start run.py again.")
        path = Path(aside, "maven.zip")
        path.write_bytes(archive)
        with zipfile.ZipFile(path) as files:
            files.extractall(aside)
        unpacked = Path(aside, f"apache-maven-{VERSION}")
        (unpacked / "bin" / "mvn").chmod(0o755)  # an archive's rights are not unpacked with it
        shutil.rmtree(folder / unpacked.name, ignore_errors=True)
        unpacked.rename(folder / unpacked.name)  # whole or not at all
    line.end(f"fetched Maven {VERSION}")
    return fetched(folder)
