"""Members: models of one recipe, each made without the rows of a fold, and how they predict these."""

from dataclasses import dataclass, replace

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.fitting.training_rows import TrainingRows, first_rows
from fitnet.model.model import Model
from fitnet.model.parts.examples import EXAMPLE_ROWS


@dataclass(frozen=True, eq=False)
class Member:
    """A model of one candidate, made without the rows of a fold.

    Attributes
    ----------
    prediction
        (rows of the fold, m), of the fold's targets.
    watched
        (epochs,): the loss on the fold after every epoch, whose lowest chose the model; none where nothing was watched.
    seconds
        That its training took.
    """

    model: Model
    prediction: Array
    watched: Array
    seconds: float


@dataclass(frozen=True)
class Place:
    """Which member it is of an ensemble's fit: the candidate's name, the fold, and whether it is the second for it."""

    recipe: str
    fold: int
    twin: bool = False


def encoded(model: Model, encoding: PiecewiseLinear, scaling: Scaling | None, rows: TrainingRows) -> Model:
    """The model of these rows that was trained on their features."""
    return replace(
        model,
        input_names=(),
        example_inputs=first_rows(rows.X, EXAMPLE_ROWS),
        input_scaling=scaling,
        input_ranges=rows.inputs().ranges,
        imputation=rows.imputation,
        categories=rows.categories,
        encoding=encoding,
    )
