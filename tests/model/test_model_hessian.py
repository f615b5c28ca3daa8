"""A model's second derivatives: in the units of the data, and with a warning where there are corners."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet import Dense, Model, Network, Scaling
from fitnet.engine import reference_predictor
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, DerivativeWarning
from tolerances import DIFFERENCE_STEP, FLOAT32_JACOBIAN_ATOL_OF_LARGEST, HESSIAN_ATOL_OF_LARGEST, SCALING_RTOL

NETWORK = Network.of_widths((2, 5, 3), activation="tanh")
PARAMETERS = np.random.default_rng(6).normal(size=NETWORK.n_parameters)
INPUTS = Scaling([2000.123, 3e-9], [0.5, 1e-9])
TARGETS = Scaling([1e5, 0, -7], [2e4, 1e-3, 1])
SCALINGS = {
    "none": {},
    "inputs": {"input_scaling": INPUTS},
    "targets": {"target_scaling": TARGETS},
    "both": {"input_scaling": INPUTS, "target_scaling": TARGETS},
}

each_scaling = pytest.mark.parametrize("scalings", SCALINGS.values(), ids=SCALINGS)


@each_scaling
def test_hessian_equals_central_differences(engine, generator, scalings):
    model = Model(NETWORK, PARAMETERS, **scalings, compute=Compute(engine.name))
    scaling = scalings.get("input_scaling", Scaling([0, 0], [1, 1]))
    X = scaling.undo(generator.normal(size=(20, 2)))
    differences = numerical_jacobian(
        lambda at: model.jacobian(at).reshape(20, 6), X, DIFFERENCE_STEP * scaling.scale
    ).reshape(20, 3, 2, 2)
    hessian = model.hessian(X)
    assert (hessian.dtype, hessian.shape) == (np.float64, (20, 3, 2, 2))
    assert np.array_equal(hessian, hessian.transpose(0, 1, 3, 2))
    largest = np.abs(differences).max(axis=0)  # every output and pair of inputs has its own units
    assert (np.abs(hessian - differences) <= HESSIAN_ATOL_OF_LARGEST * largest).all()


@each_scaling
def test_float32_without_a_scaling_and_float64_with_one(scalings):
    X = (INPUTS if "input_scaling" in scalings else Scaling([0, 0], [1, 1])).undo([[0.3, -1.0], [1.5, 0.2]])
    exact = Model(NETWORK, PARAMETERS, **scalings).hessian(X)
    hessian = Model(NETWORK, PARAMETERS.astype("float32"), **scalings).hessian(X)
    assert hessian.dtype == ("float64" if scalings else "float32")
    difference = np.abs(hessian - exact) / np.abs(exact).max(axis=(0, 2, 3), keepdims=True)
    assert difference.max() < FLOAT32_JACOBIAN_ATOL_OF_LARGEST


def test_blocks_do_not_show(monkeypatch, generator):
    model = Model(NETWORK, PARAMETERS, **SCALINGS["both"], compute=Compute("reference"))
    X = INPUTS.undo(generator.normal(size=(20, 2)))
    whole = model.hessian(X)
    halves = [slice(0, 11), slice(11, 20)]
    monkeypatch.setattr(reference_predictor, "row_blocks", lambda rows, columns: iter(halves))
    np.testing.assert_allclose(model.hessian(X), whole, rtol=100 * SCALING_RTOL)


@pytest.mark.parametrize(
    ("X", "error", "sentence"),
    [
        ([[1, 2, 3]], ArgumentValueError, "`X` has 3 columns; it must have 2."),
        ([["a", "b"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
        ([[1, np.nan]], ArgumentValueError, "`X` holds nan at [0, 1]; every entry must be a finite number."),
        (np.ones((0, 2)), ArgumentValueError, "`X` has no rows; it must have at least one."),
    ],
)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@each_scaling
def test_rows_that_jacobian_refuses_are_refused(scalings, activation, X, error, sentence):
    model = Model(Network.of_widths((2, 5, 3), activation), PARAMETERS, **scalings)
    for call in (model.hessian, model.jacobian):
        with pytest.raises(error) as raised:
            call(X)
        assert str(raised.value) == sentence


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@each_scaling
def test_corners_are_warned_of_once_a_call(scalings, activation):
    model = Model(Network.of_widths((2, 5, 3), activation), PARAMETERS, **scalings)
    with pytest.warns(DerivativeWarning) as caught:
        hessian = model.hessian([[1.0, 2.0], [3.0, 4.0]])
    assert [str(warning.message) for warning in caught] == [
        f"`hessian` takes the second derivative of {activation} as zero, which it is almost everywhere: all of the "
        "bend is in a corner; use a smooth activation such as tanh."
    ]
    assert Path(caught[0].filename) == Path(__file__)  # where the call is, not where fitnet warns
    assert np.array_equal(hessian, np.zeros((2, 3, 2, 2)))


def test_both_kinds_of_corner_are_named_in_one_warning():
    widths = [(2, 3, "leaky_relu"), (3, 3, "relu"), (3, 3, "relu"), (3, 1, "exponential")]
    network = Network(tuple(Dense(*layer) for layer in widths))
    with pytest.warns(DerivativeWarning, match="derivative of leaky_relu and relu as zero") as caught:
        Model(network, np.ones(network.n_parameters)).hessian([[1, 2]])
    assert len(caught) == 1


def test_smooth_activations_are_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model(NETWORK, PARAMETERS).hessian([[1, 2]])
