"""Slots: rows cut by shape alone, whose parts fit together however they are shared out."""

import numpy as np
import pytest

from fitnet.algorithm.network import Network
from fitnet.engine.ranks.messages import share_of
from fitnet.engine.slots import SlotRange, normal_slots, sum_of_squares, whole


@pytest.mark.parametrize(("n", "slots", "ranks"), [(100, 32, 1), (100, 32, 3), (7, 7, 7), (5, 3, 9), (1, 1, 4)])
def test_shares_hold_every_row_once_and_in_order(n, slots, ranks):
    rows = np.arange(n)
    shares = [share_of(rank, ranks, n, slots) for rank in range(ranks)]
    assert [share.count > 0 for share in shares] == [rank < slots for rank in range(ranks)]
    found = [rows[share.start : share.stop][slot] for share in shares for slot in share.rows()]
    assert len(found) == slots
    assert np.array_equal(np.concatenate(found), rows)
    assert all(
        np.array_equal(*pair) for pair in zip(found, (rows[slot] for slot in whole(n, slots).rows()), strict=True)
    )


def test_a_finer_share_has_the_same_rows():
    share = SlotRange(100, 4, 1, 2)
    finer = share.finer(100, 32)
    assert (finer.start, finer.stop, finer.count) == (share.start, share.stop, 16)


@pytest.mark.parametrize(
    ("n", "hidden", "slots"),
    [(1, 8, 1), (16383, 8, 1), (16384, 8, 2), (40000, 8, 4), (10**9, 8, 32), (10**9, 400, 8), (10**9, 2000, 4)],
)
def test_few_rows_are_one_slot_of_normal_equations_and_large_matrices_few(n, hidden, slots):
    assert normal_slots(Network.of_widths((3, hidden, 1)), n) == slots


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_the_sum_of_squares_is_that_of_the_residuals(engine, generator, weighted):
    network = Network.of_widths((2, 3, 2))
    parameters = network.initial_parameters(generator, dtype="float64")
    X, Y, weights = generator.normal(size=(9, 2)), generator.normal(size=(9, 2)), generator.uniform(size=9)
    squares = (engine.predict(network, parameters, X) - Y) ** 2
    expected = (squares * (weights[:, np.newaxis] if weighted else 1)).sum()
    found = engine.sum_of_squares(network, parameters, X, Y, weights if weighted else None)
    assert found == pytest.approx(expected)
    assert found == sum_of_squares(engine, network, parameters, X, Y, weights if weighted else None)
