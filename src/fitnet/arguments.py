"""Arguments as users give them: checked once, at the public door, and refused in one sentence.

Every function takes the argument's name first, so that the sentence can name it, and gives the checked value back.
"""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.spellings import did_you_mean, share_meant

Array = NDArray[Any]
DTYPES = ("float32", "float64")
MASKED_ARRAYS = "numpy.ma"
LARGEST = 2**63 - 1  # what the engines count with


def one_of(name: str, value: object, known: Iterable[str]) -> str:
    """`value` if it is one of the `known` names; otherwise an error with the known ones and the nearest."""
    names = list(known)
    if isinstance(value, str) and value in names:
        return value
    hint = did_you_mean(value, names)
    raise ArgumentValueError(f"`{name}` is {value!r}; it must be one of {', '.join(names)}{hint}.", name)


def whole_number(name: str, value: object, minimum: int = 1, maximum: float = LARGEST) -> int:
    """`value` as an int of at least `minimum` and at most `maximum`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ArgumentTypeError(f"`{name}` is {value!r}; it must be a whole number.", name)
    if value < minimum:
        raise ArgumentValueError(f"`{name}` is {digits(int(value))}; it must be at least {minimum}.", name)
    if int(value) > maximum:
        raise ArgumentValueError(f"`{name}` is {digits(int(value))}; it must be at most {maximum}.", name)
    return int(value)


def digits(number: int) -> str:
    """A whole number in a sentence: its digits, or the first few and the power of ten where there are many."""
    return str(number) if abs(number) < 10**40 else f"{Decimal(number):.3e}"


def real_number(
    name: str,
    value: object,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    low_included: bool = True,
    high_included: bool = True,
) -> float:
    """`value` as a finite float between `low` and `high`, the bounds included unless shut out."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ArgumentTypeError(f"`{name}` is {value!r}; it must be a real number.", name)
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    above = low <= number if low_included else low < number
    below = number <= high if high_included else number < high
    if not np.isfinite(number) or not (above and below):
        rules = ["finite"] if not np.isfinite(number) and high == np.inf else []
        if low > -np.inf:
            rules.append(f"at least {low:g}" if low_included else f"above {low:g}")
        if high < np.inf:
            rules.append(f"at most {high:g}" if high_included else f"below {high:g}")
        rule = " and ".join(rules)
        raise ArgumentValueError(f"`{name}` is {repr(number).removesuffix('.0')}; it must be {rule}.", name)
    return number


def fraction_below_one(name: str, value: object, *, low_included: bool = False) -> float:
    """`value` as a float from 0 to below 1; of one in percent the error asks whether its hundredth is meant."""
    try:
        return real_number(name, value, 0, 1, low_included=low_included, high_included=False)
    except ArgumentValueError as error:
        raise ArgumentValueError(f"{str(error)[:-1]}{share_meant(value)}.", name) from None


def true_or_false(name: str, value: object) -> bool:
    """`value` as a bool, which it must be, NumPy's own included."""
    if not isinstance(value, bool | np.bool):
        raise ArgumentTypeError(f"`{name}` is {value!r}; it must be True or False.", name)
    return bool(value)


def float_dtype(name: str, value: object) -> np.dtype[Any]:
    """float32 or float64 as a NumPy dtype, from its name, its type or itself."""
    known = {
        spelling: np.dtype(dtype) for dtype in DTYPES for spelling in (dtype, np.dtype(dtype), np.dtype(dtype).type)
    }
    if not isinstance(value, str | type | np.dtype) or value not in known:
        raise ArgumentValueError(f"`{name}` is {value!r}; it must be float32 or float64.", name)
    return known[value]


def matrix(name: str, value: object, dtype: np.dtype[Any], columns: int | None = None) -> Array:
    """`value` as a finite, C-contiguous matrix (n, columns) of `dtype` with at least one row.

    Whole and real numbers of any width are accepted and cast; the caller's array is never changed.

    Raises
    ------
    ArgumentTypeError
        For text, complex numbers and objects.
    ArgumentValueError
        For another number of dimensions or columns, no row, NaN, infinity, or values beyond `dtype`'s range.
    """
    return finite_cast(name, real_matrix(name, value, columns), dtype)


def real_matrix(name: str, value: object, columns: int | None = None) -> Array:
    """`value` as a matrix (n, columns) of whole or real numbers with at least one row, as it is: not cast, not copied.

    Whether its entries are finite is left to `finite_cast`, which may take it block by block.
    """
    array = numeric_array(name, value)
    if array.ndim != 2:
        hint = "; one row is [[...]], one column is array.reshape(-1, 1)" if array.ndim == 1 else ""
        raise ArgumentValueError(
            f"`{name}` has {counted(array.ndim, 'dimension')}; it must be a matrix of shape (rows, columns){hint}.",
            name,
        )
    if array.shape[0] == 0:
        raise ArgumentValueError(f"`{name}` has no rows; it must have at least one.", name)
    if array.shape[1] == 0:
        raise ArgumentValueError(f"`{name}` has no columns; it must have at least one.", name)
    if columns is not None and array.shape[1] != columns:
        raise ArgumentValueError(f"`{name}` has {counted(array.shape[1], 'column')}; it must have {columns}.", name)
    return array


def output_matrix(name: str, value: object, dtype: np.dtype[Any], shape: tuple[int, int], apart_from: Array) -> Array:
    """`value`, an array that results are written to: it must fit as it is and share no memory with `apart_from`."""
    wanted = f"a NumPy array of {dtype.name} and shape {shape}"
    if not isinstance(value, np.ndarray):
        raise ArgumentTypeError(f"`{name}` is {type(value).__name__}; it must be {wanted}.", name)
    if value.dtype != dtype or value.shape != shape:
        raise ArgumentValueError(
            f"`{name}` is an array of {value.dtype} and shape {value.shape}; it must be {wanted}.", name
        )
    if not value.flags.carray:
        raise ArgumentValueError(f"`{name}` must be C-contiguous, aligned and writeable.", name)
    if np.may_share_memory(value, apart_from):
        raise ArgumentValueError(f"`{name}` shares memory with the inputs; it must be an array of its own.", name)
    return np.asarray(value)


def vector(name: str, value: object, dtype: np.dtype[Any], length: int) -> Array:
    """`value` as a finite vector (length,) of `dtype`."""
    array = numeric_array(name, value)
    if array.shape != (length,):
        raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape ({length},).", name)
    return finite_cast(name, array, dtype)


def instance_of(name: str, value: object, attributes: Iterable[str], wanted: str) -> None:
    """Refuse a `value` that is a class or lacks one of the `attributes` of what is `wanted`."""
    if isinstance(value, type) or not all(hasattr(value, attribute) for attribute in attributes):
        raise ArgumentTypeError(f"`{name}` is {value!r}; it must be {wanted}.", name)


def row_weights(name: str, value: object, dtype: np.dtype[Any], rows: int) -> Array:
    """`value` as weights (rows,) of `dtype`: none negative, not all zero."""
    array = numeric_array(name, value)
    if array.shape != (rows,):
        raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have one weight a row, ({rows},).", name)
    weights = finite_cast(name, array, dtype)
    if np.any(weights < 0):
        row = int(np.argmax(weights < 0))
        raise ArgumentValueError(f"`{name}` holds {weights[row]} at [{row}]; no weight may be negative.", name)
    if not np.any(weights > 0):
        raise ArgumentValueError(f"`{name}` is zero everywhere; at least one weight must be above 0.", name)
    return weights


def numeric_array(name: str, value: object) -> Array:
    """`value` as an array of whole or real numbers, as it is."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ArgumentValueError(
            f"`{name}` has rows of different lengths; every row must be as long as the first.", name
        ) from None
    refuse_masked(name, value)
    if array.dtype.kind not in "fiub":
        kind = {"c": "complex numbers", "U": "text", "S": "text", "O": "objects that are not numbers"}.get(
            array.dtype.kind, f"dtype {array.dtype}"
        )
        raise ArgumentTypeError(f"`{name}` holds {kind}; it must hold real numbers.", name)
    return array


def refuse_masked(name: str, value: object, where: str = "") -> None:
    """Refuse an array, or rows, whose mask hides entries: what is below means nothing. `where` follows the fault."""
    if is_masked(value) or (isinstance(value, list | tuple) and any(map(is_masked, masked_arrays(value)))):
        raise ArgumentValueError(f"`{name}` has masked entries{where}; every entry must be a finite number.", name)


def masked_arrays(values: Sequence[Any]) -> list[Any]:
    """Those of the values that are masked arrays; none where their module, which takes time to load, is not loaded."""
    return [each for each in values if isinstance(each, np.ma.MaskedArray)] if MASKED_ARRAYS in sys.modules else []


def is_masked(value: Any) -> bool:
    """Whether a mask hides an entry: one of NumPy's, or of astropy's, which gives `unmasked` beside it."""
    of_numpy = MASKED_ARRAYS in sys.modules and np.ma.is_masked(value)
    return bool(of_numpy or (hasattr(type(value), "unmasked") and np.any(value.mask)))


def finite_cast(name: str, array: Array, dtype: np.dtype[Any], first_row: int = 0) -> Array:
    """`array` as a C-contiguous, aligned array of `dtype`; NaN, infinity and what `dtype` cannot hold are refused.

    `first_row` is where `array` begins in the whole that `name` names.
    """
    with np.errstate(over="ignore"):
        cast = np.require(array, dtype, ("C_CONTIGUOUS", "ALIGNED", "ENSUREARRAY"))
    if not np.isfinite(cast).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(cast))[0])
        value = array[place]
        why = f"; {dtype.name} cannot hold it" if np.isfinite(value) else ""
        whole = [first_row + place[0], *place[1:]]
        raise ArgumentValueError(f"`{name}` holds {value} at {whole}{why}; every entry must be a finite number.", name)
    return cast


def counted(count: int, noun: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{count} {noun}" + "s" * (count != 1)


def listed(names: Sequence[object], most: int = 6) -> str:
    """The names as a sentence has them, the first ones where they are many: 'a', 'b' and 3 more."""
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
