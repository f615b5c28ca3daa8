"""What rank 0 does around a training, and what all ranks agree on before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fitnet.engine.ranks.messages import Ranks
from fitnet.errors import ArgumentValueError

AS_THEY_ARE = ("builtins", "fitnet.errors")  # modules whose errors every process knows

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class RowsOfRank:
    """What a rank says of its rows, so that all know whether they are parts of one table.

    Attributes
    ----------
    n, p, m
        Rows, inputs and targets.
    dtypes
        Of inputs and targets, by name.
    columns
        What tells the columns apart, such as their names.
    settings
        By name, how the rank would train; rank 0's settings count, so others are a mistake.
    seen
        What else all are to know of them, which may differ.
    """

    n: int
    p: int
    m: int
    dtypes: tuple[str, str]
    columns: Any = None
    settings: dict[str, str] = field(default_factory=dict)
    seen: Any = None

    def differs(self, other: "RowsOfRank") -> str | None:
        """What keeps the other's rows from being of one table with these; "{}" stands for this rank."""
        if (self.p, self.m) != (other.p, other.m):
            return f"has {other.p} inputs and {other.m} targets and rank {{}} has {self.p} and {self.m}"
        if str(self.columns) != str(other.columns):
            return "has other columns than rank {}"
        if self.dtypes != other.dtypes:
            return f"has inputs and targets of {' and '.join(other.dtypes)}, rank {{}} of {' and '.join(self.dtypes)}"
        names = [name for name, value in self.settings.items() if other.settings.get(name) != value]
        return f"has another `{names[0]}` than rank {{}}" if names else None


def lead(ranks: Ranks, work: Callable[[], Answer]) -> Answer | BaseException:
    """Do the work while the others serve, then tell them what came of it: an answer, or the error that ended it."""
    outcome: Answer | BaseException
    try:
        outcome = work()
    except BaseException as error:  # whatever it is, the others wait to hear of it
        outcome = error
    for rank in range(1, ranks.size):
        ranks.command(rank, "end", portable(outcome))
    return outcome


@dataclass(frozen=True)
class Exit:
    """That a program ends with this code: what pickles errors for Dask, once it is loaded, loses it of a SystemExit."""

    code: Any


def portable(outcome: Any) -> Any:
    """An outcome as another process can take it: an error that it may not know becomes a RuntimeError."""
    if isinstance(outcome, SystemExit):
        return Exit(outcome.code)
    if not isinstance(outcome, BaseException) or type(outcome).__module__ in AS_THEY_ARE:
        return outcome
    return RuntimeError(f"Rank 0 ended with {type(outcome).__name__}: {outcome}")


def arrived(outcome: Any) -> Any:
    """A `portable` outcome as it was."""
    return SystemExit(outcome.code) if isinstance(outcome, Exit) else outcome


def agreed(ranks: Ranks, describe: Callable[[], RowsOfRank | None]) -> list[RowsOfRank | None]:
    """What every rank says of its rows, None where it has none; the first error of any rank is raised on all.

    Raises
    ------
    ArgumentValueError
        If no rank has rows, or theirs do not go together.
    """
    said: Any
    try:
        said = describe()
    except BaseException as error:  # whatever it is, the others wait to hear of it
        said = portable(error)
    everyone = [arrived(each) for each in ranks.communicator.allgather(said)]
    known, first = None, 0
    for rank, each in enumerate(everyone):
        if isinstance(each, BaseException):
            each.add_note(f"So says rank {rank}.")
            raise each
        if each is None:
            continue
        if known is None:
            known, first = each, rank
        difference = known.differs(each)
        if difference is not None:
            raise ArgumentValueError(f"Rank {rank} {difference.format(first)}; they must be alike.", "X")
    if known is None:
        raise ArgumentValueError("`X` has no rows on any rank; there must be some.", "X")
    return everyone
