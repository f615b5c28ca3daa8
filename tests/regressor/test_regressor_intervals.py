"""Intervals and quantiles of `Regressor` from error bars: shapes as y was, rows of any kind, single precision."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from fitnet import LogTransform, Regressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources
from tolerances import FLOAT64_RTOL

SETTINGS = {"hidden_layer_sizes": (6,), "activation": "tanh", "max_epochs": 30, "random_state": 0}
SAME = 0 if "native" in ENGINES else FLOAT64_RTOL  # the reference engine sums by BLAS, in orders of its own
COVERAGES, PROBABILITIES = [0.5, 0.9, 0.99], [0.05, 0.5, 0.95, 0.99]


def rows(generator, n=80):
    """X (n, 2) and noisy positive targets (n, 2)."""
    X = generator.uniform(-1, 1, (n, 2))
    return X, np.exp(X + 0.1 * generator.normal(size=(n, 2)))


@pytest.mark.parametrize("columns", [(), (1,), (2,)], ids=["plain", "one column", "two columns"])
def test_shapes_are_as_y_was(generator, columns):
    X, Y = rows(generator)
    y = Y[:, : columns[0]] if columns else Y[:, 0]
    regressor = Regressor(**SETTINGS).fit(X, y)
    several, quantiles = regressor.predict_interval(X, COVERAGES), regressor.predict_quantiles(X, PROBABILITIES)
    assert several.shape == (80, *columns, 2, 3)
    assert quantiles.shape == (80, *columns, 4)
    for c, coverage in enumerate(COVERAGES):
        alone = regressor.predict_interval(X, coverage)
        assert alone.shape == (80, *columns, 2)
        assert np.array_equal(alone, several[..., c])
    assert np.array_equal(regressor.predict_interval(X), several[..., 1])
    whole = regressor.model_.predict_interval(X, COVERAGES)
    assert np.array_equal(several, whole if columns else whole[:, 0])
    assert np.all(np.diff(quantiles, axis=-1) > 0)


def test_weights_narrow_them(generator):
    X, Y = rows(generator)
    regressor = Regressor(**SETTINGS).fit(X, Y[:, 0])
    narrow, wide = (np.ptp(regressor.predict_interval(X, 0.9, np.full(80, w)), axis=1) for w in (4, 1))
    assert np.all(narrow < wide)
    few, many = (regressor.predict_quantiles(X, [0.5, 0.9], sample_weight=np.full(80, w)) for w in (4, 1))
    assert np.all(few[:, 1] < many[:, 1])
    assert np.array_equal(few[:, 0], many[:, 0])


@pytest.mark.parametrize("kind", ["error bars", "residuals"])
def test_sparse_rows_and_memory_maps_give_the_same(generator, tmp_path, monkeypatch, kind):
    X, Y = rows(generator)
    regressor = Regressor(**SETTINGS, target_transform="log").fit(X, Y)
    if kind == "residuals":
        regressor.conformalize(*rows(generator, 120))
    interval, quantiles = regressor.predict_interval(X, COVERAGES[:2]), regressor.predict_quantiles(X, [0.1, 0.9])
    np.save(tmp_path / "X.npy", X)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 25 * 2 * 8)
    for given in (csr_array(X), np.load(tmp_path / "X.npy", mmap_mode="r")):
        np.testing.assert_allclose(regressor.predict_interval(given, COVERAGES[:2]), interval, rtol=SAME)
        np.testing.assert_allclose(regressor.predict_quantiles(given, [0.1, 0.9]), quantiles, rtol=SAME)


@pytest.mark.parametrize("kind", ["error bars", "residuals"])
def test_single_precision_stays_above_the_bound(generator, kind):
    X, y = (each.astype("float32") for each in rows(generator))
    regressor = Regressor(**SETTINGS, dtype="float32", target_transform=LogTransform((-0.1, None))).fit(X, y)
    if kind == "residuals":
        regressor.conformalize(X, y)
    far = np.linspace(-1e3, 1e3, 40, dtype="float32").reshape(20, 2)
    for found in (regressor.predict_interval(far, [0.5, 0.9]), regressor.predict_quantiles(far, [0.1, 0.9])):
        assert found.dtype == np.float32
        assert np.all((found[:, 0].astype(float) > -0.1) & np.isfinite(found[:, 0]))
    assert regressor.predict_interval(far.astype(float)).dtype == np.float64


def test_without_error_bars_the_sentence_leads_to_conformalize(generator):
    X, Y = rows(generator)
    regressor = Regressor(**SETTINGS | {"activation": "relu"}).fit(X, Y)
    for ask in (lambda: regressor.predict_interval(X), lambda: regressor.predict_quantiles(X, [0.5])):
        with pytest.raises(
            ArgumentValueError, match=r"needs error bars .* none: unasked .*; or `conformalize` it with"
        ):
            ask()
