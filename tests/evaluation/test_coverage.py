"""Coverage: the share of targets in their intervals."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.evaluation import Coverage, coverage
from tolerances import COVERAGE_ATOL


def test_coverage_of_normal_errors_is_the_level(generator):
    std = generator.uniform(0.1, 10, size=(20_000, 2))
    covered = coverage(np.zeros((20_000, 2)), std, std * generator.normal(size=(20_000, 2)))
    assert list(covered) == [0.6827, 0.95]
    for level, share in covered.items():
        np.testing.assert_allclose(share, level, atol=COVERAGE_ATOL)


def test_coverage_counts_the_ends_target_by_target():
    prediction, std = np.zeros((4, 2)), np.array([[1.0, 0]] * 4)
    covered = coverage(prediction, std, np.array([[1.0, 0], [-1.0, 0], [1.5, 1e-9], [-2.0, 0]]))
    assert covered[0.6827].tolist() == [0.5, 0.75]
    assert covered[0.95].tolist() == [0.75, 0.75]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([[1.0]], [[1.0], [2.0]], [[1.0]]), "`std` has shape (2, 1); it must have `target`'s, (1, 1)."),
        (([[1.0, 2.0]], [[1.0]], [[1.0]]), "`prediction` has shape (1, 2); it must have `target`'s, (1, 1)."),
        (([[1.0]], [[-1.0]], [[1.0]]), "`std` holds -1; no standard deviation may be below 0."),
        (([[1.0]], [[np.inf]], [[1.0]]), "`std` holds inf at [0, 0]; every entry must be a finite number."),
    ],
)
def test_coverage_refuses(arguments, sentence):
    with pytest.raises(ArgumentValueError) as error:
        coverage(*arguments)
    assert str(error.value) == sentence


def test_chunks_count_the_same(generator):
    prediction, target = generator.normal(size=(2, 50, 3))
    std = generator.uniform(0.1, 2, size=(50, 3))
    parts = [Coverage.of(prediction[part], std[part], target[part]) for part in (slice(7), slice(7, None))]
    joined, whole = parts[0].joined(parts[1]), coverage(prediction, std, target)
    assert joined.rows == 50
    for level, share in whole.items():
        assert joined.shares[level].tolist() == share.tolist()
