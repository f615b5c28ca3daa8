"""Which scores are chosen: plain and symmetric unless others are clearly better; and what the choice is good for."""

import numpy as np
import pytest

from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.score_choice import LEAST_ROWS_FOR_SIDES, LEAST_ROWS_FOR_SPREADS, choose, interval_scores
from tolerances import CHANCE_CHOICES, COVERAGE_ATOL, EVEN_COVERAGE_ATOL, FLOAT64_RTOL


def choices(draw, n, repeats=60, K=5):
    """How often, of so many draws of residuals and spreads, scores are normalised and have a bound for each side."""
    chosen = [choose(residual, np.arange(n) % K, spread) for residual, spread in (draw(n) for _ in range(repeats))]
    return np.mean([np.isfinite(floor) for floor, _ in chosen]), np.mean([not symmetric for _, symmetric in chosen])


@pytest.mark.parametrize("n", [60, 250, 1000])
@pytest.mark.parametrize("noise", ["normal", "t"])
def test_noise_that_spreads_say_nothing_about_stays_plain_and_symmetric(generator, n, noise):
    def draw(n):
        residual = generator.normal(size=n) if noise == "normal" else generator.standard_t(3, size=n)
        return residual, np.exp(generator.normal(size=n) / 2)

    assert max(choices(draw, n)) <= CHANCE_CHOICES


def test_noise_that_spreads_tell_is_normalised(generator):
    def draw(n):
        spread = np.exp(generator.normal(size=n))
        return generator.normal(size=n) * spread, spread * np.exp(generator.normal(size=n) / 4)

    normalised, sides = choices(draw, 500)
    assert normalised == 1
    assert sides <= CHANCE_CHOICES


def test_skewed_noise_has_a_bound_for_each_side(generator):
    normalised, sides = choices(lambda n: (generator.exponential(size=n) - 1, None), 1000)
    assert (normalised, sides) == (0, 1)


def test_few_rows_and_spreads_of_nothing_stay_plain_and_symmetric(generator):
    skewed = np.exp(3 * generator.normal(size=LEAST_ROWS_FOR_SIDES - 1))
    assert choose(skewed, np.arange(len(skewed)) % 5, np.zeros(len(skewed))) == (np.inf, True)
    for n in (2, 8, LEAST_ROWS_FOR_SPREADS - 1):
        spread = np.exp(5 * generator.normal(size=n))
        assert choose(spread, np.arange(n) % 2, spread) == (np.inf, True)


def test_interval_scores_are_those_of_bounds_from_the_other_folds():
    """Nine rows in the other part: the bound is their largest |residual|, 9; 10 is outside by 1, at 20 a unit."""
    residual = np.array([1, 2, 3, 4, 5, 6, 7, 8, -9, 10, -4, 0, 0, 0, 0, 0, 0, 0.0])
    scores = interval_scores(residual, np.repeat([0, 1], 9), np.ones(18), True)
    np.testing.assert_allclose(scores[9:12], [18 + 20 * 1, 18, 18], FLOAT64_RTOL)
    np.testing.assert_allclose(scores[:9], 20, FLOAT64_RTOL)


def shares_and_width(generator, kind, with_spreads):
    """Coverage in three groups of rows by their spread, and the mean width, of 90 % intervals from 2,000 rows."""
    K, n, new = 5, 2000, 20000
    spread, new_spread = np.exp(generator.normal(size=n)), np.sort(np.exp(generator.normal(size=new)))
    noise = {
        "uneven": lambda s: s * generator.normal(size=len(s)),
        "skewed": lambda s: generator.exponential(size=len(s)),
    }
    found = CrossConformal.of(
        noise[kind](spread)[:, np.newaxis], np.arange(n) % K, spread[:, np.newaxis] if with_spreads else None
    )
    y = noise[kind](new_spread)
    fold_spreads = np.broadcast_to(new_spread[:, np.newaxis], (K, new, 1))
    lower, upper = found.interval(np.zeros((K, new, 1)), 0.9, fold_spreads)[:, 0].T
    inside = (lower <= y) & (y <= upper)
    return np.array([group.mean() for group in np.array_split(inside, 3)]), (upper - lower).mean(), inside.mean()


def test_normalised_intervals_are_narrower_and_cover_evenly(generator):
    plain_shares, plain_width, plain_coverage = shares_and_width(generator, "uneven", with_spreads=False)
    shares, width, coverage = shares_and_width(generator, "uneven", with_spreads=True)
    assert max(abs(plain_coverage - 0.9), abs(coverage - 0.9)) < 2 * COVERAGE_ATOL
    assert np.ptp(shares) < EVEN_COVERAGE_ATOL < np.ptp(plain_shares)
    assert width < plain_width


def test_intervals_of_skewed_noise_are_narrower_than_symmetric_ones(generator):
    """Exponential noise of rate 1: from log(1 / 0.95) to log(20) = 2.94 wide, or 2 log(10) = 4.61 about 0."""
    _, width, coverage = shares_and_width(generator, "skewed", with_spreads=False)
    assert abs(coverage - 0.9) < 2 * COVERAGE_ATOL
    assert width < np.log(10) * 2 * 0.8
