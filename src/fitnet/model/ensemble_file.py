"""The file of an ensemble: its parts and its members', in the container and the format of model files."""

from dataclasses import replace
from os import PathLike

from fitnet.model import file
from fitnet.model.ensemble_parts.class_scores import ClassScoresPart
from fitnet.model.ensemble_parts.conformal import ConformalPart
from fitnet.model.ensemble_parts.domain import DomainPart
from fitnet.model.ensemble_parts.leaderboard import Leaderboard
from fitnet.model.ensemble_parts.members import MEMBERS, SEPARATOR, Members
from fitnet.model.ensemble_parts.weighting import Weighting
from fitnet.model.parts.contract import Part, StoredModel
from fitnet.model.parts.provenance import Provenance

SINCE = 7  # the format version of the first ensembles
PARTS: tuple[type[Part], ...] = (
    Members,
    Weighting,
    Leaderboard,
    ConformalPart,
    DomainPart,
    ClassScoresPart,
    Provenance,
)


def write(path: str | PathLike[str], contents: file.Contents) -> None:
    """Write an ensemble's `contents` to `path`; errors are those of a model's file."""
    tensors, description = contents.tensors(), contents.description()
    own = [*(name for name in tensors if SEPARATOR not in name), *description]
    of_members = {name.partition(SEPARATOR)[2] for name in tensors if SEPARATOR in name}
    of_members |= {key for member in description[MEMBERS] for key in member}
    version = max(file.version_of(PARTS, own, SINCE), file.version_of(file.PARTS, of_members))
    file.write_names(path, tensors, description, version)


def holds_ensemble(stored: StoredModel) -> bool:
    """Whether it is an ensemble's file, by what the description says."""
    return stored.version >= SINCE and MEMBERS in stored.description


def contents_of(stored: StoredModel) -> file.Contents:
    """The contents of an ensemble's file.

    Raises
    ------
    ModelFileError
        If what it holds makes no ensemble.
    """
    own = {name: tensor for name, tensor in stored.tensors.items() if SEPARATOR not in name}
    file.check_names(replace(stored, tensors=own), PARTS, "an ensemble's")
    return file.Contents(tuple(part.from_stored(stored) for part in PARTS))
