"""ONNX: every activation, near 0 and far from it, with its derivatives."""

import numpy as np
import pytest
from exported_tolerances import ONNX_FUNCTION_ATOL, ONNX_TAIL_RTOL
from run_onnx import DTYPES, exported, run

from fitnet import Dense, Model, Network
from fitnet.algorithm.activations import ACTIVATIONS

FAR = [-1e30, -1e4, -300, -100, 100, 300, 1e4, 1e30]
Z = np.concatenate([np.linspace(-45, 45, 3001), FAR])[:, np.newaxis]


def alone(activation, precision="double"):
    """What the graph gives of z alone: a, da/dz, d2a/dz2."""
    given = Model(Network((Dense(1, 1, activation),)), np.array([1.0, 0.0]))
    found = run(exported(given, "hessian", precision), Z.astype(DTYPES[precision]), precision)
    return found["y"][:, 0], found["jacobian"][:, 0, 0], found["hessian"][:, 0, 0, 0]


@pytest.mark.parametrize("precision", DTYPES)
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "exponential"])
def test_an_activation_and_its_derivatives(activation, precision):
    z = Z[:, 0].astype(DTYPES[precision]).astype(float)
    function = ACTIVATIONS[activation]
    a = function.value(z)
    wanted = a, function.derivative(z, a), function.second_derivative(z, a)
    for found, expected in zip(alone(activation, precision), wanted, strict=True):
        bound = ONNX_FUNCTION_ATOL[precision] * np.maximum(1, np.abs(z))
        assert (np.abs(found - expected) <= bound).all(), z[np.abs(found - expected) > bound]


def test_the_exponential_is_infinite_where_it_overflows():
    for found in alone("exponential"):
        inner = Z[:, 0] < 1e4
        np.testing.assert_allclose(found[inner], np.exp(Z[inner, 0]), ONNX_TAIL_RTOL)
        assert np.isposinf(found[~inner]).all()


@pytest.mark.parametrize("activation", ["softplus", "gelu"])
def test_small_values_keep_their_digits(activation):
    low = (Z[:, 0] > -35) & (Z[:, 0] < 0)
    found = alone(activation)[0][low]
    np.testing.assert_allclose(found, ACTIVATIONS[activation].value(Z[low, 0]), ONNX_TAIL_RTOL)
