"""Calibration of intervals, and the band that chance allows."""

from math import comb

import numpy as np

from fitnet.evaluation.calibration import Calibration, binomial_band


def test_shares_count_the_ends():
    ends = np.zeros((4, 1, 2, 2))
    ends[:, 0, 0], ends[:, 0, 1] = [-1, -2], [1, 2]
    found = Calibration.of(ends, np.array([[0.0], [1.0], [-2.0], [3.0]]), [0.5, 0.9])
    assert found.shares.tolist() == [[0.5], [0.75]]
    assert found.levels == (0.5, 0.9)


def test_the_band_is_the_binomial_distributions():
    n, level = 40, 0.9
    low, high = (float(each[0]) for each in binomial_band(n, [level]))
    chance = [comb(n, k) * level**k * (1 - level) ** (n - k) for k in range(n + 1)]
    below, above = sum(chance[: round(low * n)]), sum(chance[round(high * n) + 1 :])
    assert max(below, above) <= 0.025
    assert below + chance[round(low * n)] >= 0.025
    assert above + chance[round(high * n)] >= 0.025


def test_right_intervals_are_within_the_band(generator):
    Y = generator.normal(size=(2000, 1))
    ends = np.array([-1.644854, 1.644854]).reshape(1, 1, 2, 1) * np.ones((2000, 1, 1, 1))
    found = Calibration.of(ends, Y, [0.9])
    assert found.low[0] <= found.shares[0, 0] <= found.high[0]
    narrow = Calibration.of(ends / 1.2, Y, [0.9])
    assert narrow.shares[0, 0] < narrow.low[0]
