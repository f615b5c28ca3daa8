"""Targets that a transform cannot take, refused by row and value as the user numbers them."""

import numpy as np
import pytest

from fitnet import LogTransform, Regressor
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources
from tolerances import CHUNKED_SCALING_RTOL

X = np.linspace(-1, 1, 40)[:, np.newaxis]
Y = np.exp(X[:, 0])


def fit(y, *given, transform="log", rows=X, **settings):
    return Regressor((4,), max_epochs=2, target_transform=transform, random_state=0, **settings).fit(rows, y, *given)


def altered(row, value, y=Y):
    changed = y.copy()
    changed[row] = value
    return changed


@pytest.mark.parametrize(
    ("y", "transform", "sentence"),
    [
        (
            altered(7, -0.25),
            "log",
            "`y` holds -0.25 at [7]; with this `target_transform` it must be above 0, the lower bound.",
        ),
        (
            altered(7, 0.0),
            "log",
            "`y` holds 0.0 at [7]; with this `target_transform` it must be above 0, the lower bound.",
        ),
        (
            np.c_[Y, altered(3, 2.0, Y + 4)],
            LogTransform((0, 2)),
            "`y` holds 2.0 at [3, 1]; with this `target_transform` it must be above 2, the lower bound.",
        ),
    ],
)
def test_at_the_bound_or_below(y, transform, sentence):
    with pytest.raises(ArgumentValueError) as raised:
        fit(y, transform=transform)
    assert str(raised.value) == sentence
    assert raised.value.arguments == ("y", "target_transform")
    with pytest.raises(ArgumentValueError) as raised:
        Regressor((4,), target_transform=transform).partial_fit(X, y)
    assert str(raised.value) == sentence


def test_rows_are_numbered_as_the_user_has_them():
    y = altered(9, -1.0, altered(2, np.nan))
    with pytest.raises(ArgumentValueError, match=r"`y` holds -1\.0 at \[9\]"):
        fit(y, missing="drop")
    weights = np.ones(40)
    weights[[0, 3]] = 0
    with pytest.raises(ArgumentValueError, match=r"`y` holds -1\.0 at \[9\]"):
        fit(altered(9, -1.0, altered(3, -5.0)), weights)
    assert fit(altered(3, -5.0), weights).target_transform_ == LogTransform()
    with pytest.raises(ArgumentValueError, match=r"`y` holds -1\.0 at \[9\]"):
        fit(altered(9, -1.0), early_stopping=True)


def test_watched_rows():
    with pytest.raises(ArgumentValueError, match=r"`validation_data` holds -1\.0 at \[9\]; with this"):
        fit(Y, None, (X, altered(9, -1.0)))
    assert len(fit(Y, None, (X, Y)).history_.validation_loss) == 2


def test_rows_of_a_large_map(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 12 * 8)
    for name, rows in (("X", X), ("y", Y), ("low", altered(30, -1.0))):
        np.save(tmp_path / f"{name}.npy", rows)
    rows, y, low = (np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("X", "y", "low"))
    settings = {"rows": rows, "batch_size": 4, "dtype": "float64"}
    for targets in (low, np.asarray(low)):
        with pytest.raises(ArgumentValueError, match=r"`y` holds -1\.0 at \[30\]; with this"):
            fit(targets, **settings)
    mapped, whole = fit(y, **settings), fit(Y)
    assert mapped.target_transform_ == LogTransform()
    scales = [one.model_.target_scaling.scale for one in (mapped, whole)]
    np.testing.assert_allclose(*scales, rtol=CHUNKED_SCALING_RTOL)
    assert mapped.model_.provenance["data_sha256"] == whole.model_.provenance["data_sha256"]
    assert np.all(mapped.predict(rows) > 0)


def test_counts_and_other_numbers_of_bounds():
    with pytest.raises(ArgumentValueError, match=r"`target_transform` is .* and `loss` is Poisson"):
        fit(Y, loss="poisson")
    assert fit(Y, loss="poisson", transform="auto").target_transform_ is None
    with pytest.raises(ArgumentValueError, match="`target_transform` has 2 lower bounds; it must have 1, one a target"):
        fit(Y, transform=LogTransform((0, 1)))


def test_intervals_without_error_bars():
    with pytest.raises(ArgumentValueError, match="`predict_interval` needs error bars and the model has none: unasked"):
        fit(Y).predict_interval(X)
