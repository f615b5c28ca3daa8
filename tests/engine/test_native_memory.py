"""Memory that the system refuses: MemoryError, and the process lives on and computes what it always does.

cpp/tests/test_failures.cpp lets every single allocation fail; here it is the whole of Python whose memory is limited.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective

pytestmark = [
    pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc says how much memory is in use"),
]

HERE = Path(__file__).parent
TIMEOUT = 120
MIB = 2**20


def work(name, n_threads):
    """A call of an operation, of which all arrays but the results are there."""
    engine = ENGINES["native"](n_threads)
    deep = Network.of_widths((4, 500, 500, 500, 1), "tanh")
    wide = Network.of_widths((40, 500, 500, 1), "tanh")
    small = Network.of_widths((4, 30, 30, 1), "tanh")
    generator = np.random.default_rng(0)
    X = generator.normal(size=(1500, 4))
    Y = np.sin(X[:, :1])
    rows = generator.normal(size=(100, 40))
    large, many, few = (of.initial_parameters(generator, dtype="float64") for of in (deep, wide, small))
    P = len(few)
    objective = Objective(engine, deep, SquaredError(), X, Y, None, 0.0)
    matrix, ones = np.eye(900), np.ones(900)
    factor = np.eye(P)[np.tril_indices(P)]

    def train():
        trainer = engine.trainer(objective, Adam(), large, len(X), keeps_lowest=True)
        trainer.run(np.full((2, 1), 1e-3), None)
        return trainer.parameters()

    return {
        "predict": lambda: engine.predict(deep, large, X),
        "predictor": lambda: engine.predictor(deep, large)(X, None),
        "input_jacobian": lambda: engine.input_jacobian(deep, large, X),
        "input_hessian": lambda: engine.input_hessian(wide, many, rows),
        "loss_and_gradient": lambda: engine.loss_and_gradient(deep, SquaredError(), large, X, Y)[1],
        "trainer": train,
        "normal_equations": lambda: engine.normal_equations(small, few, X, Y)[0],
        "solve_positive_definite": lambda: engine.solve_positive_definite(matrix, ones, ones),
        "inverse_diagonal": lambda: engine.inverse_diagonal(matrix, ones),
        "predictive_covariance": lambda: engine.predictive_covariance(small, few, factor)(X),
    }[name]


OPERATIONS = [
    *("predict", "predictor", "input_jacobian", "input_hessian", "loss_and_gradient", "trainer"),
    *("normal_equations", "solve_positive_definite", "inverse_diagonal", "predictive_covariance"),
]


def in_use():
    """Bytes of address space."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def sweep(name, helpers_there):
    """Print how many calls ended for want of memory, each below a higher limit, until one comes through."""
    import resource

    if helpers_there:
        engine = ENGINES["native"](4)
        engine.predict(*example_of_helpers())
    compute = work(name, 4)
    limits, ended = resource.getrlimit(resource.RLIMIT_AS), 0
    for step in range(200):
        resource.setrlimit(resource.RLIMIT_AS, (in_use() + (step + 1) * MIB // 2, limits[1]))
        try:
            found = compute()
        except MemoryError:
            ended += 1
        else:
            break
        finally:
            resource.setrlimit(resource.RLIMIT_AS, limits)
    expected = work(name, 1)()
    assert found.tobytes() == expected.tobytes()
    assert compute().tobytes() == expected.tobytes()
    print(ended)


def example_of_helpers():
    """A small prediction that is worth four threads, which then are there and have little scratch."""
    network = Network.of_widths((4, 30, 30, 1), "tanh")
    parameters = network.initial_parameters(np.random.default_rng(0))
    return network, parameters, np.zeros((20_000, 4), np.float32)


@pytest.mark.parametrize("helpers_there", [False, True])
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_call_that_lacks_memory_ends_and_the_process_lives_on(name, helpers_there):
    program = f"import test_native_memory as t; t.sweep({name!r}, {helpers_there})"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=HERE,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 0
