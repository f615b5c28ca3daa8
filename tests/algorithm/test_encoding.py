"""Piecewise-linear encodings: features by hand, derivatives by differences, and what is refused."""

import copy
import pickle
from itertools import pairwise

import numpy as np
import pytest

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import DIFFERENCE_STEP, FLOAT64_RTOL, HESSIAN_ATOL_OF_LARGEST, JACOBIAN_ATOL_OF_LARGEST, JACOBIAN_RTOL

SCALING = Scaling([0, 1, 2], [1, 2, 3])
EDGES = ([0, 1, 2, 4], [0, 1], [-1, 0, 5])
ENCODING = PiecewiseLinear(EDGES)


def by_hand(x, shift, scale, edges):
    """One entry's features, as the definition says."""
    pieces = list(pairwise(edges)) if len(edges) > 2 else []
    features = [(x - shift) / scale]
    for t, (low, high) in enumerate(pieces):
        share = (x - low) / (high - low)
        share = share if t == 0 else max(share, 0)
        features.append(share if t == len(pieces) - 1 else min(share, 1))
    return features


@pytest.fixture
def X(generator):
    return generator.uniform(-3, 7, (40, 3))


def test_features(X):
    expected = [
        [f for x, s, c, e in zip(row, SCALING.shift, SCALING.scale, EDGES, strict=True) for f in by_hand(x, s, c, e)]
        for row in X
    ]
    np.testing.assert_allclose(ENCODING.apply(X, SCALING), expected, rtol=FLOAT64_RTOL, atol=FLOAT64_RTOL)
    assert (ENCODING.n_inputs, ENCODING.n_features, ENCODING.has_corners) == (3, 8, True)
    assert ENCODING.apply(X, SCALING, "float32").tobytes() == ENCODING.apply(X, SCALING).astype(np.float32).tobytes()


def test_features_of_an_edge_and_far_outside():
    np.testing.assert_array_equal(ENCODING.apply([[2, 0, -1]], SCALING)[0, 1:4], [1, 1, 0])
    np.testing.assert_array_equal(ENCODING.apply([[-10, 0, 0]], SCALING)[0, 1:4], [-10, 0, 0])
    np.testing.assert_array_equal(ENCODING.apply([[10, 0, 0]], SCALING)[0, 1:4], [1, 1, 4])


def test_a_row_has_the_same_bits_in_any_batch(X):
    whole = ENCODING.apply(X, SCALING, "float32")
    for i, row in enumerate(X):
        assert ENCODING.apply(row[None], SCALING, "float32").tobytes() == whole[i : i + 1].tobytes()


def test_columns_without_pieces_are_only_standardised(X):
    plain = PiecewiseLinear([[], [0], [0, 1]])
    assert not plain.has_corners
    assert plain.apply(X, SCALING).tobytes() == SCALING.apply(X).tobytes()
    by_features = np.ones((len(X), 2, 3))
    np.testing.assert_allclose(
        plain.derivatives(by_features, X, SCALING), by_features / SCALING.scale, rtol=FLOAT64_RTOL
    )


def test_derivatives_are_those_of_differences(X, generator):
    """Of y = sin(features @ A), two outputs."""
    A = generator.normal(size=(8, 2))

    def outputs(X):
        return np.sin(ENCODING.apply(X, SCALING) @ A)

    def jacobian(X):
        by_features = np.cos(ENCODING.apply(X, SCALING) @ A)[:, :, None] * A.T
        return ENCODING.derivatives(by_features, X, SCALING)

    def differences(of):
        steps = np.eye(3) * DIFFERENCE_STEP
        return np.stack([(of(X + step) - of(X - step)) / (2 * DIFFERENCE_STEP) for step in steps], axis=-1)

    found = jacobian(X)
    np.testing.assert_allclose(
        found, differences(outputs), rtol=JACOBIAN_RTOL, atol=JACOBIAN_ATOL_OF_LARGEST * abs(found).max()
    )
    by_features = -np.sin(ENCODING.apply(X, SCALING) @ A)[:, :, None, None] * np.einsum("fj,gj->jfg", A, A)
    second = ENCODING.derivatives(by_features, X, SCALING)
    np.testing.assert_allclose(second, differences(jacobian), rtol=0, atol=HESSIAN_ATOL_OF_LARGEST * abs(second).max())


def test_a_copy_is_the_same_and_read_only(X):
    for other in (copy.deepcopy(ENCODING), pickle.loads(pickle.dumps(ENCODING))):
        assert other.apply(X, SCALING).tobytes() == ENCODING.apply(X, SCALING).tobytes()
        with pytest.raises(ValueError, match="read-only"):
            other.edges[0][0] = 3


@pytest.mark.parametrize(
    "edges",
    [
        *([[1, 0], [], []], [[0, 0, 1], [], []], [[0, np.nan, 1], [], []], [[[0, 1, 2]], [], []]),
        *([[0, 5e-324, 1], [], []], [[-1e308, 1e308], [], []]),  # no step that float64 can divide by
    ],
    ids=str,
)
def test_edges_that_do_not_rise_are_refused(edges):
    with pytest.raises(ArgumentValueError, match=r"`edges\[0\]`.*must hold finite numbers that rise"):
        PiecewiseLinear(edges)


@pytest.mark.parametrize(
    ("edges", "sentence"),
    [
        (3, "`edges` is int; it must be a sequence of edges, such as a list."),
        ("abc", "`edges` is str; it must be a sequence of edges, such as a list."),
        ([["a"]], "`edges[0]` holds text; it must hold real numbers."),
        ([[], [None]], "`edges[1]` holds objects that are not numbers; it must hold real numbers."),
    ],
)
def test_edges_of_another_kind_are_refused(edges, sentence):
    with pytest.raises(ArgumentTypeError) as raised:
        PiecewiseLinear(edges)
    assert str(raised.value) == sentence


def test_entries_too_far_from_the_edges_are_refused():
    fine = PiecewiseLinear([[0, 1e-30, 2e-30]])
    assert np.isfinite(fine.apply([[1e30]], Scaling([0], [1]))).all()
    with pytest.raises(
        ArgumentValueError, match=r"^`X` holds 1e\+30 at \[1, 0\]; float32 cannot hold it once it is enc"
    ):
        fine.apply([[0.0], [1e30]], Scaling([0], [1]), "float32")


def test_what_does_not_fit_is_refused():
    with pytest.raises(ArgumentValueError, match="`X`"):
        ENCODING.apply([[1, 2, np.inf]], SCALING)
    with pytest.raises(ArgumentValueError, match="`X`"):
        ENCODING.apply([[1, 2]], SCALING)


def test_the_slope_on_an_edge_is_that_of_the_piece_below(generator):
    """Of edges whose width, added to where a piece begins, does not give where it ends."""
    for _ in range(50):
        edges = np.sort(generator.normal(size=5))
        encoding, scaling = PiecewiseLinear([edges]), Scaling([0], [1])
        below = np.eye(4)[[0, *range(4)]] / np.diff(edges)
        below[0] = below[1]
        slopes = encoding.derivatives(np.eye(5)[np.newaxis, 1:].repeat(5, 0), edges[:, np.newaxis], scaling)
        np.testing.assert_array_equal(slopes[:, :, 0], below)
