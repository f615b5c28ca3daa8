"""The model file: the parts of a model, in a container that verifies itself.

Each part says which tensors it has, what it adds to the description and since which version of the format; together
they say what a file may hold. Whatever does not fit together is refused in one sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Self, TypeVar

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.files import container
from fitnet.model.columns import Columns
from fitnet.model.parts.categories import CategoriesPart
from fitnet.model.parts.contract import Part, StoredModel
from fitnet.model.parts.core import Core
from fitnet.model.parts.error_bars import ErrorBarsPart
from fitnet.model.parts.examples import Examples
from fitnet.model.parts.imputation import ImputationPart
from fitnet.model.parts.provenance import Provenance
from fitnet.model.parts.scalings import Scalings
from fitnet.model.parts.target_transform import TargetTransform

FORMAT = container.Format("fitnet-model", "fitnet model", 6, ModelFileError)
OLDEST_WRITTEN = 3  # a file that holds nothing newer is written as this version, which older releases read
EXTENSION = ".fitnet"
PARTS: tuple[type[Part], ...] = (
    Core,
    ImputationPart,
    CategoriesPart,
    Columns,
    Examples,
    Scalings,
    TargetTransform,
    ErrorBarsPart,
    Provenance,
)
TENSORS = {name: since for part in PARTS for name, since in part.TENSORS.items()}
KEYS = {name: since for part in PARTS for name, since in part.KEYS.items()}
Kind = TypeVar("Kind", bound=Part)


@dataclass(frozen=True, eq=False)
class Contents:
    """All that a model is, one part of every kind in `PARTS`; contents[Columns] is its columns."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """The parts of a model that is made with these arguments, checked; errors are as for `Model`."""
        return cls(tuple(part.of(given) for part in PARTS))

    @property
    def fields(self) -> dict[str, Any]:
        """The arguments that make the model again, by their names in `Model`."""
        return {name: value for part in self.parts for name, value in part.fields().items()}

    def with_outputs(self, outputs: Array) -> Self:
        """The same with what the model gives for its examples."""
        return type(self)(
            tuple(part.with_outputs(outputs) if isinstance(part, Examples) else part for part in self.parts)
        )

    def __getitem__(self, kind: type[Kind]) -> Kind:
        return next(part for part in self.parts if isinstance(part, kind))


def write(path: str | PathLike[str], contents: Contents) -> None:
    """Write `contents` to `path`, atomically; the same contents give the same bytes.

    Raises
    ------
    ArgumentValueError
        If `path` does not end in .fitnet.
    ArgumentTypeError
        If the provenance holds what JSON cannot.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    if Path(path).suffix != EXTENSION:
        raise ArgumentValueError(f"`path` is {fspath(path)!r}; a model file's name must end in {EXTENSION}.", "path")
    tensors = {name: tensor for part in contents.parts for name, tensor in part.tensors().items()}
    description = {name: value for part in contents.parts for name, value in part.description().items()}
    version = max(OLDEST_WRITTEN, *(TENSORS[name] for name in tensors), *(KEYS[name] for name in description))
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
    stored = container.read(path, FORMAT)
    if not may_hold(stored.tensors, TENSORS, stored.version):
        raise ModelFileError(f"{fspath(path)} is damaged: it does not hold a model's tensors.")
    model = StoredModel(fspath(path), described(stored.description), stored.tensors)
    if not may_hold(model.description, KEYS, stored.version):
        raise model.foreign_description()
    return Contents(tuple(part.from_stored(model) for part in PARTS))


def may_hold(names: dict[str, Any], since: dict[str, int], version: int) -> bool:
    """Whether a file of this version holds all names of version 1, and none that came later than its own."""
    required = {name for name, first in since.items() if first == 1}
    known = {name for name, first in since.items() if first <= version}
    return required <= names.keys() <= known


def described(text: str) -> dict[str, Any]:
    """What the description says; nothing where it is not the JSON of a dict."""
    try:
        value = container.from_json(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
