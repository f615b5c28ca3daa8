"""Where a page has no room for all members: those it keeps, how far they are from all, and what it says of that."""

import json
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
from live_page import LivePage
from scipy.optimize import minimize

from fitnet import Ensemble, Model, Network
from fitnet.model.weighted import means_and_spreads
from fitnet.reports.arrays import held
from fitnet.reports.kept_members import best_weights, kept_members, rounded_members
from fitnet.reports.live_model import live_model
from kinds_of_models import KINDS
from tolerances import HALF_SHARE_RTOL, LIVE_RTOL, LIVE_SINGLE_OF_LARGEST, SEARCHED_WEIGHTS_ATOL

ENCODED, NORMALISED = (KINDS[f"ensemble, {name}"] for name in ("encoded", "normalised"))


def constant(value):
    """A model that predicts this number and x."""
    return Model(Network.of_widths((1, 1)), np.array([1.0, value]))


def test_the_members_nearest_to_the_mean_are_kept(generator):
    """Of 0, 1, 2 and 9 the mean is 3; two of them that have it, weighted, are 2 and 9."""
    ensemble = Ensemble([constant(value) for value in (0.0, 1, 2, 9)])
    kept = kept_members(ensemble, ensemble.members, [1] * 4, 2, generator.normal(size=(50, 1)))
    assert sorted(kept.places) == [2, 3]
    np.testing.assert_allclose(kept.ensemble.weights[np.argsort(kept.places)], [6 / 7, 1 / 7], 0, SEARCHED_WEIGHTS_ATOL)
    assert kept.share < SEARCHED_WEIGHTS_ATOL
    alone = kept_members(ensemble, ensemble.members, [1] * 4, 1, generator.normal(size=(50, 1)))
    assert alone.places == [2]
    np.testing.assert_allclose(alone.difference, [1])
    assert kept_members(ensemble, ensemble.members, [2] * 4, 1, np.ones((1, 1))) is None


def test_a_member_that_does_not_fit_makes_room_for_one_that_does(generator):
    ensemble = Ensemble([constant(value) for value in (0.0, 1, 2, 9)])
    X = generator.normal(size=(50, 1))
    assert kept_members(ensemble, ensemble.members, [1, 1, 5, 5], 4, X).places == [1]


def test_weights_are_the_best(generator):
    A = generator.normal(size=(5, 40)) + generator.normal(size=(5, 1))
    G = A @ A.T / 40
    found = best_weights(G)
    start, sums = np.full(5, 0.2), {"type": "eq", "fun": lambda w: w.sum() - 1}
    searched = minimize(lambda w: w @ G @ w, start, bounds=[(0, 1)] * 5, constraints=sums, tol=1e-14).x
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(), 1)
    np.testing.assert_allclose(found, searched, 0, SEARCHED_WEIGHTS_ATOL)


@pytest.mark.parametrize("kind", [ENCODED, NORMALISED], ids=["encoded", "normalised"])
@pytest.mark.parametrize(("share", "all_members"), [(0.82, True), (0.45, False)])
def test_a_page_without_room_for_all_as_they_are(page, tmp_path, kind, share, all_members):
    """It predicts what the rounded members do, within the budget, and says how far that is from the whole."""
    whole, X = kind.model, kind.X
    budget = int(share * len(json.dumps(live_model(whole))))
    live = LivePage(page, tmp_path, whole, budget_bytes=budget, rows=X)
    assert len(json.dumps(live.held)) <= budget
    places = live.held["kept"]["places"]
    assert live.held["members_held"] == len(places)
    assert (len(places) == live.held["members"] == len(whole.members)) == all_members
    assert live.held["kept"]["rounded"]
    rounded = rounded_members(whole)
    expected = weights_of(live) @ np.stack([rounded[place].predict(X).ravel() for place in places])
    largest = np.abs(expected).max()
    np.testing.assert_allclose(live.predict(X).ravel(), expected, 0, LIVE_SINGLE_OF_LARGEST * largest)
    difference = np.sqrt(np.square(expected.reshape(len(X), -1) - whole.predict(X)).mean(axis=0))
    np.testing.assert_allclose(live.held["kept"]["difference"], difference, LIVE_SINGLE_OF_LARGEST)
    _, deviations = whole.predict(X, return_std=True)
    usual = np.sqrt(np.square(deviations).mean(axis=0))
    np.testing.assert_allclose(live.held["kept"]["share"], np.max(difference / usual), LIVE_SINGLE_OF_LARGEST)
    assert live.held["kept"]["of"] == "error"


def test_intervals_of_some_members_are_as_wide_as_those_of_all(page, tmp_path):
    """In the mean square: the spread of the kept members is brought to that of the folds."""
    whole, X = NORMALISED.model, NORMALISED.X
    live = LivePage(page, tmp_path, whole, budget_bytes=len(json.dumps(live_model(whole))) * 45 // 100, rows=X)
    places = live.held["kept"]["places"]
    assert len(places) > 1
    ends, _ = live.interval(X, 0.9)
    width, expected = (np.diff(each, axis=-1)[..., 0] for each in (ends, whole.predict_interval(X, 0.9)))
    np.testing.assert_allclose(np.square(width).mean(axis=0), np.square(expected).mean(axis=0), LIVE_RTOL)
    everyone = range(len(places)), weights_of(live)
    rounded = rounded_members(whole)
    predictors = [rounded[place].predictor for place in places]
    _, spreads = means_and_spreads(predictors, [everyone], X, 2)
    order = np.argsort(spreads[0][:, 0])
    assert (np.diff(width[order, 0]) >= 0).all()


def weights_of(live):
    """Those of the kept members."""
    return np.frombuffer(b64decode(live.held["steps"][0]["weights"]["base64"]))


def test_a_page_of_one_member_has_intervals_of_the_usual_width(page, tmp_path):
    whole, X = NORMALISED.model, NORMALISED.X
    sizes = range(3000, 20000, 100)
    budget = next(size for size in sizes if live_model(whole, size, rows=X)["members_held"] == 1)
    live = LivePage(page, tmp_path, whole, budget_bytes=budget, rows=X)
    ends, _ = live.interval(X, 0.9)
    width, expected = (np.diff(each, axis=-1)[..., 0] for each in (ends, whole.predict_interval(X, 0.9)))
    np.testing.assert_allclose(np.square(width).mean(axis=0), np.square(expected).mean(axis=0), LIVE_RTOL)


@pytest.mark.parametrize("kind", ["error bars", "ensemble, normalised"])
def test_no_room_at_all(kind):
    live = live_model(KINDS[kind].model, 1000)
    assert live["steps"] is live["interval"] is None
    assert live["members_held"] == 0
    assert "no room" in live["interval_reason"]


def test_a_network_that_is_too_large_is_rounded(page, tmp_path, generator):
    network = Network.of_widths((2, 40, 40, 1), "tanh")
    model = Model(network, network.initial_parameters(generator))
    X = generator.normal(size=(200, 2))
    live = LivePage(page, tmp_path, model, budget_bytes=len(json.dumps(live_model(model))) * 2 // 3, rows=X)
    halves = model.parameters.astype(np.float16).astype(np.float64)
    expected = replace(model, parameters=halves, example_inputs=None).predict(X)
    np.testing.assert_allclose(live.predict(X), expected, LIVE_RTOL)
    difference = np.sqrt(np.square(expected - model.predict(X)).mean())
    np.testing.assert_allclose(live.held["kept"]["share"], difference / model.predict(X).std(), HALF_SHARE_RTOL)
    assert (live.held["kept"]["rounded"], live.held["kept"]["of"]) == (True, "spread")


def test_numbers_beyond_half_precision_are_not_rounded():
    large = Ensemble([constant(7e4), constant(1.1)])
    assert [member.parameters[1] for member in rounded_members(large)] == [7e4, 1.1]
    assert rounded_members(Ensemble([constant(1.1)]))[0].parameters[1] == float(np.float16(1.1))


def test_every_number_of_half_precision(page, tmp_path):
    """Of all signs, exponents and fractions, but those that are not finite."""
    numbers = np.arange(2**16, dtype=np.uint16).view(np.float16)
    numbers = numbers[np.isfinite(numbers)]
    live = LivePage(page, tmp_path, KINDS["tanh"].model)
    found = live.ask("Array.from(decodedArray(given.held))", held=held(numbers))
    np.testing.assert_array_equal(np.array(found), numbers.astype(float))


def test_no_room_for_error_bars():
    model = KINDS["error bars"].model
    live = live_model(model, len(json.dumps(live_model(model))) - 1)
    assert live["steps"] is not None
    assert live["interval"] is None
    assert "no room" in live["interval_reason"]


def test_references_need_their_share_of_the_room():
    """They are held in float32 where float64 takes too much, and else left out."""
    model = ENCODED.model
    text = 4 * -(-model.domain.references.nbytes // 3)
    for budget, dtype in ((5 * text, "float64"), (5 * text - 5, "float32"), (5 * text // 2 - 50, None)):
        references = live_model(model, budget)["domain"]["references"]
        assert (references and references["dtype"]) == dtype


def test_the_same_model_gives_the_same_bytes():
    assert json.dumps(live_model(NORMALISED.model, 6000)) == json.dumps(live_model(NORMALISED.model, 6000))
