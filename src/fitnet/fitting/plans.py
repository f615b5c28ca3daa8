"""Plans: which candidates an effort tries on a table, over how many folds, and for how long.

Effort is counted in multiplications and additions, never by the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fitnet.arguments import Array
from fitnet.fitting.bins import repeated_values
from fitnet.fitting.candidate import COMPONENTS, Candidate, of_components, of_logarithms, patience
from fitnet.fitting.candidates import (
    MANY_COLUMNS,
    MIDDLING_ROWS,
    Shapes,
    baselines,
    by_components,
    further_networks,
    networks,
    smooth_networks,
)
from fitnet.fitting.deeper import deeper
from fitnet.fitting.principal_components import are_correlated
from fitnet.fitting.projection_search import found_projections
from fitnet.fitting.racing import BEST, RACED
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.work import evidence_work, whole_work_of, work_of

LEAST_ROWS = 10
SPANS = 10.0  # the factor that positive targets span where their logarithm is tried
LEAST_EPOCHS, LEAST_SHARE, LEAST_MEMBERS = 10, 0.4, 3  # of a recipe: epochs, their share of its own, and folds
ENOUGH_STEPS = 10_000  # fewer epochs will do where they are so many steps
MANY_OUTPUTS = 8  # of which principal components are tried
WORTH_DIRECT = 1.5  # times the work by components: what a recipe may take that learns all outputs directly
EVIDENCE_SHARE = 0.4  # of an effort's work: what racing a recipe by evidence may take, which cannot be shortened
IN_ANY_CASE = 0.4  # of it: what all members of such a recipe may take to be tried whatever else is
LEAST_SQUARES_SHARE = 0.1  # likewise, of many columns what all members of least squares by evidence may take
PROJECTIONS, LEAST_EXPLAINED = 4, 0.05  # the share of an additive model's residuals that makes projections worth a try


@dataclass(frozen=True)
class Effort:
    """What an effort may take.

    Attributes
    ----------
    folds
        Into which rows are dealt.
    work
        Multiplications and additions of all gradient descent together, about: where there would be more, recipes give
        up epochs, and then folds go without members. 1e11 are a second on two cores that do 50 a nanosecond each.
    networks
        At most so many, the first of their list, beside the baselines.
    best
        So many of the best go on after the first folds in any case, where there are many rows to tell them apart.
    """

    folds: int
    work: float
    networks: int
    best: int = BEST


EFFORTS = {"fast": Effort(5, 2.2e11, 2, 1), "standard": Effort(8, 2.2e12, 8), "thorough": Effort(10, 3e13, 17)}


@dataclass(frozen=True)
class Plan:
    """Which candidates to train, over how many folds, how many of these are to have members, and for how much work.

    So many of the `best` go on after the first folds in any case.
    """

    candidates: Sequence[Candidate]
    folds: int
    trained: int
    work: float = 0.0
    best: int = BEST


def plan_for(rows: TrainingRows, effort: str, smooth: bool, transform: str | None) -> Plan:
    """What this effort tries on these rows."""
    (n, p), m = np.shape(rows.X), np.shape(rows.Y)[1]
    given = EFFORTS[effort]
    of_table = Shapes(n, p) if smooth else Shapes(n, p, projections_for(rows), repeated_for(rows))
    found = smooth_networks(n, p) if smooth else networks(of_table)
    found = found if smooth or effort != "thorough" else [*found, *further_networks(of_table)]
    if m >= MANY_OUTPUTS and are_correlated(rows, COMPONENTS):
        found = with_components(found, given, n, p, m)
    else:
        found = worth_their_work(found, given, n, p, m)
    found = with_transforms(found, np.asarray(rows.Y), transform)
    folds, best = min(given.folds, n // 2), given.best if n > MIDDLING_ROWS else BEST
    trained = folds
    works = np.array([work_of(each, n, p, m) for each in found])
    left = given.work - RACED * sum(evidence_work(each, n, p, m) for each in found)
    if works.sum() * folds > left:
        trained = int(np.clip(left / (LEAST_SHARE * works.sum()), min(LEAST_MEMBERS, folds), folds))
        scales = len({each.recipe.target_transform for each in found})  # of the targets
        shares = shared_out(works, left, members_of_each(works, trained, best * scales, n))
        found = [shortened(each, n, share) for each, share in zip(found, shares, strict=True)]
    found = [*compared_with(given, folds, n, p, m), *found]
    return Plan([*found, *deeper(found, given.work, n, p, m)], folds, trained, given.work, best)


def members_of_each(works: Array, trained: int, best: int, n: int) -> Array:
    """How many members each recipe of these works has: `trained`, or of many rows no more than the race asks for.

    There one is soon told from the other, so that all but the `best` are left out; the dearest are counted for these.
    """
    if n <= MIDDLING_ROWS:
        return np.full(len(works), trained)
    members = np.full(len(works), min(RACED, trained))
    members[np.argsort(works)[-best:]] = trained
    return members


def projections_for(rows: TrainingRows) -> int:
    """How many projections some recipes' bins are to have: none where the first would explain next to nothing."""
    Y = np.asarray(rows.Y)
    if Y.shape[1] >= MANY_OUTPUTS:
        return 0
    found = found_projections(np.asarray(rows.X), Y, PROJECTIONS)
    return PROJECTIONS if found and found[0].share >= LEAST_EXPLAINED else 0


def repeated_for(rows: TrainingRows) -> tuple[int, ...]:
    """How many different values every column has whose values repeat."""
    counts = (repeated_values(column) for column in np.asarray(rows.X).T)
    return tuple(count for count in counts if count)


def compared_with(given: Effort, folds: int, n: int, p: int, m: int) -> list[Candidate]:
    """Least squares, of many columns by evidence where its members do not take too much of the effort's work."""
    found = baselines(p, m)
    work = folds * sum(evidence_work(each, n, p, m) for each in found)
    return (
        found if p <= MANY_COLUMNS or work <= LEAST_SQUARES_SHARE * given.work else baselines(p, m, by_evidence=False)
    )


def worth_their_work(candidates: Sequence[Candidate], given: Effort, n: int, p: int, m: int) -> list[Candidate]:
    """The first of the candidates, as many as the effort tries, without those whose race alone would take too much.

    Those by evidence whose members all together take little enough of it are there in any case.
    """
    most, least = EVIDENCE_SHARE * given.work / RACED, IN_ANY_CASE * given.work / given.folds
    found = [each for each in candidates if evidence_work(each, n, p, m) <= most]
    return [*found[: given.networks], *(x for x in found[given.networks :] if 0 < evidence_work(x, n, p, m) <= least)]


def with_components(candidates: Sequence[Candidate], given: Effort, n: int, p: int, m: int) -> list[Candidate]:
    """What is tried of many outputs: recipes by components, and, where that is not much more work, of all outputs."""
    shape = n, p, m
    direct = [
        each
        for each in candidates
        if whole_work_of(each, *shape) <= WORTH_DIRECT * whole_work_of(of_components(each), *shape)
    ]
    direct = worth_their_work(direct, given, *shape)
    found = worth_their_work(by_components(candidates), given, *shape)
    return [*found[: (given.networks + 1) // 2 if direct else None], *direct]


def shared_out(works: Array, total: float, members: Array) -> Array:
    """Of each candidate's work the share that its members get: all get the same work, but none more than its own."""
    given, left = np.zeros(len(works)), total
    order = np.argsort(works, kind="stable")
    for count, each in enumerate(order):
        given[each] = min(works[each], left / members[order[count:]].sum())
        left -= members[each] * given[each]
    return np.divide(given, works, out=np.ones(len(works)), where=works > 0)


def shortened(candidate: Candidate, n: int, share: float) -> Candidate:
    """The candidate with this share of its epochs for n rows, where there are more of them than the least."""
    recipe = candidate.recipe
    if share >= 1 or recipe.optimizer is None:
        return candidate
    epochs, batch = int(recipe.max_epochs), recipe.rows_a_step(n) or n
    least = max(1, min(LEAST_EPOCHS, round(ENOUGH_STEPS * batch / n)))
    epochs = min(epochs, max(least, round(share * epochs)))
    return replace(candidate, recipe=replace(recipe, max_epochs=epochs, patience=patience(epochs)))


def with_transforms(candidates: list[Candidate], Y: Array, transform: str | None) -> list[Candidate]:
    """The candidates, those that learn the logarithm beside or in place of those that do not."""
    if transform is None or (transform == "auto" and not (np.all(Y > 0) and spans(Y))):
        return candidates
    logarithmic = [of_logarithms(each) for each in candidates]
    return logarithmic if transform == "log" else [*candidates, *logarithmic[: (len(candidates) + 1) // 2]]


def spans(Y: Array) -> bool:
    """Whether any output's entries differ by a factor of ten, the rarest at both ends left out."""
    low, high = np.quantile(Y, [0.01, 0.99], axis=0)
    return bool(np.any(high >= SPANS * low))
