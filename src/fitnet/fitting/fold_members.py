"""Fold members: what there is of every candidate, and what it predicts for rows that it did not see.

Shapes: X (n, p), Y (n, m), folds (n,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fitnet.arguments import Array
from fitnet.fitting.candidate import Candidate
from fitnet.fitting.member import Member
from fitnet.fitting.row_errors import Judge, standard_error
from fitnet.fitting.training_rows import TrainingRows


@dataclass(eq=False)
class FoldMembers:
    """Members of candidates, one a fold, for some a second one.

    Attributes
    ----------
    trained
        How many of the K folds have members; the rows of the others are in all members' training.
    judge
        Gives the error of predictions.
    members
        By candidate, one for each of the folds so far, None where its training diverged.
    twins
        By candidate, second members for the first folds. How far two of the same rows differ, averaging takes away.
    """

    candidates: Sequence[Candidate]
    rows: TrainingRows
    folds: Array
    trained: int
    judge: Judge = standard_error
    members: dict[str, list[Member | None]] = field(default_factory=dict)
    twins: dict[str, list[Member | None]] = field(default_factory=dict)

    def whole(self) -> list[str]:
        """The candidates that have a member for every trained fold."""
        return [each.name for each in self.candidates if len(self.of(each.name)) == self.trained]

    def of(self, name: str) -> list[Member]:
        """The members of a candidate for the trained folds, in their order; fewer where there are not all of them."""
        return [member for member in self.members.get(name, [])[: self.trained] if member is not None]

    def judged(self) -> Array:
        """The rows with out-of-fold predictions, ascending."""
        return np.flatnonzero(self.folds < self.trained)

    def copies(self, name: str) -> Array:
        """(2, judged rows, m): what both members of a candidate predict for rows that they did not see.

        Where a fold has one member it is there twice.
        """
        found = np.empty((2, len(self.folds), np.shape(self.rows.Y)[1]))
        for k, member in enumerate(self.of(name)):
            found[0, self.folds == k] = member.prediction
            found[1, self.folds == k] = (self.twin(name, k) or member).prediction
        return found[:, self.folds < self.trained]

    def averaged_away(self, name: str) -> Array:
        """(m,): the part of a candidate's mean square out of fold that the mean of all its members does not have.

        That is the variance of predictions from member to member of the same rows: what is left of it in the mean of
        one or two, less what their number leaves.
        """
        apart = self.twin_differences(name)
        rows, all_members = len(self.judged()), max(1, len(self.all_of(name)))
        left = 1 - len(apart) / max(1, rows) / 2  # half of it where there are two
        return np.asarray((apart**2).sum(0) / max(1, len(apart)) / 2 * max(0.0, left - 1 / all_members))

    def twin_differences(self, name: str) -> Array:
        """(rows, m): how far two members of a candidate are apart on rows that neither saw."""
        pairs = ((member, self.twin(name, k)) for k, member in enumerate(self.of(name)))
        found = [one.prediction - other.prediction for one, other in pairs if other is not None]
        return np.concatenate([np.empty((0, np.shape(self.rows.Y)[1])), *found])

    def twin(self, name: str, k: int) -> Member | None:
        """A candidate's second member for a fold, if there is one that did not diverge."""
        made = self.twins.get(name, [])
        return made[k] if k < len(made) else None

    def all_of(self, name: str) -> list[tuple[int, Member]]:
        """All members of a candidate, twins among them, each behind its fold."""
        made = (self.of(name), self.twins.get(name, []))
        return [(k, member) for some in made for k, member in enumerate(some) if member is not None]

    def errors(self) -> dict[str, float]:
        """Every candidate's error on the folds for which it has members, where none of them diverged."""
        return {name: self.error(name, len(made)) for name, made in self.members.items() if None not in made}

    def error(self, name: str, folds: int) -> float:
        """A candidate's error on the first folds, as it is judged."""
        seen = np.concatenate([np.flatnonzero(self.folds == k) for k in range(folds)])
        return self.judge(np.concatenate([self.of(name)[k].prediction for k in range(folds)]), seen, self.rows)
