"""C: rows at which something turns: edges, zeros, limits and bounds that float64 barely tells from infinity."""

import ctypes

import numpy as np
import pytest
from c_programs import compiled, exported, includes, needs, row_function, said
from exported_kinds import EXPORTED, units_apart
from exported_tolerances import C_FAR_ATOL, C_FAR_RTOL, C_TANH_RTOL, EXPORTED_UNITS

from fitnet import LogTransform, Model, Network, Scaling
from fitnet.model.exporting.subject import in_double
from kinds_of_models import EDGES, LOW, model

pytestmark = needs("gcc")


@pytest.fixture
def answers(tmp_path):
    """A function: outputs, Jacobian and the like of a model's header for rows."""

    def of(given, rows):
        (subject,) = exported({"one": given}, tmp_path)
        text = includes([subject]) + row_function(subject)
        return said(ctypes.CDLL(str(compiled(tmp_path, text, "-shared", "-fPIC", name="one.so"))), subject, rows)

    return of


def test_slopes_at_edges_are_those_of_the_pieces_below(answers):
    given = in_double(EXPORTED["encoded, float32"])
    rows = np.array([[x, y, LOW[2]] for x in EDGES[0] for y in EDGES[1]])
    outputs, jacobian, *_ = answers(given, rows)
    assert units_apart(outputs, given.predict(rows)) <= EXPORTED_UNITS["outputs"]
    assert units_apart(jacobian, given.jacobian(rows)) <= EXPORTED_UNITS["outputs"]


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_the_slope_at_zero_is_that_below(answers, activation):
    network = Network.of_widths((2, 5, 1), activation)
    parameters = model(1, network).parameters.copy()
    for biases in network.biases(parameters):
        biases[:] = 0
    given = Model(network, parameters)
    rows = np.zeros((1, 2))
    outputs, jacobian, *_ = answers(given, rows)
    np.testing.assert_array_equal(outputs, 0)
    assert units_apart(jacobian, given.jacobian(rows)) <= EXPORTED_UNITS["outputs"]
    assert (jacobian != 0).any() == (activation == "leaky_relu")


def test_the_hyperbolic_tangent_is_as_exact_as_libraries_have_it(answers):
    network = Network.of_widths((1, 1, 1), "tanh")
    given = Model(network, np.array([1.0, 0, 1, 0]))  # its outputs are tanh x
    near = np.concatenate([np.linspace(-0.21, 0.21, 4001), np.geomspace(1e-300, 1, 4000), np.linspace(-20, 20, 4001)])
    outputs, *_ = answers(given, near[:, np.newaxis])
    np.testing.assert_allclose(outputs[:, 0], np.tanh(near), C_TANH_RTOL, 0)


def test_far_from_the_limit_nothing_overflows(answers):
    given = in_double(EXPORTED["limited, float32"])
    rows = np.array([[1e200, 1e-200, -1e300], [-1e155, 3e160, 0], [0, 0, 0]])
    outputs, jacobian, *_ = answers(given, rows)
    assert units_apart(outputs, given.predict(rows)) <= EXPORTED_UNITS["outputs"]
    assert units_apart(jacobian, given.jacobian(rows)) <= EXPORTED_UNITS["outputs"]


def test_exponentials_are_finite_and_above_their_bounds(answers):
    parts = {"target_scaling": Scaling([0.0], [20000]), "target_transform": LogTransform(-3.0)}
    given = model(2, Network.of_widths((1, 4, 1), "tanh"), **parts)
    rows = np.linspace(-6, 6, 101)[:, np.newaxis]
    outputs, *_ = answers(given, rows)
    assert np.isfinite(outputs).all()
    assert outputs.min() == np.nextafter(-3, 0)
    assert outputs.max() == np.finfo(float).max
    ends = (outputs == outputs.min()) | (outputs == outputs.max())
    np.testing.assert_array_equal(outputs[ends], given.predict(rows)[ends])


@pytest.mark.parametrize(("kind", "times"), [("deep", 1), ("exponential link", 1), ("silu and gelu, scaled", 1e160)])
def test_activations_far_from_zero(answers, kind, times):
    given = in_double(EXPORTED[kind])
    rows = times * np.array([[1e3, -1e3, 1.0], [-3e4, 5e2, 0], [1e2, 1e2, -1e-1]])
    outputs, jacobian, hessian, *_ = answers(given, rows)
    found, wanted = [outputs, jacobian, hessian], [given.predict(rows), given.jacobian(rows), given.hessian(rows)]
    for mine, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(mine, theirs, C_FAR_RTOL, C_FAR_ATOL)
