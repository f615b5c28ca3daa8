"""Activations: their values, and their derivatives against central differences."""

import math

import numpy as np
import pytest
from scipy.special import expit, ndtr
from scipy.stats import norm

from fitnet.algorithm.activations import ACTIVATIONS
from tolerances import (
    ACTIVATION_RTOL,
    DERIVATIVE_ATOL,
    DERIVATIVE_RTOL,
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    SLOPE_ATOL,
)

SCALAR = {
    "identity": lambda z: z,
    "relu": lambda z: z if z > 0 else 0.0,
    "tanh": math.tanh,
    "logistic": lambda z: 1 / (1 + math.exp(-z)),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "exponential": math.exp,
}
DTYPES = ["float32", "float64"]
LARGEST = {"float32": 3e38, "float64": 1e308}
SIZES = [0, 1e-300, 1e-8, 0.1, 1, 5, 12, 30, 80]  # and LARGEST: where exp(z) overflows, but not into subnormal results
# the value, the derivative and the second, from functions that SciPy has
SCIPYS = {
    "logistic": (expit, lambda z: expit(z) * expit(-z), lambda z: -expit(z) * expit(-z) * np.tanh(z / 2)),
    "silu": (
        lambda z: z * expit(z),
        lambda z: expit(z) + z * expit(z) * expit(-z),
        lambda z: expit(z) * expit(-z) * (2 - z * np.tanh(z / 2)),
    ),
    "gelu": (
        lambda z: z * ndtr(z),
        lambda z: ndtr(z) + z * norm.pdf(np.clip(z, -50, 50)),
        lambda z: norm.pdf(np.clip(z, -50, 50)) * (2 - np.clip(z, -50, 50) ** 2),
    ),
    "softplus": (lambda z: np.logaddexp(0, z), expit, lambda z: expit(z) * expit(-z)),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_entry_by_entry(name):
    z = np.linspace(-8, 8, 161).reshape(7, 23)
    expected = [[SCALAR[name](float(entry)) for entry in row] for row in z]
    np.testing.assert_allclose(ACTIVATIONS[name].value(z), expected, rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_equals_central_differences(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-6, 6, 240).reshape(20, 12)  # an even number of points leaves 0, relu's corner, out
    differences = (activation.value(z + DIFFERENCE_STEP) - activation.value(z - DIFFERENCE_STEP)) / (
        2 * DIFFERENCE_STEP
    )
    derivative = activation.derivative(z, activation.value(z))
    atol = DERIVATIVE_ATOL * max(1, np.abs(activation.value(z)).max())
    np.testing.assert_allclose(derivative, differences, rtol=DERIVATIVE_RTOL, atol=atol)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_second_derivative_equals_central_differences(name):
    activation = ACTIVATIONS[name]
    z = np.linspace(-6, 6, 240).reshape(20, 12)
    above, below = (
        activation.derivative(at, activation.value(at)) for at in (z + DIFFERENCE_STEP, z - DIFFERENCE_STEP)
    )
    curvature = activation.second_derivative(z, activation.value(z))
    atol = DERIVATIVE_ATOL * max(1, np.abs(above).max())
    np.testing.assert_allclose(curvature, (above - below) / (2 * DIFFERENCE_STEP), rtol=DERIVATIVE_RTOL, atol=atol)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_smooth_is_a_slope_without_a_jump(name):
    activation = ACTIVATIONS[name]
    z = np.array([-DIFFERENCE_STEP, DIFFERENCE_STEP])
    below, above = activation.derivative(z, activation.value(z))
    assert activation.smooth == (abs(above - below) < 2 * DIFFERENCE_STEP + DERIVATIVE_ATOL)  # no curve exceeds 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_relu_and_its_derivative_are_zero_at_zero(dtype):
    relu = ACTIVATIONS["relu"]
    z = np.array([[-1.0, -0.0, 0.0, np.finfo(dtype).tiny, 1.0]], dtype)
    assert relu.value(z).tolist() == [[0, 0, 0, z[0, 3], 1]]
    assert relu.derivative(z, relu.value(z)).tolist() == [[0, 0, 0, 1, 1]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_leaky_relu_and_its_derivative_below_at_and_above_zero(dtype):
    leaky_relu = ACTIVATIONS["leaky_relu"]
    z = np.array([[-100.0, 0.0, 100.0]], dtype)
    np.testing.assert_array_equal(leaky_relu.value(z), np.array([[-1, 0, 100]], dtype))
    np.testing.assert_array_equal(leaky_relu.derivative(z, leaky_relu.value(z)), np.array([[0.01, 0.01, 1]], dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SCIPYS)
def test_equals_scipys_for_any_size_of_z(name, dtype):
    sizes = np.array([*SIZES, LARGEST[dtype]])
    z = np.concatenate([-sizes, sizes]).astype(dtype)[np.newaxis]
    value, derivative, second = SCIPYS[name]
    activation = ACTIVATIONS[name]
    a = activation.value(z)  # pytest turns an overflow's warning into an error
    exact = z.astype("float64")
    tiny = np.finfo(dtype).tiny  # below, a float has fewer digits
    np.testing.assert_allclose(a, value(exact), rtol=ACTIVATION_RTOL[dtype], atol=tiny)
    np.testing.assert_allclose(activation.derivative(z, a), derivative(exact), rtol=0, atol=SLOPE_ATOL[dtype])
    np.testing.assert_allclose(activation.second_derivative(z, a), second(exact), rtol=0, atol=SLOPE_ATOL[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "exponential"])
def test_huge_pre_activations_stay_finite(name, dtype):
    z = np.array([[-LARGEST[dtype], LARGEST[dtype]]], dtype)
    a = ACTIVATIONS[name].value(z)
    assert np.isfinite(a).all()
    assert np.isfinite(ACTIVATIONS[name].derivative(z, a)).all()
    assert not ACTIVATIONS[name].second_derivative(z, a).any()  # straight, out there


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponential_is_its_own_derivative_and_overflows_to_infinity(dtype):
    exponential = ACTIVATIONS["exponential"]
    z = np.array([[-LARGEST[dtype], -1, 0, 1, 80, LARGEST[dtype]]], dtype)
    a = exponential.value(z)  # pytest turns an overflow's warning into an error
    expected = [[0, math.exp(-1), 1, math.exp(1), math.exp(80), math.inf]]
    np.testing.assert_allclose(a, expected, rtol=ACTIVATION_RTOL[dtype])
    assert np.array_equal(exponential.derivative(z, a), a)
    assert np.array_equal(exponential.second_derivative(z, a), a)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shape_and_dtype_are_kept_and_the_argument_unchanged(name, dtype):
    z = np.linspace(-2, 2, 6).astype(dtype).reshape(2, 3)
    before = z.copy()
    a = ACTIVATIONS[name].value(z)
    for array in (a, ACTIVATIONS[name].derivative(z, a), ACTIVATIONS[name].second_derivative(z, a)):
        assert (array.shape, array.dtype.name) == ((2, 3), dtype)
    assert np.array_equal(z, before)
