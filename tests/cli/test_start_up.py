"""What a command loads: no package that takes time and is not needed; what is loaded is counted, and no clock read."""

import subprocess
import sys

import pytest

from fitnet.cli import command_line

NUMBERS = {"numpy", "scipy", "sklearn", "polars", "pandas", "matplotlib", "optuna", "safetensors"}
# Modules that are slow to load, and packages for pages, tables on the screen and several machines.
SLOW = {"rich", "jinja2", "importlib.metadata", "numpy.ma", "numpy.random", "dask", "mpi4py", "threadpoolctl"}
# Of a prediction: numbers, tables (polars loads numpy.ma and importlib.metadata), the model's file.
NEEDED = {"numpy", "numpy.ma", "polars", "importlib.metadata", "safetensors"}
UNNEEDED = {"estimators", "fitting", "training", "reports", "quadratic", "series", "tuning", "distributed", "export"}
HELP = [[], ["--help"], ["--version"], ["no-such-command"], *([name, "--help"] for name in command_line.commands)]


def loaded_by(*words, folder=None):
    """The modules that a fresh interpreter has at the end of this command."""
    program = (
        "import atexit, sys; from fitnet.cli import main; "
        f"atexit.register(lambda: print(*sys.modules, sep='\\n')); main({list(map(str, words))})"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=folder)
    return set(run.stdout.splitlines())


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_help_loads_no_packages(words):
    loaded = loaded_by(*words)
    assert "click" in loaded
    assert not loaded & (NUMBERS | SLOW)


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"]], ids=" ".join)
def test_the_list_of_commands_loads_none_of_them(words):
    modules = {command_line.commands[name].callback.__module__ for name in command_line.commands}
    assert not loaded_by(*words) & modules


def test_a_prediction_loads_what_it_needs_and_no_more(waves_model, waves):
    (waves / "one.csv").write_text("a,b\n1,2\n")
    loaded = loaded_by("predict", waves_model, "one.csv", folder=waves)
    assert loaded >= NEEDED
    assert sorted(loaded & ((NUMBERS | SLOW) - NEEDED)) == []
    rooms = {name.split(".")[1] for name in loaded if name.startswith("fitnet.")}
    assert sorted(rooms & UNNEEDED) == []
