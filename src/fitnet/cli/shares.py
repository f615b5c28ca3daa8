"""Shares in the shell: numbers such as 0.9, and what is said of 90% and 0,9."""

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
            from fitnet.spellings import share_meant  # which only a mistake needs

            self.fail(f"{value[:LONGEST]!r} is not a number such as 0.9{share_meant(value)}.", param, ctx)
