"""Projections in the page: an input that moves takes along all that it is in, and a full page keeps them exactly."""

import json
from dataclasses import replace

import numpy as np
import pytest
from live_page import LivePage

from fitnet import Ensemble, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.reports.kept_members import rounded_members
from fitnet.reports.live_model import live_model
from kinds_of_models import KINDS, in_double, model, network
from tolerances import LIVE_RTOL, LIVE_SINGLE_OF_LARGEST

INPUTS, TERMS = 8, 12
PAIRS = np.zeros((TERMS - INPUTS, INPUTS))  # input 7 is in none, input 0 in two
PAIRS[[0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 2, 3, 4, 5, 0, 6]] = 0.6, 0.8, 1, -1, -0.8, 0.6, 0.3, 2
EDGES = [np.array([-1.0, -0.3, 0.1, 1]) * (1 + j / 10) for j in range(TERMS)]
SLANTING = PiecewiseLinear([[] if j in (1, 9) else edges for j, edges in enumerate(EDGES)], PAIRS)
MODEL = model(
    70,
    network(SLANTING.n_features, 7, 2, activations=("silu", "identity")),
    encoding=SLANTING,
    input_scaling=Scaling(np.linspace(-1, 1, INPUTS), np.linspace(0.5, 2, INPUTS)),
)
UNSCALED = Scaling([0, 0], [1, 1])
CONTRIBUTIONS = """(() => {
  const first = live.branches[0].first, contribute = first.contribute;
  let count = 0;
  first.contribute = function (...given) { count++; return contribute.apply(this, given); };
  live.predict(X, n);
  first.contribute = contribute;
  return count;
})()"""


@pytest.mark.parametrize(
    ("moving", "terms"),
    [([7], 1), ([3], 2), ([0], 3), ([0, 1], 4), ([6, 7], 3), ([0, 2, 4], TERMS), (list(range(8)), TERMS)],
    ids=str,
)
def test_inputs_that_move_take_their_projections_along(page, tmp_path, generator, moving, terms):
    """Of rows along a curve only the terms that change are computed, unless these are many."""
    X = np.repeat(MODEL.input_scaling.undo(generator.normal(size=(1, INPUTS))), 60, axis=0)
    X[1:, moving] = MODEL.input_scaling.undo(generator.normal(size=(59, INPUTS)))[:, moving]
    live = LivePage(page, tmp_path, MODEL)
    np.testing.assert_allclose(live.predict(X), MODEL.predict(X), LIVE_RTOL)
    np.testing.assert_allclose(live.jacobian(X), MODEL.jacobian(X), LIVE_RTOL, LIVE_RTOL)
    left_out = terms if terms < TERMS else 0
    assert live.ask(CONTRIBUTIONS, X) == TERMS + left_out + 59 * terms


def test_rows_of_several_curves(page, tmp_path, generator):
    """One after the other, with the first row again between them."""
    X = np.repeat(MODEL.input_scaling.undo(generator.normal(size=(1, INPUTS))), 60, axis=0)
    for i in range(60):
        X[i, i // 5 % INPUTS] += i % 5
    np.testing.assert_allclose(LivePage(page, tmp_path, MODEL).predict(X), MODEL.predict(X), LIVE_RTOL)


def test_slopes_at_edges_are_those_of_the_piece_below(page, tmp_path):
    """Of projections of single columns, whose sums meet the edges exactly; forward and back."""
    encoding = PiecewiseLinear([[], [], [-1, 0, 0.5, 2], [0, 1, 3]], [[1, 0], [0, -2]])
    X = np.array([[-1, 0], [0, -0.5], [0.5, -1.5], [2, 0], [0, 1]], float)
    for outputs in (1, 3):
        made = model(
            71, network(9, 4, outputs, activations=("tanh", "identity")), encoding=encoding, input_scaling=UNSCALED
        )
        np.testing.assert_allclose(LivePage(page, tmp_path, made).jacobian(X), made.jacobian(X), LIVE_RTOL)


@pytest.mark.parametrize(("share", "all_members"), [(0.7, True), (0.45, False)])
def test_a_page_without_room_keeps_projections_as_they_are(page, tmp_path, share, all_members):
    """Only layers are rounded: members predict as rounded ones do, and the JSON keeps to its budget."""
    whole, X = Ensemble([MODEL, *(with_parameters(seed) for seed in (1, 2))]), rows()
    budget = int(share * len(json.dumps(live_model(whole))))
    live = LivePage(page, tmp_path, whole, budget_bytes=budget, rows=X)
    assert len(json.dumps(live.held)) <= budget
    places = live.held["kept"]["places"]
    assert (len(places) == 3) == all_members
    rounded = rounded_members(whole)
    kept = Ensemble([rounded[place] for place in places], np.asarray(live.ask("Array.from(live.weights)")))
    np.testing.assert_allclose(live.predict(X), kept.predict(X), LIVE_RTOL, LIVE_SINGLE_OF_LARGEST)
    np.testing.assert_allclose(live.predict(X), in_double(kept).predict(X), LIVE_RTOL, LIVE_RTOL)
    held = [step["projections"] for branch in live.held["steps"][0]["branches"] for step in branch[:1]]
    assert {(each["dtype"], *each["shape"]) for each in held} == {("float64", *PAIRS.shape)}


def test_projections_count_in_the_size_of_a_page():
    """The least budget that takes a model as it is grows by just what they take as JSON."""
    plain = replace(MODEL, encoding=pieces_alone())
    sizes = [len(json.dumps(live_model(each))) for each in (MODEL, plain)]
    assert sizes[0] - sizes[1] > PAIRS.nbytes
    assert least_budget(MODEL, sizes[0]) - least_budget(plain, sizes[1]) == sizes[0] - sizes[1]


def test_a_model_without_projections_holds_none():
    front = live_model(KINDS["encoded, float32"].model)["steps"][0]
    assert front.keys() == {"kind", "shift", "scale", "limit", "edges", "counts"}


def pieces_alone():
    """An encoding of the columns alone that gives as many features."""
    missing = SLANTING.n_features - PiecewiseLinear(SLANTING.edges[:INPUTS]).n_features
    return PiecewiseLinear([SLANTING.edges[0], np.arange(missing + 1.0), *SLANTING.edges[2:INPUTS]])


def least_budget(model, size):
    """The least, near its size, with which a page takes the model as it is."""
    return next(budget for budget in range(size, size + 200) if live_model(model, budget)["kept"] is None)


def with_parameters(seed):
    """The same model with others."""
    changes = np.random.default_rng(seed).normal(size=MODEL.parameters.shape)
    return replace(MODEL, parameters=MODEL.parameters + changes / 5, example_inputs=None)


def rows():
    """Within the edges and beyond."""
    return MODEL.input_scaling.undo(np.random.default_rng(72).normal(size=(100, INPUTS)))
