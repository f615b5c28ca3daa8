"""Which rows `Regressor.conformalize` takes: of any kind, found by name, with gaps as in `fit`; and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from fitnet import Regressor
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources

SETTINGS = {"hidden_layer_sizes": (6,), "activation": "tanh", "max_epochs": 30, "random_state": 0}


def rows(generator, n):
    X = generator.uniform(-1, 1, (n, 2))
    return X, X + 0.1 * generator.normal(size=(n, 2))


def test_frames_by_name(generator):
    X, Y = rows(generator, 60)
    frame, targets = pd.DataFrame(X, columns=["a", "b"]), pd.DataFrame(Y, columns=["u", "v"])
    regressor = Regressor(**SETTINGS).fit(frame[:30], targets[:30])
    found = regressor.conformalize(frame[30:][["b", "a"]], targets[30:][["v", "u"]]).conformal_
    expected = Regressor(**SETTINGS).fit(X[:30], Y[:30]).conformalize(X[30:], Y[30:]).conformal_
    np.testing.assert_array_equal(found.scores, expected.scores)
    with pytest.raises(ArgumentValueError, match="`X`"):
        regressor.conformalize(frame[["a"]], targets)


@pytest.mark.parametrize("rule", ["drop", "impute"])
def test_gaps_are_treated_as_in_fit(generator, rule):
    X, Y = rows(generator, 90)
    X[::7, 0] = np.nan
    Y[1::9, 1] = np.nan
    regressor = Regressor(**SETTINGS, missing=rule).fit(X[:60], Y[:60])
    scores = regressor.conformalize(X[60:], Y[60:]).conformal_
    whole = ~np.isnan(Y[60:]).any(axis=1) & (~np.isnan(X[60:]).any(axis=1) | (rule == "impute"))
    assert scores.n_rows == whole.sum()
    residual = np.sort(np.abs(Y[60:][whole] - regressor.predict(X[60:][whole])), axis=0)
    np.testing.assert_array_equal(np.sort(scores.scores, axis=0), residual)


def test_words(generator):
    x, word = generator.uniform(-1, 1, 90), generator.choice(["low", "high"], 90)
    frame = pd.DataFrame({"x": x, "word": pd.Categorical(word)})
    y = x + (word == "high") + 0.1 * generator.normal(size=90)
    regressor = Regressor(**SETTINGS).fit(frame[:60], y[:60]).conformalize(frame[60:], y[60:])
    assert regressor.conformal_.n_rows == 30
    assert regressor.predict_interval(frame).shape == (90, 2)


def test_memory_maps(generator, tmp_path, monkeypatch):
    X, Y = rows(generator, 90)
    regressor = Regressor(**SETTINGS, target_transform="log").fit(X[:60], 2 + Y[:60])
    expected = regressor.conformalize(X, 2 + Y).conformal_.scores
    for name, array in (("X", X), ("Y", 2 + Y)):
        np.save(tmp_path / f"{name}.npy", array)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 25 * 2 * 8)
    mapped = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "XY"]
    for targets in (mapped[1], 2 + Y):
        np.testing.assert_array_equal(regressor.conformalize(mapped[0], targets).conformal_.scores, expected)


def test_refusals(generator):
    X, Y = rows(generator, 60)
    with pytest.raises(NotFittedError):
        Regressor().conformalize(X, Y)
    regressor = Regressor(**SETTINGS).fit(X, Y)
    for given, sentence in (
        ((X[:, :1], Y), "^X has 1 features, but Regressor is expecting 2 features"),
        ((X, Y[:, 0]), "^`y` has 1 target; it must have 2, as in `fit`.$"),
        ((X, Y[:9]), "inconsistent numbers of samples"),
        ((X[:1], Y[:1]), "^`y` has 1 row; intervals from residuals need 2 or more.$"),
        ((X, np.where(X > 0, np.nan, Y)), "NaN"),
    ):
        with pytest.raises(ValueError, match=sentence):
            regressor.conformalize(*given)
    assert not hasattr(regressor, "conformal_")


def test_intervals_that_so_few_rows_do_not_give(generator):
    X, Y = rows(generator, 60)
    regressor = Regressor(**SETTINGS).fit(X, Y).conformalize(X[:8], Y[:8])
    assert regressor.predict_interval(X, 8 / 9).shape == (60, 2, 2)
    for ask, sentence in (
        (lambda: regressor.predict_interval(X), "^`coverage` is 0.9; intervals from 8 rows can hold at most 0.88.$"),
        (lambda: regressor.predict_quantiles(X, [0.05]), "^`probabilities` holds 0.05; quantiles from 8 rows must lie"),
        (lambda: regressor.predict_interval(X, 1), "^`coverage` is 1; it must be above 0 and below 1.$"),
        (lambda: regressor.predict_interval(X, []), "^`coverage` has shape"),
        (lambda: regressor.predict_quantiles(X, []), "^`probabilities` has shape"),
        (lambda: regressor.predict_quantiles(X, [0.6, 0.4]), "^`probabilities` are not in increasing order"),
        (lambda: regressor.predict_interval(X, 0.5, np.ones(60)), "^`sample_weight` is for error bars, and the"),
    ):
        with pytest.raises(ArgumentValueError, match=sentence):
            ask()
