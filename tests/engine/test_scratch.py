"""What an earlier call left in the native engine's scratch reaches no later one: not even NaN and infinity."""

import numpy as np
import pytest

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")


def leave_nan(engine):
    """Compute what is NaN and infinite all over: forward, back and in second derivatives."""
    for dtype in ("float32", "float64"):
        network = Network.of_widths((40, 200, 200, 200, 40), "silu")
        parameters = network.initial_parameters(np.random.default_rng(0), dtype=dtype)
        parameters *= np.finfo(dtype).max ** 0.5
        X = np.random.default_rng(1).normal(size=(200, 40)).astype(dtype)
        engine.loss_and_gradient(network, SquaredError(), parameters, X, X)
        engine.input_jacobian(network, parameters, X)
        engine.input_hessian(network, parameters, X[:20].copy())
        engine.predict(network, np.full_like(parameters, np.nan), X)


def everything(engine, activation, dtype):
    """The bits of each kind of call on a network with layers wide and narrow, and whether a training is finite."""
    found, finite = [], True
    for widths in [(3, 2, 17, 1, 3), (3, 20, 9, 2), (2, 5, 3, 2), (1, 3, 1)]:
        network = Network.of_widths(widths, activation)
        parameters = network.initial_parameters(np.random.default_rng(2), dtype=dtype)
        X = np.random.default_rng(3).normal(size=(29, widths[0])).astype(dtype)
        Y = np.random.default_rng(4).uniform(size=(29, widths[-1])).astype(dtype)
        trainer = engine.trainer(Objective(engine, network, SquaredError(), X, Y, None, 0.01), Adam(), parameters, 7)
        trainer.run(np.full((3, 5), 1e-2), None)
        finite &= trainer.is_finite()
        found += [trainer.parameters(), trainer.state().moments, np.array(trainer.objective())]
        found += [of(network, parameters, X) for of in (engine.predict, engine.input_jacobian, engine.input_hessian)]
        found += engine.normal_equations(network, parameters, X, Y)[:2]
        identity = np.eye(len(parameters))[np.tril_indices(len(parameters))]
        covariance = engine.predictive_covariance(network, parameters.astype("float64"), identity)
        found.append(covariance(X.astype("float64")))
    return b"".join(array.tobytes() for array in found), finite


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "exponential"])
def test_an_earlier_call_leaves_no_trace(activation, dtype):
    engine = ENGINES["native"](1)
    leave_nan(engine)
    bits, finite = everything(engine, activation, dtype)
    assert finite
    for _ in range(2):  # over its own traces
        assert everything(engine, activation, dtype) == (bits, True)
    leave_nan(engine)
    assert everything(engine, activation, dtype) == (bits, True)
