"""Members: models of one recipe, each made without the rows of a fold, and how they predict these."""

from dataclasses import dataclass

from fitnet.arguments import Array
from fitnet.model.model import Model


@dataclass(frozen=True, eq=False)
class Member:
    """A model of one candidate, made without the rows of a fold.

    Attributes
    ----------
    prediction
        (rows of the fold, m), of the fold's targets.
    seconds
        That its training took.
    """

    model: Model
    prediction: Array
    seconds: float


@dataclass(frozen=True)
class Place:
    """Which member it is of an ensemble's fit: the candidate's name, the fold, and whether it is the second for it."""

    recipe: str
    fold: int
    twin: bool = False
