"""Cross-fitting: members for all candidates and folds, which of them are raced on, and what they predict out of fold.

Shapes: X (n, p), Y (n, m), folds (n,).
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from fitnet.arguments import Array
from fitnet.blas import one_blas_thread
from fitnet.engine.compute import Compute
from fitnet.fitting.candidates import Candidate
from fitnet.fitting.member import Member, Place
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.member_training import cross_fitted_and_kept
from fitnet.fitting.placement import Placement, placement_of
from fitnet.fitting.plans import whole_work_of
from fitnet.fitting.racing import (
    BEST,
    DEEP,
    RACED,
    folds_with_twins,
    is_well_ahead,
    not_hopeless,
    still_gains,
    still_racing,
)
from fitnet.fitting.row_errors import Judge, standard_error
from fitnet.fitting.training_rows import TrainingRows

_Streams = list[np.random.Generator]  # for every fold, then for its twin
_Job = tuple[Candidate, Place, np.random.Generator]


@dataclass(eq=False)
class CrossFit:
    """Candidates' members, fold after fold, as they are made.

    Attributes
    ----------
    trained
        How many of the K folds have members; the rows of the others are in all members' training.
    members
        By candidate, one for each of the folds so far, None where its training diverged.
    twins
        By candidate, second members for the first folds: how far two of the same rows differ, averaging takes away.
    files
        Where members are kept as they are made, and taken from if they are there; or None.
    work
        That all members may take together, about; what is left after the race goes to twins.
    judge
        Gives the error of predictions.
    best
        How many of the best the race never leaves out.
    interrupted
        Whether the user ended it before all folds had members; `trained` then counts those that have.
    """

    candidates: Sequence[Candidate]
    rows: TrainingRows
    folds: Array
    trained: int
    files: MemberFiles | None = None
    work: float = 0.0
    members: dict[str, list[Member | None]] = field(default_factory=dict)
    twins: dict[str, list[Member | None]] = field(default_factory=dict)
    interrupted: bool = False
    judge: Judge = standard_error
    best: int = BEST

    def run(
        self,
        generator: np.random.Generator,
        compute: Compute,
        n_jobs: int | Placement,
        done: Callable[["CrossFit", str, int], None],
    ) -> None:
        """Make all members, `n_jobs` at a time; the result depends on the generator alone, not on which is ready first.

        A `Placement` makes them elsewhere. `done` is told of every member: this, the candidate's name, and how many are
        still to be made. Ctrl-C leaves the folds for which all candidates are ready; where there are none it goes on.
        """
        kept = {} if self.files is None else self.files.begin(self.rows, self.folds)
        streams = [each.spawn(2 * self.trained) for each in generator.spawn(len(self.candidates))]
        # Within a fold the longest first: short ones are left where one worker waits for another, and at the end.
        racing = sorted(zip(self.candidates, streams, strict=True), key=lambda each: -self._work_of(each[0]))
        with warnings.catch_warnings(), one_blas_thread():
            warnings.simplefilter("ignore")  # not a thread at a time: filters and limits are those of all
            try:
                self._run(racing, kept, compute, placement_of(n_jobs), done)
            finally:
                if self.files is not None:
                    self.files.end()

    def _run(
        self,
        racing: list[tuple[Candidate, _Streams]],
        kept: Mapping[Place, Member | None],
        compute: Compute,
        placement: Placement,
        done: Callable[["CrossFit", str, int], None],
    ) -> None:
        """Make the members of the candidates that are not `kept`, from generators for every fold and for its twin."""
        waiting = [(each, of) for each, of in racing if each.after is not None]
        raced = racing = [(each, of) for each, of in racing if each.after is None]
        first = min(RACED, self.trained)
        heats = range(1 if waiting else first, first + 1)
        try:
            for folds in (*heats, None):  # with members at the end: some, or all and then twins
                raced = racing = [(each, of) for each, of in racing if each.name in self._in_the_race(folds is None)]
                deeper = [] if folds else self._deeper(racing, waiting)
                racing = deeper or racing
                twins = 0 if folds or deeper else self._folds_with_twins([each for each, _ in racing])
                jobs = self._jobs(racing, folds or self.trained, twins)
                later = self.trained - folds + 1 if folds else 0
                for left, (place, member) in enumerate(self._made(jobs, kept, compute, placement), 1):
                    self._keep(place, member)
                    done(self, place.recipe, len(jobs) - left + later * len(racing))
        except KeyboardInterrupt:
            self.interrupted = True
            self.trained = max(self._folds_of(racing), self._folds_of(raced))
            if self.trained == 0:
                raise

    def _jobs(self, racing: Sequence[tuple[Candidate, _Streams]], folds: int, twins: int) -> list[_Job]:
        """Members to be made so that all have so many and so many twins, a fold before the next."""
        places = [(k, False) for k in range(folds)] + [(k, True) for k in range(twins)]
        return [
            (each, Place(each.name, k, twin), of[k + len(of) // 2 * twin])
            for k, twin in places
            for each, of in racing
            if twin or k >= len(self.members.get(each.name, []))
        ]

    def _folds_of(self, racing: Sequence[tuple[Candidate, _Streams]]) -> int:
        """For how many folds all of these have members."""
        return min((len(self.members.get(each.name, [])) for each, _ in racing), default=0)

    def _deeper(
        self, racing: Sequence[tuple[Candidate, _Streams]], waiting: Sequence[tuple[Candidate, _Streams]]
    ) -> list[tuple[Candidate, _Streams]]:
        """What goes on in place of one that is well ahead and still gains, for fewer folds; nothing where none does."""
        epochs = {each.name: int(each.recipe.max_epochs) for each in self.candidates}
        for each, of in waiting:
            name = each.after or ""
            watched = [member.watched for member in self.of(name)]
            if is_well_ahead(name, self.errors()) and all(still_gains(one, epochs[name]) for one in watched):
                self.trained = min(self.trained, DEEP)
                return [(each, of), *((other, of) for other, of in racing if other.always)]
        return []

    def _keep(self, place: Place, member: Member | None) -> None:
        """Keep the next fold's member, or the next twin."""
        (self.twins if place.twin else self.members).setdefault(place.recipe, []).append(member)

    def _made(
        self,
        jobs: Sequence[_Job],
        kept: Mapping[Place, Member | None],
        compute: Compute,
        placement: Placement,
    ) -> Iterator[tuple[Place, Member | None]]:
        """The members in the jobs' order, each as soon as it and those before it are ready."""
        files, later = (self.files, None) if placement.shares_files else (None, self.files)
        shared, told = (self.rows, self.folds), (Compute(compute.chosen.name, 1), files)
        left = [(*told, *job) for job in jobs if job[1] not in kept]
        with closing(placement.results(cross_fitted_and_kept, shared, left)) as made:
            for _, place, _ in jobs:
                member = kept[place] if place in kept else next(made)
                if later is not None and place not in kept:
                    later.keep(place, member)
                yield place, member

    def whole(self) -> list[str]:
        """The candidates that have a member for every trained fold."""
        return [each.name for each in self.candidates if len(self.of(each.name)) == self.trained]

    def of(self, name: str) -> list[Member]:
        """The members of a candidate for the trained folds, in their order; fewer where there are not all of them."""
        return [member for member in self.members.get(name, [])[: self.trained] if member is not None]

    def judged(self) -> Array:
        """The rows with out-of-fold predictions, ascending."""
        return np.flatnonzero(self.folds < self.trained)

    def predictions(self, name: str) -> Array:
        """(judged rows, m): what the members of a candidate predict for rows they did not see."""
        found = np.empty((len(self.folds), np.shape(self.rows.Y)[1]))
        for k, member in enumerate(self.of(name)):
            found[self.folds == k] = member.prediction
        return found[self.folds < self.trained]

    def averaged_away(self, name: str) -> Array:
        """(m,): the part of a candidate's mean square out of fold that the mean of its members does not have.

        That is the variance of predictions from member to member of the same rows, less what their number leaves of it.
        """
        apart = self.twin_differences(name)
        return np.asarray((apart**2).sum(0) / max(1, len(apart)) / 2 * (1 - 1 / max(1, len(self.all_of(name)))))

    def twin_differences(self, name: str) -> Array:
        """(rows, m): how far two members of a candidate are apart on rows that neither saw."""
        pairs = zip(self.of(name), self.twins.get(name, []), strict=False)
        found = [one.prediction - other.prediction for one, other in pairs if other is not None]
        return np.concatenate([np.empty((0, np.shape(self.rows.Y)[1])), *found])

    def all_of(self, name: str) -> list[tuple[int, Member]]:
        """All members of a candidate, twins among them, each behind its fold."""
        made = (self.of(name), self.twins.get(name, []))
        return [(k, member) for some in made for k, member in enumerate(some) if member is not None]

    def _folds_with_twins(self, racing: Sequence[Candidate]) -> int:
        """For how many of the folds each of these gets a second member."""
        all_that_race = [each for each in self.candidates if each.after is None]
        whole, kept = (sum(self._work_of(each) for each in some) for some in (all_that_race, racing))
        return folds_with_twins(whole, kept, self.trained, self.work)

    def _work_of(self, candidate: Candidate) -> float:
        """Multiplications and additions of one of its members, about."""
        (n, p), m = np.shape(self.rows.X), np.shape(self.rows.Y)[1]
        return whole_work_of(candidate, n, p, m)

    def _in_the_race(self, is_over: bool) -> list[str]:
        """The names of candidates that are not far behind on the folds so far; before it `is_over`, not hopeless."""
        if not self.members:
            return [each.name for each in self.candidates if each.after is None]
        errors = self.errors()
        always = [each.name for each in self.candidates if each.always]
        if not is_over:
            return not_hopeless(errors, always)
        must_lead = [each.name for each in self.candidates if each.must_lead]
        return still_racing(errors, len(self.folds), always, must_lead, self.best)

    def errors(self) -> dict[str, float]:
        """Every candidate's error on the folds for which it has members, where none of them diverged."""
        return {name: self.error(name, len(made)) for name, made in self.members.items() if None not in made}

    def error(self, name: str, folds: int) -> float:
        """A candidate's error on the first folds, as it is judged."""
        seen = np.concatenate([np.flatnonzero(self.folds == k) for k in range(folds)])
        return self.judge(np.concatenate([self.of(name)[k].prediction for k in range(folds)]), seen, self.rows)
