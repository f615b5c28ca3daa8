"""AutoRegressor(outside=): a warning that counts rows outside and names the farthest, an error, NaN, or nothing."""

import warnings

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone

from fitnet import AutoRegressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, DomainWarning, UnknownLevelWarning

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

STRANGE = [3, 17, 40]


def fitted_to(X, y, **settings):
    return AutoRegressor("fast", random_state=0, **settings).fit(X, y)


def with_rule(fitted, rule):
    """The same estimator, fitted, with another rule."""
    other = clone(fitted).set_params(outside=rule)
    other.__dict__ |= {name: value for name, value in vars(fitted).items() if name != "outside"}
    return other


@pytest.fixture(scope="module")
def data():
    generator = np.random.default_rng(7)
    X = generator.uniform(-1, 1, (120, 3))
    return X, np.sin(3 * X[:, 0]) * X[:, 1]


@pytest.fixture(scope="module")
def strange(data):
    """The training rows, of which some are moved outside."""
    X = data[0].copy()
    X[STRANGE, [1, 2, 0]] = 2, -4, 1.9
    return X


@pytest.fixture(scope="module")
def fitted(data):
    return fitted_to(*data)


ASKED = {
    "predict": lambda fitted, X: fitted.predict(X),
    "std": lambda fitted, X: np.stack(fitted.predict(X, return_std=True), axis=1),
    "interval": lambda fitted, X: fitted.predict_interval(X, [0.5, 0.8]),
    "quantiles": lambda fitted, X: fitted.predict_quantiles(X, [0.1, 0.9]),
}


@pytest.mark.parametrize("asked", ASKED)
def test_one_warning_counts_the_rows_and_names_the_farthest(fitted, strange, asked):
    with pytest.warns(DomainWarning) as told:
        ASKED[asked](fitted, strange)
    assert [str(each.message) for each in told] == [
        "3 of 120 rows lie outside the training rows, the farthest in column 'x3' (row 17): predictions there are "
        "guesses."
    ]
    assert told[0].filename == __file__


@pytest.mark.parametrize("asked", ASKED)
def test_training_rows_and_rows_like_them_pass_every_rule(fitted, data, asked):
    near = data[0] + 0.01
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for rule in ("warn", "raise"):
            assert np.isfinite(ASKED[asked](with_rule(fitted, rule), np.vstack([data[0], near]))).all()


@pytest.mark.parametrize("asked", ASKED)
def test_nan_is_there_for_rows_outside_alone(fitted, strange, asked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given = ASKED[asked](with_rule(fitted, "nan"), strange)
        known = ASKED[asked](with_rule(fitted, "ignore"), strange)
    outside = np.isin(np.arange(120), STRANGE)
    assert np.isnan(given[outside]).all()
    assert given[~outside].tobytes() == known[~outside].tobytes()
    assert np.isfinite(known).all()


@pytest.mark.parametrize("asked", ASKED)
def test_raise_says_where(fitted, strange, asked):
    with pytest.raises(ArgumentValueError, match=r"`X` has 120 rows of which 3 lie outside .* 'x3' .row 17.; leave"):
        ASKED[asked](with_rule(fitted, "raise"), strange)
    with pytest.raises(ArgumentValueError, match=r"1 lies outside the training rows, in column 'x2' \(row 0\)"):
        ASKED[asked](with_rule(fitted, "raise"), strange[3:4])


@pytest.mark.parametrize("kind", ["sparse", "map"])
def test_rows_that_are_read_in_chunks_are_told_once(fitted, strange, kind, tmp_path, monkeypatch):
    monkeypatch.setattr("fitnet.rows.sources.LARGE_MAP_BYTES", 0)
    monkeypatch.setattr("fitnet.rows.sources.CHUNK_BYTES", 15 * 3 * 8)
    np.save(tmp_path / "x.npy", strange)
    X = csr_array(strange) if kind == "sparse" else np.load(tmp_path / "x.npy", mmap_mode="r")
    with pytest.warns(DomainWarning, match=r"3 of 120 rows .* 'x3' .row 17.") as told:
        fitted.predict(X)
    assert len(told) == 1
    given = with_rule(fitted, "nan").predict(X)
    assert np.flatnonzero(np.isnan(given)).tolist() == STRANGE


def test_words_gaps_and_columns_that_never_varied():
    generator = np.random.default_rng(3)
    columns = {
        "x": generator.uniform(-1, 1, 90),
        "kind": np.array(["a", "b", "c"])[np.arange(90) % 3],
        "same": np.full(90, 5.0),
    }
    columns["x"][::9] = np.nan
    y = np.nan_to_num(columns["x"]) + (columns["kind"] == "b")
    fitted = fitted_to(columns, y, missing="impute", outside="nan")
    rows = {"x": [0.1, np.nan, 0.2, 7.0, 0.1], "kind": ["a", "b", "new", "a", "c"], "same": [5, 5, 5, 5, 6]}
    with pytest.warns(UnknownLevelWarning):
        given = fitted.predict(rows)
    assert np.isnan(given).tolist() == [False, False, True, True, True]
    fitted.outside = "raise"
    for row, name in ((3, "x"), (4, "same")):
        with pytest.raises(ArgumentValueError, match=f"column '{name}'"):
            fitted.predict({column: values[row : row + 1] for column, values in rows.items()})
    with pytest.warns(UnknownLevelWarning), pytest.raises(ArgumentValueError, match="column 'kind'"):
        fitted.predict({column: values[2:3] for column, values in rows.items()})


def test_a_rule_that_there_is_not_is_refused(fitted, data):
    with pytest.raises(ArgumentValueError, match="`outside` is 'warm'; it must be one of warn, raise, nan, ignore"):
        fitted_to(*data, outside="warm")
    with pytest.raises(ArgumentValueError, match="`outside` is 'warm'"):
        with_rule(fitted, "warm").predict(data[0])
    with pytest.raises(ArgumentTypeError, match="`return_std`"):
        fitted.predict(data[0], return_std="yes")


def test_single_precision_stays(data):
    X, y = (each.astype(np.float32) for each in data)
    fitted = fitted_to(X[:40], y[:40], outside="nan")
    given = fitted.predict(np.vstack([X[:3], X[:1] + 9]))
    assert given.dtype == np.float32
    assert np.isnan(given).tolist() == [False, False, False, True]
    assert all(part.dtype == np.float32 for part in fitted.predict(X[:3], return_std=True))
