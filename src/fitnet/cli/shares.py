"""Shares in the shell: numbers such as 0.9, and what is said of 90% and 0,9."""

from contextlib import suppress
from typing import Any

import click

LONGEST = 80  # characters of a word in a sentence


class Share(click.ParamType[float]):
    """A share as the user types it: 0.9. What range it must be in is checked where it is used."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return float(value)
        except ValueError:
            meant = share_meant(value)
            hint = "" if meant is None else f" (did you mean {meant:g}?)"
            self.fail(f"{value[:LONGEST]!r} is not a number such as 0.9{hint}.", param, ctx)


def share_meant(text: str) -> float | None:
    """The share that percent, or a decimal comma, stand for; None where they stand for none."""
    number = text.strip().replace(",", ".")
    percent = number.endswith("%")
    with suppress(ValueError):
        share = float(number.rstrip("% ")) / (100 if percent else 1)
        return share if 0 < share < 1 else None
    return None
