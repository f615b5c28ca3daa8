"""fitnet info: what is installed, and on what machine."""

import os
import platform
from pathlib import Path
from typing import Any

import click

from fitnet.cli.output import json_option, print_json
from fitnet.version import __version__


@click.command()
@json_option
def info(as_json: bool) -> None:
    """Show the version, the engine, the processor and the threads.

    Example: fitnet info --json
    """
    facts = information()
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:<10} {value}")


def information() -> dict[str, Any]:
    """The facts by name."""
    import numpy as np
    from threadpoolctl import threadpool_info

    from fitnet import engine

    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return {
        "version": __version__,
        "engine": engine.choose().name,
        "processor": processor(),
        "cores": usable_cores(),
        "threads": max((pool["num_threads"] for pool in blas), default=1),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def usable_cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """The processor's name, as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
