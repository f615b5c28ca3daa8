"""Members of an ensemble for a page that cannot hold them as they are: rounded, and if need be fewer of them.

Shapes: M members, rows X (n, p), outputs (n, m). With d_i the difference of member i's outputs from the whole
ensemble's, in units of the outputs' deviations, weights w give a mean whose mean square difference is w^T G w,
G_ij = mean(d_i d_j).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.model.new_targets import ensemble_and_folds
from fitnet.model.weighted import means_and_spreads, outputs_of
from fitnet.reports.live_interval import Units, units_of
from fitnet.uncertainty.alike_folds import deviations_around

MOST_ROWS = 1000  # that members are compared on
MOST_OUTPUTS = 50
LARGEST_HALF = float(np.finfo(np.float16).max)
MOST_KEPT = 64  # so many answer at once
HEAVY = 1e3  # how much the weights' sum counts, beside differences of about 1, in the least squares that find them


@dataclass(frozen=True, eq=False)
class KeptMembers:
    """Some members with weights of their own, and how far they are from all.

    Attributes
    ----------
    ensemble
        The kept members, weighted; without `conformal` and `domain`.
    places
        Which of all members they are.
    difference
        (m,): the root mean square difference of the predictions, in the outputs' units.
    share
        The largest of the outputs' differences over the standard deviation of new targets or, where the ensemble does
        not know that, over the predictions' deviation.
    of
        Over which of them: "error" or "spread".
    units
        What a row's unit comes from, where the ensemble is conformal.
    """

    ensemble: Ensemble
    places: list[int]
    difference: Array
    share: float
    of: str
    units: Units | None


def rounded_members(ensemble: Ensemble) -> list[Model]:
    """The members with parameters that half precision holds; as they are where one is too large for that."""
    if any(np.abs(member.parameters).max() > LARGEST_HALF for member in ensemble.members):
        return list(ensemble.members)
    return [
        replace(member, parameters=member.parameters.astype(np.float16).astype(member.parameters.dtype))
        for member in ensemble.members
    ]


def kept_members(
    ensemble: Ensemble, candidates: Sequence[Model], sizes: Sequence[int], budget: int, X: Array
) -> KeptMembers | None:
    """Those of the candidates, the ensemble's members or rounded ones, whose mean is closest to the whole ensemble's.

    The sum of their sizes is what the budget takes; all are kept, and their weights, where it takes all.

    One member after the other joins, each time that which brings the mean closest on the rows X, completed. None where
    the budget takes no member.
    """
    X = evenly(X, MOST_ROWS)
    whole = ensemble.predict(X).astype(np.float64)
    all_fit = sum(sizes) <= budget
    if all_fit:
        places, weights = list(range(len(candidates))), ensemble.weights
    else:
        outputs = [outputs_of(member.predictor, X).astype(np.float64) for member in candidates]
        places, weights = chosen(products_of_differences(outputs, whole), sizes, budget)
    if not places:
        return None
    places = [place for place, weight in zip(places, weights, strict=True) if weight > 0]
    members = [candidates[place] for place in places]
    kept = replace(
        ensemble, members=members, weights=weights[weights > 0], folds=None, leaderboard=(), conformal=None, domain=None
    )
    difference = np.sqrt(np.square(kept.predict(X) - whole).mean(axis=0))
    deviation, of = whole.std(axis=0), "spread"
    units = None
    if ensemble.conformal is not None:
        spreads = ensemble_and_folds(ensemble, X)[2]
        deviation, of = np.sqrt(np.square(deviations_around(ensemble.conformal, len(X), spreads)).mean(axis=0)), "error"
        units = units_of(ensemble) if all_fit else units_of_kept(ensemble, kept, X, spreads)
    share = float(np.max(difference / np.where(deviation > 0, deviation, 1)))
    return KeptMembers(kept, places, difference, share, of, units)


def evenly(X: Array, most: int) -> Array:
    """At most so many of the rows, evenly from first to last."""
    return X if len(X) <= most else X[np.linspace(0, len(X) - 1, most).astype(int)]


def products_of_differences(outputs: Sequence[Array], whole: Array) -> Array:
    """G (M, M)."""
    columns = np.unique(np.linspace(0, whole.shape[1] - 1, min(MOST_OUTPUTS, whole.shape[1])).astype(int))
    deviation = whole[:, columns].std(axis=0)
    unit = np.where(deviation > 0, deviation, 1)
    differences = np.stack([((each - whole)[:, columns] / unit).ravel() for each in outputs])
    products: Array = differences @ differences.T / differences.shape[1]
    return products


def chosen(G: Array, sizes: Sequence[int], budget: int) -> tuple[list[int], Array]:
    """The places of the members that join, one after the other, and their weights, which are found anew each time.

    The next is that which brings the mean closest by moving it straight towards the member (Frank & Wolfe 1956).
    """
    places: list[int] = []
    weights, left = np.empty(0), budget
    while len(places) < MOST_KEPT:
        fitting = np.array([size <= left for size in sizes])
        fitting[places] = False
        if not fitting.any():
            break
        squares = np.diagonal(G) if not places else squares_towards(G, places, weights)
        best = int(np.where(fitting, squares, np.inf).argmin())
        left -= sizes[best]
        places.append(best)
        weights = best_weights(G[np.ix_(places, places)])
    return places, weights


def squares_towards(G: Array, places: list[int], weights: Array) -> Array:
    """(M,): the least mean square difference on the way from the weighted mean to each member."""
    to_mean = G[:, places] @ weights
    square = weights @ to_mean[places]
    apart = square - 2 * to_mean + np.diagonal(G)
    share = np.clip((square - to_mean) / np.where(apart > 0, apart, 1), 0, 1)
    found: Array = (1 - share) ** 2 * square + 2 * share * (1 - share) * to_mean + share**2 * np.diagonal(G)
    return found


def best_weights(G: Array) -> Array:
    """Weights, none below 0, with a sum of 1, for which w^T G w is least."""
    from scipy.optimize import nnls  # here, so that a page of one model needs no SciPy

    values, vectors = np.linalg.eigh(G)
    root = vectors * np.sqrt(np.maximum(values, 0))
    largest = np.sqrt(max(values.max(), np.finfo(float).tiny))
    matrix = np.vstack([root.T / largest, np.full((1, len(G)), HEAVY)])
    weights, _ = nnls(matrix, np.array([*np.zeros(len(G)), HEAVY]))
    found: Array = weights / weights.sum()
    return found


def units_of_kept(ensemble: Ensemble, kept: Ensemble, X: Array, spreads: Array) -> Units:
    """As `units_of`, from the kept members' spread, which the factors make as large as that of the folds (n, m) is.

    Where the kept members do not differ, a floor stands for the whole spread.
    """
    own = units_of(ensemble)
    if not np.isfinite(own.floors).any():
        return replace(own, groups=[])
    everyone = range(len(kept.members)), kept.weights.tolist()
    _, of_kept = means_and_spreads([member.predictor for member in kept.members], [everyone], X, spreads.shape[1])
    theirs, ours = np.square(spreads).mean(axis=0), np.square(of_kept[0]).mean(axis=0)
    differ = ours > 0
    factors = np.where(differ, np.sqrt(theirs / np.where(differ, ours, 1)), 0)
    return Units(np.where(differ, own.floors, np.hypot(own.floors, np.sqrt(theirs))), factors, [everyone])
