"""What a part of a model is, and the file it is read from.

A file holds named tensors and a description, which is JSON. Whatever does not fit together is refused in one sentence.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from fitnet.algorithm.network import Dense, Network
from fitnet.arguments import DTYPES, Array
from fitnet.errors import ModelFileError

CLASSES = "classes"  # in a description: the labels
ENCODING = "encoding"  # in a description: how many edges each column and projection has
PROJECTIONS = "encoding_projections"  # the tensor of their coefficients, behind an encoding of columns


def columns_given(given: Mapping[str, Any]) -> int:
    """p, from the arguments of `Model`: the network's inputs, or those that an encoding makes features of.

    A file says it as "n_inputs".
    """
    encoding = given.get("encoding")
    return int(given.get("n_inputs") or (given["network"].n_inputs if encoding is None else encoding.n_inputs))


def columns_made(given: Mapping[str, Any]) -> int:
    """How many outputs, from the arguments of `Model`: the network's, or one a class."""
    classes = given.get("classes")
    return int(given["network"].n_outputs) if classes is None else len(classes)


@dataclass(frozen=True, eq=False)
class StoredModel:
    """A model file as parts read it: whole, and with no names but theirs; what the names stand for is unchecked.

    It may be an ensemble's, or what one holds of a member.

    Attributes
    ----------
    name
        The file's, for sentences.
    description
        What its JSON holds.
    tensors
        By name.
    version
        Of the format.
    place
        What of the file it is, for sentences: "", or "in its member 3 ".
    """

    name: str
    description: dict[str, Any]
    tensors: Mapping[str, Array]
    version: int
    place: str = ""

    @cached_property
    def network(self) -> Network:
        """The network that every part must fit."""
        try:
            return Network(tuple(Dense(**layer) for layer in self.description["layers"]))
        except (ValueError, TypeError, AttributeError):
            raise self.foreign_description() from None

    @cached_property
    def n_inputs(self) -> int:
        """The columns that the model is given: the network's inputs, or those that an encoding makes features of."""
        encoded = ENCODING in self.description
        return len(self.edge_counts) - self.n_projections if encoded else self.network.n_inputs

    @cached_property
    def n_outputs(self) -> int:
        """The columns that the model gives: the network's outputs, or one a class."""
        classes = self.description.get(CLASSES)
        if CLASSES in self.description and not isinstance(classes, list):
            raise self.foreign_description()
        return self.network.n_outputs if classes is None else len(classes)

    @property
    def n_projections(self) -> int:
        """How many projections the encoding has; they must be fewer than what it cuts."""
        if PROJECTIONS not in self.tensors:
            return 0
        shape = self.tensors[PROJECTIONS].shape
        if len(shape) != 2 or not 0 < shape[0] < len(self.edge_counts):
            raise self.damaged(f"its tensor {PROJECTIONS!r} does not fit its encoding")
        return int(shape[0])

    @property
    def edge_counts(self) -> list[int]:
        """How many edges each column of the encoding has, where there is one, and each projection."""
        counts = self.description[ENCODING]
        if not isinstance(counts, list) or not counts:
            raise self.foreign_description()
        if not all(type(count) is int and count >= 0 for count in counts):
            raise self.foreign_description()
        return counts

    @property
    def dtype(self) -> np.dtype[Any]:
        """The parameters'."""
        return self.tensors["parameters"].dtype

    def tensor(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """The tensor of that name; another shape or dtype, and numbers that are not finite, are refused."""
        array = self.tensors[name]
        if (array.shape, array.dtype) != (shape, dtype) or dtype.name not in DTYPES:
            raise self.damaged(f"its tensor {name!r} does not fit its layers")
        if not np.isfinite(array).all():
            raise self.damaged(f"its tensor {name!r} holds numbers that are not finite")
        return array

    def holds(self, names: Collection[str]) -> bool:
        """Whether it holds these tensors; some without the others are refused."""
        there = [name for name in names if name in self.tensors]
        if there and len(there) < len(names):
            missing = next(name for name in names if name not in there)
            raise self.damaged(f"it holds the tensor {there[0]!r} without {missing!r}")
        return bool(there)

    def damaged(self, why: str) -> ModelFileError:
        """The error that says why the file is refused."""
        return ModelFileError(f"{self.name} is damaged: {self.place}{why}.")

    def foreign_description(self) -> ModelFileError:
        """The error where the description says what no model's does."""
        return self.damaged("its description is not a fitnet model's")


class Part(Protocol):
    """One property of a model or an ensemble, with all that its file needs to know of it.

    Attributes
    ----------
    TENSORS, KEYS
        Its names among the file's tensors and in its description, each with the format version since when a file may
        hold it. What version 1 has is in every file; what came later may be missing.
    """

    TENSORS: ClassVar[Mapping[str, int]]
    KEYS: ClassVar[Mapping[str, int]]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """The part of a model that is made with these arguments, by their names in `Model`, or in `Ensemble`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If they are not what `Model` says, or do not fit its network.
        """
        ...

    def fields(self) -> dict[str, Any]:
        """What it is in a model: its arguments again, checked, with defaults filled in and arrays read-only."""
        ...

    def tensors(self) -> dict[str, Array]:
        """Its tensors by name, without those that this model lacks."""
        ...

    def description(self) -> dict[str, Any]:
        """Its entries in the description by name, as JSON holds them, without those that this model lacks."""
        ...

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        """The part of a model that a file holds.

        Raises
        ------
        ModelFileError
            If what it holds is not that, or does not fit the file's other parts.
        """
        ...
