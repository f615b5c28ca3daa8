"""Derivatives of scaled outputs by scaled inputs: back in the units of the data, without overflow on the way."""

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling, undo_derivatives
from tolerances import MOMENTS_RTOL, SCALING_RTOL


@pytest.mark.parametrize(
    ("inputs", "targets", "factor"),
    [
        (None, None, [[1, 1], [1, 1]]),
        ([2, 4], None, [[0.5, 0.25], [0.5, 0.25]]),
        (None, [3, 10], [[3, 3], [10, 10]]),
        ([2, 4], [3, 10], [[1.5, 0.75], [5, 2.5]]),
        ([1e300, 1e-300], [1e300, 2], [[1, np.inf], [2e-300, 2e300]]),
    ],
)
def test_derivatives_are_in_the_users_units(inputs, targets, factor):
    jacobian = np.array([[[1, -2], [0.5, 3]]], np.float32)
    inputs, targets = (None if scale is None else Scaling([7, 8], scale) for scale in (inputs, targets))
    derivatives = undo_derivatives(jacobian, inputs, targets)
    assert derivatives.dtype == np.float64
    np.testing.assert_allclose(derivatives, jacobian * np.array(factor), rtol=SCALING_RTOL)


@pytest.mark.parametrize(
    ("inputs", "targets", "factor"),
    [
        (None, None, [[[1, 1], [1, 1]]] * 2),
        ([2, 4], None, [[[0.25, 0.125], [0.125, 0.0625]]] * 2),
        ([2, 4], [3, 10], [[[0.75, 0.375], [0.375, 0.1875]], [[2.5, 1.25], [1.25, 0.625]]]),
    ],
)
def test_second_derivatives_are_in_the_users_units(inputs, targets, factor):
    hessian = np.array([[[[1, -2], [-2, 5]], [[0.5, 3], [3, 0]]]], np.float32)
    inputs, targets = (None if scale is None else Scaling([7, 8], scale) for scale in (inputs, targets))
    derivatives = undo_derivatives(hessian, inputs, targets)
    assert derivatives.dtype == np.float64
    np.testing.assert_allclose(derivatives, hessian * np.array(factor), rtol=SCALING_RTOL)


def test_second_derivatives_do_not_overflow_on_the_way():
    derivative = undo_derivatives(np.array([[[[1e-280]]]]), Scaling([0], [1e-200]), Scaling([0], [1e-100]))
    np.testing.assert_allclose(derivative, 1e20, rtol=MOMENTS_RTOL)


def test_derivatives_do_not_overflow_on_the_way():
    derivative = undo_derivatives(np.array([[[1e-280]]]), Scaling([0], [1e-300]), Scaling([0], [1e250]))
    np.testing.assert_allclose(derivative, 1e270, rtol=MOMENTS_RTOL)
