"""The rule of target_transform="auto", on predictions whose errors are known: likelier targets and no lost accuracy."""

import numpy as np
import pytest

from fitnet.fitting.recipe import Recipe
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.transform_choice import is_better

T = np.linspace(-12, 0, 200)  # logarithms of the targets: their mean is -6
SIGNS = np.where(np.arange(200) % 2, 1.0, -1.0)
LOW = T < -6
SIZE = 1e-3  # of the logarithms' errors


def better(plain_error, wrong, weights=None):
    """Whether the logarithm is taken: plain predictions err by `plain_error`, logarithms by `SIZE` where `wrong`."""
    y = np.exp(T)[:, np.newaxis]
    plain = y + plain_error * SIGNS[:, np.newaxis]
    logs = y * np.exp(SIZE * (SIGNS * wrong)[:, np.newaxis])
    rows = TrainingRows(np.zeros((200, 1)), y, weights)
    return is_better(Recipe(scale_targets=False), rows, plain, logs, 0)


# Half of the logarithms err, so their error is SIZE / sqrt(2); with log(plain_error / SIZE) = -a the gain is 6.35 - a.
@pytest.mark.parametrize(("a", "expected"), [(6.2, True), (6.3, False), (4.6, True), (6.9, False)])
def test_held_out_targets_must_be_likelier(a, expected):
    assert better(SIZE * np.exp(-a), LOW) is expected


def test_errors_in_the_users_units_may_not_be_much_larger():
    everywhere = np.ones(200)
    rms = np.sqrt(
        np.mean(np.exp(2 * T))
    )  # of the targets: the logarithms' error in the users' units is SIZE times that
    for loses, expected in ((0.4, True), (1.0, False)):
        gain = 6 + np.log(rms) - loses  # 4.4 without a loss: some 0.05 + 0.4 may be lost for it
        assert gain > 1
        assert better(SIZE * rms * np.exp(-loses), everywhere) is expected


def test_rows_count_by_their_weight():
    """With next to no weight on the low half: mean -3, error 1e-3 SIZE, so that the gain is 9.9 - a."""
    weights = np.where(LOW, 1e-6, 1.0)
    for a, expected in ((9.5, True), (11.0, False)):
        assert better(SIZE * np.exp(-a), LOW, weights) is expected
