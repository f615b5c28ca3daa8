"""Refusals: data, weights and parameters that `train` cannot take, each in one sentence that names it."""

import numpy as np
import pytest
from refused_training import X, Y, refused

from fitnet.errors import ArgumentTypeError, ArgumentValueError


def with_entry(array, place, value):
    changed = array.astype(np.result_type(array, np.asarray(value)))
    changed[place] = value
    return changed


SHAPES = [
    (
        {"X": X[0]},
        ArgumentValueError,
        "`X` has 1 dimension; it must be a matrix of shape (rows, columns); "
        "one row is [[...]], one column is array.reshape(-1, 1).",
    ),
    ({"X": X[None]}, ArgumentValueError, "`X` has 3 dimensions; it must be a matrix of shape (rows, columns)."),
    ({"X": 5.0}, ArgumentValueError, "`X` has 0 dimensions; it must be a matrix of shape (rows, columns)."),
    ({"X": Y}, ArgumentValueError, "`X` has 3 columns; it must have 2."),
    ({"X": X[:0]}, ArgumentValueError, "`X` has no rows; it must have at least one."),
    (
        {"X": [[1, 2], [3]]},
        ArgumentValueError,
        "`X` has rows of different lengths; every row must be as long as the first.",
    ),
    (
        {"Y": Y[:, 0]},
        ArgumentValueError,
        "`Y` has 1 dimension; it must be a matrix of shape (rows, columns); "
        "one row is [[...]], one column is array.reshape(-1, 1).",
    ),
    ({"Y": X}, ArgumentValueError, "`Y` has 2 columns; it must have 3."),
    ({"Y": Y[:0]}, ArgumentValueError, "`Y` has no rows; it must have at least one."),
    ({"Y": Y[:5]}, ArgumentValueError, "`X` has 12 rows and `Y` has 5; they must have equally many."),
]

ENTRIES = [
    (
        {"X": with_entry(X, (3, 1), np.nan)},
        ArgumentValueError,
        "`X` holds nan at [3, 1]; every entry must be a finite number.",
    ),
    (
        {"Y": with_entry(Y, (11, 2), -np.inf)},
        ArgumentValueError,
        "`Y` holds -inf at [11, 2]; every entry must be a finite number.",
    ),
    (
        {"X": with_entry(X, (0, 0), 1e39)},
        ArgumentValueError,
        "`X` holds 1e+39 at [0, 0]; float32 cannot hold it; every entry must be a finite number.",
    ),
    ({"X": [["1", "2"]] * 12}, ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ({"X": np.array([[b"1", b"2"]] * 12)}, ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ({"Y": Y + 0j}, ArgumentTypeError, "`Y` holds complex numbers; it must hold real numbers."),
    ({"Y": Y.astype(object)}, ArgumentTypeError, "`Y` holds objects that are not numbers; it must hold real numbers."),
    ({"X": None}, ArgumentTypeError, "`X` holds objects that are not numbers; it must hold real numbers."),
    (
        {"X": X.astype("datetime64[s]")},
        ArgumentTypeError,
        "`X` holds dtype datetime64[s]; it must hold real numbers.",
    ),
]
WEIGHTS = [
    (
        {"weights": with_entry(np.ones(12), 4, -0.5)},
        ArgumentValueError,
        "`weights` holds -0.5 at [4]; no weight may be negative.",
    ),
    (
        {"weights": np.zeros(12)},
        ArgumentValueError,
        "`weights` is zero everywhere; at least one weight must be above 0.",
    ),
    (
        {"weights": np.ones(11)},
        ArgumentValueError,
        "`weights` has shape (11,); it must have one weight a row, (12,).",
    ),
    (
        {"weights": np.ones((12, 1))},
        ArgumentValueError,
        "`weights` has shape (12, 1); it must have one weight a row, (12,).",
    ),
    (
        {"weights": with_entry(np.ones(12), 4, np.nan)},
        ArgumentValueError,
        "`weights` holds nan at [4]; every entry must be a finite number.",
    ),
    ({"weights": ["1"] * 12}, ArgumentTypeError, "`weights` holds text; it must hold real numbers."),
]

VALIDATION = [
    ({"validation": X}, ArgumentTypeError, "`validation` must be a pair (X, Y) or three, (X, Y, weights)."),
    ({"validation": (X,)}, ArgumentTypeError, "`validation` must be a pair (X, Y) or three, (X, Y, weights)."),
    ({"validation": 0.2}, ArgumentTypeError, "`validation` must be a pair (X, Y) or three, (X, Y, weights)."),
    (
        {"validation": (X, Y[:5])},
        ArgumentValueError,
        "`validation` X has 12 rows and Y has 5; they must have equally many.",
    ),
    ({"validation": (Y, Y)}, ArgumentValueError, "`validation X` has 3 columns; it must have 2."),
    (
        {"validation": (X, with_entry(Y, (2, 0), np.nan))},
        ArgumentValueError,
        "`validation Y` holds nan at [2, 0]; every entry must be a finite number.",
    ),
]

PARAMETERS = [
    (
        {"parameters": np.zeros(5)},
        ArgumentValueError,
        "`parameters` has shape (5,); it must have shape (27,).",
    ),
    (
        {"parameters": np.zeros((3, 27))},
        ArgumentValueError,
        "`parameters` has shape (3, 27); it must have shape (27,).",
    ),
    (
        {"parameters": with_entry(np.zeros(27), 26, np.inf)},
        ArgumentValueError,
        "`parameters` holds inf at [26]; every entry must be a finite number.",
    ),
    ({"parameters": ["0"] * 27}, ArgumentTypeError, "`parameters` holds text; it must hold real numbers."),
]


@pytest.mark.parametrize(
    ("overrides", "error", "sentence"),
    [*SHAPES, *ENTRIES, *WEIGHTS, *VALIDATION, *PARAMETERS],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_wrong_argument_is_refused_in_one_sentence(overrides, error, sentence):
    assert refused(overrides, error) == sentence
