"""Messages between ranks: sums in the slots' order, whoever has which, and arrays in parts."""

import numpy as np
import pytest

from fitnet.engine.ranks import messages
from fitnet.engine.ranks.messages import Ranks, patiently, share_of
from ranks_in_threads import on_ranks

RANKS = [1, 2, 3, 4, 7]


@pytest.fixture
def vectors(generator, monkeypatch):
    """Of 5 slots, in float32, of sizes so unlike that their sum depends on its order; sent in parts of 16 bytes."""
    monkeypatch.setattr(messages, "SEGMENT_BYTES", 16)
    found = (generator.normal(size=(5, 11)) * 10.0 ** generator.integers(-6, 6, (5, 11))).astype(np.float32)
    assert not np.array_equal(in_order(found), in_order(found[::-1]))
    return found


def in_order(vectors):
    total = vectors[0].copy()
    for vector in vectors[1:]:
        total += vector
    return total


@pytest.mark.parametrize("size", RANKS)
def test_a_sum_is_that_of_one_process(vectors, size):
    slots, n_numbers = vectors.shape

    def work(communicator):
        ranks = Ranks(communicator)
        share = share_of(ranks.rank, size, 100, slots)
        if share.count == 0:
            return None, ranks.bytes_sent
        parts = vectors[share.first : share.first + share.count]
        return ranks.sum_up(list(parts), share, np.empty(n_numbers, np.float32)), ranks.bytes_sent

    totals = on_ranks(size, work)
    assert np.array_equal(totals[0][0], in_order(vectors))
    assert all(total is None for total, _ in totals[1:])
    active = min(size, slots)
    assert [sent for _, sent in totals] == [n_numbers * 4 * (rank < active and active > 1) for rank in range(size)]


@pytest.mark.parametrize("size", RANKS)
def test_parameters_come_to_every_rank_up_to_the_last(vectors, size):
    last = min(size, 3) - 1

    def work(communicator):
        array = vectors[0].copy() if communicator.rank == 0 else np.zeros_like(vectors[0])
        if communicator.rank <= last:
            Ranks(communicator).hand_down(array, last)
        return array

    for rank, found in enumerate(on_ranks(size, work)):
        assert np.array_equal(found, vectors[0]) == (rank <= last)


def test_a_command_comes_from_rank_0_or_the_rank_before():
    def work(communicator):
        ranks = Ranks(communicator)
        if ranks.rank == 0:
            for to in (1, 2):
                ranks.command(to, "first", to)
        elif ranks.rank == 1:
            ranks.command(2, "passed on")
        wanted = (0, 1, 2)[ranks.rank]
        return sorted(ranks.next_command() for _ in range(wanted))

    assert on_ranks(3, work) == [[], [("first", 1)], [("first", 2), ("passed on",)]]


def test_looking_goes_on_until_something_is_there():
    looks = iter([None] * (messages.EAGER + 3) + ["there"])
    assert patiently(lambda: next(looks)) == "there"


def test_an_interrupt_is_raised_once():
    ranks = on_ranks(1, Ranks)[0]
    ranks.end_if_interrupted()
    ranks.is_interrupted = True
    with pytest.raises(KeyboardInterrupt):
        ranks.end_if_interrupted()
    ranks.end_if_interrupted()
