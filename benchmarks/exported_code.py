"""What exported code costs: its size, the seconds to write and compile it, and a row's time beside `predict`'s.

Runs on its own: `python -m benchmarks.exported_code`, where the languages' compilers are; `--quick` for a short look.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.stopwatch import measure, repeated
from fitnet import Ensemble, Model, Network, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear

REPEATS = 100  # of which the fastest counts
C_TIMES = """#define _POSIX_C_SOURCE 199309L
#include "net.h"
#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

int main(void)
{
    net_real x[NET_INPUTS], y[NET_OUTPUTS], j[NET_OUTPUTS * NET_NUMBERS];
    double sum = 0;
    for (int derivatives = 0; derivatives < 2; ++derivatives) {
        double best = INFINITY;
        for (int repeat = 0; repeat < REPEATS; ++repeat) {
            const double began = now();
            for (int row = 0; row < ROWS; ++row) {
                for (int i = 0; i < NET_INPUTS; ++i)
                    x[i] = (net_real)0.37 * (net_real)((7 * i + row) % 5 - 2);
                derivatives ? net_jacobian(x, y, j) : net_predict(x, y);
                sum += y[0];
            }
            best = fmin(best, (now() - began) / ROWS);
        }
        printf("%.0f ", best);
    }
    printf("%g\\n", sum);
    return net_self_test();
}
"""


def single(widths: tuple[int, ...], activation: str, seed: int = 0, **parts: Any) -> Model:
    """A network with random parameters in float32, scaled."""
    network = Network.of_widths(widths, activation)
    parameters = network.initial_parameters(np.random.default_rng(seed), "glorot", "float32")
    p = widths[0] if "encoding" not in parts else len(parts["encoding"].edges)
    ranges, targets = [[-1.0] * p, [1.0] * p], Scaling([1.0], [2.0])
    scaling = Scaling(np.zeros(p), np.ones(p))
    return Model(network, parameters, input_scaling=scaling, target_scaling=targets, input_ranges=ranges, **parts)


def models() -> dict[str, Model | Ensemble]:
    """Those that are measured."""
    encoding = PiecewiseLinear([np.linspace(-1, 1, 49)] * 8)
    found: dict[str, Model | Ensemble] = {
        f"3-64-64-1 {name}": single((3, 64, 64, 1), name) for name in ("relu", "silu", "tanh")
    }
    found["24 of 3-64-64-1 relu"] = Ensemble([single((3, 64, 64, 1), "relu", i) for i in range(24)])
    members = [single((392, 128, 64, 1), "relu", i, encoding=encoding) for i in range(8)]
    return found | {"8 of 8 x 48 pieces-128-64-1 relu": Ensemble(members)}


def fastest_seconds(function: Callable[[], object], repeats: int) -> float:
    """Of several calls."""
    seconds = []
    for _ in range(repeats):
        began = perf_counter()
        function()
        seconds.append(perf_counter() - began)
    return min(seconds)


def in_c(model: Model | Ensemble, precision: str, folder: Path, quick: bool) -> dict[str, float]:
    """Kilobytes, seconds to export and to compile, and nanoseconds a row, of its outputs and of its Jacobian."""
    header, repeats = folder / "net.h", 1 if quick else 3
    exporting = fastest_seconds(lambda: model.export(header, precision=precision), repeats)
    rows = 100 if quick or isinstance(model, Ensemble) else 5000
    text = C_TIMES.replace("ROWS", str(rows)).replace("REPEATS", str(1 if quick else REPEATS))
    (folder / "times.c").write_text(text)
    command = ["cc", "-std=c99", "-O2", "times.c", "-o", "times", "-lm"]
    compiling = fastest_seconds(lambda: subprocess.run(command, cwd=folder, check=True), repeats)
    done = subprocess.run([folder / "times"], capture_output=True, text=True, check=True)
    row, jacobian = map(float, done.stdout.split()[:2])
    size = header.stat().st_size / 1000
    return {"kB": size, "export s": exporting, "compile s": compiling, "row ns": row, "jacobian ns": jacobian}


def in_python(model: Model | Ensemble, quick: bool) -> dict[str, float]:
    """Nanoseconds of `predict` and of `jacobian` for one row."""
    row = np.full((1, model.input_ranges.shape[1] if isinstance(model, Model) else len(model.input_names)), 0.37)
    seconds = 0.01 if quick else 0.5
    calls = {"row ns": lambda: model.predict(row), "jacobian ns": lambda: model.jacobian(row)}
    return {name: 1000 * measure(repeated(call), seconds).microseconds for name, call in calls.items()}


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print("| model | precision | kB | export s | compile s | row ns | jacobian ns | predict ns | its jacobian ns |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, model in models().items():
        python = in_python(model, quick)
        for precision in ("double", "single"):
            with tempfile.TemporaryDirectory() as folder:
                figures = in_c(model, precision, Path(folder), quick)
            cells = [f"{value:.2f}" if key.endswith(" s") else f"{value:,.0f}" for key, value in figures.items()]
            cells += [f"{value:,.0f}" for value in python.values()]
            print(f"| {name} | {precision} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
