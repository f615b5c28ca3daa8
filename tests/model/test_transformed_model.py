"""A model of transformed targets: what it gives is in the users' units, and above the lower bound."""

import copy
import json
import pickle

import numpy as np
import pytest
from forged_files import forge, stored
from scaled_models import INPUTS, NETWORK, PARAMETERS, ROWS

from finite_differences import numerical_jacobian
from fitnet import LogTransform, Model, Scaling, load, propagate, verify
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.evaluation import evaluate
from fitnet.model.description import Description
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Imputation
from tolerances import (
    COVERAGE_ATOL,
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    LOG_NORMAL_RTOL,
    PROPAGATED_RTOL,
)

P = NETWORK.n_parameters
TRANSFORM = LogTransform((3.0, 0.0, None))
BOUNDS = TRANSFORM.bounds(3)
BARS = ErrorBars(50 * np.eye(P)[np.tril_indices(P)], 1.0, [[0.01, 0.002, 0], [0.002, 0.02, 0], [0, 0, 0.03]], 3)
TARGETS = Scaling([1.0, -2, 7], [2.0, 0.5, 1])
GIVEN = {"input_scaling": INPUTS, "target_scaling": TARGETS, "error_bars": BARS}
PLAIN = Model(NETWORK, PARAMETERS, **GIVEN)
MODEL = Model(NETWORK, PARAMETERS, **GIVEN, target_transform=TRANSFORM)


def brought_back(T):
    return np.c_[3 + np.exp(T[:, 0]), np.exp(T[:, 1]), T[:, 2]]


def test_predictions(engine):
    model = Model(NETWORK, PARAMETERS, **GIVEN, target_transform=TRANSFORM, compute=Compute(engine.name))
    expected = brought_back(PLAIN.predict(ROWS))
    found = model.predict(ROWS)
    np.testing.assert_allclose(found, expected, rtol=FLOAT64_RTOL)
    out = np.empty((20, 3))
    assert model.predict(ROWS, out=out) is out
    assert np.array_equal(out, found)
    alone = np.concatenate([model.predict(row[np.newaxis]) for row in ROWS])
    assert np.array_equal(alone, found) or engine.name == "reference"
    assert np.array_equal(model.predict(ROWS.tolist()), found)


@pytest.mark.parametrize("given", [{}, {"target_scaling": TARGETS}, {"input_scaling": INPUTS}], ids=repr)
def test_outputs_of_a_small_model_are_double_and_out_must_be(given):
    model = Model(NETWORK, PARAMETERS.astype("float32"), **given, target_transform=TRANSFORM)
    assert model.predict(ROWS[:2] * 1e-4).dtype == np.float64
    with pytest.raises(ArgumentValueError, match="it must be a NumPy array of float64"):
        model.predict(ROWS[:2] * 1e-4, out=np.empty((2, 3), np.float32))


def test_derivatives(engine):
    model = Model(NETWORK, PARAMETERS, **GIVEN, target_transform=TRANSFORM, compute=Compute(engine.name))
    steps = DIFFERENCE_STEP * INPUTS.scale
    expected = numerical_jacobian(model.predict, ROWS, steps)
    found = model.jacobian(ROWS)
    largest = np.abs(expected).max(axis=0)
    assert np.all(np.abs(found - expected) <= JACOBIAN_RTOL * np.abs(expected) + JACOBIAN_ATOL_OF_LARGEST * largest)
    twice = numerical_jacobian(lambda X: model.jacobian(X).reshape(20, 6), ROWS, steps).reshape(20, 3, 2, 2)
    hessian = model.hessian(ROWS)
    assert np.all(np.abs(hessian - twice) <= HESSIAN_ATOL_OF_LARGEST * np.abs(twice).max(axis=0))


def test_error_bars_are_those_of_the_log_normal_distribution(generator):
    T, cov = PLAIN.predict(ROWS[:1], return_cov=True)
    drawn = brought_back(generator.multivariate_normal(T[0], cov[0], 400_000))
    outputs, std = MODEL.predict(ROWS[:1], return_std=True)
    assert np.array_equal(outputs, MODEL.predict(ROWS[:1]))
    np.testing.assert_allclose(std[0], drawn.std(axis=0), rtol=LOG_NORMAL_RTOL)
    found = MODEL.predict(ROWS[:1], return_cov=True)[1][0]
    np.testing.assert_allclose(np.diagonal(found), std[0] ** 2, rtol=FLOAT64_RTOL)
    deviations = np.outer(std[0], std[0])
    np.testing.assert_allclose(found / deviations, np.corrcoef(drawn.T), atol=LOG_NORMAL_RTOL, rtol=0)
    np.testing.assert_allclose(np.median(drawn, axis=0), outputs[0], rtol=LOG_NORMAL_RTOL)
    np.testing.assert_allclose(MODEL.noise, PLAIN.noise)


@pytest.mark.parametrize("coverage", [0.5, 0.95])
def test_intervals_keep_their_share_and_stay_above_the_bound(generator, coverage):
    T, std = PLAIN.predict(ROWS, return_std=True, sample_weight=np.full(20, 0.1))
    drawn = brought_back((T + std * generator.normal(size=(20_000, 20, 3))).reshape(-1, 3)).reshape(-1, 20, 3)
    lower, upper = np.moveaxis(MODEL.predict_interval(ROWS, coverage, sample_weight=np.full(20, 0.1)), 2, 0)
    inside = (lower <= drawn) & (drawn <= upper)
    np.testing.assert_allclose(inside.mean(axis=0), coverage, atol=COVERAGE_ATOL)
    assert np.all(lower > BOUNDS)
    plain = np.moveaxis(PLAIN.predict_interval(ROWS, coverage, sample_weight=np.full(20, 0.1)), 2, 0)
    np.testing.assert_allclose((lower, upper), [brought_back(end) for end in plain], rtol=FLOAT64_RTOL)
    if coverage == 0.95:
        np.testing.assert_allclose(plain[1] - T, 1.959963984540054 * std, rtol=FLOAT64_RTOL)


def test_propagated_errors_are_those_of_small_drawn_ones(generator):
    S = np.diag((1e-3 * INPUTS.scale) ** 2)
    found = propagate(MODEL, ROWS[0], S)
    drawn = MODEL.predict(generator.multivariate_normal(ROWS[0], S, 200_000))
    np.testing.assert_allclose(found, np.cov(drawn.T), rtol=PROPAGATED_RTOL)


def test_coverage_is_counted_in_the_transforms(generator):
    T, std = PLAIN.predict(ROWS, return_std=True)
    X, drawn = np.repeat(ROWS, 1000, axis=0), np.repeat(T, 1000, axis=0)
    drawn += np.repeat(std, 1000, axis=0) * generator.normal(size=(20_000, 3))
    Y = brought_back(drawn)
    told = evaluate(MODEL, X, Y).coverage_by_target()
    for shares in told.values():
        assert shares == pytest.approx({"0.6827": 0.6827, "0.95": 0.95}, abs=COVERAGE_ATOL)
    Y[:, 0] = 3.0  # at the bound, where no target can be
    assert evaluate(MODEL, X, Y).coverage_by_target()["y1"] == {"0.6827": 0.0, "0.95": 0.0}


def test_with_gaps():
    gaps = np.where(np.arange(40).reshape(20, 2) % 7 == 0, np.nan, ROWS)
    imputation = Imputation(ROWS.mean(axis=0), ())
    model = Model(NETWORK, PARAMETERS, **GIVEN, imputation=imputation, target_transform=TRANSFORM)
    whole = imputation.completed("X", gaps)
    assert np.array_equal(model.predict(gaps), MODEL.predict(whole))
    assert np.array_equal(model.predict_interval(gaps), MODEL.predict_interval(whole))
    assert np.array_equal(model.predict(gaps, return_std=True)[1], MODEL.predict(whole, return_std=True)[1])
    there = ~np.isnan(gaps)[:, np.newaxis, :]
    assert np.array_equal(model.jacobian(gaps), np.where(there, MODEL.jacobian(whole), 0))


def test_copies():
    for again in (copy.deepcopy(MODEL), pickle.loads(pickle.dumps(MODEL))):
        assert again.target_transform == TRANSFORM
        assert np.array_equal(again.predict(ROWS), MODEL.predict(ROWS))


@pytest.mark.parametrize("transform", [LogTransform(), LogTransform(-2.5), TRANSFORM], ids=repr)
def test_the_file_keeps_it(tmp_path, transform):
    model = Model(NETWORK, PARAMETERS, **GIVEN, target_transform=transform)
    model.save(tmp_path / "m.fitnet")
    again = load(tmp_path / "m.fitnet")
    assert stored(tmp_path / "m.fitnet").version == 6
    assert again.target_transform == transform
    assert np.array_equal(again.predict(ROWS), model.predict(ROWS))
    assert np.array_equal(again.hessian(ROWS), model.hessian(ROWS))
    assert verify(tmp_path / "m.fitnet").passed
    again.save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "m.fitnet").read_bytes()


def test_verification_sees_another_output_and_allows_rounding(tmp_path):
    MODEL.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    for factor, passes in ((1 + 1e-13, True), (1 + 5e-12, False)):
        altered = whole.tensors["example_outputs"].copy()
        altered[np.argmin(altered[:, 1]), 1] *= factor  # the smallest, whatever the largest may be
        forge(tmp_path / "altered.fitnet", whole, example_outputs=altered)
        assert verify(tmp_path / "altered.fitnet").passed is passes


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ([0.0], "its target transform does not fit its layers"),
        (0.0, "its target transform does not fit its layers"),
        ([None, None, None], "its description is not a fitnet model's"),
        ([True, 0.0, 0.0], "its description is not a fitnet model's"),
        (["0", 0.0, 0.0], "its description is not a fitnet model's"),
        ([[0.0], [0.0], [0.0]], "its description is not a fitnet model's"),
        ([10**400, 0.0, 0.0], "its description is not a fitnet model's"),
    ],
)
def test_a_forged_transform_is_refused(tmp_path, bounds, sentence):
    MODEL.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    description = json.dumps(json.loads(whole.description) | {"target_lower_bounds": bounds})
    forge(tmp_path / "forged.fitnet", whole, description)
    with pytest.raises(ModelFileError) as raised:
        load(tmp_path / "forged.fitnet")
    assert str(raised.value) == f"{tmp_path / 'forged.fitnet'} is damaged: {sentence}."


def test_other_transforms_are_refused():
    with pytest.raises(ArgumentTypeError, match="`target_transform` is 'log'; it must be None or a LogTransform"):
        Model(NETWORK, PARAMETERS, target_transform="log")
    with pytest.raises(ArgumentValueError, match="`target_transform` has 2 lower bounds; it must have 3"):
        Model(NETWORK, PARAMETERS, target_transform=LogTransform((0, 0)))


def test_description():
    targets = Description.of(MODEL).as_dict()["targets"]
    assert targets[0] == {
        "name": "y1",
        "unit": None,
        "shift": 1.0,
        "scale": 2.0,
        "transform": "log",
        "lower_bound": 3.0,
    }
    assert targets[2] == {"name": "y3", "unit": None, "shift": 7.0, "scale": 1.0}
