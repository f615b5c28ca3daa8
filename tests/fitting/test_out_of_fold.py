"""What the rows tell of an ensemble that its members did not see."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from fitnet.engine.compute import Compute
from fitnet.evaluation import Errors
from fitnet.fitting.candidate import network
from fitnet.fitting.candidates import baselines
from fitnet.fitting.ensemble_fit import FittedEnsemble, fit_ensemble
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.out_of_fold import OutOfFold, means_of_other_folds
from fitnet.fitting.plans import Plan
from fitnet.fitting.training_rows import TrainingRows
from tolerances import FLOAT64_RTOL, PREDICTION_ATOL_OF_LARGEST

N, K = 400, 5
FOLDS = np.arange(N) % K
NAMES = ("y", "z")


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (N, 2))
    return TrainingRows(X, X @ [[3.0, 5.0], [6.0, 0.0]] + generator.normal(size=(N, 2)))


@pytest.fixture
def fitted(rows, generator):
    """An ensemble that is better than least squares for y, and as good for z."""
    least_squares = rows.Y + generator.normal(size=(N, 2))
    prediction = np.where([True, False], rows.Y + 0.5 * (least_squares - rows.Y), least_squares)
    return FittedEnsemble(None, prediction, least_squares, None, 1.0, FOLDS, (), "finished", 0.0)


def test_errors_are_those_of_the_predictions(fitted, rows):
    found = OutOfFold.of(fitted, rows)
    assert found.rows == N
    assert list(found.errors) == ["ensemble", "mean", "least squares"]
    for name, prediction in (("ensemble", fitted.oof_prediction), ("least squares", fitted.least_squares)):
        assert np.array_equal(found.errors[name].rmse, Errors.of(prediction, rows.Y).rmse)
    told = found.as_dict(NAMES)["evaluation"]
    assert told["z"]["mean"]["rmse"] == found.errors["mean"].rmse[1]


def test_a_gain_that_watching_explains_beats_nothing(fitted, rows):
    """Errors that are half of least squares' are no gain where watching may have halved them."""
    assert OutOfFold.of(fitted, rows).beaten["least squares"].tolist() == [True, False]
    assert OutOfFold.of(replace(fitted, rosiness=1.5), rows).beaten["least squares"].tolist() == [True, False]
    rosy = OutOfFold.of(replace(fitted, rosiness=2.0), rows)
    assert not rosy.beaten["least squares"].any()
    assert np.array_equal(rosy.errors["ensemble"].rmse, Errors.of(fitted.oof_prediction, rows.Y).rmse)


def test_the_mean_is_that_of_the_other_folds(rows):
    means = means_of_other_folds(rows.Y, FOLDS)
    for row in (0, 1, 7):
        np.testing.assert_allclose(means[row], rows.Y[FOLDS[row] != FOLDS].mean(axis=0), rtol=FLOAT64_RTOL)


def test_rows_of_folds_without_members_are_not_judged(fitted, rows):
    partly = np.where((FOLDS < 3)[:, None], fitted.oof_prediction, np.nan)
    found = OutOfFold.of(replace(fitted, oof_prediction=partly), rows)
    assert found.rows == 240
    assert np.array_equal(found.errors["ensemble"].rmse, Errors.of(partly[FOLDS < 3], rows.Y[FOLDS < 3]).rmse)


def test_without_least_squares_the_mean_is_left(fitted, rows):
    found = OutOfFold.of(replace(fitted, least_squares=None), rows)
    assert list(found.errors) == ["ensemble", "mean"]
    assert found.unbeaten(NAMES, None) == {"y": [], "z": []}


def test_intervals_hold_nine_in_ten(fitted, rows):
    found = OutOfFold.of(fitted, rows)
    assert ((found.coverage > 0.85) & (found.coverage < 0.95)).all()
    assert found.as_dict(NAMES)["coverage"] == {"y": {"0.9": found.coverage[0]}, "z": {"0.9": found.coverage[1]}}


def test_a_fold_does_not_set_its_own_intervals(fitted, rows):
    """Its errors, a hundred times those of the others, lie in none that these give."""
    prediction = rows.Y + np.where((FOLDS == 2)[:, None], 100.0, 1.0) * (fitted.oof_prediction - rows.Y + 0.1)
    coverage = OutOfFold.of(replace(fitted, oof_prediction=prediction), rows).coverage
    assert (coverage < 0.85).all()


def test_intervals_follow_the_spread(fitted, rows, generator):
    size = np.where(FOLDS == 2, 100.0, generator.choice([1.0, 10.0], N))[:, None]
    prediction = rows.Y + size * generator.normal(size=(N, 2))
    spreads = size * generator.uniform(0.9, 1.1, (N, 2))
    coverage = OutOfFold.of(replace(fitted, oof_prediction=prediction, spreads=spreads), rows).coverage
    assert (coverage > 0.85).all()


@pytest.mark.parametrize("judged", [np.isin(FOLDS, [0, 1]), np.arange(N) < 10], ids=["two folds", "ten rows"])
def test_too_few_give_no_intervals(fitted, rows, judged):
    partly = np.where(judged[:, None], fitted.oof_prediction, np.nan)
    assert OutOfFold.of(replace(fitted, oof_prediction=partly), rows).as_dict(NAMES)["coverage"] is None


def test_a_baseline_is_beaten_out_of_fold_and_on_rows_kept_out(fitted, rows):
    found = OutOfFold.of(fitted, rows)
    assert found.unbeaten(NAMES, None) == {"y": [], "z": ["least squares"]}
    worse = SimpleNamespace(
        errors={
            name: Errors.of(rows.Y + error, rows.Y)
            for name, error in (("network", [2.0, 1.0]), ("mean", [3.0, 1.0]), ("least squares", [1.0, 3.0]))
        }
    )
    assert found.unbeaten(NAMES, worse) == {"y": ["least squares"], "z": ["mean", "least squares"]}


def fitted_to(rows, trained, epochs):
    """An ensemble of two networks and least squares, with members for so many folds, and twins for the first."""
    candidates = [*baselines(2), network("a", "silu", (3,), epochs=epochs), network("b", "tanh", (3,), epochs=epochs)]
    generator = np.random.default_rng(0)
    run = EnsembleRun(Plan(candidates, K, trained), generator, Compute("auto", 1), 1, lambda *_: None)
    return fit_ensemble(rows, run)


def test_what_is_known_out_of_fold_is_what_the_ensemble_says_of_each_fold():
    """Of the fold with twins too: intervals are normalised by the same spreads before and after."""
    generator = np.random.default_rng(2)  # drawn once: of some draws least squares has all of the weight
    X = generator.uniform(-1, 1, (N, 2))
    bent = TrainingRows(X, np.sin(2 * X) + generator.normal(size=X.shape))
    fitted = fitted_to(bent, K, 50)
    assert sum(line.weight > 0 for line in fitted.leaderboard) > 1
    places = fitted.folds, np.arange(bent.n)
    of_folds, spreads = fitted.ensemble.fold_predictions(bent.X)[places], fitted.ensemble.fold_spreads(bent.X)[places]
    np.testing.assert_allclose(fitted.oof_prediction, of_folds, rtol=0, atol=PREDICTION_ATOL_OF_LARGEST["float32"])
    np.testing.assert_allclose(fitted.spreads, spreads, rtol=0, atol=PREDICTION_ATOL_OF_LARGEST["float32"])


def test_an_ensemble_knows_its_least_squares_and_its_spreads(rows):
    fitted = fitted_to(rows, 3, 5)
    judged = fitted.folds < 3
    (line,) = (line for line in fitted.leaderboard if line.recipe == "least squares")
    residuals = (fitted.least_squares - rows.Y)[judged]
    np.testing.assert_allclose(np.sqrt((residuals**2).mean()), line.error, rtol=FLOAT64_RTOL)
    assert np.isnan(fitted.least_squares[~judged]).all()
    several = sum(line.weight > 0 for line in fitted.leaderboard) > 1
    assert (fitted.spreads is not None) == several
    assert OutOfFold.of(fitted, rows).rows == judged.sum()
