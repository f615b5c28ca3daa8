"""Forged files of encoded models: edges, counts and projections that make no encoding are refused in one sentence."""

import json
from dataclasses import replace

import numpy as np
import pytest
from equal_or_refused import refusal
from forged_files import forge, stored

from fitnet import Model, Network, Scaling, load
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.model.parts.contract import PROJECTIONS
from fitnet.model.parts.encoding import EDGES

FOREIGN = "is damaged: its description is not a fitnet model's."
COLUMNS = "column names do not fit its layers"
NETWORK = Network.of_widths((6, 3, 1), "tanh")
MODEL = Model(
    NETWORK,
    np.linspace(-1, 1, NETWORK.n_parameters),
    encoding=PiecewiseLinear([[0.0, 1, 2, 3], [], [0.5]]),
    input_scaling=Scaling([0, 0, 0], [1, 1, 1]),
)
PROJECTED = Model(  # of the same edges, the last of a projection
    NETWORK,
    MODEL.parameters,
    encoding=PiecewiseLinear(MODEL.encoding.edges, [[0.6, -0.8]]),
    input_scaling=Scaling([0, 0], [1, 1]),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("encoded") / "whole.fitnet"
    MODEL.save(path)
    return stored(path)


@pytest.fixture(scope="module")
def projected(tmp_path_factory):
    path = tmp_path_factory.mktemp("projected") / "whole.fitnet"
    PROJECTED.save(path)
    return stored(path)


def forged(tmp_path, whole, tensors=(), **changes):
    description = json.loads(whole.description) | changes
    return forge(tmp_path / "forged.fitnet", whole, description, **dict(tensors))


def test_one_that_is_right_loads(whole, tmp_path):
    assert whole.version == 7
    assert load(forged(tmp_path, whole)).encoding.n_features == 6


@pytest.mark.parametrize(
    "counts",
    [
        None,
        3,
        "401",
        {},
        [],
        [4, 0, "1"],
        [4, 0, 1.0],
        [4, 0, True],
        [4, 0, None],
        [[4], 0, 1],
        [6, -2, 1],
        [5, 0, -0.0],
    ],
    ids=str,
)
def test_counts_that_are_none_are_refused(whole, tmp_path, counts):
    assert refusal(forged(tmp_path, whole, encoding=counts)) == FOREIGN


@pytest.mark.parametrize(
    "counts", [[4, 0], [4, 0, 2], [4, 1, 1], [10**400, 0, 1], [2**62, 2**62, 2**62], [5], [0, 0, 0]]
)
def test_counts_that_do_not_fit_are_refused(whole, tmp_path, counts):
    assert refusal(forged(tmp_path, whole, encoding=counts)).startswith("is damaged: its ")


@pytest.mark.parametrize("counts", [[5, 0, 0], [1, 4, 0], [4, 0, 1, 0], [4, 1], [5]])
def test_other_columns_of_as_many_edges_are_refused(whole, tmp_path, counts):
    assert refusal(forged(tmp_path, whole, encoding=counts)).startswith("is damaged: its ")


@pytest.mark.parametrize(
    "edges",
    [
        [0, 1, 1, 3, 0.5],
        [0, 2, 1, 3, 0.5],
        [3, 2, 1, 0, 0.5],
        [0, 1, 2, 2 + 5e-324, 0.5],
        [0, 5e-324, 2, 3, 0.5],
        [-1.7e308, 1.7e308, 1.75e308, 1.79e308, 0.5],
    ],
)
def test_edges_that_do_not_rise_are_refused(whole, tmp_path, edges):
    forged_file = forged(tmp_path, whole, {EDGES: np.array(edges, float)})
    assert refusal(forged_file) == "is damaged: its tensor 'encoding_edges' holds edges that do not rise."


def test_edges_far_apart_load(whole, tmp_path):
    edges = np.array([-1.7e308, 1, 2, 1.7e308, 0.5])
    assert np.isfinite(load(forged(tmp_path, whole, {EDGES: edges})).predict(np.zeros((1, 3)))).all()


@pytest.mark.parametrize(
    "edges",
    [
        np.zeros(4),
        np.zeros((5, 1)),
        np.array([0, 1, 2, np.nan, 0.5]),
        np.array([0, 1, 2, np.inf, 0.5]),
        np.arange(5, dtype="float32"),
        np.arange(5),
    ],
    ids=str,
)
def test_edges_of_another_kind_are_refused(whole, tmp_path, edges):
    assert refusal(forged(tmp_path, whole, {EDGES: edges})).startswith("is damaged: its tensor 'encoding_edges' ")


def test_one_half_of_an_encoding_is_refused(whole, tmp_path):
    half = "is damaged: it holds one half of an encoding."
    assert refusal(forged(tmp_path, whole, {EDGES: None})) == half
    description = json.loads(whole.description)
    del description["encoding"]
    assert refusal(forge(tmp_path / "forged.fitnet", whole, description)) == half


def test_what_an_encoding_excludes_is_refused(whole, tmp_path):
    sentence = "is damaged: its encoding does not fit its layers."
    P = NETWORK.n_parameters
    bars = {
        "error_bars_factor": np.eye(P)[np.tril_indices(P)],
        "error_bars_variance": np.ones(1),
        "error_bars_noise_covariance": np.ones((1, 1)),
        "error_bars_effective_parameters": np.ones(1),
    }
    assert refusal(forged(tmp_path, whole, bars)) == sentence
    assert refusal(forged(tmp_path, whole, input_limit=3.0)) == sentence
    assert refusal(forged(tmp_path, whole, {"input_shift": None, "input_scale": None})) == sentence


@pytest.mark.parametrize("name", ["input_shift", "input_scale", "example_inputs", "input_ranges"])
def test_other_tensors_of_another_width_are_refused(whole, tmp_path, name):
    tensors = {name: np.ones((2, 6) if name in ("example_inputs", "input_ranges") else 6)}
    assert refusal(forged(tmp_path, whole, tensors)).startswith(f"is damaged: its tensor '{name}' does not fit ")


def test_example_rows_that_cannot_be_encoded_are_refused(whole, tmp_path):
    edges, rows = np.array([0, 1e-300, 2e-300, 3e-300, 0.5]), np.full((8, 3), 1e300)
    assert refusal(forged(tmp_path, whole, {EDGES: edges, "example_inputs": rows})) == (
        "is damaged: its scaling does not fit its example rows."
    )


def test_an_older_file_holds_no_encoding(whole, tmp_path):
    assert (
        refusal(forge(tmp_path / "old.fitnet", whole, version=6)) == "is damaged: it does not hold a model's tensors."
    )


def test_projections_that_are_right_load(projected, tmp_path):
    assert projected.version == 10
    other = replace(PROJECTED, encoding=PiecewiseLinear(MODEL.encoding.edges, [[-2, 0]]))
    loaded, X = load(forged(tmp_path, projected, {PROJECTIONS: np.array([[-2.0, 0]])})), [[1, 0.5]]
    assert loaded.predict(X) == other.predict(X) != PROJECTED.predict(X)


@pytest.mark.parametrize("shape", [(3, 0), (3, 2), (4, 1), (0, 2), (0, 0), (2,), (), (1, 1, 2), (10, 2)], ids=str)
def test_as_many_projections_as_edges_and_other_shapes_are_refused(projected, tmp_path, shape):
    """Of such a file nothing says how many columns it has."""
    assert refusal(forged(tmp_path, projected, {PROJECTIONS: np.zeros(shape)})) == (
        "is damaged: its tensor 'encoding_projections' does not fit its encoding."
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 1), (2, 2), (1, 0)], ids=str)
def test_projections_of_other_columns_are_refused(projected, tmp_path, shape):
    why = "tensor 'encoding_projections' does not fit its layers" if shape != (2, 1) else COLUMNS
    assert refusal(forged(tmp_path, projected, {PROJECTIONS: np.zeros(shape)})) == f"is damaged: its {why}."


@pytest.mark.parametrize(
    ("projections", "why"),
    [
        ([[np.nan, 1]], "holds numbers that are not finite"),
        ([[1, -np.inf]], "holds numbers that are not finite"),
        (np.ones((1, 2), "float32"), "does not fit its layers"),
        (np.ones((1, 2), "int64"), "does not fit its layers"),
    ],
    ids=str,
)
def test_coefficients_of_another_kind_are_refused(projected, tmp_path, projections, why):
    assert refusal(forged(tmp_path, projected, {PROJECTIONS: np.asarray(projections)})) == (
        f"is damaged: its tensor 'encoding_projections' {why}."
    )


def test_projections_without_an_encoding_are_refused(projected, tmp_path):
    description = json.loads(projected.description)
    del description["encoding"]
    whole, tensors = forged(tmp_path, projected), {EDGES: None, "example_inputs": np.zeros((8, 6))}
    assert refusal(forge(whole, projected, description, **tensors)) == (
        "is damaged: it holds projections without an encoding."
    )
    assert refusal(forge(whole, projected, description)) == "is damaged: it holds one half of an encoding."


def test_other_edges_for_projections_are_refused(projected, tmp_path):
    for counts in ([5, 0, 0], [4, 1], [4, 0, 1, 0], [4, 0]):
        assert refusal(forged(tmp_path, projected, encoding=counts)).startswith("is damaged: its ")
    assert refusal(forged(tmp_path, projected, encoding=None)) == FOREIGN


def test_columns_beside_projections_are_counted_without_them(projected, tmp_path):
    """An encoding of three columns is none of two and a projection."""
    assert refusal(forged(tmp_path, projected, {PROJECTIONS: None})) == f"is damaged: its {COLUMNS}."
    for name, width in (("input_shift", 3), ("input_scale", 3), ("example_inputs", (8, 3)), ("input_ranges", (2, 3))):
        sentence = refusal(forged(tmp_path, projected, {name: np.ones(width)}))
        assert sentence.startswith(f"is damaged: its tensor '{name}' does not fit ")


def test_an_older_file_holds_no_projections(projected, tmp_path):
    assert refusal(forge(tmp_path / "old.fitnet", projected, version=9)) == (
        "is damaged: it does not hold a model's tensors."
    )
