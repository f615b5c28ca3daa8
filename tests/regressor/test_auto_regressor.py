"""AutoRegressor: accuracy on known functions, what it keeps, the same bits always, and a leak that would be seen."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone

import fitnet
from fitnet import AutoRegressor, Ensemble
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, UnknownLevelWarning
from fitnet.fitting.training_rows import TrainingRows

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")


def function(X):
    return np.sin(3 * X[:, 0]) * X[:, 1] + (X[:, 2] > 0.2)


@pytest.fixture(scope="module")
def data():
    """Training and test rows of three inputs, with noise of 0.1."""
    generator = np.random.default_rng(5)
    X = generator.uniform(-1, 1, (900, 3))
    y = function(X) + 0.1 * generator.standard_normal(900)
    return X[:400], y[:400], X[400:], y[400:]


@pytest.fixture(scope="module")
def fitted(data):
    X, y, _, _ = data
    return AutoRegressor("fast", random_state=0).fit(X, y)


def test_it_learns_and_knows_how_wrong_it_is(fitted, data):
    _, _, X_test, y_test = data
    error = np.sqrt(np.mean((fitted.predict(X_test) - y_test) ** 2))
    assert error < 0.25
    out_of_fold = np.sqrt(np.nanmean((fitted.oof_prediction_ - data[1]) ** 2))
    assert 0.8 * error < out_of_fold < 1.5 * error


def test_leaderboard_is_in_order_and_has_least_squares(fitted):
    errors = [line.error for line in fitted.leaderboard_]
    assert errors == sorted(errors)
    assert "least squares" in [line.recipe for line in fitted.leaderboard_]
    assert sum(line.weight for line in fitted.leaderboard_) == pytest.approx(1)
    assert all(line.seconds > 0 for line in fitted.leaderboard_)
    kept = [(line.recipe, line.error, line.weight) for line in fitted.leaderboard_]
    assert [tuple(line) for line in fitted.model_.leaderboard] == kept


def test_intervals_hold_their_share(fitted, data):
    _, _, X_test, y_test = data
    intervals = fitted.predict_interval(X_test, [0.5, 0.9])
    assert intervals.shape == (500, 2, 2)
    inside = ((intervals[:, 0] <= y_test[:, None]) & (y_test[:, None] <= intervals[:, 1])).mean(0)
    assert 0.4 < inside[0] < 0.62 and 0.85 < inside[1] < 0.95
    assert np.all(intervals[:, 0, 1] <= intervals[:, 0, 0]) and np.all(intervals[:, 1, 0] <= intervals[:, 1, 1])
    quantiles = fitted.predict_quantiles(X_test[:5], [0.05, 0.5, 0.95])
    assert quantiles.shape == (5, 3) and np.all(np.diff(quantiles, axis=1) >= 0)


def test_standard_deviations_are_those_of_new_targets(fitted, data):
    _, _, X_test, y_test = data
    prediction, std = fitted.predict(X_test, return_std=True)
    assert prediction.shape == std.shape == (500,)
    assert 0.8 < np.sqrt(np.mean(((y_test - prediction) / std) ** 2)) < 1.2


def test_the_ensemble_is_kept_in_a_file(fitted, data, tmp_path):
    assert isinstance(fitted.model_, Ensemble)
    fitted.model_.save(tmp_path / "e.fitnet")
    loaded = fitnet.load(tmp_path / "e.fitnet")
    assert loaded.predict(data[2])[:, 0].tobytes() == fitted.predict(data[2]).tobytes()
    assert loaded.predict_interval(data[2])[:, 0].tobytes() == fitted.predict_interval(data[2]).tobytes()
    assert loaded.domain_score(data[2]).tobytes() == fitted.domain_score(data[2]).tobytes()


def test_rows_far_away_are_outside_the_domain(fitted, data):
    assert np.mean(fitted.domain_score(data[0]) > 1) < 0.03
    assert np.all(fitted.domain_score(data[0] + 10) > 1)


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_the_same_bits_for_any_number_of_jobs(data, n_jobs, tmp_path):
    X, y = data[0][:60], data[1][:60]
    for jobs in (1, n_jobs):
        AutoRegressor("fast", random_state=3, n_jobs=jobs).fit(X, y).model_.save(tmp_path / f"{jobs}.fitnet")
    # n_jobs is a setting, and as such in the provenance: all else is the same
    one, other = (fitnet.load(tmp_path / f"{jobs}.fitnet") for jobs in (1, n_jobs))
    assert one.predict(data[2]).tobytes() == other.predict(data[2]).tobytes()
    assert one.predict_interval(data[2]).tobytes() == other.predict_interval(data[2]).tobytes()


def test_groups_stay_together(data):
    X, y = data[0][:90], data[1][:90]
    groups = np.repeat(np.arange(15), 6)
    folds = AutoRegressor("fast", random_state=0).fit(X, y, groups=groups).folds_
    assert all(len(set(folds[groups == group])) == 1 for group in range(15))


def test_rows_that_are_known_twice_are_found_out_only_by_groups():
    """Every row is there four times, and targets are noise: folds that part copies leak them, groups do not."""
    generator = np.random.default_rng(0)
    X, y = np.repeat(generator.uniform(-1, 1, (60, 2)), 4, 0), np.repeat(generator.standard_normal(60), 4)
    groups = np.repeat(np.arange(60), 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        leaking = AutoRegressor("fast", random_state=0).fit(X, y)
        honest = AutoRegressor("fast", random_state=0).fit(X, y, groups=groups)
    error = [np.sqrt(np.nanmean((each.oof_prediction_ - y) ** 2)) / y.std() for each in (leaking, honest)]
    assert error[0] < 0.8 < 0.9 < error[1]


def test_a_member_that_sees_its_fold_would_be_caught(data, monkeypatch):
    """The negative control of honesty: targets are noise, so that any error below their spread is a leak."""
    generator = np.random.default_rng(1)
    X, y = generator.uniform(-1, 1, (150, 2)), generator.standard_normal(150)

    def error():
        fitted = AutoRegressor("fast", random_state=0).fit(X, y)
        return np.sqrt(np.nanmean((fitted.oof_prediction_ - y) ** 2)) / y.std()

    assert error() > 0.93
    part = TrainingRows.part
    monkeypatch.setattr(TrainingRows, "part", lambda rows, kept: part(rows, kept) if len(kept) < 50 else rows)
    assert error() < 0.9


def test_least_squares_and_the_mean_are_hard_to_beat_on_a_line(data):
    generator = np.random.default_rng(2)
    X = generator.standard_normal((60, 4))
    y = X @ [1, -2, 0, 3] + generator.standard_normal(60)
    fitted = AutoRegressor("fast", random_state=0).fit(X[:40], y[:40])
    line = np.linalg.lstsq(np.c_[np.ones(40), X[:40]], y[:40], rcond=None)[0]
    of_line = np.sqrt(np.mean((np.c_[np.ones(20), X[40:]] @ line - y[40:]) ** 2))
    assert np.sqrt(np.mean((fitted.predict(X[40:]) - y[40:]) ** 2)) < 1.2 * of_line


def test_many_outputs_names_and_weights(data):
    X, y = data[0][:80], np.column_stack([data[1][:80], -100 * data[1][:80]])
    fitted = AutoRegressor("fast", random_state=0).fit(X, y, sample_weight=np.r_[np.zeros(5), np.ones(75)])
    assert fitted.predict(X).shape == (80, 2)
    assert fitted.oof_prediction_.shape == (75, 2)
    assert fitted.predict_interval(X).shape == (80, 2, 2)
    assert fitted.predict_interval(X, [0.5, 0.8, 0.9]).shape == (80, 2, 2, 3)
    assert fitted.jacobian(X[:3]).shape == (3, 2, 3)


@pytest.mark.parametrize("library", ["pandas", "polars", "numpy"])
def test_text_is_taken_as_words(data, library):
    words = np.array(["low", "middle", "high"])[np.arange(120) % 3]
    columns = {"x": data[0][:120, 0], "level": words}
    y = data[0][:120, 0] + 5.0 * (words == "high")
    table = pytest.importorskip(library)
    frame = columns if library == "numpy" else table.DataFrame(columns)
    fitted = AutoRegressor("fast", random_state=0).fit(frame, y)
    assert fitted.score(frame, y) > 0.95
    assert fitted.model_.input_names == ("x", "level=high", "level=low", "level=middle")
    with pytest.warns(UnknownLevelWarning, match="'other' .1 row."):
        strange = fitted.domain_score({"x": [0.1, 0.1], "level": ["other", "low"]})
    assert strange[0] > 1 >= strange[1]


def test_text_that_is_numbers_is_refused(data):
    with pytest.raises(ArgumentTypeError, match=r"`X` holds text.* in column 'b'"):
        AutoRegressor("fast").fit({"a": data[0][:30, 0], "b": [str(i) for i in range(30)]}, data[1][:30])


def test_smooth_recipes_have_smooth_derivatives(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = AutoRegressor("fast", smooth=True, random_state=0).fit(data[0][:60], data[1][:60])
        fitted.hessian(data[0][:2])


def test_clone_and_pickle(fitted, data):
    assert clone(fitted).get_params() == fitted.get_params()
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict(data[2]).tobytes() == fitted.predict(data[2]).tobytes()


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"effort": "x"}, ArgumentValueError, "`effort` is 'x'; it must be one of fast, standard, thorough"),
        ({"smooth": 3}, ArgumentTypeError, "`smooth`"),
        ({"target_transform": "sqrt"}, ArgumentValueError, "`target_transform` is 'sqrt'"),
        ({"n_jobs": 0}, ArgumentValueError, "`n_threads` is 0|`n_jobs` is 0"),
        ({"missing": "no"}, ArgumentValueError, "`missing` is 'no'"),
        ({"engine": "fast"}, ArgumentValueError, "`engine` is 'fast'"),
    ],
)
def test_settings_that_cannot_be(data, settings, error, sentence):
    with pytest.raises(error, match=sentence):
        AutoRegressor(**settings).fit(data[0][:30], data[1][:30])


def test_data_that_cannot_be(data):
    X, y = data[0], data[1]
    with pytest.raises(ArgumentValueError, match="`X` has n_samples=7; there must be at least 10 rows"):
        AutoRegressor().fit(X[:7], y[:7])
    with pytest.raises(ArgumentValueError, match="`groups` holds 1 group"):
        AutoRegressor().fit(X[:30], y[:30], groups=np.ones(30))
    with pytest.raises(ArgumentValueError, match="`groups` has 29 entries; it must have one for every row"):
        AutoRegressor().fit(X[:30], y[:30], groups=np.ones(29))


def test_constant_targets_are_predicted(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = AutoRegressor("fast", random_state=0).fit(data[0][:30], np.full(30, 4.25))
    np.testing.assert_allclose(fitted.predict(data[2][:5]), 4.25)
