"""Several starts of Levenberg-Marquardt: which fit is kept, what a new draw keeps, and the same bits every time."""

import numpy as np
import pytest

from fitnet import LevenbergMarquardt, Network, train
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.training.descent import Descent

NETWORK = Network.of_widths((2, 5, 2), activation="tanh")
ITERATIONS = 61


@pytest.fixture
def rows():
    """X (60, 2) and Y (60, 2), noisy."""
    generator = np.random.default_rng(3)
    X = generator.uniform(-1, 1, (60, 2))
    Y = np.stack([np.sin(3 * X[:, 0]) * X[:, 1], X[:, 0] * X[:, 1]], axis=1)
    return X, Y + generator.normal(0, 0.05, Y.shape)


def trained(X, Y, starts=6, seed=0, **arguments):
    solver, generator = LevenbergMarquardt("bayesian", starts=starts), np.random.default_rng(seed)
    return train(NETWORK, X, Y, epochs=ITERATIONS, solver=solver, generator=generator, verbose=False, **arguments)


@pytest.fixture
def ends(monkeypatch):
    """Every descent's first and last parameters and its cross-validation, as they end."""
    noted = []
    walk = Descent.walk

    def noted_walk(self, iterations, after):
        first = self.parameters
        walk(self, iterations, after)
        noted.append((first, self.parameters, self.cross_validation()))

    monkeypatch.setattr(Descent, "walk", noted_walk)
    return noted


@pytest.mark.parametrize("seed", range(5))
def test_the_fit_of_the_lowest_cross_validation_is_kept(rows, ends, seed):
    result = trained(*rows, seed=seed)
    assert len(ends) == 6
    _, best, _ = min(ends, key=lambda end: end[2])
    assert result.parameters.tobytes() == best.tobytes()


def test_every_third_start_is_another_draw(rows, ends):
    trained(*rows, starts=7)
    firsts = [first.tobytes() for first, _, _ in ends]
    assert firsts[0:3] == [firsts[0]] * 3 and firsts[3:6] == [firsts[3]] * 3
    assert len(set(firsts)) == 3


@pytest.mark.parametrize("n_threads", [1, 2])
def test_the_same_bits_from_the_same_generator(rows, n_threads):
    once, again = trained(*rows, n_threads=1), trained(*rows, n_threads=n_threads)
    assert once.parameters.tobytes() == again.parameters.tobytes()
    assert once.history.loss == again.history.loss


@pytest.mark.parametrize("seed", range(5))
def test_a_draw_keeps_what_was_silenced(rows, ends, seed):
    """Weights of 0 of an input that never varied, and the bias of a target that never did."""
    X, Y = rows[0].copy(), rows[1].copy()
    X[:, 1], Y[:, 1] = 0, 4.5
    parameters = NETWORK.initial_parameters(np.random.default_rng(seed), "glorot", "float64")
    NETWORK.weights(parameters)[0][1] = 0
    NETWORK.weights(parameters)[-1][:, 1] = 0
    NETWORK.biases(parameters)[-1][1] = 4.5
    result = trained(X, Y, starts=9, seed=seed, parameters=parameters)
    assert len({first.tobytes() for first, _, _ in ends}) == 3
    assert not NETWORK.weights(result.parameters)[0][1].any()
    assert not NETWORK.weights(result.parameters)[-1][:, 1].any()
    assert NETWORK.biases(result.parameters)[-1][1] == 4.5


def test_starts_that_cannot_be_are_refused():
    for starts, error in ((0, ArgumentValueError), (1.5, ArgumentTypeError)):
        with pytest.raises(error, match="starts"):
            LevenbergMarquardt("bayesian", starts=starts)
