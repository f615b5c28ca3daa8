"""The processor's peak in float32 multiply-adds, by peak.cpp, compiled for this processor when it is needed."""

import shutil
import subprocess
from pathlib import Path

from benchmarks.processes import Failure

SOURCE = Path(__file__).with_name("peak.cpp")


def compile_peak(folder: Path) -> Path | Failure:
    """The program, built in `folder`, or why there is none."""
    compiler = next(filter(None, map(shutil.which, ("g++", "clang++", "c++"))), None)
    if compiler is None:
        return Failure("no C++ compiler found")
    program = folder / "peak"
    command = [compiler, "-std=c++17", "-O3", "-march=native", "-pthread", str(SOURCE), "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return program if done.returncode == 0 else Failure(f"{compiler} could not compile peak.cpp")


def gigaflops(program: Path, threads: int, seconds: float) -> float:
    """GFLOP/s with that many threads."""
    command = [str(program), str(threads), str(seconds)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
