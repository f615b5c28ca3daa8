"""Networks of very many layers: memory is bounded by the widest layers where rows pass forward only, and grows with the
number of layers, not faster, where derivatives need them all."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL

HERE = Path(__file__).parent
TIMEOUT = 120
LAYERS = 100_000
ROWS = 1000
# What any of it may add to the process: the parameters are 1.6 MB, their padded copies 26; one block of a deep network
# is held to 256.
MOST_MIB = {"predict": 150, "predictor": 150, "loss": 150, "jacobian": 2 * 256 + 300, "gradient": 2 * 256 + 300}
FORWARD = ["predict", "predictor", "loss"]


def deep(layers=LAYERS):
    """A chain of neurons, the identity but for the first, whose output is therefore known: tanh(2 x) + 1."""
    network = Network.of_widths((1,) * (layers + 1), "identity")
    first, *others = network.layers
    network = Network((type(first)(1, 1, "tanh"), *others))
    parameters = np.zeros((layers, 2))  # weight and bias of each
    parameters[:, 0] = 1
    parameters[0, 0] = 2
    parameters[-1, 1] = 1
    return network, parameters.ravel()


def compute(engine, of, network, parameters, X):
    match of:
        case "predict":
            return engine.predict(network, parameters, X)
        case "predictor":
            return engine.predictor(network, parameters)(X, None)
        case "jacobian":
            return engine.input_jacobian(network, parameters, X)[:, 0]
        case "loss":
            return engine.loss(network, SquaredError(), parameters, X, np.ones_like(X))
        case "gradient":
            return engine.loss_and_gradient(network, SquaredError(), parameters, X, np.ones_like(X))[1]


def known(of, X):
    y = np.tanh(2 * X)
    match of:
        case "predict" | "predictor":
            return y + 1
        case "jacobian":
            return 2 * (1 - y**2)
        case "loss":
            return np.mean(y**2)
        case "gradient":  # the last layer's, of weight and bias
            return 2 * np.array([np.mean(y * y), np.mean(y)])


def check(name, of):
    """Print the MiB that a computation adds to what the process has held at most, if it gives what is known."""
    import resource

    network, parameters = deep()
    engine = ENGINES[name](2)
    X = np.linspace(-1, 1, ROWS)[:, np.newaxis]
    compute(engine, of, *deep(10), X)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = compute(engine, of, network, parameters, X)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    last = found[-2:] if of == "gradient" else found
    np.testing.assert_allclose(last, known(of, X), rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)
    print((after - before) // 1024)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is counted in another unit there")
@pytest.mark.parametrize(("name", "of"), [*(("native", of) for of in MOST_MIB), *(("reference", of) for of in FORWARD)])
def test_memory_does_not_grow_faster_than_the_layers(name, of):
    if name not in ENGINES:
        pytest.skip("the native engine was not built")
    program = f"import sys; sys.path.append('..'); import test_deep_networks as t; t.check({name!r}, {of!r})"
    command = [sys.executable, "-W", "ignore", "-c", program]
    run = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < MOST_MIB[of]
