"""fitnet info: what is installed, and on what machine."""

import platform
from pathlib import Path
from typing import Any

import click

from fitnet.cli.commands import OUTPUT, Command, option
from fitnet.cli.output import json_option, print_json, print_line
from fitnet.version import __version__


@click.command(cls=Command, examples=("fitnet info --json", "fitnet info --man | man -l -"))
@option("--man", is_flag=True, help="Print the manual page, fitnet(1), in place of that.", group=OUTPUT)
@json_option
def info(man: bool, as_json: bool) -> None:
    """Show the version, the engine with its instruction set, the processor and the threads."""
    if man:
        from fitnet.cli.man_page import man_page

        print(man_page(), end="")
        return
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
