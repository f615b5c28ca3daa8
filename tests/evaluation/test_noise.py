"""Noise, from repeated measurements and from near rows."""

import numpy as np

from fitnet.evaluation.noise import EQUAL, NEAREST, noise_of_neighbours, noise_of_repeats


def test_the_noise_of_repeats_is_their_pooled_deviation(generator):
    X = np.repeat(generator.normal(size=(50, 2)), 4, axis=0)
    Y = np.repeat(generator.normal(size=(50, 2)) * 100, 4, axis=0) + generator.normal(size=(200, 2)) * [1, 3] + 1e6
    found = noise_of_repeats(X, Y)
    expected = np.sqrt(Y.reshape(50, 4, 2).var(axis=1, ddof=1).mean(axis=0))
    np.testing.assert_allclose(found.deviation, expected, rtol=1e-6)  # of targets of size 1e6 ten digits are left
    assert (found.judged_from, found.rows) == (EQUAL, 150)
    assert (found.low < [1, 3]).all()
    assert (found.high > [1, 3]).all()


def test_copies_and_single_rows_tell_of_no_noise(generator):
    X, Y = generator.normal(size=(40, 2)), generator.normal(size=(40, 1))
    assert noise_of_repeats(X, Y) is None
    assert noise_of_repeats(np.tile(X, (2, 1)), np.tile(Y, (2, 1))) is None
    assert noise_of_repeats(X[:1], Y[:1]) is None


def test_near_rows_share_what_is_not_noise(generator):
    X = generator.uniform(size=(4000, 2))
    noise = 0.1 * generator.normal(size=(4000, 1))
    missed = np.sin(6 * X[:, :1])
    found = noise_of_neighbours(X, missed + noise, missed + noise, generator)
    assert found.judged_from == NEAREST
    assert abs(found.deviation[0] / 0.1 - 1) < 0.1
    assert found.high[0] < found.compared[0]
    alone = noise_of_neighbours(X, noise, 5 * missed + noise, generator)
    assert alone.low[0] < alone.compared[0] < alone.high[0]
    assert abs(alone.near[0] - 1) < 0.05


def test_far_rows_are_told(generator):
    X = generator.normal(size=(300, 15))
    target = np.sin(3 * X[:, :1])
    noise = 0.1 * generator.normal(size=(300, 1))
    assert noise_of_neighbours(X, noise, target + noise, generator).near[0] < 0.5


def test_few_rows_and_many_columns_tell_nothing(generator):
    one = np.ones((300, 1))
    assert noise_of_neighbours(generator.normal(size=(50, 2)), one[:50], one[:50], generator) is None
    assert noise_of_neighbours(generator.normal(size=(300, 30)), one, one, generator) is None
    assert noise_of_neighbours(np.ones((300, 2)), one, one, generator) is None
