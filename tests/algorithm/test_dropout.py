"""Masks of dropout: how many units they drop, that they have nothing to do with each other, and numbers to the bit."""

import numpy as np
import pytest

from fitnet.algorithm.dropout import keys_below, masks, new_seed, unit_hashes
from tolerances import NORMAL_DEVIATIONS

ROWS, WIDTHS = 400, (70, 70)


def kept(probability, seed, step=0, rows=ROWS, widths=WIDTHS):
    """Which units of each layer are kept."""
    return [mask > 0 for mask in masks(probability, seed, step, rows, widths, np.dtype(float))]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("probability", [0.1, 0.25, 0.9])
def test_units_are_0_or_larger(generator, probability, dtype):
    (mask,) = masks(probability, new_seed(generator), 3, 50, (20,), np.dtype(dtype))
    assert mask.dtype == dtype
    assert set(np.unique(mask)) == {0, np.dtype(dtype).type(1 / (1 - probability))}


@pytest.mark.parametrize("probability", [0.001, 0.1, 0.25, 0.5, 0.9])
def test_the_share_that_is_kept(generator, probability):
    """A mean of n independent draws lies within so many of its standard deviations."""
    found = np.concatenate([each for step in range(20) for each in kept(probability, new_seed(generator), step)])
    deviation = np.sqrt(probability * (1 - probability) / found.size)
    assert abs(found.mean() - (1 - probability)) < NORMAL_DEVIATIONS * deviation
    by_unit, by_row = found.mean(axis=0), found.mean(axis=1)
    for means, counted in ((by_unit, len(found)), (by_row, WIDTHS[0])):
        spread = means.std() / np.sqrt(probability * (1 - probability) / counted)
        assert spread == pytest.approx(1, abs=NORMAL_DEVIATIONS / np.sqrt(2 * len(means)))


def correlation(one, other):
    """In units of its standard deviation where the two are independent."""
    return np.corrcoef(one.ravel(), other.ravel())[0, 1] * np.sqrt(one.size)


@pytest.mark.parametrize("probability", [0.1, 0.5])
def test_seeds_steps_layers_rows_and_units_are_uncorrelated(generator, probability):
    seed = new_seed(generator)
    first, second = kept(probability, seed)
    others = {
        "another seed": kept(probability, new_seed(generator))[0],
        "the next seed": kept(probability, seed + np.uint64(1))[0],
        "the next step": kept(probability, seed, 1)[0],
        "another layer": second,
    }
    for lag in (1, 2, 16):
        others[f"the row {lag} below"] = np.roll(first, lag, axis=0)
        others[f"the unit {lag} beside"] = np.roll(first, lag, axis=1)
    for what, other in others.items():
        assert abs(correlation(first, other)) < NORMAL_DEVIATIONS, what


def test_pairs_of_units_and_of_rows_are_as_independent_draws_have_them(generator):
    """The correlations of all pairs together: their mean square is 1 over the number of draws."""
    drawn = kept(0.5, new_seed(generator), rows=2000)[0].astype(float)
    for numbers in (drawn, drawn[:200].T):
        pairs = np.corrcoef(numbers.T)[np.triu_indices(numbers.shape[1], 1)]
        scaled = pairs * np.sqrt(len(numbers))
        assert np.mean(scaled**2) == pytest.approx(1, abs=NORMAL_DEVIATIONS * np.sqrt(2 / len(pairs)))
        assert np.abs(scaled).max() < NORMAL_DEVIATIONS


def test_hashes_are_the_known_functions():
    """SplitMix64's first outputs from seed 1234567, as published with its C code, and MurmurHash3's finaliser of 1."""
    outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert keys_below(np.array([1234567], np.uint64), np.arange(3)).tolist() == outputs
    assert unit_hashes(np.array([1], np.uint64), 1).tolist() == [[0x514E28B7]]


def test_all_of_one_chance_and_none_of_another():
    assert all(each.all() for each in kept(1e-12, np.uint64(5)))
    assert kept(1 - 2**-53, np.uint64(5))[0].mean() < 1e-3
