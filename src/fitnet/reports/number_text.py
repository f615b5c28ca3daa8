"""Numbers as the page writes them, the same as its script does (page/numbers.js)."""

from collections.abc import Sequence
from math import floor, isfinite, isnan, log10

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "\N{MINUS SIGN}"
NONE = "–"  # noqa: RUF001, the dash that stands where there is no number
LEAST, MOST = 1e-4, 1e6  # sizes from and below which no power of ten is written


def written(value: float | None, digits: int = 4) -> str:
    """A number with at most `digits` significant digits: "−0.0123", "20,640", "1.2×10⁻⁷"; a dash for none."""  # noqa: RUF002
    if value is None or isnan(value):
        return NONE
    if not isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    rounded = float(f"{value:.{digits - 1}e}")
    size = abs(rounded)
    if size != 0 and (size < LEAST or size >= max(MOST, 10.0 ** (digits + 2))):
        return scientific(rounded, digits)
    decimals = 0 if size == 0 else max(0, digits - 1 - floor(log10(size)))
    return separated(without_zeros(f"{rounded:.{decimals}f}"))


def fixed(value: float | None, decimals: int = 3) -> str:
    """A number with so many decimals, as R² is written; as `written` where it is large."""
    if value is None or not abs(value) < 1000:
        return written(value)
    return separated(f"{round(value, decimals) + 0.0:.{decimals}f}")  # + 0.0: no minus before a zero


def aligned(values: Sequence[float | None], digits: int = 4) -> list[str]:
    """Numbers of a column, all with as many decimals as give the largest of them `digits` significant digits."""
    largest = max((abs(value) for value in values if value is not None and isfinite(value)), default=0.0)
    if largest < LEAST or largest >= MOST:
        return [written(value, digits) for value in values]
    decimals = max(0, digits - 1 - floor(log10(largest)))
    return [
        written(value) if value is None or not isfinite(value) else separated(f"{value:.{decimals}f}")
        for value in values
    ]


def scientific(value: float, digits: int) -> str:
    """A number with a power of ten."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{separated(without_zeros(mantissa))}×10{str(int(exponent)).translate(SUPERSCRIPTS)}"  # noqa: RUF001


def without_zeros(text: str) -> str:
    """A decimal fraction without the zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def separated(text: str) -> str:
    """A number's digits in groups of three where they are five or more, and its sign as print sets it."""
    sign, digits = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, point, decimals = digits.partition(".")
    grouped = f"{int(whole):,}" if len(whole) > len("9999") else whole
    return f"{sign}{grouped}{point}{decimals}"


def share_text(share: float | None) -> str:
    """A share from 0 to 1 in percent: "90 %", "0.4 %"."""
    return NONE if share is None else f"{written(100 * share, 2 if share < 0.1 else 3)}\N{NO-BREAK SPACE}%"
