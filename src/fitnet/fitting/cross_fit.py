"""Cross-fitting: members for all candidates and folds, and which of them are raced on."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from fitnet.blas import one_blas_thread
from fitnet.engine.compute import Compute
from fitnet.fitting.candidate import Candidate
from fitnet.fitting.fold_members import FoldMembers
from fitnet.fitting.member import Member, Place
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.member_training import cross_fitted_and_kept
from fitnet.fitting.placement import Placement, placement_of
from fitnet.fitting.racing import (
    BEST,
    DEEP,
    RACED,
    folds_with_twins,
    is_well_ahead,
    not_hopeless,
    still_gain,
    still_racing,
)
from fitnet.fitting.work import whole_work_of

_Streams = list[np.random.Generator]  # for every fold, then for its twin
_Job = tuple[Candidate, Place, np.random.Generator]


@dataclass(eq=False)
class CrossFit(FoldMembers):
    """Candidates' members, fold after fold, as they are made.

    Attributes
    ----------
    files
        Where members are kept as they are made, and taken from if they are there; or None.
    work
        That all members may take together, about; what is left after the race goes to twins.
    best
        How many of the best the race never leaves out.
    interrupted
        Whether the user ended it before all folds had members; `trained` then counts those that have.
    """

    files: MemberFiles | None = None
    work: float = 0.0
    best: int = BEST
    interrupted: bool = False

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
        waiting = [(each, of) for each, of in racing if each.after]
        raced = racing = those_that_race = [(each, of) for each, of in racing if not each.after]
        first = min(RACED, self.trained)
        heats = range(1 if waiting else first, first + 1)
        try:
            for folds in (*heats, None):  # with members at the end: some, or all and then twins
                names = self._in_the_race(folds is None)  # one that was out is there again where a leader fell back
                raced = racing = [(each, of) for each, of in those_that_race if each.name in names]
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
        """What goes on in place of a leader, for folds that there is work for.

        With evidence it need only be well ahead; else it must still gain, for noise would be learned by heart.
        """
        errors = self.errors()
        followed = {name for each, _ in waiting for name in each.after}
        leader = min(errors, key=lambda name: errors[name], default="")
        others = [error for name, error in errors.items() if name not in followed]
        follow = [(each, of) for each, of in waiting if leader in each.after]
        by_evidence = all(each.is_by_evidence for each, _ in follow)
        if not follow or not ((by_evidence and is_well_ahead(errors[leader], others)) or self._still_gains(leader)):
            return []
        done = sum(self._work_of(each) * len(self.members.get(each.name, [])) for each in self.candidates)
        of_a_fold = sum(self._work_of(each) for each, _ in follow)
        self.trained = int(np.clip((self.work - done) / of_a_fold, min(DEEP, self.trained), self.trained))
        return [*follow, *((other, of) for other, of in racing if other.always)]

    def _still_gains(self, name: str) -> bool:
        """Whether the last half of a candidate's iterations took away a good part of its members' errors."""
        epochs = next(int(each.recipe.max_epochs) for each in self.candidates if each.name == name)
        return still_gain([member.watched for member in self.of(name)], epochs)

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

    def _folds_with_twins(self, racing: Sequence[Candidate]) -> int:
        """For how many of the folds each of these gets a second member."""
        all_that_race = [each for each in self.candidates if not each.after]
        whole, kept = (sum(self._work_of(each) for each in some) for some in (all_that_race, racing))
        return folds_with_twins(whole, kept, self.trained, self.work)

    def _work_of(self, candidate: Candidate) -> float:
        """Multiplications and additions of one of its members, about."""
        (n, p), m = np.shape(self.rows.X), np.shape(self.rows.Y)[1]
        return whole_work_of(candidate, n, p, m)

    def _in_the_race(self, is_over: bool) -> list[str]:
        """The names of candidates that are not far behind on the folds so far; before it `is_over`, not hopeless."""
        if not self.members:
            return [each.name for each in self.candidates if not each.after]
        errors = self.errors()
        always = [each.name for each in self.candidates if each.always]
        if not is_over:
            return not_hopeless(errors, always)
        must_lead = [each.name for each in self.candidates if each.must_lead]
        return still_racing(errors, len(self.folds), always, must_lead, self.best)
