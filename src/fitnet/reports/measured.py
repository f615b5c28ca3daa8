"""Measurements on judged rows, with the amount of work bounded: ratios of errors, importance and noise.

Shapes: J judged rows, X (J, k), Y and predictions (J, m), g given inputs.
"""

from collections.abc import Callable, Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.error_ratios import ErrorRatios, error_ratios
from fitnet.evaluation.errors import root_mean_square
from fitnet.evaluation.noise import Noise, noise_of_neighbours, noise_of_repeats
from fitnet.evaluation.permutation_importance import Importance, permutation_importance, root_mean_squares
from fitnet.model.ensemble import Ensemble
from fitnet.reports.comparison import BOOSTED_TREES, NETWORK, Comparison
from fitnet.reports.given_inputs import GivenInput
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows

MOST_SHOWN = 12  # targets that are told of one by one
WORK = 1.5e10  # products of parameters and rows in all shuffles: seconds
MOST_REPEATS, FEWEST_REPEATS, MOST_ROWS, FEWEST_ROWS = 5, 2, 1000, 100
MOST_COMPARED = 200_000  # rows among which equal inputs are sought


def relative_errors(residuals: Array, Y: Array) -> Array:
    """(m,): root mean squared errors over the targets' spread; 0 where a target is constant."""
    spread = Y.std(axis=0)
    return np.asarray(np.divide(root_mean_square(residuals), spread, out=np.zeros(len(spread)), where=spread > 0))


def worst_targets(residuals: Array, Y: Array) -> list[int]:
    """The places of all targets in order or, of more than 12, of the 12 with the largest relative error, it first."""
    if Y.shape[1] <= MOST_SHOWN:
        return list(range(Y.shape[1]))
    order = np.argsort(-relative_errors(residuals, Y), kind="stable")
    return [int(place) for place in order[:MOST_SHOWN]]


def ratios_of(
    comparison: Comparison, judged: JudgedRows, shown: Sequence[int], generator: np.random.Generator
) -> dict[str, ErrorRatios]:
    """The model's errors over the others', of the targets that are shown and, last, of all together.

    Together every target's squares count in units of its variance; boosted trees that were fitted to some targets only
    have no such ratio.
    """
    variance = judged.Y.var(axis=0)
    shares = np.divide(1, variance, out=np.zeros(len(variance)), where=variance > 0) / len(variance)

    def columns(prediction: Array) -> Array:
        squares = (prediction - judged.Y) ** 2
        return np.column_stack([squares[:, shown], squares @ shares])

    squares = {by: columns(each) for by, each in comparison.predictions.items()}
    if comparison.boosted is not None:
        of_trees = (comparison.boosted - judged.Y[:, shown]) ** 2
        whole = len(shown) == len(shares) and not np.isnan(of_trees).any()
        of_trees = np.nan_to_num(of_trees)  # to errors of 0 there is no ratio
        together = of_trees @ shares[shown] if whole else np.zeros(len(of_trees))
        squares[BOOSTED_TREES] = np.column_stack([of_trees, together])
    return error_ratios(squares.pop(NETWORK), squares, generator)


def importance_of(
    judged: JudgedRows,
    columns: Sequence[GivenInput],
    generator: np.random.Generator,
    error: Callable[[Array, Array], Array] = root_mean_squares,
) -> tuple[Importance, int]:
    """The importance of the given inputs, and by how many of the judged rows: as many as are soon predicted."""
    affordable = WORK / parameters_a_row(judged) / len(columns)
    repeats = int(np.clip(affordable // MOST_ROWS, FEWEST_REPEATS, MOST_REPEATS))
    most = int(np.clip(affordable / repeats, FEWEST_ROWS, MOST_ROWS))
    places = np.arange(len(judged.X))
    if len(places) > most:
        places = np.sort(generator.choice(places, most, replace=False))

    def predict(X: Array) -> Array:
        return judged.predict(X, places)

    inputs = [column.place for column in columns]
    X, Y = judged.X[places], judged.Y[places]
    return permutation_importance(predict, X, Y, inputs, repeats, generator, error), len(places)


def parameters_a_row(judged: JudgedRows) -> float:
    """How many parameters a prediction takes, of rows out of fold by the members of one fold."""
    model = judged.model
    if not isinstance(model, Ensemble):
        return float(model.network.n_parameters)
    folds = 1 if judged.folds is None or model.folds is None else max(model.folds) + 1
    return model.n_parameters / folds


def noise_of(X: Rows, Y: Rows, judged: JudgedRows, generator: np.random.Generator) -> Noise | None:
    """By equal inputs in the table or, of rows that were not seen, by what the residuals of near rows share."""
    n = X.shape[0]
    places = np.arange(n) if n <= MOST_COMPARED else np.sort(generator.choice(n, MOST_COMPARED, replace=False))
    found = noise_of_repeats(completed(judged.model, taken(X, places)), taken(Y, places))
    if found is not None or not judged.unseen:
        return found
    return noise_of_neighbours(judged.inputs, judged.residuals, judged.Y, generator)
