"""Piecewise rows: the features of an encoding, to the bit, whatever is asked of them."""

import numpy as np
import pytest

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentValueError
from fitnet.rows import ColumnStatistics, PiecewiseRows, feature_statistics, features_of
from tolerances import FLOAT64_RTOL

EDGES = ([-1, 0, 0.25, 3], [], [-2, 2], [-0.5, 0.1, 0.7], np.linspace(-2, 2, 20) ** 3)
ENCODING = PiecewiseLinear(EDGES)
SCALING = Scaling([0.1, 0.2, 0.3, 0.4, 0.5], [1, 2, 3, 4, 5])
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@pytest.fixture
def X(generator):
    """Rows within, on all edges, as close to them as can be, and beyond both ends."""
    X = generator.uniform(-12, 12, (900, 5))
    X[:100] /= 10
    for x, edges in zip(X.T, ENCODING.edges, strict=True):
        for first, near in enumerate((edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf))):
            x[200 + 20 * first :][: len(edges)] = near
    return X


@each_dtype
def test_their_features_are_the_encodings_to_the_bit(X, dtype):
    rows = ENCODING.rows(X, SCALING, dtype)
    features = ENCODING.apply(X, SCALING, dtype)
    assert rows.dense().tobytes() == np.asarray(rows).tobytes() == features_of(rows).tobytes() == features.tobytes()
    assert (rows.shape, rows.dtype, len(rows)) == (features.shape, features.dtype, len(features))
    assert features_of(features) is features


@pytest.mark.parametrize("kind", ["float32", "int64", "bool"])
def test_of_columns_of_another_type(X, kind):
    X = X.astype(kind)
    assert ENCODING.rows(X, SCALING).dense().tobytes() == ENCODING.apply(X, SCALING).tobytes()


def test_they_are_few_numbers(X):
    rows = ENCODING.rows(X, SCALING)
    assert rows.pieces == (3, 0, 0, 2, 19)
    assert rows.codes.shape == (len(X), 5 + 2 * 3) and rows.shape == (len(X), 5 + 24)
    own = rows.codes[:, 8:]
    assert np.all((own >= [0, 3, 5]) & (own <= [2, 4, 23]) & (own == np.floor(own)))


@pytest.mark.parametrize("some", [slice(3, 700, 2), np.array([5, 5, 0])])
def test_some_of_them(X, some):
    rows = ENCODING.rows(X, SCALING)
    assert rows[some].dense().tobytes() == rows.dense()[some].tobytes()


def test_in_another_dtype(X):
    rows = ENCODING.rows(X, SCALING, "float32")
    assert rows.astype("float64").dense().tobytes() == rows.dense().astype("float64").tobytes()
    assert np.asarray(rows, "float64").dtype == "float64"


def test_their_statistics_are_the_features(X):
    rows, weights = ENCODING.rows(X, SCALING, "float32"), np.linspace(0, 1, len(X))
    for given in (None, weights):
        found, expected = (ColumnStatistics.of_array(each, given) for each in (rows, rows.dense()))
        assert found.mean.tobytes() == expected.mean.tobytes()
        assert found.deviation.tobytes() == expected.deviation.tobytes()
        assert (found.spacing, found.ranges.tobytes()) == (expected.spacing, expected.ranges.tobytes())


def test_without_the_values_of_some_columns(X):
    rows = ENCODING.rows(X, SCALING)
    silent = np.zeros(rows.shape[1], bool)
    silent[rows.values_at[[0, 3]]] = True
    assert rows.without(silent).dense().tobytes() == np.where(silent, 0.0, rows.dense()).tobytes()
    assert not np.array_equal(rows.without(silent).codes, rows.codes)
    silent[1] = True
    with pytest.raises(ValueError, match="`silent` holds for a piece"):
        rows.without(silent)


def test_columns_without_pieces_are_values():
    plain = PiecewiseLinear([[], [0, 1]])
    X, scaling = np.ones((3, 2)), Scaling([0, 0], [2, 4])
    assert plain.rows(X, scaling).codes.tobytes() == scaling.apply(X).tobytes()


def test_nobody_changes_them(X):
    rows = ENCODING.rows(X, SCALING)
    with pytest.raises(ValueError, match="read-only"):
        rows.codes[0, 0] = 1
    assert isinstance(rows[:3], PiecewiseRows)


@pytest.mark.parametrize("entry", [np.nan, 1e30, np.inf])
def test_they_are_refused_as_features_are(X, entry):
    X[700, 4] = entry
    narrow = PiecewiseLinear([*EDGES[:4], [0, 1e-20, 2e-20]])
    sentences = []
    for make in (narrow.apply, narrow.rows):
        with pytest.raises(ArgumentValueError) as refused:
            make(X, SCALING, "float32")
        sentences.append(str(refused.value))
    assert sentences[0] == sentences[1] and "700" in sentences[0]


@each_dtype
@pytest.mark.parametrize("weighted", [False, True])
def test_statistics_are_those_of_the_features_but_none_is_made(X, dtype, weighted, generator, monkeypatch):
    X[:, 4] = 0.3  # an entry that never varies
    weights = generator.uniform(size=len(X)) * (generator.uniform(size=len(X)) < 0.9) if weighted else None
    rows = ENCODING.rows(X, SCALING, dtype)
    expected = ColumnStatistics.of_array(rows.dense(), weights)
    monkeypatch.setattr(PiecewiseRows, "dense", None)
    found = feature_statistics(rows, weights)
    assert found.ranges.tobytes() == expected.ranges.tobytes()
    assert found.is_constant.tolist() == expected.is_constant.tolist()
    assert (found.weight, found.spacing) == (pytest.approx(expected.weight), expected.spacing)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=FLOAT64_RTOL, atol=FLOAT64_RTOL)
    np.testing.assert_allclose(found.deviation, expected.deviation, rtol=FLOAT64_RTOL, atol=1e3 * FLOAT64_RTOL)
