"""Words for numbers: three digits, units and shares, as a verdict says them."""

from math import floor, log10

DIGITS = 3
SMALLEST, LARGEST = 1e-4, 1e7  # that are written out


def number(value: float) -> str:
    """With three digits, thousands apart: 0.0123, 1.01, 1,230; very small and large ones as 1.2e-07."""
    if value == 0:
        return "0"
    if not SMALLEST <= abs(value) < LARGEST:
        return f"{value:.{DIGITS}g}"
    rounded = float(f"{value:.{DIGITS}g}")
    decimals = max(0, DIGITS - 1 - floor(log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def quantity(value: float, unit: str) -> str:
    """The number with its unit."""
    return f"{number(value)} {unit}".strip()


def percent(share: float) -> str:
    """A share in whole percent, small ones with two digits."""
    return f"{100 * share:.2g} %" if 0 < share < 0.095 else f"{100 * share:.0f} %"


def percent_of_many(share: float, rows: int) -> str:
    """A share of so many rows in percent, of a hundred or more with a digit behind the point."""
    return f"{100 * share:.{0 if rows < 100 else 1}f} %"


def count(rows: int, noun: str = "row") -> str:
    """How many, such as "1 row" or "1,200 rows"."""
    return f"{rows:,} {noun}{'' if rows == 1 else 's'}"


def enumerated(names: list[str], most: int = 4) -> str:
    """Names in a row, the last behind "and"; of very many how many more there are."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
