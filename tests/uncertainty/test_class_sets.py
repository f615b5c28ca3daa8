"""Conformal sets of classes: the share that they hold, the threshold by its definition, and what is refused."""

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.class_sets import class_sets, kept_probabilities, threshold_for


def test_the_threshold_is_the_row_that_the_definition_names():
    """Of 9 rows a new one is as likely to be in any of 10 places: 8 of 10 are at or above the second lowest."""
    seen = np.array([0.5, 0.9, 0.1, 0.3, 0.7, 0.2, 0.8, 0.6, 0.4])
    assert threshold_for(seen, 0.8) == 0.2
    assert threshold_for(seen, 0.9) == 0.1
    assert threshold_for(seen, 0.81) == 0.1


def test_sets_hold_their_share_whatever_the_probabilities_are(generator):
    """The classifier is of no use, and still: over 400 calibrations of 49 rows, nine tenths of new rows."""
    held = []
    for _ in range(400):
        p = generator.dirichlet([0.3, 0.3, 0.3], 99)
        codes = generator.integers(3, size=99)
        seen = p[np.arange(99), codes]
        held.append(class_sets(p[49:], seen[:49], 0.9)[np.arange(50), codes[49:]].mean())
    assert np.mean(held) == pytest.approx(0.9, abs=4 * np.std(held) / 20)


def test_sets_are_never_empty_if_asked():
    p, seen = np.array([[0.4, 0.6], [0.99, 0.01]]), np.linspace(0.9, 1, 50)
    assert class_sets(p, seen, 0.5).tolist() == [[False, False], [True, False]]
    assert class_sets(p, seen, 0.5, never_empty=True).tolist() == [[False, True], [True, False]]


def test_more_coverage_means_larger_sets(generator):
    p, seen = generator.dirichlet(np.ones(4), 100), generator.uniform(size=200)
    few, many = class_sets(p, seen, 0.6), class_sets(p, seen, 0.95)
    assert np.all(few <= many)
    assert few.sum() < many.sum()


@pytest.mark.parametrize("coverage", [0, 1, -0.5, np.nan])
def test_a_coverage_outside_its_bounds_is_refused(coverage):
    with pytest.raises(ArgumentValueError, match="`coverage`"):
        threshold_for(np.ones(10), coverage)


def test_a_coverage_that_is_no_number_is_refused():
    with pytest.raises(ArgumentTypeError, match="`coverage`"):
        threshold_for(np.ones(10), "most")


def test_a_coverage_that_needs_more_rows_is_refused():
    with pytest.raises(ArgumentValueError, match=r"`coverage` is 0.95; 10 rows out of fold tell of 0.909091 at most"):
        threshold_for(np.ones(10), 0.95)


@pytest.mark.parametrize(("rows", "most"), [(40, 40), (1234, 99), (101, 100), (20_000, 10_000)])
def test_what_is_kept_of_many_rows_promises_no_less(generator, rows, most):
    """A threshold from what is kept is never above that from all rows, and below it by two ranks in M at most."""
    seen = generator.uniform(size=rows)
    kept = kept_probabilities(seen, most)
    assert len(kept) == min(rows, most) and np.isin(kept, seen).all() and np.all(np.diff(kept) > 0)
    for coverage in (0.05, 0.5, 0.8, 0.9, 0.95):
        below = np.array([np.mean(seen < threshold_for(each, coverage)) for each in (kept, seen)])
        assert 0 <= below[1] - below[0] <= 2 / most


def test_kept_rows_hold_their_share(generator):
    """Of 199 rows 19 are kept, every tenth, from which 90 % is held exactly: new rows below the second are 2 in 20."""
    held = [
        (generator.uniform(size=400) >= threshold_for(kept_probabilities(generator.uniform(size=199), 19), 0.9))
        for _ in range(500)
    ]
    shares = np.mean(held, axis=1)
    assert shares.mean() == pytest.approx(0.9, abs=4 * shares.std() / np.sqrt(500))
