"""Training rows whose targets are transformed, and which transform a fit takes.

Shapes: Y (n, m), bounds (m,).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.algorithm.target_transform import LogTransform, logarithms
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.training_rows import Gathered, TrainingRows
from fitnet.model.model import Model
from fitnet.rows import ColumnStatistics, RowSource


@dataclass(frozen=True, eq=False)
class TransformedRows:
    """The targets (n, m) of `source`, which stay in a file, as their transforms in float64."""

    source: RowSource
    bounds: Array

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def dtype(self) -> np.dtype[Any]:
        return FLOAT64

    @property
    def shape(self) -> tuple[int, int]:
        return self.source.shape

    def read(self, start: int, stop: int) -> Array:
        return transforms(self.name, self.source.read(start, stop), self.bounds, np.arange(start, stop))


def transforms(name: str, Y: Array, bounds: Array, numbers: Array | None = None) -> Array:
    """The transforms of the targets `Y`, each above its bound or refused; `numbers` (n,) are the users' of the rows."""
    transformed = logarithms(Y, bounds)
    if not np.isfinite(transformed).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(transformed))[0])
        place = [row if numbers is None else int(numbers[row]), *([column] if len(bounds) > 1 else [])]
        raise ArgumentValueError(
            f"`{name}` holds {Y[row, column]} at {place}; with this `target_transform` it must be above "
            f"{bounds[column]:g}, the lower bound.",
            name,
            "target_transform",
        )
    return transformed


def with_transforms(rows: TrainingRows, transform: LogTransform | None, name: str = "y") -> TrainingRows:
    """The rows with the transforms of their targets, or as they are where there are none, or are already.

    Raises
    ------
    ArgumentValueError
        If a target is not above its bound, or there are bounds for another number of targets.
    """
    if transform is None or rows.target_transform is not None:
        return rows
    bounds = transform.bounds(rows.Y.shape[1])
    if isinstance(rows.Y, RowSource):
        Y: Any = TransformedRows(rows.Y, bounds)
        gathered = Gathered(rows.inputs(), ColumnStatistics.of(Y), rows.sha256)
    else:
        Y, gathered = transforms(name, rows.Y, bounds, rows.numbers), None
    return replace(rows, Y=Y, gathered=gathered, target_transform=transform, given=rows)


def transform_for(
    recipe: Recipe, rows: TrainingRows, start: Model | None, *, whole: bool = True
) -> LogTransform | None:
    """The transform that a fit of this recipe takes, or that of `start`, which it goes on from.

    A target that never varied is left as it is where these are the `whole` rows, so that it is predicted exactly. One
    that is "auto" still is none.

    Raises
    ------
    ArgumentValueError
        If the recipe asks for another than `start` has.
    """
    if rows.target_transform is not None:
        return rows.target_transform
    asked = recipe.target_transform
    if isinstance(asked, LogTransform):
        asked.bounds(rows.Y.shape[1])  # refuses another number of them
    if start is not None and is_auto(asked):
        return start.target_transform
    transform = asked if isinstance(asked, LogTransform) else None
    for_varying = None if transform is None else transform.only_for(~rows.targets().is_constant)
    if start is None:
        return for_varying if whole else transform
    if not same_transform(start, transform) and not same_transform(start, for_varying):
        raise ArgumentValueError(
            f"`target_transform` is {asked!r} and training cannot go on from a model with {start.target_transform!r}; "
            "it must be the same, or fit with warm_start=False.",
            "target_transform",
        )
    return start.target_transform


def same_transform(model: Model, transform: LogTransform | None) -> bool:
    """Whether the model's transform is this one."""
    m = model.network.n_outputs
    one, other = (
        np.full(m, -np.inf) if each is None else each.bounds(m) for each in (model.target_transform, transform)
    )
    return np.array_equal(one, other)
