"""One fit over the ranks of a communicator, every one with rows of its own.

Shapes: X (n, p); y (n,) or (n, m), of this rank alone.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet import engine as engines
from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.estimators.fitted_attributes import keep_whole
from fitnet.estimators.random_state import random_generator
from fitnet.fitting.fitting import fit
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows

if TYPE_CHECKING:
    from fitnet.engine.ranks.messages import Ranks
    from fitnet.estimators.regressor import Regressor

# Attributes of the estimator that its columns tell.
OF_COLUMNS = ("n_features_in_", "feature_names_in_", "_one_target", "_target_names", "_single", "_categories")
OWN = ("communicator", "callbacks", "checkpoint", "verbose", "n_threads", "random_state")  # which ranks may differ in


def fit_over_ranks(
    regressor: "Regressor", settings: Settings, X: Any, y: Any, sample_weight: Any, validation_data: Any, resume: bool
) -> None:
    """Fit the regressor to the rows of all ranks, in the order of the ranks; every rank calls it, and has the model.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, EngineUnavailableError
        On every rank alike, for rows or settings that cannot be used on one of them.
    """
    engines.choose("native", settings.n_threads)  # refuses where it was not built
    from fitnet.engine.ranks.leading import lead
    from fitnet.engine.ranks.meeting import meeting
    from fitnet.engine.ranks.ranks_engine import RanksEngine
    from fitnet.engine.ranks.server import serve

    outcome: Any
    with meeting(regressor.communicator, settings.n_threads) as (ranks, n_threads):
        own, counts = own_rows(
            regressor, ranks, X, y, {"sample_weight": sample_weight, "validation_data": validation_data}
        )
        engine = RanksEngine(ranks, n_threads)
        if ranks.rank == 0:
            here = replace(settings, engine=engine)
            outcome = lead(ranks, lambda: fitted_attributes(regressor, here, own, counts, resume))
        else:
            outcome = serve(ranks, {"X": own[0], "y": own[1]}, engine)
    if isinstance(outcome, BaseException):
        raise outcome
    regressor.__dict__.update(outcome)


def fitted_attributes(
    regressor: "Regressor", settings: Settings, own: tuple[Array, Array], counts: list[int], resume: bool
) -> dict[str, Any]:
    """Fit the regressor on rank 0; gives what all ranks then get."""
    from fitnet.engine.ranks.spread_rows import SpreadRows

    engine: Any = settings.engine
    X, Y = (SpreadRows(name, rows, np.cumsum(counts), engine.ranks) for name, rows in zip("Xy", own, strict=True))
    generator = random_generator(regressor.random_state)
    keep_whole(regressor, fit(settings, TrainingRows(X, Y), generator, resume=resume), generator)
    parameters = regressor.get_params(deep=False)
    return {name: value for name, value in vars(regressor).items() if name not in parameters}


def own_rows(
    regressor: "Regressor", ranks: "Ranks", X: Any, y: Any, others: dict[str, Any]
) -> tuple[tuple[Array, Array], list[int]]:
    """This rank's rows, in memory, and how many every rank has; refused on all ranks where they do not go together.

    The regressor knows its columns then, also where it has no rows.
    """
    from fitnet.engine.ranks.leading import RowsOfRank, agreed

    found: list[tuple[Array, Array]] = []

    def describe() -> RowsOfRank | None:
        refuse_options(regressor, others)
        if count_rows(X) == 0:
            return None
        own = checked_rows(regressor, X, y)
        found.append(own)
        columns = {name: value for name, value in vars(regressor).items() if name in OF_COLUMNS}
        dtypes = own[0].dtype.name, own[1].dtype.name
        return RowsOfRank(len(own[0]), own[0].shape[1], own[1].shape[1], dtypes, columns, settings_of(regressor))

    described = agreed(ranks, describe)
    if not found:
        known = next(each for each in described if each is not None)
        regressor.__dict__.update(known.columns)
        found.append((np.empty((0, known.p), known.dtypes[0]), np.empty((0, known.m), known.dtypes[1])))
    return found[0], [0 if each is None else each.n for each in described]


def count_rows(X: Any) -> int:
    """How many rows X has."""
    return int(X.shape[0]) if getattr(X, "shape", ()) else len(X)


def checked_rows(regressor: "Regressor", X: Any, y: Any) -> tuple[Array, Array]:
    """X (n, p) and y (n, m) in memory; the regressor learns of their columns."""
    rows = regressor._rows(X, y, None, reset=True)
    if rows.categories is not None:
        raise ArgumentTypeError("`X` has columns of words; over ranks all must be numbers.", "X")
    rows = rows.whole()
    return np.asarray(rows.X), np.asarray(rows.Y)


def settings_of(regressor: "Regressor") -> dict[str, str]:
    """By name, the settings that ranks must not differ in, of those that can be compared."""
    given = {name: repr(value) for name, value in regressor.get_params(deep=False).items() if name not in OWN}
    return {name: text for name, text in given.items() if " at 0x" not in text}


def refuse_options(regressor: "Regressor", others: dict[str, Any]) -> None:
    """Refuse what needs all rows in one process; `others` are arguments of `fit`."""
    given = {name: value is not None for name, value in others.items()} | {
        "warm_start": bool(regressor.warm_start),
        "missing": regressor.missing == "impute",
        "engine": regressor.engine == "reference",
        "error_bars": regressor.error_bars is True,
    }
    for name, is_given in given.items():
        if is_given:
            raise ArgumentValueError(
                f"`{name}` is given beside `communicator`, with which it cannot be used.", name, "communicator"
            )
