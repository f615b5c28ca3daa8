"""One line on standard error about rows to be careful with."""

from typing import Any

from fitnet.cli.output import complain


def warn_outside(facts: dict[str, Any], rows: int, beyond: str = "the ranges seen in training") -> None:
    """Say where the network extrapolates."""
    from fitnet.arguments import counted

    if facts["rows"]:
        complain(
            f"{facts['rows']} of {counted(rows, 'row')} outside {beyond}, most in column "
            f"{facts['column']!r} ({counted(facts['column_rows'], 'row')}): there the network extrapolates."
        )


def say_left_out(count: int) -> None:
    """Say that rows were dropped."""
    from fitnet.arguments import counted

    if count:
        complain(f"{counted(count, 'row')} left out: missing values.")
