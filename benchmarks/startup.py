"""From the start of a process to its first prediction, beside a process that only imports NumPy.

Runs on its own (`python -m benchmarks.startup`) and imports little: a child's peak memory counts from its parent's.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

SAVE = """
import fitnet, numpy, sys
network = fitnet.Network.of_widths((3, 64, 64, 1))
fitnet.Model(network, network.initial_parameters(numpy.random.default_rng(0))).save(sys.argv[1])
"""
PREDICT = "import fitnet, sys; fitnet.load(sys.argv[1]).predict([[1.0, -3.0, 2.0]])"
NUMPY = "import numpy"


def child(code: str, *arguments: str) -> tuple[float, float]:
    """Wall-clock seconds and peak memory in MB of `python -c code`."""
    began = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, "-c", code, *arguments], os.environ)
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        raise SystemExit(f"python -c {code!r} failed.")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return time.perf_counter() - began, usage.ru_maxrss * unit / 1e6


def main() -> None:
    """Print one JSON line with the medians of alternating runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.fitnet")
        child(SAVE, path)
        child(PREDICT, path)  # so that all is compiled to bytecode and in the system's cache
        child(NUMPY)
        runs = [(*child(PREDICT, path), *child(NUMPY)) for _ in range(repeats)]
    seconds, megabytes, numpy_seconds, numpy_megabytes = map(statistics.median, zip(*runs, strict=True))
    line = {
        "seconds": seconds,
        "numpy_seconds": numpy_seconds,
        "extra_seconds": seconds - numpy_seconds,
        "peak_megabytes": megabytes,
        "numpy_peak_megabytes": numpy_megabytes,
        "repeats": repeats,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
