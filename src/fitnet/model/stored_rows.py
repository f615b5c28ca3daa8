"""Scaling and predicting rows that stay in a file, chunk by chunk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, finite_cast
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.error_bars import noise_weights
from fitnet.model.model import Model
from fitnet.rows import RowSource, row_blocks, row_chunks


@dataclass(frozen=True, eq=False)
class ScaledRows:
    """The rows (n, k) of `source`, scaled unless `scaling` is None, in `dtype`, float32 or float64.

    The columns of `silent` (k,), if there are any, are 0; what would be further off than `farthest` is moved there.
    """

    source: RowSource
    scaling: Scaling | None
    dtype: np.dtype[Any]
    silent: Array | None = None
    farthest: float | None = None

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def shape(self) -> tuple[int, int]:
        return self.source.shape

    def read(self, start: int, stop: int) -> Array:
        values = self.source.read(start, stop)
        if self.scaling is None:
            scaled = finite_cast(self.name, values, self.dtype, start)
        else:
            scaled = np.empty(values.shape, self.dtype)
            for rows in row_blocks(*values.shape):
                place = start + rows.start
                scaled[rows] = self.scaling.within(self.farthest, self.name, values[rows], self.dtype, place)
        return scaled if self.silent is None else np.where(self.silent, self.dtype.type(0), scaled)


def predict_rows(
    model: AnyModel, X: RowSource, return_std: bool = False, return_cov: bool = False, sample_weight: Any = None
) -> Any:
    """What `predict` gives for the rows of X (n, p): the outputs (n, m), or a pair.

    Of an ensemble there are no covariances and no row weights.

    Raises
    ------
    ArgumentValueError, TableError
        If X has another number of columns than the model, or an entry that is not finite.
    """
    if isinstance(model, Ensemble) and return_std:
        several = model
        pairs = by_chunks(lambda chunk, _: several.predict(chunk, return_std=True), X, None)
        return tuple(np.concatenate(parts) for parts in zip(*pairs, strict=True))
    if return_std or return_cov or sample_weight is not None:
        assert isinstance(model, Model)
        one = model
        asked = {"return_std": return_std, "return_cov": return_cov}
        pairs = by_chunks(lambda chunk, weights: one.predict(chunk, **asked, sample_weight=weights), X, sample_weight)
        return tuple(np.concatenate(parts) for parts in zip(*pairs, strict=True))
    outputs = np.empty((X.shape[0], len(model.output_names)), model.output_dtype)
    for first, chunk in row_chunks(X):
        model.predict(chunk, out=outputs[first : first + len(chunk)])
    return outputs


def interval_of_rows(
    model: AnyModel, X: RowSource, coverage: float | Sequence[float] = 0.9, sample_weight: Any = None
) -> Array:
    """What `predict_interval` gives for the rows of X (n, p); errors are `predict_rows`'."""
    if isinstance(model, Ensemble):
        several = model
        return joined(lambda chunk, _: several.predict_interval(chunk, coverage), X, None)
    one = model
    return joined(lambda chunk, weights: one.predict_interval(chunk, coverage, sample_weight=weights), X, sample_weight)


def jacobian_of_rows(model: AnyModel, X: RowSource) -> Array:
    """What `jacobian` gives for the rows of X (n, p), (n, m, q); errors are `predict_rows`'."""
    found: Array | None = None
    for first, chunk in row_chunks(X):
        slopes = model.jacobian(chunk)
        if found is None:
            found = np.empty((X.shape[0], *slopes.shape[1:]), slopes.dtype)
        found[first : first + len(chunk)] = slopes
    assert found is not None  # a source has a row or more
    return found


def joined(answer: Callable[[Array, Array | None], Array], X: RowSource, sample_weight: Any) -> Array:
    """What chunks of X and their weights give, one below the other."""
    return np.concatenate(list(by_chunks(answer, X, sample_weight)))


def by_chunks(answer: Callable[[Array, Array | None], Any], X: RowSource, sample_weight: Any) -> Iterator[Any]:
    """What each chunk of X and its weights gives."""
    weights = None if sample_weight is None else noise_weights(sample_weight, X.shape[0])
    for first, chunk in row_chunks(X):
        yield answer(chunk, None if weights is None else weights[first : first + len(chunk)])
