"""Deeper: what may come after a race that a recipe by evidence has won, where there is no noise: more iterations."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fitnet.fitting.candidate import Candidate, of_logarithms
from fitnet.fitting.candidates import FEW_ROWS, by_evidence
from fitnet.fitting.racing import DEEP, RACED
from fitnet.fitting.solver_choice import SOLVERS
from fitnet.fitting.work import evidence_work, whole_work_of

DEEPEST = 10  # times as many iterations as in the race: after them more folds are worth more


def deeper(candidates: Sequence[Candidate], work: float, n: int, p: int, m: int) -> list[Candidate]:
    """What may come after the candidates by evidence, for `work` in all: every width, of many rows without evidence.

    They share the work that is left where all others are out after the first fold, the quickest first.
    """
    raced = [each for each in candidates if each.is_by_evidence and each.components is None]
    left = work - sum(whole_work_of(each, n, p, m) for each in candidates)
    left -= (RACED - 1) * sum(evidence_work(each, n, p, m) for each in raced)
    found = []
    widths = by_evidence(n, p) if raced else []
    for waiting, each in zip(range(len(widths), 0, -1), widths, strict=True):
        once = with_iterations(each, int(each.recipe.max_epochs), n)
        own = DEEP * evidence_work(once, n, p, m)
        times = float(np.clip(left / waiting / own, 1, DEEPEST))
        left -= own * times
        found.append(with_iterations(each, int(times * int(each.recipe.max_epochs)), n))
    plain = tuple(each.name for each in raced if each.recipe.target_transform is None)
    logarithmic = tuple(each.name for each in raced if each.recipe.target_transform is not None)
    return [
        *(replace(each, after=plain) for each in found if plain),
        *(replace(of_logarithms(each), after=logarithmic) for each in found if logarithmic),
    ]


def with_iterations(candidate: Candidate, iterations: int, n: int) -> Candidate:
    """A candidate by evidence with so many iterations; of many rows without evidence, which noise alone needs.

    Of few rows it also keeps a network from bending between them.
    """
    recipe = replace(candidate.recipe, max_epochs=iterations, patience=iterations)
    if n > FEW_ROWS:
        recipe = replace(recipe, solver=SOLVERS["lm"])
    name = candidate.name.replace("by evidence", f"{iterations} iterations")
    return replace(candidate, name=name, recipe=recipe, must_lead=False)
