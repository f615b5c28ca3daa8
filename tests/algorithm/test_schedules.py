"""Schedules: the learning rate's factor as training goes on."""

import math

import numpy as np
import pytest

from fitnet.algorithm.schedules import SCHEDULES, Constant, Cosine, StepDecay
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL

PROGRESS = np.arange(12) / 12

each_schedule = pytest.mark.parametrize("name", SCHEDULES)


def test_constant_is_one():
    assert Constant().factor(PROGRESS).tolist() == [1.0] * 12


@pytest.mark.parametrize("final", [0.0, 0.1, 1.0])
def test_cosine_is_half_a_cosine_down_to_the_final_factor(final):
    expected = [final + (1 - final) * (1 + math.cos(math.pi * p)) / 2 for p in PROGRESS]
    np.testing.assert_allclose(Cosine(final).factor(PROGRESS), expected, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


@pytest.mark.parametrize("final", [0.0, 0.1])
def test_cosine_passes_one_the_middle_and_the_final_factor(final):
    factors = Cosine(final).factor(np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(factors, [1, (1 + final) / 2, final], rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


def test_step_decay_multiplies_at_every_level():
    expected = [1.0] * 4 + [0.5] * 4 + [0.25] * 4
    assert StepDecay(decay=0.5, levels=3).factor(PROGRESS).tolist() == expected


def test_step_decay_with_one_level_is_constant():
    assert StepDecay(decay=0.5, levels=1).factor(PROGRESS).tolist() == [1.0] * 12


@pytest.mark.parametrize("levels", [2, 3, 7, 10])
@pytest.mark.parametrize("steps", [10, 97, 1000])
def test_step_decay_changes_at_the_right_step(levels, steps):
    level = [step * levels // steps for step in range(steps)]  # whole numbers: no rounding at the boundary
    factors = StepDecay(decay=0.5, levels=levels).factor(np.arange(steps) / steps)
    assert factors.tolist() == [0.5**k for k in level]


@each_schedule
def test_training_starts_at_the_full_rate(name):
    assert SCHEDULES[name].factor(np.zeros(1)).tolist() == [1.0]


@each_schedule
def test_the_factor_never_rises_or_leaves_zero_to_one(name):
    factors = SCHEDULES[name].factor(np.arange(1000) / 1000)
    assert np.all(np.diff(factors) <= 0)
    assert np.all((factors > 0) & (factors <= 1))


@each_schedule
def test_shape_is_kept_in_float64_and_the_progress_unchanged(name):
    progress = PROGRESS.reshape(3, 4).copy()
    factors = SCHEDULES[name].factor(progress)
    assert (factors.shape, factors.dtype) == ((3, 4), np.float64)
    assert np.array_equal(progress, PROGRESS.reshape(3, 4))


@each_schedule
def test_the_factor_depends_on_each_entry_alone(name):
    together = SCHEDULES[name].factor(PROGRESS)
    alone = np.concatenate([SCHEDULES[name].factor(PROGRESS[i : i + 1]) for i in range(12)])
    np.testing.assert_allclose(together, alone, rtol=FLOAT64_RTOL)
