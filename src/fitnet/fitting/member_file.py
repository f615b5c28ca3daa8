"""The file of one member of an ensemble's fit: its model and its prediction, in a container that verifies itself.

Tensors: the model's, as in its own file, and float64 prediction (rows of the fold, m) and watched (epochs,); none where
training diverged.
The description holds the rest. Whatever does not fit together is refused in one sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any

import numpy as np

from fitnet.arguments import real_number, true_or_false, whole_number
from fitnet.engine.compute import Compute
from fitnet.errors import CheckpointFileError
from fitnet.files import container
from fitnet.fitting.member import Member, Place
from fitnet.model import file
from fitnet.model.loading import model_of
from fitnet.model.parts.contract import StoredModel

FORMAT = container.Format("fitnet-member", "fitnet ensemble's member", file.FORMAT.newest, CheckpointFileError)
KEYS = ("begun_with", "fold", "model", "recipe", "seconds", "twin")
PREDICTION, WATCHED = "prediction", "watched"


@dataclass(frozen=True, eq=False)
class Contents:
    """All that a file holds.

    Attributes
    ----------
    begun_with
        Fingerprints by name of all that the fit's members depend on, beside recipe and fold.
    place
        Which of them it is.
    member
        None where its training diverged.
    """

    begun_with: dict[str, str]
    place: Place
    member: Member | None


def write(path: str | PathLike[str], contents: Contents) -> None:
    """Write `contents` to `path`, atomically.

    Raises
    ------
    ArgumentValueError
        If the model's outputs for its example rows are not finite.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    member = contents.member
    kept = None if member is None else member.model.kept()
    description = {
        "begun_with": contents.begun_with,
        **vars(contents.place),
        "seconds": 0.0 if member is None else member.seconds,
        "model": None if kept is None else kept.description(),
    }
    tensors = (
        {}
        if kept is None or member is None
        else {**kept.tensors(), PREDICTION: member.prediction, WATCHED: member.watched}
    )
    container.write(path, FORMAT, container.to_json("member", description), tensors)


def read(path: str | PathLike[str], compute: Compute) -> Contents:
    """The contents of the file at `path`, whose model predicts with `compute`, or an error that says what is wrong.

    Raises
    ------
    CheckpointFileError
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    stored = container.read(path, FORMAT)
    try:
        described = container.from_json(stored.description)
        if sorted(described) != sorted(KEYS):
            raise ValueError("the description is another")
        if not all(isinstance(text, str) for text in described["begun_with"].values()):
            raise TypeError("a fingerprint must be text")
        place = Place(described["recipe"], whole_number("fold", described["fold"], 0), described["twin"])
        true_or_false("twin", place.twin)
        return Contents(described["begun_with"], place, member_from(fspath(path), described, stored, compute))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise damaged(path) from None


def member_from(path: str, described: Mapping[str, Any], stored: container.Stored, compute: Compute) -> Member | None:
    """The member of this description and these tensors; an error where they do not fit together."""
    seconds, tensors = real_number("seconds", described["seconds"], 0), dict(stored.tensors)
    if described["model"] is None:
        if tensors:
            raise ValueError("there is no model that tensors could belong to")
        return None
    prediction, watched = tensors.pop(PREDICTION), tensors.pop(WATCHED)
    model = model_of(file.contents_of(StoredModel(path, dict(described["model"]), tensors, stored.version)), compute)
    if prediction.dtype != np.float64 or prediction.ndim != 2 or prediction.shape[1] != len(model.outputs):
        raise ValueError("the prediction is another model's")
    if watched.dtype != np.float64 or watched.ndim != 1:
        raise ValueError("the losses are none")
    return Member(model, prediction, watched, seconds)


def damaged(path: str | PathLike[str]) -> CheckpointFileError:
    """The error about a file that verifies itself and yet is none of these."""
    return CheckpointFileError(
        f"{fspath(path)} is damaged: what it holds does not fit together as a member of an ensemble."
    )
