"""Racing: which candidates are worth training on, by their errors on the first folds, and where saved work goes."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import DivergenceError

RACED = 2  # folds after which those far behind the best are left out
FAR_BEHIND = 6.0  # over the root of n: the share by which an error may be above the best
BEST = 2  # so many are never left out, unless their errors are HOPELESS times the best
HOPELESS = 3.0
AHEAD = 1.5  # times the error of one that is well ahead are the others'
GAINS = 0.7  # of the root mean square: without noise it fell to 0.06 to 0.5 of it, with 0.3 % of noise to 0.9 or more
DEEP = 2  # folds at least where a leader goes deeper: there depth is worth more than the mean of many


def still_racing(
    errors: Mapping[str, float], n: int, always: Collection[str], must_lead: Collection[str] = (), best: int = BEST
) -> list[str]:
    """The names, the best first, of the `best`, of all not far behind on n rows, and of those `always` there.

    Of those that `must_lead` only the best of all goes on.

    Raises
    ------
    DivergenceError
        If there are no errors, for all have diverged.
    """
    order = sorted(errors, key=lambda name: errors[name])
    order = [name for name in order if name not in must_lead or name == order[0]]
    if not order:
        raise DivergenceError(
            "Training of every recipe diverged: look for targets or inputs many orders of magnitude off the others."
        )
    first = [name for name in order[:best] if errors[name] < HOPELESS * errors[order[0]] or name == order[0]]
    bound = (1 + FAR_BEHIND / n**0.5) * errors[order[0]]
    kept = [name for name in order if errors[name] <= bound]
    return [*dict.fromkeys([*first, *kept, *(name for name in always if name in errors)])]


def not_hopeless(errors: Mapping[str, float], always: Collection[str]) -> list[str]:
    """The names whose errors are not many times the lowest, and those `always` there."""
    best = min(errors.values(), default=0.0)
    return [name for name, error in errors.items() if error < HOPELESS * best or error == best or name in always]


def is_well_ahead(error: float, others: Iterable[float]) -> bool:
    """Whether an error is far below all others."""
    return all(other >= AHEAD * error for other in others)


def still_gain(watched: Sequence[Array], epochs: int) -> bool:
    """Whether the second half of so many epochs took away a good part of members' mean squares, (epochs done,) each.

    Where there is noise, iterations by evidence have come to it by then.
    """
    halves = [(each[: epochs // 2], each[epochs // 2 :]) for each in watched]
    if not all(len(first) and len(second) for first, second in halves):
        return False
    left = np.mean([np.log(second.min() / first.min()) for first, second in halves])
    return bool(left < 2 * np.log(GAINS))


def folds_with_twins(all_of_a_fold: float, kept_of_a_fold: float, folds: int, work: float) -> int:
    """For how many of the folds there is work left for a second member of each candidate kept, at least for one.

    `all_of_a_fold` is the work of a member each of all candidates, `kept_of_a_fold` of those that are still racing.
    """
    raced = min(RACED, folds)
    left = work - raced * all_of_a_fold - (folds - raced) * kept_of_a_fold
    return folds if kept_of_a_fold == 0 else int(np.clip(left / kept_of_a_fold, 1, folds))
