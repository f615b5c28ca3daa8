"""Large memory is kept from call to call, also where malloc is told to give it back at once, as Dask's workers are."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES

pytestmark = [
    pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="MALLOC_TRIM_THRESHOLD_ is glibc's"),
]

HERE = Path(__file__).parent
TIMEOUT = 120
UNKNOWNS, CALLS = 700, 10
NETWORK = Network.of_widths((4, 24, 24, 1), "tanh")
A_MATRIX = NETWORK.n_parameters**2 * 8 // 4096  # pages of J^T J, which is the caller's
A_FACTOR = UNKNOWNS**2 * 8 // 2 // 4096


def print_faults():
    """How many pages the system lends anew, for all calls but the first, of each operation."""
    from resource import RUSAGE_SELF, getrusage

    engine = ENGINES["native"](1)
    parameters = NETWORK.initial_parameters(np.random.default_rng(0), dtype="float64")
    X = np.random.default_rng(1).normal(size=(1000, 4))
    matrix, ones = np.eye(UNKNOWNS), np.ones(UNKNOWNS)
    for compute in (
        lambda: engine.solve_positive_definite(matrix, ones, ones),
        lambda: engine.inverse_diagonal(matrix, ones),
        lambda: engine.normal_equations(NETWORK, parameters, X, X[:, :1].copy()),
    ):
        compute()
        before = getrusage(RUSAGE_SELF).ru_minflt
        for _ in range(CALLS):
            compute()
        print(getrusage(RUSAGE_SELF).ru_minflt - before)


def test_large_memory_is_not_lent_anew_at_every_call():
    run = subprocess.run(
        [sys.executable, "-c", "import test_native_kept_memory as t; t.print_faults()"],
        cwd=HERE,
        env=os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    solved, inverted, summed = map(int, run.stdout.split())
    assert max(solved, inverted) < A_FACTOR
    assert summed < (CALLS + 1) * A_MATRIX
