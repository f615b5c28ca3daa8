"""Members in files: an ensemble's fit kept in a folder as it goes on, so that nothing is lost where it is cut short.

Every member has a file of its own, written when it is made. Writing only copies: no bit of the result depends on it.
Shapes: X (n, p), Y (n, m), groups, times and folds (n,).
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np

from fitnet.arguments import Array, true_or_false
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointMismatchError
from fitnet.files.paths import followed
from fitnet.fitting import member_file
from fitnet.fitting.member import Member, Place
from fitnet.fitting.plans import Plan
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble_parts.members import same_imputation
from fitnet.model.model import Model
from fitnet.training.fingerprint import check_same, fingerprint
from fitnet.training.generator_state import generator_state

NAME = re.compile(r"recipe-\d+-(fold|twin)-\d+\.member")
RECIPES = "recipes"
SHOWN_DIGITS = 16  # of the digest of a generator's state


class Gate:
    """Open while a fit goes on, for threads that outlive it make members still. A copy in another process is open."""

    def __init__(self) -> None:
        self.lock, self.is_open = Lock(), True

    def __reduce__(self) -> tuple[type["Gate"], tuple[()]]:
        return Gate, ()


@dataclass(frozen=True)
class MemberFiles:
    """A folder that keeps the members of one ensemble's fit.

    Attributes
    ----------
    folder
        Made when the fit begins, in a folder that exists.
    resume
        Whether members that are there are taken; if not, they are removed when the fit begins.
    recipes
        The candidates' names, in the order that the files' names count them.
    begun_with
        Fingerprints by name of all that a member's bits depend on beside its recipe and fold.
    compute
        What members from files predict with.
    gate
        What is made once it is shut is not kept.
    """

    folder: Path
    resume: bool
    recipes: tuple[str, ...]
    begun_with: Mapping[str, str]
    compute: Compute
    gate: Gate = field(default_factory=Gate, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        checkpoint: Any,
        resume: Any,
        rows: TrainingRows,
        plan: Plan,
        generator: np.random.Generator,
        compute: Compute,
        groups: Array | None,
        times: Array | None = None,
    ) -> Self | None:
        """Those of a fit that begins with `generator` as it is now; None without a `checkpoint`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If no folder can be there, there is none to `resume` from, or the generator's bits are not NumPy's.
        """
        if true_or_false("resume", resume) and checkpoint is None:
            raise ArgumentValueError("`resume` needs a `checkpoint` to go on from.", "resume", "checkpoint")
        if checkpoint is None:
            return None
        begun_with = {
            "X": digest(fingerprint((rows.X, rows.imputation, rows.categories))),
            "Y": fingerprint(rows.Y),
            "weights": fingerprint(rows.weights),
            "groups": fingerprint(None if groups is None else np.unique(groups, return_inverse=True)[1]),
            "times": fingerprint(None if times is None else np.unique(times, return_inverse=True)[1]),
            RECIPES: digest(fingerprint(plan)),
            "engine": fingerprint(compute.chosen.name),
            "random_state": seed_or_state(generator),
        }
        recipes = tuple(each.name for each in plan.candidates)
        return cls(checked_folder(checkpoint), resume, recipes, begun_with, Compute(compute.engine, 1))

    def begin(self, rows: TrainingRows, folds: Array) -> dict[Place, Member | None]:
        """The members that are there and may be taken, None for those whose training diverged.

        Raises
        ------
        CheckpointMismatchError
            If they were made with other settings or data, or another state of the generator.
        CheckpointFileError
            If one of their files cannot be read.
        OSError
            If the folder cannot be made or looked into.
        """
        self.folder.mkdir(exist_ok=True)
        paths = sorted(path for path in self.folder.iterdir() if NAME.fullmatch(path.name))
        if self.resume:
            return dict(self._read(path, rows, folds) for path in paths)
        for path in paths:
            path.unlink()
        return {}

    def keep(self, place: Place, member: Member | None) -> None:
        """Write a member to its file; one that no model's file could hold will be made again.

        Raises
        ------
        OSError
            If the file cannot be written; others are still there.
        """
        contents = member_file.Contents(dict(self.begun_with), place, member)
        with self.gate.lock, suppress(ArgumentValueError):
            if self.gate.is_open:
                member_file.write(self._path(place), contents)

    def end(self) -> None:
        """Keep no more members, so that another fit may have the folder."""
        with self.gate.lock:
            self.gate.is_open = False

    def _path(self, place: Place) -> Path:
        which = "twin" if place.twin else "fold"
        return self.folder / f"recipe-{self.recipes.index(place.recipe):02}-{which}-{place.fold:02}.member"

    def _read(self, path: Path, rows: TrainingRows, folds: Array) -> tuple[Place, Member | None]:
        """The member in a file and its place; refused where it is one of another fit."""
        stored = member_file.read(path, self.compute)
        self._check_same(stored.begun_with)
        place, member = stored.place, stored.member
        of_this = place.recipe in self.recipes and self._path(place) == path and place.fold <= folds.max()
        unseen = np.count_nonzero(folds == place.fold)
        if not of_this or (member is not None and not (is_of(member.model, rows) and len(member.prediction) == unseen)):
            raise member_file.damaged(path)
        return place, member

    def _check_same(self, begun_with: Mapping[str, str]) -> None:
        """Refuse members of another fit."""
        now = {name: text for name, text in self.begun_with.items() if name != RECIPES}
        check_same(fspath(self.folder), begun_with, now)
        if begun_with.get(RECIPES) != self.begun_with[RECIPES]:
            raise CheckpointMismatchError(
                f"The training in {self.folder} was begun with other recipes; to resume it `effort` and all that "
                "chooses them must be as they were.",
                "effort",
            )


def checked_folder(checkpoint: Any) -> Path:
    """The folder of that name, if there is one or it can be made."""
    if not isinstance(checkpoint, str | PathLike) or isinstance(fspath(checkpoint), bytes):
        raise ArgumentTypeError(f"`checkpoint` is {checkpoint!r}; it must be a folder's name.", "checkpoint")
    folder = Path(checkpoint)
    if folder.exists() and not folder.is_dir():
        raise ArgumentValueError(
            f"`checkpoint` is {str(folder)!r}, a file; of an ensemble it must be a folder.", "checkpoint"
        )
    if not followed(folder).parent.is_dir():
        raise ArgumentValueError(
            f"`checkpoint` writes to {folder}, whose folder does not exist; it must.", "checkpoint"
        )
    return folder


def seed_or_state(generator: np.random.Generator) -> str:
    """The whole number that makes a generator as this one is now, or a name of its state if there is none."""
    state = state_of(generator)
    entropy = getattr(generator.bit_generator.seed_seq, "entropy", None)
    if isinstance(entropy, int) and state == state_of(np.random.default_rng(entropy)):
        return str(entropy)
    return f"a generator in the state {digest(state)[:SHOWN_DIGITS]}"


def state_of(generator: np.random.Generator) -> str:
    """All that the draws of a generator and of those that it spawns depend on, as text."""
    return f"{generator_state(generator)} {fingerprint(generator.bit_generator.seed_seq)}"


def is_of(model: Model, rows: TrainingRows) -> bool:
    """Whether a model is for the columns of these rows."""
    return (
        (len(model.inputs), len(model.outputs)) == (rows.X.shape[1], rows.Y.shape[1])
        and model.categories == rows.categories
        and same_imputation(model.imputation, rows.imputation)
    )


def digest(text: str) -> str:
    """Its SHA-256, as hexadecimal digits."""
    return sha256(text.encode()).hexdigest()
