"""Projections in encodings: features and derivatives by hand and by differences, one row and many."""

import copy
import pickle

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from tolerances import (
    DIFFERENCE_MARGIN,
    DIFFERENCE_STEP,
    FLOAT64_ATOL,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
)

SCALING = Scaling([0, 1, -2], [1, 2, 0.5])
EDGES = ([0, 1, 2, 4], [0, 1], [-1, 0, 5], [-2, -0.5, 0.25, 3], [], [-0.5, 0.5, 1, 1.5, 8], [-1, 1, 2])
PROJECTIONS = ((0.6, -0.8, 0), (0, 2, 1), (-1, 0.5, 0.25), (0, 0, 0))  # the last is 0 everywhere
ENCODING = PiecewiseLinear(EDGES, PROJECTIONS)
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@pytest.fixture
def X(generator):
    """Within the edges and beyond, standardised inputs being of size 1."""
    return SCALING.undo(generator.uniform(-3, 3, (80, 3)))


def cut(X):
    """Of every column, then every projection: the value among the features, what is cut, and its slopes (p,)."""
    scaled = [(x - shift) / scale for x, shift, scale in zip(X.T, SCALING.shift, SCALING.scale, strict=True)]
    found = [(z, x, slope) for z, x, slope in zip(scaled, X.T, np.eye(3), strict=True)]
    for row in PROJECTIONS:
        u = row[0] * scaled[0] + row[1] * scaled[1] + row[2] * scaled[2]
        found.append((u, u, np.array([row[0] / 1, row[1] / 2, row[2] / 0.5])))
    return found


def features_by_hand(X):
    """(n, k)."""
    found = []
    for (value, x, _), edges in zip(cut(X), EDGES, strict=True):
        found.append(value)
        for t in range(len(edges) - 1 if len(edges) > 2 else 0):
            share = (x - edges[t]) / (edges[t + 1] - edges[t])
            share = share if t == 0 else np.where(share < 0, 0, share)
            found.append(share if t == len(edges) - 2 else np.where(share > 1, 1, share))
    return np.stack(found, axis=1)


def slopes_by_hand(X):
    """df/dx (n, k, p): an edge belongs to the piece below it."""
    found = []
    for j, ((_, x, slope), edges) in enumerate(zip(cut(X), EDGES, strict=True)):
        found.append(np.tile(slope / SCALING.scale if j < 3 else slope, (len(X), 1)))
        for t in range(len(edges) - 1 if len(edges) > 2 else 0):
            inside = (t == 0) | (x > edges[t])
            inside = inside & ((t == len(edges) - 2) | (x <= edges[t + 1]))
            found.append(np.outer(inside, slope) / (edges[t + 1] - edges[t]))
    return np.stack(found, axis=1)


@each_dtype
def test_features_by_hand(X, dtype):
    found, expected = ENCODING.apply(X, SCALING, dtype), features_by_hand(X)
    assert (found.dtype, found.shape) == (dtype, (80, ENCODING.n_features))
    np.testing.assert_allclose(found, expected.astype(dtype), FLOAT64_RTOL + np.finfo(dtype).eps, FLOAT64_ATOL)
    assert found.tobytes() == ENCODING.apply(X, SCALING).astype(dtype).tobytes()  # rounded once, at the end
    assert (ENCODING.n_inputs, ENCODING.n_projections, ENCODING.n_features, ENCODING.has_corners) == (3, 4, 21, True)


def test_projections_follow_the_columns_own_features(X):
    own = PiecewiseLinear(EDGES[:3]).apply(X, SCALING)
    assert ENCODING.apply(X, SCALING)[:, : own.shape[1]].tobytes() == own.tobytes()


@each_dtype
@pytest.mark.parametrize("kind", ["float64", "float32", "int64", "bool", "longdouble"])
def test_rows_have_the_same_features_to_the_bit(X, dtype, kind):
    X = X.astype(kind)
    X[0] = SCALING.shift  # where projections are 0
    rows = ENCODING.rows(X, SCALING, dtype)
    assert rows.pieces == (3, 0, 2, 3, 0, 4, 2)
    assert rows.dense().tobytes() == ENCODING.apply(X, SCALING, dtype).tobytes()


def test_rows_on_the_edges_have_the_same_features_to_the_bit():
    """Of projections that are single columns, whose sums meet the edges and their neighbours exactly."""
    edges = np.array([-1, 0, 0.3, 2])
    encoding = PiecewiseLinear([[], edges], [[1]])
    near = np.concatenate([edges, np.nextafter(edges, 9), np.nextafter(edges, -9)])[:, np.newaxis]
    for dtype in ("float32", "float64"):
        rows, features = (each(near, Scaling([0], [1]), dtype) for each in (encoding.rows, encoding.apply))
        assert rows.dense().tobytes() == features.tobytes()


@each_dtype
def test_a_row_has_the_same_bits_in_any_batch(X, dtype, generator):
    by_features = generator.normal(size=(80, 2, 21))
    by_two = generator.normal(size=(80, 2, 21, 21))
    whole, codes = ENCODING.apply(X, SCALING, dtype), ENCODING.rows(X, SCALING, dtype).codes
    first, second = (ENCODING.derivatives(each, X, SCALING) for each in (by_features, by_two))
    for i in range(0, 80, 7):
        one = slice(i, i + 1)
        assert ENCODING.apply(X[one], SCALING, dtype).tobytes() == whole[one].tobytes()
        assert ENCODING.rows(X[one], SCALING, dtype).codes.tobytes() == codes[one].tobytes()
        assert ENCODING.derivatives(by_features[one], X[one], SCALING).tobytes() == first[one].tobytes()
        assert ENCODING.derivatives(by_two[one], X[one], SCALING).tobytes() == second[one].tobytes()
    assert ENCODING.apply(np.asfortranarray(X), SCALING, dtype).tobytes() == whole.tobytes()


def test_sums_take_the_columns_in_order():
    """(0.1 + 0.2) + 0.3 is another number than 0.1 + (0.2 + 0.3)."""
    encoding = PiecewiseLinear([[]] * 5, [[0.1, 0.2, 0, 0.3]])
    assert encoding.apply(np.ones((1, 4)), Scaling([0] * 4, [1] * 4))[0, -1] == (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3)


def test_derivatives_by_the_chain_rule(X, generator):
    """Closed formulas, of rows anywhere, edges included."""
    X[:4] = SCALING.undo([[0, 0, 0], [-0.5, 0, 0], [0, 0, 0.5], [1, 0, 0]])
    X[4] = [2, 1, 0]
    slopes = slopes_by_hand(X)
    by_features, by_two = generator.normal(size=(80, 2, 21)), generator.normal(size=(80, 2, 21, 21))
    by_two += by_two.swapaxes(2, 3)
    first, second = (ENCODING.derivatives(each, X, SCALING) for each in (by_features, by_two))
    assert (first.shape, second.shape) == ((80, 2, 3), (80, 2, 3, 3))
    largest = np.abs(first).max(), np.abs(second).max()
    expected = np.einsum("nmk,nkp->nmp", by_features, slopes)
    np.testing.assert_allclose(first, expected, FLOAT64_RTOL, FLOAT64_ATOL * largest[0])
    expected = np.einsum("nmkl,nkp,nlq->nmpq", by_two, slopes, slopes)
    np.testing.assert_allclose(second, expected, FLOAT64_RTOL, FLOAT64_ATOL * largest[1])
    np.testing.assert_array_equal(second, second.swapaxes(2, 3))


def test_derivatives_are_differences_between_the_corners(X, generator):
    """Of y = sin(features @ A), two outputs."""
    near = [np.abs(x[:, np.newaxis] - e).min(axis=1, initial=9) < DIFFERENCE_MARGIN for (_, x, _), e in parts(X)]
    X = X[~np.any(near[:-1], axis=0)]  # the last projection is 0 in all rows
    assert len(X) > 60
    A = generator.normal(size=(21, 2)) / 3

    def outputs(X):
        return np.sin(ENCODING.apply(X, SCALING) @ A)

    def jacobian(X):
        return ENCODING.derivatives(np.cos(ENCODING.apply(X, SCALING) @ A)[:, :, None] * A.T, X, SCALING)

    steps = DIFFERENCE_STEP * SCALING.scale
    found, expected = jacobian(X), numerical_jacobian(outputs, X, steps)
    np.testing.assert_allclose(found, expected, JACOBIAN_RTOL, JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max())
    by_two = -outputs(X)[:, :, None, None] * np.einsum("fj,gj->jfg", A, A)
    found = ENCODING.derivatives(by_two, X, SCALING)
    expected = numerical_jacobian(lambda at: jacobian(at).reshape(len(at), 6), X, steps).reshape(-1, 2, 3, 3)
    np.testing.assert_allclose(found, expected, 0, HESSIAN_ATOL_OF_LARGEST * np.abs(expected).max())


def parts(X):
    return zip(cut(X), (np.asarray(edges, float) for edges in EDGES), strict=True)


def test_derivatives_that_are_infinite_stay_with_their_columns():
    encoding = PiecewiseLinear([[], [], []], [[1, 0]])
    by_features = np.array([[[1, 2, np.inf]]])
    np.testing.assert_array_equal(encoding.derivatives(by_features, [[0, 0]], Scaling([0, 0], [1, 1])), [[[np.inf, 2]]])


@pytest.mark.parametrize("none", [None, np.zeros((0, 7))], ids=["None", "of length 0"])
def test_none_are_as_if_there_were_no_such_thing(none):
    encoding = PiecewiseLinear(EDGES, none)
    assert (encoding.projections, encoding.n_projections, encoding.n_inputs) == (None, 0, 7)
    plain = Scaling(np.zeros(7), np.ones(7))
    assert (
        encoding.apply(np.ones((1, 7)), plain).tobytes()
        == PiecewiseLinear(EDGES).apply(np.ones((1, 7)), plain).tobytes()
    )


def test_without_pieces_there_are_no_corners():
    encoding = PiecewiseLinear([[]] * 3, [[1, 1]])
    assert (encoding.n_features, encoding.has_corners) == (3, False)


def test_a_copy_is_the_same_and_read_only(X):
    given = np.array(PROJECTIONS)
    encoding = PiecewiseLinear(EDGES, given)
    given[:] = 7  # which is the caller's own
    for other in (encoding, copy.deepcopy(encoding), pickle.loads(pickle.dumps(encoding))):
        assert other.apply(X, SCALING).tobytes() == ENCODING.apply(X, SCALING).tobytes()
        with pytest.raises(ValueError, match="read-only"):
            other.projections[0, 0] = 3
