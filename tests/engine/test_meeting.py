"""The meeting of ranks: that they run the same fitnet, agree on their rows, and hear how it ended."""

import os
import signal

import pytest

from fitnet.engine.ranks import meeting as meetings
from fitnet.engine.ranks.leading import RowsOfRank, agreed, lead, portable
from fitnet.engine.ranks.meeting import meeting, threads_of
from fitnet.engine.ranks.messages import Ranks
from fitnet.engine.threads import VARIABLE
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointMismatchError, EngineUnavailableError
from ranks_in_threads import Communicator, World, on_ranks

ROWS = RowsOfRank(5, 3, 1, ("float64", "float32"), {"names": ["a"]}, {"alpha": "0.0"})


def met(communicator):
    with meeting(communicator) as (ranks, n_threads):
        return ranks.size, n_threads


def test_cores_are_shared_by_the_ranks_of_a_machine(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(meetings, "usable_cores", lambda: 8)
    assert on_ranks(3, met) == [(3, 2)] * 3
    places = iter([("a", (0, 1)), ("b", (0, 1)), ("a", (2, 3))])
    monkeypatch.setattr(meetings, "here", lambda: next(places))
    assert on_ranks(3, met) == [(3, 8)] * 3


def test_a_rank_has_a_thread_at_least_or_as_many_as_it_was_given(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert threads_of(None, 10**6) == 1
    assert threads_of(5, 10**6) == 5
    monkeypatch.setenv(VARIABLE, "3")
    assert threads_of(None, 2) == 3


def test_another_version_is_refused_on_every_rank(monkeypatch):
    versions = iter(["1.0", "1.0", "0.9"])

    class Telling(Communicator):
        def allgather(self, what):
            return super().allgather((next(versions), what[1]))

    outcomes = on_ranks(3, lambda communicator: met(Telling(communicator.world, communicator.rank)))
    assert {type(outcome) for outcome in outcomes} == {EngineUnavailableError}
    (said,) = {str(outcome) for outcome in outcomes}
    assert "must run the same version" in said
    assert "0.9" in said


@pytest.mark.parametrize("communicator", [None, 3, "MPI.COMM_WORLD"], ids=str)
def test_what_is_no_communicator_is_refused(communicator):
    with (
        pytest.raises(ArgumentTypeError, match=r"`communicator` is .*; it must be mpi4py's") as refused,
        meeting(communicator),
    ):
        pass
    assert refused.value.argument == "communicator"


def test_an_interrupt_waits_for_a_question():
    communicator = Communicator(World(1), 0)
    before = signal.getsignal(signal.SIGINT)
    with meeting(communicator) as (ranks, _):
        os.kill(os.getpid(), signal.SIGINT)
        assert ranks.is_interrupted
        with pytest.raises(KeyboardInterrupt):
            ranks.end_if_interrupted()
    assert signal.getsignal(signal.SIGINT) == before
    assert communicator.freed == 1


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (RowsOfRank(5, 2, 1, ROWS.dtypes), "Rank 2 has 2 inputs and 1 targets and rank 1 has 3 and 1"),
        (
            RowsOfRank(5, 3, 1, ("float64", "float64"), ROWS.columns),
            "Rank 2 has inputs and targets of float64 and float64",
        ),
        (RowsOfRank(5, 3, 1, ROWS.dtypes, {"names": ["b"]}), "Rank 2 has other columns than rank 1"),
        (RowsOfRank(5, 3, 1, ROWS.dtypes, ROWS.columns, {"alpha": "1.0"}), "Rank 2 has another `alpha` than rank 1"),
    ],
    ids=["shape", "dtypes", "columns", "settings"],
)
def test_rows_that_differ_are_refused_on_every_rank(other, said):
    rows = [None, ROWS, other]
    outcomes = on_ranks(3, lambda communicator: agreed(Ranks(communicator), lambda: rows[communicator.rank]))
    assert {type(outcome) for outcome in outcomes} == {ArgumentValueError}
    assert all(str(outcome).startswith(said) for outcome in outcomes)


def test_the_first_error_of_a_rank_is_that_of_all():
    def describe_or_raise(communicator):
        def describe():
            if communicator.rank == 0:
                return ROWS
            raise ArgumentTypeError(f"`X` is wrong on {communicator.rank}.", "X")

        return agreed(Ranks(communicator), describe)

    for outcome in on_ranks(3, describe_or_raise):
        assert (type(outcome), str(outcome), outcome.argument) == (ArgumentTypeError, "`X` is wrong on 1.", "X")
        assert outcome.__notes__ == ["So says rank 1."]


def test_no_rows_at_all_are_refused():
    for outcome in on_ranks(2, lambda communicator: agreed(Ranks(communicator), lambda: None)):
        assert str(outcome) == "`X` has no rows on any rank; there must be some."


@pytest.mark.parametrize(
    ("ends", "kind", "said"),
    [
        (OSError(28, "No space left on device", "x"), OSError, "[Errno 28] No space left on device: 'x'"),
        (CheckpointMismatchError("`X` is another.", "X"), CheckpointMismatchError, "`X` is another."),
        (type("UsersError", (Exception,), {})("lost"), RuntimeError, "Rank 0 ended with UsersError: lost"),
    ],
    ids=["disk", "fitnet's", "a stranger's"],
)
def test_all_ranks_hear_of_an_error(ends, kind, said):
    def work(communicator):
        ranks = Ranks(communicator)

        def fail():
            raise ends

        return lead(ranks, fail) if ranks.rank == 0 else ranks.next_command()

    first, *others = on_ranks(3, work)
    assert first is ends
    for word, error in others:
        assert (word, type(error), str(error)) == ("end", kind, said)
    assert portable(17) == 17
