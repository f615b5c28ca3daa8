"""target_transform="auto": the logarithm where noise is a share of the target, none where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet import LogTransform, Regressor
from fitnet.errors import DivergenceError
from fitnet.fitting import transform_choice
from fitnet.fitting.fitting import fit
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import sources

SEEDS = range(5)
SMALL = {"hidden_layer_sizes": (8,), "activation": "tanh", "target_transform": "auto", "max_epochs": 100}


def drawn(seed, n=90):
    """x in [-1, 1], (n, 1), and as many normal numbers."""
    generator = np.random.default_rng(seed)
    return generator.uniform(-1, 1, (n, 1)), generator.normal(size=n)


def shares(seed, noise=0.2, n=90):
    X, e = drawn(seed, n)
    return X, np.exp(6 * X[:, 0] + noise * e)


def chosen(X, y, **settings):
    return Regressor(**SMALL | {"random_state": 0} | settings).fit(X, y).target_transform_


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_noise_that_is_a_share_of_the_target(seed, noise):
    assert chosen(*shares(seed, noise)) == LogTransform()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("least", [2.0, 1.1])
def test_noise_that_is_alike_everywhere(seed, least):
    X, e = drawn(seed)
    y = np.maximum(np.sin(3 * X[:, 0]) + least + 0.03 * e, 0.01)
    assert chosen(X, y) is None


@pytest.mark.parametrize("loss", ["absolute_error", "huber", "quantile"])
def test_other_losses(loss):
    assert chosen(*shares(0, n=60), loss=loss, max_epochs=50) == LogTransform()


def test_every_target_by_itself():
    X, y = shares(0, n=60)
    Y = np.c_[y, np.sin(3 * X[:, 0]), np.sin(3 * X[:, 0]) + 2, np.full(60, 7.0)]
    assert chosen(X, Y, solver="adam") == LogTransform((0.0, None, None, None))


def test_weights_count():
    """Rows of next to no weight, whose noise is another, do not change what is chosen."""
    X, y = shares(1, n=60)
    other, e = drawn(2, n=60)
    both = np.r_[X, other], np.r_[y, 200 + 40 * e]
    model = Regressor(**SMALL, random_state=0).fit(*both, np.repeat([1.0, 1e-9], 60))
    assert model.target_transform_ == LogTransform()


def test_with_none_chosen_every_bit_is_that_of_none():
    X, e = drawn(0)
    y = np.maximum(np.sin(3 * X[:, 0]) + 1.1 + 0.03 * e, 0.01)
    auto, plain = (Regressor(**SMALL | {"target_transform": t}, random_state=0).fit(X, y) for t in ("auto", None))
    assert np.array_equal(auto.model_.parameters, plain.model_.parameters)
    assert auto.model_.provenance["target_transform"] == "None"
    assert "target_transform" not in plain.model_.provenance


def test_what_was_chosen_is_fitted_as_if_it_had_been_asked_for():
    X, y = shares(0)
    auto, asked = (Regressor(**SMALL | {"target_transform": t}, random_state=0).fit(X, y) for t in ("auto", "log"))
    assert np.array_equal(auto.model_.parameters, asked.model_.parameters)
    assert auto.model_.provenance["target_transform"] == "LogTransform(lower_bound=0.0)"
    assert auto.model_.provenance["settings"]["target_transform"] == "'auto'"


@pytest.mark.parametrize(
    ("change", "settings"),
    [
        (lambda y: y - y.min(), {}),
        (lambda y: 2 + np.tanh(y), {}),
        (lambda y: y, {"loss": "poisson"}),
        (lambda y: y[: transform_choice.LEAST_ROWS - 1], {}),
    ],
    ids=["a zero", "less than a decade", "a link", "few rows"],
)
def test_where_nothing_is_tried(monkeypatch, change, settings):
    monkeypatch.setattr(transform_choice, "out_of_fold", None)  # whoever calls it fails
    X, y = shares(0)
    y = change(y)
    assert chosen(X[: len(y)], y, max_epochs=2, **settings) is None


def test_trials_see_few_rows_and_are_seen_by_nobody(monkeypatch):
    monkeypatch.setattr(transform_choice, "MOST_ROWS", 30)
    X, y = shares(0)
    states, trials = [], []

    def watched(settings, rows, generator):
        trials.append(rows.n)
        assert settings.checkpoint is None
        return fit(settings, rows, generator)

    settings = Settings.of(**SMALL, solver="adam", callbacks=states.append)
    rows, generator = TrainingRows(X, y[:, np.newaxis]), np.random.default_rng(0)
    before = generator.bit_generator.state
    found = transform_choice.with_chosen_transform(settings, rows, generator, watched)
    assert found.recipe.target_transform == LogTransform()
    assert trials == [20] * 6
    assert states == []
    assert generator.bit_generator.state == before


def test_rows_of_a_file_are_read_in_a_few_places(tmp_path, monkeypatch):
    X, y = shares(0, n=3000)
    for name, array in (("X", X), ("y", y)):
        np.save(tmp_path / f"{name}.npy", array)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    maps = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("X", "y")]
    assert chosen(*maps, max_epochs=5, solver="adam", batch_size=32) == LogTransform()
    rows = TrainingRows(*(sources.ArrayRows("X", each.reshape(-1, 1)) for each in (X, y)))
    some = transform_choice.some_rows(rows, np.random.default_rng(0))
    assert some.n == transform_choice.MOST_ROWS
    assert (some.X[0], some.X[-1]) == (X[0], X[-1])
    np.testing.assert_array_equal(np.isin(some.X, X).all(), True)


def test_a_candidate_that_diverges_loses():
    X, y = shares(0)
    rows, settings = TrainingRows(X, y[:, np.newaxis]), Settings.of(**SMALL | {"max_epochs": 3})
    for loser, expected in ((None, LogTransform()), (LogTransform(), None)):

        def diverging(settings, rows, generator, loser=loser):
            if settings.recipe.target_transform == loser:
                raise DivergenceError("so it does")
            return fit(settings, rows, generator)

        found = transform_choice.with_chosen_transform(settings, rows, np.random.default_rng(0), diverging)
        assert found.recipe.target_transform == expected


def test_an_interruption_ends_it():
    X, y = shares(0)

    def stop(state):
        raise KeyboardInterrupt

    def interrupted(settings, rows, generator):
        return fit(replace(settings, callbacks=stop), rows, generator)

    rows, settings = TrainingRows(X, y[:, np.newaxis]), Settings.of(**SMALL, solver="adam")
    with pytest.raises(KeyboardInterrupt):
        transform_choice.with_chosen_transform(settings, rows, np.random.default_rng(0), interrupted)
