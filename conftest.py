"""Every code block and command in README.md and docs/ is run as a test.

Python blocks run as they stand, in the document's empty folder. In `console` blocks `python` and `fitnet` commands run
there (long trainings with two epochs in place of thousands: the last option given wins), `mpiexec` is the one that
`make test` installs, where it did, `make` targets must exist, and `pip install` installs this package into an empty
folder, with the build tools and the compiled files that are here already.
"""

import shlex
import subprocess
import sys
from pathlib import Path

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parent
SHORT = ["--epochs", "2"]


def run_console(example: Example) -> None:
    """Run the lines of a console block that begin with a dollar sign; every one must succeed."""
    for line in example.parsed.splitlines():
        if line.startswith("$ "):
            run_command(shlex.split(line[2:], comments=True), Path(example.namespace["folder"]))


def run_command(words: list[str], folder: Path) -> None:
    program, *arguments = words
    if program == "make":
        command, folder = ["make", "--dry-run", *arguments], ROOT
    elif program == "pip":
        assert arguments == ["install", "."], words
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--config-settings=build-dir=build/{wheel_tag}"]
        command = [sys.executable, "-m", "pip", "install", *options, "--target", "installed", str(ROOT)]
    elif program == "python":
        command = [sys.executable, *arguments]
    elif program == "mpiexec":
        command = over_ranks(arguments)
        if not Path(command[0]).exists():
            return  # there is no MPI here
    else:
        assert program in ("fitnet", ".venv/bin/fitnet"), f"the documents run {program!r}, which no test can check"
        shortened = SHORT if arguments[:2] == ["quadratic", "train"] else []
        command = [str(Path(sys.executable).with_name("fitnet")), *arguments, *shortened]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(words)} failed:\n{done.stdout}{done.stderr}"


def over_ranks(words: list[str]) -> list[str]:
    """The same with the MPI that `make test` installs, where `python` and `fitnet` are those of its environment."""
    binaries = Path(sys.prefix) / "mpi" / "mpich" / "bin"
    python = str(binaries / "python")
    known = {"python": [python], "fitnet": [python, "-c", "from fitnet.cli import main; main()"]}
    found = [str(ROOT / word) if word.startswith("examples/") else word for word in words]
    return [str(binaries / "mpiexec"), *(part for word in found for part in known.get(word, [word]))]


def enter_folder(namespace: dict[str, object]) -> None:
    """Each document runs in one empty folder."""
    import os
    import tempfile

    namespace["temporary"] = temporary = tempfile.TemporaryDirectory()
    namespace["folder"], namespace["home"] = temporary.name, Path.cwd()
    os.chdir(temporary.name)
    sys.path.insert(0, temporary.name)


def leave_folder(namespace: dict[str, object]) -> None:
    import os

    sys.path.remove(namespace["folder"])
    os.chdir(namespace["home"])
    namespace["temporary"].cleanup()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("console", run_console)],
    patterns=["README.md", "CONTRIBUTING.md", "docs/*.md"],
    setup=enter_folder,
    teardown=leave_folder,
).pytest()
