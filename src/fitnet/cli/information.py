"""fitnet info: what is installed, and on what machine."""

import platform
from pathlib import Path
from typing import Any

import click

from fitnet.cli.commands import Command
from fitnet.cli.output import json_option, print_json, print_line
from fitnet.version import __version__


@click.command(cls=Command, examples=("fitnet info --json",))
@json_option
def info(as_json: bool) -> None:
    """Show the version, the engine with its instruction set, the processor and the threads."""
    facts = information()
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        print_line(f"{name:<10} {value}")


def information() -> dict[str, Any]:
    """The facts by name."""
    from importlib.metadata import version

    from fitnet.engine import usable_cores
    from fitnet.engine.compute import Compute

    engine = Compute().chosen
    return {
        "version": __version__,
        "engine": engine.name,
        "level": engine.level,
        "processor": processor(),
        "cores": usable_cores(),
        "threads": engine.n_threads,
        "python": platform.python_version(),
        "numpy": version("numpy"),
    }


def processor() -> str:
    """The processor's name, as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
