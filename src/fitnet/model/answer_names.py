"""What columns of answers are called: after the column they are of, whose unit stays at the end of the name.

Of `energy [keV]` the lower end of an interval is `energy_lower [keV]`, and the derivative with respect to `T [K]` is
`d(energy)/d(T) [keV/K]`.
"""

import re
from collections.abc import Mapping

# A name, what parts it from its unit, and the unit: in square brackets, or behind a space in round ones.
WITH_UNIT = re.compile(
    r"(?P<quantity>.*[^\s])(?P<written>\s+\[(?P<spaced>[^][]+)\]|\[(?P<joined>[^][]*[^][\d\s][^][]*)\]"
    r"|\s+\((?P<round>(?:[^()]|\([^()]*\))+)\))"
)
WITHOUT = ("1", "-")  # units of numbers that have none
COMPOUND = re.compile(r"[^\w%°^-]")


def named_beside(name: str, ending: str) -> str:
    """The name of a column beside the one called `name`: its `ending` stands before a unit."""
    found = WITH_UNIT.fullmatch(name)
    return f"{name}{ending}" if found is None else f"{found['quantity']}{ending}{found['written']}"


def derivative_name(output: str, given: str, units: Mapping[str, str]) -> str:
    """The name of the derivative of the column `output` with respect to `given`, with its unit where both are known.

    `units` has those that are in no name, by the columns' names.
    """
    (over, over_unit), (under, under_unit) = (parted(name, units) for name in (output, given))
    if not over_unit or not under_unit:
        return f"d({output})/d({given})"
    return f"d({over})/d({under}) [{quotient(over_unit, under_unit)}]"


def parted(name: str, units: Mapping[str, str]) -> tuple[str, str]:
    """What a column is called without its unit, and the unit; "" where it is not known."""
    found = WITH_UNIT.fullmatch(name)
    if found is None:
        return name, units.get(name, "")
    return found["quantity"], (found["spaced"] or found["joined"] or found["round"]).strip()


def quotient(over: str, under: str) -> str:
    """The unit of a quotient, from those of its parts."""
    over = "1" if over in WITHOUT else over
    if under in WITHOUT:
        return over
    return f"{over}/({under})" if COMPOUND.search(under) else f"{over}/{under}"
