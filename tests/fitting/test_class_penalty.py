"""Rows of classes in turn, and the penalty that kept-out rows choose."""

import numpy as np
import pytest

from fitnet import Classifier
from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.fitting import class_penalty
from fitnet.fitting.class_penalty import LEAST_ROWS, TRIED, clearly_lower, strongest_as_good, with_chosen_penalty
from fitnet.fitting.fitting import fit
from fitnet.fitting.settings import Settings
from fitnet.fitting.splits import in_turn, split_by_class
from fitnet.fitting.training_rows import TrainingRows


def settings(**given):
    fixed = {"loss": CrossEntropy(), "scale_targets": False, "error_bars": False, "alpha": "auto"}
    return Settings.of(hidden_layer_sizes=(8,), **fixed | given)


def rows(generator, n=60, flipped=0.0):
    """Two classes that a line parts, but for this share of the labels."""
    X = generator.normal(size=(n, 3))
    Y = (X[:, :1] > 0) != (generator.uniform(size=(n, 1)) < flipped)
    return TrainingRows(X, Y.astype(float))


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_every_class_keeps_its_share(generator, fraction):
    codes = np.repeat(np.arange(3), [100, 40, 20])
    kept, left_out = split_by_class(np.eye(3)[codes], fraction, generator)
    assert sorted([*kept, *left_out]) == list(range(160))
    assert np.abs(np.bincount(codes[left_out]) - fraction * np.bincount(codes)).max() <= 1
    assert len(left_out) == round(fraction * 160)


def test_the_only_row_of_a_class_is_trained_on(generator):
    codes = np.array([0] * 30 + [1])
    kept, _ = split_by_class(codes[:, np.newaxis].astype(float), 0.2, generator)
    assert 30 in kept


def test_the_order_is_drawn(generator):
    Y = (np.arange(40) % 2)[:, np.newaxis].astype(float)
    orders = [in_turn(Y, generator).tolist() for _ in range(2)]
    assert orders[0] != orders[1]
    assert all(sorted(order) == list(range(40)) for order in orders)


def test_labels_that_are_partly_wrong_ask_for_a_stronger_penalty(generator):
    found = [
        with_chosen_penalty(settings(), rows(generator, flipped=flipped), generator, fit).recipe.alpha
        for flipped in (0.0, 0.3)
    ]
    assert found[0] == TRIED[0] / 60
    assert found[1] > found[0]


def test_the_strongest_is_taken_that_rows_cannot_tell_from_the_best():
    steady, changing = np.full(100, 0.02), np.where(np.arange(100) % 10 == 0, 1.0, -0.1)
    lowest = np.linspace(0.1, 0.2, 100)
    assert strongest_as_good(np.stack([lowest, lowest + steady]), None) == 0  # small, and the same in every row
    assert strongest_as_good(np.stack([lowest, lowest + 0.005 + changing]), None) == 1  # large in a few rows
    weights = np.where(np.arange(100) % 10 == 0, 100.0, 1.0)
    assert strongest_as_good(np.stack([lowest, lowest + 0.005 + changing]), weights) == 0  # which weigh more
    assert strongest_as_good(np.stack([lowest, np.full(100, np.inf)]), None) == 0


def test_inputs_of_one_unit_share_a_scale_where_rows_are_told_better_so(generator):
    units = np.array([1.0, 1.0, *[0.05] * 20])
    X = generator.normal(size=(120, 22)) * units
    Y = (X[:, :1] * X[:, 1:2] > 0).astype(float)
    found = [
        with_chosen_penalty(settings(scaling=scaling), TrainingRows(X / divisor, Y), generator, fit).recipe.scaling
        for scaling, divisor in (("auto", 1.0), ("standard", 1.0), ("auto", X.std(axis=0)))
    ]
    assert found == ["common", "standard", "auto"]


def test_lower_by_more_than_rows_vary():
    others, steady, changing = np.linspace(0.1, 0.2, 100), 0.02, np.where(np.arange(100) % 10 == 0, 1.0, -0.1)
    assert clearly_lower(others - steady, others, None)
    assert not clearly_lower(others, others, None)
    assert not clearly_lower(others - 0.02 + changing, others, None)
    assert not clearly_lower(np.full(100, np.inf), others, None)


def test_nothing_is_tried_where_it_is_given_or_found_otherwise(generator, monkeypatch):
    monkeypatch.setattr(class_penalty, "losses_out_of_fold", None)  # which nobody calls
    given = rows(generator)
    assert with_chosen_penalty(settings(alpha=0.25), given, generator, fit).recipe.alpha == 0.25
    few = rows(generator, LEAST_ROWS - 1)
    assert with_chosen_penalty(settings(), few, generator, fit).recipe.settled(
        few.X, few.Y, first_order=False
    ).alpha == (1 / (LEAST_ROWS - 1))
    bayesian = settings(solver="lm-bayesian", activation="tanh")
    assert with_chosen_penalty(bayesian, given, generator, fit) is bayesian
    assert bayesian.recipe.settled(given.X, given.Y, first_order=False).alpha == 0


def test_the_generator_is_where_it_was(generator):
    given = rows(generator)
    state = generator.bit_generator.state
    with_chosen_penalty(settings(), given, generator, fit)
    assert generator.bit_generator.state == state


def test_the_same_fit_with_what_was_chosen(generator):
    given = rows(generator, 60, 0.3)
    y = given.Y[:, 0].astype(int)
    chosen = Classifier((8,), random_state=0).fit(given.X, y)
    alpha = with_chosen_penalty(settings(), given, np.random.default_rng(0), fit).recipe.alpha
    same = Classifier((8,), random_state=0, alpha=alpha, solver="adam").fit(given.X, y)
    assert np.array_equal(chosen.predict_proba(given.X), same.predict_proba(given.X))
