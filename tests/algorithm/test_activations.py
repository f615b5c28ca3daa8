"""Activations: their values, and their derivatives against central differences."""

import math

import numpy as np
import pytest
from scipy.special import expit

from fitnet.algorithm.activations import ACTIVATIONS
from tolerances import DERIVATIVE_ATOL, DERIVATIVE_RTOL, DIFFERENCE_STEP, FLOAT64_RTOL, LOGISTIC_ATOL

SCALAR = {
    "identity": lambda z: z,
    "relu": lambda z: z if z > 0 else 0.0,
    "tanh": math.tanh,
    "logistic": lambda z: 1 / (1 + math.exp(-z)),
}
DTYPES = ["float32", "float64"]
LARGEST = {"float32": 3e38, "float64": 1e308}


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
    np.testing.assert_allclose(derivative, differences, rtol=DERIVATIVE_RTOL, atol=DERIVATIVE_ATOL)


@pytest.mark.parametrize("dtype", DTYPES)
def test_relu_and_its_derivative_are_zero_at_zero(dtype):
    relu = ACTIVATIONS["relu"]
    z = np.array([[-1.0, -0.0, 0.0, np.finfo(dtype).tiny, 1.0]], dtype)
    assert relu.value(z).tolist() == [[0, 0, 0, z[0, 3], 1]]
    assert relu.derivative(z, relu.value(z)).tolist() == [[0, 0, 0, 1, 1]]


@pytest.mark.parametrize("dtype", DTYPES)
def test_logistic_equals_scipys_for_any_size_of_z(dtype):
    sizes = np.array([0, 1e-300, 1e-8, 0.1, 1, 5, 20, 40, 100, 700, 750, 1e4, LARGEST[dtype]])
    z = np.concatenate([-sizes, sizes]).astype(dtype)[np.newaxis]
    logistic = ACTIVATIONS["logistic"]
    a = logistic.value(z)  # pytest turns an overflow's warning into an error
    np.testing.assert_allclose(a, expit(z), rtol=0, atol=LOGISTIC_ATOL[dtype])
    assert np.all((a >= 0) & (a <= 1))
    np.testing.assert_allclose(logistic.derivative(z, a), expit(z) * expit(-z), rtol=0, atol=LOGISTIC_ATOL[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_huge_pre_activations_stay_finite(name, dtype):
    z = np.array([[-LARGEST[dtype], LARGEST[dtype]]], dtype)
    a = ACTIVATIONS[name].value(z)
    assert np.isfinite(a).all()
    assert np.isfinite(ACTIVATIONS[name].derivative(z, a)).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shape_and_dtype_are_kept_and_the_argument_unchanged(name, dtype):
    z = np.linspace(-2, 2, 6).astype(dtype).reshape(2, 3)
    before = z.copy()
    a = ACTIVATIONS[name].value(z)
    derivative = ACTIVATIONS[name].derivative(z, a)
    assert (a.shape, a.dtype.name) == (derivative.shape, derivative.dtype.name) == ((2, 3), dtype)
    assert np.array_equal(z, before)
