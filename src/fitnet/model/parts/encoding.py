"""The encoding of a model: how its columns become the features that the network sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import ENCODING, PROJECTIONS, StoredModel
from fitnet.model.parts.error_bars import NAMES as ERROR_BARS

EDGES = "encoding_edges"


@dataclass(frozen=True, eq=False)
class EncodingPart:
    """A piecewise-linear encoding, or None.

    A file holds the edges of all columns in one tensor, how many each has, and the projections if there are any.
    """

    TENSORS: ClassVar[Mapping[str, int]] = {EDGES: 7, PROJECTIONS: 10}
    KEYS: ClassVar[Mapping[str, int]] = {ENCODING: 7}

    encoding: PiecewiseLinear | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        encoding, network = given.get("encoding"), given["network"]
        if encoding is None:
            return cls(None)
        if not isinstance(encoding, PiecewiseLinear):
            raise ArgumentTypeError(f"`encoding` is {encoding!r}; it must be a PiecewiseLinear or None.", "encoding")
        if encoding.n_features != network.n_inputs:
            raise ArgumentValueError(
                f"`encoding` gives {counted(encoding.n_features, 'feature')}; it must give {network.n_inputs}, as many "
                "as the network has inputs.",
                "encoding",
            )
        scaling = given["input_scaling"]
        if not isinstance(scaling, Scaling) or scaling.limit is not None:
            raise ArgumentValueError(
                f"`input_scaling` is {scaling!r}; beside `encoding` it must be a Scaling without a limit.",
                "input_scaling",
            )
        if given["error_bars"] is not None:
            raise ArgumentValueError("`error_bars` is given beside `encoding`; it must be None.", "error_bars")
        return cls(encoding)

    def fields(self) -> dict[str, Any]:
        return {"encoding": self.encoding}

    def tensors(self) -> dict[str, Array]:
        if self.encoding is None:
            return {}
        edges, projections = {EDGES: np.concatenate(self.encoding.edges)}, self.encoding.projections
        return edges if projections is None else edges | {PROJECTIONS: projections}

    def description(self) -> dict[str, Any]:
        return {} if self.encoding is None else {ENCODING: [len(edges) for edges in self.encoding.edges]}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if (EDGES in stored.tensors) != (ENCODING in stored.description):
            raise stored.damaged("it holds one half of an encoding")
        if EDGES not in stored.tensors:
            if PROJECTIONS in stored.tensors:
                raise stored.damaged("it holds projections without an encoding")
            return cls(None)
        counts, q = stored.edge_counts, stored.n_projections
        edges = stored.tensor(EDGES, (sum(counts),), FLOAT64)
        projections = stored.tensor(PROJECTIONS, (q, len(counts) - q), FLOAT64) if q else None
        try:
            encoding = PiecewiseLinear(np.split(edges, np.cumsum(counts)[:-1]), projections)
        except ArgumentValueError:
            raise stored.damaged(f"its tensor {EDGES!r} holds edges that do not rise") from None
        lacks_scaling = "input_scale" not in stored.tensors or "input_limit" in stored.description
        if encoding.n_features != stored.network.n_inputs or lacks_scaling or ERROR_BARS[0] in stored.tensors:
            raise stored.damaged("its encoding does not fit its layers")
        return cls(encoding)
