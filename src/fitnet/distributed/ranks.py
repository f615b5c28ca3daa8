"""One training over ranks that all read one table: rank 0 does what one process would do, the others hold rows.

Shapes: X (n, p), Y (n, m) of the whole table.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.arguments import Array
from fitnet.engine import Engine
from fitnet.engine.ranks.leading import RowsOfRank, agreed, lead, portable
from fitnet.engine.ranks.meeting import meeting
from fitnet.engine.ranks.messages import Ranks
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingPackageError, MissingValuesError
from fitnet.rows import Rows, RowSource
from fitnet.tables import Selection
from fitnet.tables.shares import Part, Share, classes_refused, together

Read = Callable[..., Selection]  # of a table or, of one in many files, of a `share`

READING, SERVING, GONE = "reading", "serving", "gone"  # what other ranks do


def world() -> Any:
    """The communicator between all processes that `mpiexec` has started.

    Raises
    ------
    MissingPackageError
        Without mpi4py.
    EngineUnavailableError
        Where the native engine was not built.
    """
    engines.choose("native", 1)
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: there is no MPI library
        raise MissingPackageError(
            f"Ranks talk to each other by the package mpi4py ({error}); install it, and an MPI such as mpich, with: "
            "pip install 'fitnet[mpi]' mpich."
        ) from None
    return MPI.COMM_WORLD


class Leader:
    """Rank 0: it has the engine that computes on all ranks, and reads the table together with them."""

    def __init__(self, ranks: Ranks, engine: Engine) -> None:
        self.ranks, self.engine = ranks, engine
        self._others = READING

    def read(self, read: Read) -> Selection:
        """What `read` selects of the table, its rows spread over the ranks.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, TableError, OSError
            On every rank, if one cannot read the table, or reads another.
        """
        from fitnet.engine.ranks.spread_rows import SpreadRows

        self._others = GONE  # where this fails it fails on all
        (X, Y), selection, described = own_part(self.ranks, read)
        self._others = SERVING
        ends = np.cumsum([each.n for each in described])
        return replace(selection, X=SpreadRows("X", X, ends, self.ranks), Y=SpreadRows("Y", Y, ends, self.ranks))

    def end(self, error: BaseException | None) -> None:
        """Let the others go, who hear of the error that ends rank 0."""
        if self._others == SERVING:
            lead(self.ranks, lambda: portable(error))
        elif self._others == READING:  # `agreed` waits for what rank 0 says of its rows
            why = error or ArgumentValueError("Rank 0 ended before it read `TABLE`.", "TABLE")
            self.ranks.communicator.allgather(portable(why))


@contextmanager
def leading(communicator: Any, n_threads: int | None) -> Iterator[Leader]:
    """Rank 0's part, in which it reads the table and does all else that a command does."""
    from fitnet.engine.ranks.ranks_engine import RanksEngine

    with meeting(communicator, n_threads) as (ranks, threads):
        leader = Leader(ranks, RanksEngine(ranks, threads))
        try:
            yield leader
        except BaseException as error:
            leader.end(error)
            raise
        leader.end(None)


def follow(communicator: Any, n_threads: int | None, read: Read) -> None:
    """The part of another rank: to read and hold its rows until rank 0 has done.

    Raises
    ------
    BaseException
        What rank 0 ended with.
    """
    from fitnet.engine.ranks.ranks_engine import RanksEngine
    from fitnet.engine.ranks.server import serve

    with meeting(communicator, n_threads) as (ranks, threads):
        (X, Y), _, _ = own_part(ranks, read)
        outcome = serve(ranks, {"X": X, "Y": Y}, RanksEngine(ranks, threads))
    if outcome is not None:
        raise outcome


def own_part(ranks: Ranks, read: Read) -> tuple[tuple[Array, Array], Selection, list[RowsOfRank]]:
    """This rank's rows, in memory, what was selected, and what all ranks say of theirs."""
    found: list[tuple[tuple[Array, Array], Selection]] = []

    def describe() -> RowsOfRank:
        selection = read_over_ranks(partial(read, share=Share(ranks.rank, ranks.size)))
        n = selection.X.shape[0]
        whole, seen = str(n), Part(n_dropped=selection.n_dropped if ranks.rank == 0 else 0)
        low, high = Share(ranks.rank, ranks.size).rows(n)
        if selection.part is not None:
            whole, seen, low, high = selection.part.whole, selection.part, 0, n
        X, Y = (rows_between(each, low, high) for each in (selection.X, selection.Y))
        found.append(((X, Y), selection))
        columns = selection.feature_names, selection.target_names
        dtypes = X.dtype.name, Y.dtype.name
        return RowsOfRank(len(X), X.shape[1], Y.shape[1], dtypes, columns, {"TABLE": whole}, seen)

    described = [each for each in agreed(ranks, describe) if each is not None]
    (X, Y), selection = found[0]
    seen = together([each.seen for each in described])
    if not any(each.n for each in described):
        raise ArgumentValueError("`TABLE` has no row without a missing value; it must have at least one.", "TABLE")
    return (X, Y), replace(selection, n_dropped=seen.n_dropped, units=seen.units or selection.units), described


def read_over_ranks(read: Callable[[], Selection]) -> Selection:
    """What `read` selects, refused where it holds what ranks do not take; missing values with what they do take."""
    try:
        selection = read()
    except MissingValuesError as error:
        raise MissingValuesError(error.problem, tuple(rule for rule in error.rules if rule != "impute")) from None
    check_numbers(selection)
    return selection


def rows_between(rows: Rows, low: int, high: int) -> Array:
    """The rows from `low` to before `high`, without the others."""
    if isinstance(rows, RowSource):
        return rows.read(low, high) if low < high else np.empty((0, rows.shape[1]), rows.dtype)
    return rows[low:high].copy()


def check_numbers(selection: Selection) -> None:
    """Refuse words, which only one process can count, and gaps, which only one can fill in."""
    if selection.classes is not None:
        raise classes_refused()
    if selection.categories is not None:
        raise ArgumentTypeError("`TABLE` has columns of words; with `ranks` all must be numbers.", "TABLE", "ranks")
    if not isinstance(selection.X, RowSource) and not np.isfinite(selection.X).all():
        raise ArgumentValueError(
            "`TABLE` has gaps that `missing` is to impute; with `ranks` it must be refuse or drop.",
            "TABLE",
            "missing",
            "ranks",
        )
