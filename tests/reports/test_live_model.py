"""The model in the page: all it says is what the model says, in a real browser, for every kind of model.

Pages compute in float64, so that they are held to the tight tolerance against the model in float64, too.
"""

from dataclasses import replace

import numpy as np
import pytest
from live_page import LivePage

from fitnet.uncertainty.domain import Domain
from kinds_of_models import KINDS, in_double
from tolerances import LIVE_RTOL, LIVE_SINGLE_OF_LARGEST

each_kind = pytest.mark.parametrize("kind", KINDS)


def assert_equal(found, expected, in_double):
    """Closely what the model in float64 says, and the model itself as far as its dtype goes, by outputs."""
    np.testing.assert_allclose(found, in_double, LIVE_RTOL)
    largest = np.abs(expected).max(axis=0, keepdims=True)
    assert np.max(np.abs(found - expected) / np.where(largest > 0, largest, 1)) < LIVE_SINGLE_OF_LARGEST


@each_kind
def test_predictions_and_slopes(page, tmp_path, kind):
    model, X = KINDS[kind].model, KINDS[kind].X
    live, double = LivePage(page, tmp_path, model), in_double(model)
    assert_equal(live.predict(X), model.predict(X), double.predict(X))
    numbers = [each["columns"][0] for each in live.held["inputs"] if each["kind"] == "number"]
    assert_equal(live.jacobian(X)[:, :, numbers], model.jacobian(X), double.jacobian(X))


@pytest.mark.parametrize("kind", ["error bars", "ensemble, encoded", "ensemble, normalised"])
def test_intervals(page, tmp_path, kind):
    model, X = KINDS[kind].model, KINDS[kind].X
    live, double = LivePage(page, tmp_path, model), in_double(model)
    coverages = live.ask("live.coverages")
    assert coverages == [0.5, 0.68, 0.9, 0.95]
    for coverage in coverages:
        ends, y = live.interval(X, coverage)
        assert_equal(ends, model.predict_interval(X, coverage), double.predict_interval(X, coverage))
        np.testing.assert_array_equal(y, live.predict(X))


@pytest.mark.parametrize("kind", [name for name, each in KINDS.items() if getattr(each.model, "domain", None)])
def test_the_domain(page, tmp_path, kind):
    model, X = KINDS[kind].model, KINDS[kind].X
    live = LivePage(page, tmp_path, model)
    scores = live.by_row("domainScore", X)
    np.testing.assert_allclose(scores, model.domain_score(X), LIVE_RTOL)
    assert 0 < np.mean(scores > 1) < 1
    places = live.by_row("worstInput", X)
    assert [live.held["inputs"][place]["name"] for place in places] == [
        model.worst_input(row[np.newaxis]) if model.imputation is None else name_of_given(model, row) for row in X
    ]


def test_the_domain_tells_how_far_in_rows_with_words_are(page, tmp_path):
    generator = np.random.default_rng(0)
    X = np.column_stack(
        [generator.normal(size=90), np.eye(3)[generator.integers(0, 3, 90)], generator.normal(size=(90, 2))]
    )
    domain = Domain.of(X, generator, [-1, 0, 0, 0, -1, -1])
    model = replace(KINDS["ensemble, normalised"].model, domain=domain)
    scores = LivePage(page, tmp_path, model).by_row("domainScore", X)
    np.testing.assert_allclose(scores, domain.score(X), LIVE_RTOL)
    assert scores.min() < 0.9


def name_of_given(model, row):
    """The worst input; of a number that tells of gaps the column whose gaps they are."""
    return model.worst_input(row[np.newaxis]).removesuffix(" is missing")


def test_the_domain_of_one_network_is_its_ranges(page, tmp_path):
    model = KINDS["gaps"].model
    low, high = model.input_ranges
    live = LivePage(page, tmp_path, model)
    X = np.array([low, high, low / 2 + high / 2, high + (high - low) / 4])
    np.testing.assert_allclose(live.by_row("domainScore", X), [1, 1, 0, 1.5], LIVE_RTOL)


def test_what_the_page_does_not_know(page, tmp_path):
    live = LivePage(page, tmp_path, KINDS["tanh"].model)
    assert live.ask(
        "[live.domainScore(X), live.worstInput(X), live.interval(X, 1, 0.9), live.coverages]", [[1, 2, 3]]
    ) == [
        None,
        -1,
        None,
        [],
    ]
    assert "neither error bars nor residuals" in live.held["interval_reason"]
    assert [each["known_range"] for each in live.held["inputs"]] == [False] * 3


def test_settings_become_rows(page, tmp_path):
    """Numbers, levels by their places, gaps filled in and told."""
    live = LivePage(page, tmp_path, KINDS["words and gaps"].model)
    settings = [[0.5, 1, 3], [None, 0, None], [0.5, -1, float("nan")], [1, 2, 0]]
    rows = [live.ask("Array.from(live.row(given.settings))", settings=each) for each in settings]
    assert rows == [[0.5, 0, 1, 0, 3, 0], [0.25, 1, 0, 0, 2, 1], [0.5, 0, 0, 0, 2, 1], [1, 0, 0, 1, 0, 0]]
    kinds = [(each["name"], each["kind"], each["columns"], each.get("levels")) for each in live.held["inputs"]]
    assert kinds == [
        ("x", "number", [0], None),
        ("colour", "words", [1, 2, 3], ["blue", "red", None]),
        ("T", "number", [4], None),
    ]
    assert live.ask("live.start().length") == 3


def test_curves_are_the_rows_by_themselves(page, tmp_path, generator):
    """Rows that differ in one number, of which the page computes only that, beside others."""
    for kind in ("encoded, float32", "silu and gelu, scaled"):
        model, X = KINDS[kind].model, np.repeat(KINDS[kind].X[:4], 25, axis=0)
        for i, row in enumerate(X):
            row[i // 25 % 3] = generator.choice(KINDS[kind].X[:, i // 25 % 3])
        live = LivePage(page, tmp_path, model)
        np.testing.assert_allclose(live.predict(X), in_double(model).predict(X), LIVE_RTOL)
