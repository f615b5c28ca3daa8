"""The model file: the parts of a model, in a container that verifies itself.

Each part says which tensors it has, what it adds to the description and since which version of the format; together
they say what a file may hold. Whatever does not fit together is refused in one sentence. Files of ensembles are of the
same format; `ensemble_file` has what they hold.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Self, TypeVar

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.files import container
from fitnet.model.columns import Columns
from fitnet.model.parts.categories import CategoriesPart
from fitnet.model.parts.classes import ClassesPart
from fitnet.model.parts.contract import Part, StoredModel
from fitnet.model.parts.core import Core
from fitnet.model.parts.encoding import EncodingPart
from fitnet.model.parts.error_bars import ErrorBarsPart
from fitnet.model.parts.examples import Examples
from fitnet.model.parts.imputation import ImputationPart
from fitnet.model.parts.provenance import Provenance
from fitnet.model.parts.scalings import Scalings
from fitnet.model.parts.target_transform import TargetTransform

FORMAT = container.Format("fitnet-model", "fitnet model", 10, ModelFileError)
OLDEST_WRITTEN = 3  # a file that holds nothing newer is written as this version, which older releases read
EXTENSION = ".fitnet"
PARTS: tuple[type[Part], ...] = (
    Core,
    EncodingPart,
    ImputationPart,
    CategoriesPart,
    ClassesPart,
    Columns,
    Examples,
    Scalings,
    TargetTransform,
    ErrorBarsPart,
    Provenance,
)
Names = tuple[Mapping[str, int], Mapping[str, int]]  # tensors and keys, and since when a file may hold them
Kind = TypeVar("Kind", bound=Part)


@dataclass(frozen=True, eq=False)
class Contents:
    """All that a model is, one part of every kind in `PARTS`, or an ensemble; contents[Columns] is its columns."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any], parts: Sequence[type[Part]] = PARTS) -> Self:
        """The parts of a model that is made with these arguments, checked; errors are as for `Model`."""
        return cls(tuple(part.of(given) for part in parts))

    @property
    def fields(self) -> dict[str, Any]:
        """The arguments that make the model again, by their names in `Model`."""
        return {name: value for part in self.parts for name, value in part.fields().items()}

    def tensors(self) -> dict[str, Array]:
        """What the file holds, by name."""
        return {name: tensor for part in self.parts for name, tensor in part.tensors().items()}

    def description(self) -> dict[str, Any]:
        """What its JSON holds, by name."""
        return {name: value for part in self.parts for name, value in part.description().items()}

    def with_outputs(self, outputs: Array) -> Self:
        """The same with what the model gives for its examples."""
        return type(self)(
            tuple(part.with_outputs(outputs) if isinstance(part, Examples) else part for part in self.parts)
        )

    def __getitem__(self, kind: type[Kind]) -> Kind:
        return next(part for part in self.parts if isinstance(part, kind))


def write(path: str | PathLike[str], contents: Contents) -> None:
    """Write a model's `contents` to `path`, atomically; the same contents give the same bytes.

    Raises
    ------
    ArgumentValueError
        If `path` does not end in .fitnet.
    ArgumentTypeError
        If the provenance holds what JSON cannot.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    tensors, description = contents.tensors(), contents.description()
    write_names(path, tensors, description, version_of(PARTS, [*tensors, *description]))


def write_names(
    path: str | PathLike[str], tensors: Mapping[str, Array], description: dict[str, Any], version: int
) -> None:
    """Write a model's or an ensemble's file; errors are `write`'s."""
    if Path(path).suffix != EXTENSION:
        raise ArgumentValueError(f"`path` is {fspath(path)!r}; a model file's name must end in {EXTENSION}.", "path")
    container.write(path, FORMAT, container.to_json("provenance", description), tensors, version)


def read(path: str | PathLike[str]) -> Contents:
    """The contents of the model file at `path`, or an error that says what is wrong with it.

    Raises
    ------
    ModelFileError
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    return contents_of(opened(path))


def opened(path: str | PathLike[str]) -> StoredModel:
    """What the file of a model or an ensemble holds, before it is looked at; errors are `read`'s."""
    stored = container.read(path, FORMAT)
    return StoredModel(fspath(path), described(stored.description), stored.tensors, stored.version)


def contents_of(stored: StoredModel) -> Contents:
    """The contents of a model's file, or of a member in an ensemble's; errors are `read`'s."""
    check_names(stored, PARTS, "a model's")
    return Contents(tuple(part.from_stored(stored) for part in PARTS))


def check_names(stored: StoredModel, parts: tuple[type[Part], ...], whose: str) -> None:
    """Refuse names that are not these parts', and the lack of those that every file has."""
    tensors, keys = since(parts)
    if not may_hold(stored.tensors, tensors, stored.version):
        raise stored.damaged(f"it does not hold {whose} tensors")
    if not may_hold(stored.description, keys, stored.version):
        raise stored.foreign_description()


@cache
def since(parts: tuple[type[Part], ...]) -> Names:
    """The names of tensors, and those in the description, that these parts may have, with their versions."""
    return (
        {name: version for part in parts for name, version in part.TENSORS.items()},
        {name: version for part in parts for name, version in part.KEYS.items()},
    )


def version_of(parts: tuple[type[Part], ...], names: Collection[str], oldest: int = OLDEST_WRITTEN) -> int:
    """The version of a file that holds these names of the parts: the oldest that may, but none before `oldest`."""
    tensors, keys = since(parts)
    return max(oldest, *(tensors.get(name) or keys[name] for name in names))


def may_hold(names: Collection[str], since: Mapping[str, int], version: int) -> bool:
    """Whether a file of this version holds all names of version 1, and none that came later than its own."""
    required = {name for name, first in since.items() if first == 1}
    known = {name for name, first in since.items() if first <= version}
    return required <= set(names) <= known


def described(text: str) -> dict[str, Any]:
    """What the description says; nothing where it is not the JSON of a dict."""
    try:
        value = container.from_json(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
