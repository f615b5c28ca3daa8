"""Target facts: what a report tells of one target, of all together, and some rows for pictures.

Shapes: J judged rows, m targets, g given inputs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import Errors
from fitnet.evaluation.errors import root_mean_square
from fitnet.evaluation.permutation_importance import Importance
from fitnet.evaluation.worst_region import worst_region
from fitnet.evaluation.worst_rows import worst_rows
from fitnet.model.ensemble import Ensemble
from fitnet.reports.comparison import BOOSTED_TREES
from fitnet.reports.given_inputs import GivenInput
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.outcome import DRAWN_LEVEL, Outcome
from fitnet.reports.plain import plain, rounded

FEWEST_IN_QUARTER = 25  # rows
MOST_INPUTS = 12  # of a row that is told of: those that matter most
MOST_SAMPLED, MOST_NUMBERS = 1500, 30_000  # rows, and entries of the sample


def target_facts(outcome: Outcome, place: int, numbers: Array) -> dict[str, Any]:
    """All about the target at this place among those that are shown."""
    judged, j = outcome.judged, outcome.shown[place]
    column = judged.model.outputs[j]
    errors: dict[str, Any] = {by: each.of_target(j) for by, each in outcome.errors.items()}
    boosted = outcome.comparison.boosted
    errors[BOOSTED_TREES] = None
    if boosted is not None and not np.isnan(boosted[:, place]).any():
        errors[BOOSTED_TREES] = Errors.of(boosted[:, [place]], judged.Y[:, [j]]).of_target(0)
    told: dict[str, Any] = plain(
        {
            "name": column.name,
            "unit": column.unit,
            "place": j,
            "spread": judged.Y[:, j].std(),
            "errors": errors,
            "ratios": ratios_told(outcome, place),
            "coverage": coverage_told(outcome, j),
            "worst_rows": rows_told(outcome, j, numbers),
            "worst_region": region_of(judged, outcome.columns, judged.residuals[:, j] ** 2),
            "importance": importance_told(outcome.importance, outcome.columns, j),
            "noise": noise_told(outcome, j),
            "rmse_without_copies": without_copies(outcome, j),
            "error_by_size": error_by_size(outcome, j),
        }
    )
    return told


def ratios_told(outcome: Outcome, place: int) -> dict[str, Any] | None:
    """By what the model is compared with; None of rows that it saw."""
    if not outcome.ratios:
        return None
    return {
        by: {"ratio": each.ratio[place], "low": each.low[place], "high": each.high[place]}
        for by, each in outcome.ratios.items()
    }


def coverage_told(outcome: Outcome, j: int) -> list[dict[str, Any]] | None:
    """By level the share of targets in intervals, and between which shares chance would leave it."""
    found = outcome.calibration
    if found is None:
        return None
    parts = zip(found.levels, found.shares[:, j], found.low, found.high, strict=True)
    return [{"level": level, "share": share, "low": low, "high": high} for level, share, low, high in parts]


def inputs_by_importance(importance: Importance, j: int) -> list[int]:
    """The places of the given inputs, the one that matters most first."""
    return [int(place) for place in np.argsort(-importance.increase[:, j], kind="stable")]


def rows_told(outcome: Outcome, j: int, numbers: Array) -> list[dict[str, Any]]:
    """The rows with the largest errors, with at most 12 inputs."""
    judged = outcome.judged
    places = worst_rows(judged.residuals[:, [j]])[:, 0]
    inputs = [outcome.columns[i] for i in sorted(inputs_by_importance(outcome.importance, j)[:MOST_INPUTS])]
    values = {column.name: column.values(judged.X[places]) for column in inputs}
    return [
        {
            "row": int(numbers[judged.places[at]]),
            "inputs": {name: column[i] for name, column in values.items()},
            "target": judged.Y[at, j],
            "prediction": judged.prediction[at, j],
            "lower": None if outcome.ends is None else outcome.ends[at, j, 0],
            "upper": None if outcome.ends is None else outcome.ends[at, j, 1],
        }
        for i, at in enumerate(places)
    ]


def region_of(judged: JudgedRows, columns: Sequence[GivenInput], squares: Array) -> dict[str, Any] | None:
    """In which part of which input's range squares (J,) are clearly larger; None where nowhere, or all rows were seen.

    Of classes they are log losses, the squares of which roots are told.
    """
    if not judged.unseen:
        return None
    found = worst_region([column.numbers(judged.X) for column in columns], squares)
    if found is None:
        return None
    column = columns[found.column]
    told = {"input": column.name, "unit": column.unit, "low": found.low, "high": found.high, "level": None}
    if column.levels is not None:
        told |= {"low": None, "high": None, "level": str(column.levels[int(found.low)])}
    return told | {"rows": found.rows, "rmse": found.rmse, "rmse_elsewhere": found.rmse_elsewhere}


def importance_told(found: Importance, columns: Sequence[GivenInput], j: int) -> list[dict[str, Any]]:
    """By input the increase of the error, the largest first."""
    return [
        {
            "input": columns[i].name,
            **rounded({"increase": float(found.increase[i, j]), "deviation": float(found.deviation[i, j])}),
        }
        for i in inputs_by_importance(found, j)
    ]


def noise_told(outcome: Outcome, j: int) -> dict[str, Any] | None:
    """The noise, or what the errors of near rows do not share; and of near rows the share of the mean square shared."""
    found = outcome.noise
    if found is None:
        return None
    told = {"from": found.judged_from, "rows": found.rows}
    told |= {name: getattr(found, name)[j] for name in ("deviation", "low", "high")}
    return told | {
        "compared": None if found.compared is None else found.compared[j],
        "near": None if found.near is None else found.near[j],
    }


def without_copies(outcome: Outcome, j: int) -> float | None:
    """The root mean squared error on rows that have not the inputs of a training row; None where all or none have."""
    if outcome.copies is None or not outcome.copies.any() or outcome.copies.all():
        return None
    return float(root_mean_square(outcome.judged.residuals[~outcome.copies][:, [j]])[0])


def error_by_size(outcome: Outcome, j: int) -> dict[str, Any] | None:
    """Root mean squared errors in the quarters of the rows with the smallest and the largest predictions.

    And whether all targets are above 0, and whether the model learned their logarithm. None of few rows, or of seen.
    """
    judged = outcome.judged
    quarter = len(judged.places) // 4
    if quarter < FEWEST_IN_QUARTER or not judged.unseen:
        return None
    order = np.argsort(judged.prediction[:, j], kind="stable")
    low, high = (root_mean_square(judged.residuals[part][:, [j]])[0] for part in (order[:quarter], order[-quarter:]))
    model = judged.model
    members = model.members if isinstance(model, Ensemble) else (model,)
    transformed = any(member.target_transform is not None for member in members)
    return {"low": low, "high": high, "positive": judged.Y[:, j].min() > 0, "transformed": transformed}


def together_told(outcome: Outcome) -> dict[str, Any] | None:
    """Of several targets how many there are and are shown, the mean R2, and the ratios of all; None of one."""
    m = outcome.judged.Y.shape[1]
    if m == 1:
        return None
    r2 = {by: np.nanmean(each.r2) if np.isfinite(each.r2).any() else None for by, each in outcome.errors.items()}
    told: dict[str, Any] = plain(
        {"targets": m, "shown": len(outcome.shown), "r2": r2, "ratios": ratios_told(outcome, len(outcome.shown))}
    )
    return told


def sample_told(outcome: Outcome, numbers: Array, generator: np.random.Generator) -> dict[str, Any]:
    """Some of the judged rows, with six digits: the targets that are shown, of many inputs those that matter most."""
    judged, shown = outcome.judged, list(outcome.shown)
    inputs = list(range(len(outcome.columns)))
    if len(inputs) > MOST_INPUTS:
        spread = np.maximum(judged.Y[:, shown].std(axis=0), np.finfo(float).tiny)
        relative = outcome.importance.increase[:, shown] / spread
        inputs = sorted(int(i) for i in np.argsort(-relative.mean(axis=1), kind="stable")[:MOST_INPUTS])
    most = min(MOST_SAMPLED, MOST_NUMBERS // (len(inputs) + 4 * len(shown)))
    places = np.arange(len(judged.places))
    if len(places) > most:
        places = np.sort(generator.choice(places, most, replace=False))
    chosen = [outcome.columns[i] for i in inputs]
    columns = [column.values(judged.X[places]) for column in chosen]
    ends = None if outcome.ends is None else outcome.ends[places][:, shown]
    told = {
        "rows": numbers[judged.places[places]],
        "input_names": [column.name for column in chosen],
        "inputs": [list(row) for row in zip(*columns, strict=True)],
        "targets": judged.Y[places][:, shown],
        "predictions": judged.prediction[places][:, shown],
        "lower": None if ends is None else ends[..., 0],
        "upper": None if ends is None else ends[..., 1],
        "level": None if ends is None else DRAWN_LEVEL,
    }
    return {name: rounded(plain(each)) for name, each in told.items()}
