"""Frame columns: whatever a column of a table holds as numbers, or the sentence that says what to do with it.

Shapes: a column is (n,).
"""

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, Literal

import numpy as np

from fitnet.arguments import Array, refuse_masked
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingValuesError

MISSING = {"NAType", "NaTType"}  # of pandas, which is not imported for them
CATEGORIES = ("category", "Categorical", "Enum", "dictionary")  # as pandas, polars and pyarrow call them
DAYS = "(t - t.min()) / numpy.timedelta64(1, 'D')"
DAYS_IN_POLARS = "(t - t.min()).dt.total_seconds() / 86400"
QUOTED = "numbers in quotation marks become numbers by astype(float)"
TEXT_ADVICE = {
    "inputs": QUOTED,
    "features": f"words become categories by astype('category') or cast(polars.Categorical), {QUOTED}",
    "features over ranks": QUOTED,
    "targets": f"{QUOTED}, and classes are for a classifier",
}
CATEGORIES_ADVICE = {
    "inputs": "OneHotEncoder() in a Pipeline makes columns of them, astype(float) numbers",
    "targets": "classes are for a classifier, and astype(float) makes numbers of others",
}
SPELLING = "`missing={!r}`"
GAPS_ADVICE = {
    "inputs": "a model fitted with `missing='impute'` fills gaps in",
    "features": MissingValuesError.advice(("impute", "drop"), SPELLING),
    "features over ranks": MissingValuesError.advice(("drop",), SPELLING),
    "targets": MissingValuesError.advice(("drop",), SPELLING),
}
Role = Literal["inputs", "features", "features over ranks", "targets"]
BLOCK_ROWS = 2**16


def numbers(argument: str, column: Any, name: str | int | None = None, role: Role = "inputs") -> Array:
    """A column as an array (n,) of real numbers; what is missing is NaN.

    The advice about words depends on the `role`: inputs for a model that is there, features to train on,
    which ranks take fewer of, or targets.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For text, categories, dates, masked entries and other things that are no numbers; the sentence names the
        column, or the `argument` alone where that is one.
    """
    where = "" if name is None else f" in column {name!r}"
    if holds_categories(column):
        raise refused(argument, where, "categories", CATEGORIES_ADVICE.get(role, CATEGORIES_ADVICE["inputs"]))
    refuse_masked(argument, column, where)
    values = np.asarray(column)
    if values.ndim != 1:
        raise ArgumentValueError(
            f"`{argument}` has {values.ndim} dimensions{where}; it must have one number a row.", argument
        )
    if values.dtype.kind == "O":
        values = of_objects(argument, values, where, role)
    kind = values.dtype.kind
    if kind in "USTMmcV":
        what = WHAT_TO_DO.get(kind, (f"dtype {values.dtype}", ""))
        if kind in "UST":
            what = "text", TEXT_ADVICE[role]
        elif kind == "M" and type(column).__module__.startswith("polars"):
            what = "dates", f"the days since the first are {DAYS_IN_POLARS}"
        raise refused(argument, where, *what)
    return values


def holds_categories(column: Any) -> bool:
    """Whether the dtype of a column says that its entries are categories."""
    kind = getattr(column, "dtype", getattr(column, "type", None))
    return hasattr(kind, "categories") or str(kind).startswith(CATEGORIES)


WHAT_TO_DO = {
    "M": ("dates", f"the days since the first are {DAYS}"),
    "m": ("durations", "in seconds they are t / numpy.timedelta64(1, 's')"),
    "c": ("complex numbers", "real and imaginary parts make two columns"),
}


def of_objects(argument: str, values: Array, where: str, role: Role = "inputs") -> Array:
    """Python's own numbers as float64, None and what else is missing as NaN."""
    floats = np.empty(len(values))
    for i, value in enumerate(values):
        if value is None or type(value).__name__ in MISSING:
            floats[i] = np.nan
        elif isinstance(value, Real | Decimal | np.bool):
            floats[i] = float(value)
        else:
            what, advice = "objects that are not numbers", ""
            if isinstance(value, str | bytes):
                what, advice = "text", TEXT_ADVICE[role]
            elif hasattr(value, "isoformat"):
                what, advice = WHAT_TO_DO["M"]
            example = f"{what}, such as {shortened(value)}" + "," * bool(where)
            raise refused(argument, where, example, advice)
    return floats


def check_finite(
    argument: str, values: Array, names: Sequence[str] | None = None, gaps: bool = False, role: Role = "inputs"
) -> None:
    """Refuse infinity and, unless it may have `gaps`, NaN in `values` (n, p) or (n,), by the column's name if known.

    What is advised about NaN depends on the `role`, as for `numbers`.
    """
    for first in range(0, len(values), BLOCK_ROWS):
        block = values[first : first + BLOCK_ROWS]
        finite = ~np.isinf(block) if gaps else np.isfinite(block)
        if finite.all():
            continue
        row, *column = (int(i) for i in np.argwhere(~finite)[0])
        row += first
        value = values[(row, *column)]
        place = f"at {[row, *column]}" if names is None else f"in column {names[column[0]]!r}, row {row}"
        what, advice = ("NaN", f": {GAPS_ADVICE[role]}") if np.isnan(value) else (value, "")
        raise ArgumentValueError(
            f"`{argument}` holds {what} {place}; every entry must be a finite number{advice}.", argument
        )


def refused(argument: str, where: str, what: str, advice: str) -> ArgumentTypeError:
    """The error for a column of something else."""
    return ArgumentTypeError(
        f"`{argument}` holds {what}{where}; it must hold real numbers{': ' * bool(advice)}{advice}.", argument
    )


def shortened(value: object, most: int = 40) -> str:
    """The value as Python writes it, or the beginning of that."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."
