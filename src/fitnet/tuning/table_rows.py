"""The rows of a table that a sweep's trials see: those that `fitnet fit` with the same seed trains on."""

from dataclasses import dataclass

from fitnet.errors import ArgumentValueError
from fitnet.estimators.random_state import random_generator
from fitnet.fitting.held_out import held_out
from fitnet.fitting.held_out_classes import classes_held_out
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import RowSource
from fitnet.tables import Selection

LEAST_ROWS = 10  # for training: a tenth of fewer says nothing


@dataclass(frozen=True, eq=False)
class TableRows:
    """The rows for trials, all others kept out of all of them.

    Attributes
    ----------
    training
        The rows; of classes with probabilities for targets.
    table_sha256
        The digest of the whole table.
    kept_out
        How many rows no trial sees.
    """

    training: TrainingRows
    table_sha256: str
    kept_out: int


def table_rows(selection: Selection, test_fraction: float, seed: int, settings: Settings) -> TableRows:
    """The rows of a selection; `settings` say whether gaps are filled in, and what targets they take.

    Raises
    ------
    ArgumentValueError
        If the table is read in parts, or too few rows are left for training, or the targets suit the settings not.
    """
    X, generator, imputes = selection.X, random_generator(seed), settings.recipe.missing == "impute"
    if isinstance(X, RowSource):
        raise ArgumentValueError(
            "`TABLE` is so large that it is read in parts; a sweep needs all rows in memory: a part of them will do "
            "to choose settings by.",
            "TABLE",
        )
    if selection.classes is not None:
        labelled = X, selection.codes, selection.classes
        of_classes = classes_held_out(
            *labelled, test_fraction, generator, imputes=imputes, categories=selection.categories
        )
        return enough(TableRows(of_classes.training, of_classes.table_sha256, len(of_classes.codes)))
    parted = held_out(X, selection.Y, test_fraction, generator, imputes=imputes, categories=selection.categories)
    parted.check_loss_takes(settings.recipe.loss, selection.target_names)
    parted.check_transform_takes(settings.recipe.target_transform, selection.target_names)
    return enough(TableRows(parted.training, parted.table_sha256, parted.X.shape[0]))


def enough(rows: TableRows) -> TableRows:
    """The rows, unless they are too few to watch some."""
    if rows.training.n < LEAST_ROWS:
        raise ArgumentValueError(
            f"`TABLE` leaves {rows.training.n} rows for training; a sweep needs at least {LEAST_ROWS}.", "TABLE"
        )
    return rows
