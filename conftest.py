"""Every code block, notebook cell and command in README.md, CONTRIBUTING.md and docs/ is run as a test.

Python blocks and the `{code-cell}` blocks of notebooks run as they stand, in the document's empty folder. In `console`
blocks `python` and `fitnet` commands run there (long trainings with two epochs in place of thousands: the last option
given wins), `mpiexec` is the one that `make test` installs, where it did, `make` targets must exist, and `pip install`
installs this package into an empty folder, with the build tools and the compiled files that are here already.

Output shown below a command must be printed by it, in that order; its figures may differ, and lines may be left out.

Where what a page is about may be missing, a comment that no reader sees says from where on the page is skipped:
`<!-- skip: start if(missing("mapie"), reason="mapie is not installed") -->`, up to `<!-- skip: end -->`.
"""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parent
SHORT = ["--epochs", "2"]


def run_console(example: Example) -> None:
    """Run the lines of a console block that begin with a dollar sign; each must succeed and print what is shown."""
    for block in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, *shown = block.splitlines()
        printed = run_command(shlex.split(command, comments=True), Path(example.namespace["folder"]))
        lines = iter([shape(line) for line in printed.splitlines()])
        for line in shown:
            assert shape(line) in lines, f"{command} did not print, or not in this place: {line}\n{printed}"


def shape(line: str) -> str:
    """A printed line without its figures and widths, which another processor may change."""
    return re.sub(r"\s+|━+|[┳╇┴┻─]+", " ", re.sub(r"-?\d[\d.,]*(e[-+]?\d+)?", "#", line)).strip()


def run_command(words: list[str], folder: Path) -> str:
    """What the command printed."""
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
            return ""  # there is no MPI here
    else:
        assert program in ("fitnet", ".venv/bin/fitnet"), f"the documents run {program!r}, which no test can check"
        shortened = SHORT if arguments[:2] == ["quadratic", "train"] else []
        command = [str(Path(sys.executable).with_name("fitnet")), *arguments, *shortened]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(words)} failed:\n{done.stdout}{done.stderr}"
    return done.stdout


def over_ranks(words: list[str]) -> list[str]:
    """The same with the MPI that `make test` installs, where `python` and `fitnet` are those of its environment."""
    binaries = Path(sys.prefix) / "mpi" / "mpich" / "bin"
    python = str(binaries / "python")
    known = {"python": [python], "fitnet": [python, "-c", "from fitnet.cli import main; main()"]}
    found = [str(ROOT / word) if word.startswith("examples/") else word for word in words]
    return [str(binaries / "mpiexec"), *(part for word in found for part in known.get(word, [word]))]


def missing(name: str) -> bool:
    """Whether neither a Python package nor a program of this name is installed."""
    return importlib.util.find_spec(name) is None and shutil.which(name) is None


def enter_folder(namespace: dict[str, object]) -> None:
    """Each document runs in one empty folder, and draws its pictures without a screen."""
    namespace["missing"] = missing
    namespace["temporary"] = temporary = tempfile.TemporaryDirectory()
    namespace["folder"], namespace["home"] = temporary.name, Path.cwd()
    os.environ["MPLBACKEND"] = "agg"
    os.chdir(temporary.name)
    sys.path.insert(0, temporary.name)


def leave_folder(namespace: dict[str, object]) -> None:
    """Close the pictures that the document drew, and remove its folder."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    sys.path.remove(namespace["folder"])
    os.chdir(namespace["home"])
    namespace["temporary"].cleanup()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("console", run_console), SkipParser()],
    patterns=["README.md", "CONTRIBUTING.md", *("docs/" + "*/" * depth + "*.md" for depth in range(4))],
    setup=enter_folder,
    teardown=leave_folder,
).pytest()
