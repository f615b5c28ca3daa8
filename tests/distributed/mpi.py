"""MPI from wheels, as `make test` puts it beside this environment: starts programs on some ranks, which end in time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KINDS = ("mpich", "openmpi")
FOLDER = Path(__file__).parent
LONGEST = 120  # seconds, for any program
SOON = 10  # seconds in which all ranks are to end where one cannot go on


def skip_without(kind):
    """Skip where this kind of MPI is not installed, or there is no native engine."""
    from fitnet.engine import ENGINES

    if "native" not in ENGINES:
        pytest.skip("ranks need the native engine, which was not built")
    if not (environment(kind) / "installed").exists():
        pytest.skip(f"{kind} is not installed in {environment(kind)}; `make test` installs it")


def environment(kind):
    return Path(sys.prefix) / "mpi" / kind


def started(kind, size, program, *arguments):
    """The process of mpiexec, whose standard error is its output."""
    skip_without(kind)
    binaries = environment(kind) / "bin"
    options = ["--oversubscribe"] if kind == "openmpi" else []
    command = [binaries / "mpiexec", *options, "-n", size, binaries / "python", "-m", "mpi4py", FOLDER / program]
    allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return subprocess.Popen(
        [str(word) for word in (*command, *arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | allowed,
    )


def said_by(kind, size, program, *arguments):
    """The exit code of mpiexec and all that was said."""
    process = started(kind, size, program, *arguments)
    try:
        output, _ = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
    return process.returncode, output


def until_now(process):
    """Read the output up to the line "now"; what came before."""
    lines = []
    for line in process.stdout:
        if line.strip() == "now":
            return lines
        lines.append(line)
    raise AssertionError("".join(lines))
