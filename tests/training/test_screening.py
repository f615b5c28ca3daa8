"""Screened beginnings of Levenberg-Marquardt: which of a stiff and a loose network goes on, and what is recorded."""

import numpy as np
import pytest

from fitnet import LevenbergMarquardt, Network, train
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.training import least_squares
from fitnet.training.beginnings import LOOSE, STIFF
from fitnet.training.descent import Descent

NETWORK = Network.of_widths((3, 10, 10, 1), activation="tanh")
ITERATIONS, LOOKED_AT = 48, 12
SEEDS = range(8)
STUCK = 0.3  # of the targets' spread: the error of a network that has missed what goes up and down


@pytest.fixture(scope="module")
def rows():
    """X (300, 3) and Ishigami's function of them, (300, 1), standardised."""
    X = np.random.default_rng(0).uniform(-1, 1, (300, 3))
    first, second, third = np.pi * X.T
    y = np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first)
    return X, ((y - y.mean()) / y.std())[:, np.newaxis]


def trained(rows, seed, screened=True, **arguments):
    solver, generator = LevenbergMarquardt("bayesian", screened=screened), np.random.default_rng(seed)
    return train(NETWORK, *rows, epochs=ITERATIONS, solver=solver, generator=generator, verbose=False, **arguments)


@pytest.fixture
def looks(monkeypatch):
    """After every walk of a descent how it began, the iterations it was given, and its cross-validation."""
    noted = []
    begin, walk = Descent.__init__, Descent.walk

    def noted_beginning(self, solver, objective, start, beginning=STIFF):
        begin(self, solver, objective, start, beginning)
        self.beginning = beginning

    def noted_walk(self, iterations, after):
        walk(self, iterations, after)
        noted.append((self.beginning, iterations, self.cross_validation()))

    monkeypatch.setattr(Descent, "__init__", noted_beginning)
    monkeypatch.setattr(Descent, "walk", noted_walk)
    return noted


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loose_network_goes_on_where_it_is_clearly_better_after_a_quarter(rows, looks, seed):
    trained(rows, seed)
    (one, first, stiff), (other, second, loose), (on, last, _) = looks
    assert (one, other) == (STIFF, LOOSE)
    assert (first, second, last) == (LOOKED_AT, LOOKED_AT, ITERATIONS - LOOKED_AT)
    assert on is (LOOSE if loose < least_squares.CLEARLY * stiff else STIFF)


def test_both_are_seen_to_go_on(rows, looks):
    for seed in SEEDS:
        trained(rows, seed)
    assert {on for on, _, _ in looks[2::3]} == {STIFF, LOOSE}


def test_a_network_is_seldom_stuck(rows):
    stuck = [
        sum(trained(rows, seed, screened).history.noise[-1] > STUCK for seed in SEEDS) for screened in (False, True)
    ]
    assert stuck[0] >= 5 and stuck[1] <= 1


def test_where_the_stiff_one_goes_on_all_is_as_without_a_look(rows, monkeypatch):
    monkeypatch.setattr(least_squares, "CLEARLY", 0.0)
    looked, plain = trained(rows, 3), trained(rows, 3, screened=False)
    assert looked.parameters.tobytes() == plain.parameters.tobytes()
    assert looked.history.loss == plain.history.loss and looked.history.noise == plain.history.noise


def test_of_the_other_nothing_is_recorded(rows):
    result = trained(rows, 3)
    assert len(result.history.loss) == ITERATIONS
    assert result.history.noise[LOOKED_AT - 1] > result.history.noise[-1]


@pytest.mark.parametrize("n_threads", [1, 2])
def test_the_same_bits_from_the_same_generator(rows, n_threads):
    once, again = trained(rows, 0, n_threads=1), trained(rows, 0, n_threads=n_threads)
    assert once.parameters.tobytes() == again.parameters.tobytes()


@pytest.mark.parametrize("iterations", [1, 2, 3, 5])
def test_few_iterations_are_no_more_than_asked_for(rows, iterations):
    solver = LevenbergMarquardt("bayesian", max_epochs=iterations, screened=True)
    result = train(NETWORK, *rows, epochs=ITERATIONS, solver=solver, generator=np.random.default_rng(0), verbose=False)
    assert len(result.history.loss) == iterations


def test_what_cannot_be_screened_is_refused():
    with pytest.raises(ArgumentValueError, match="`screened` is True; with several `starts` it must be False"):
        LevenbergMarquardt("bayesian", starts=3, screened=True)
    with pytest.raises(ArgumentTypeError, match="`screened` is 2; it must be True or False"):
        LevenbergMarquardt("bayesian", screened=2)
