"""Statements: the sentences of a verdict, each with the figure that shows what it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fitnet.reports.words import number, quantity

Facts = Mapping[str, Any]

FEW_TARGETS = 4  # that have their own sentences
MUCH_OUTSIDE = 0.05  # of the rows
WELL, BADLY, EXACT = 0.5, 0.9, 1e-6  # shares of the error of always answering the mean

LONGEST_CLASS = 60  # characters of a class's name, in a sentence


@dataclass(frozen=True)
class Statement:
    """A sentence of the verdict.

    Attributes
    ----------
    sentence
        Plain text.
    figure
        The section of the report that shows what it comes from: "errors", "parity", "residuals", "calibration",
        "importance", "learning", "training", "worst" or "domain"; of classes "scores", "confusion", "reliability" or
        "mistakes" too.
    tone
        "good", "fair", "poor" or "note".
    advice
        Whether it says what to do next.
    """

    sentence: str
    figure: str
    tone: str
    advice: bool = False


def targets_told_of(facts: Facts) -> Sequence[Facts]:
    """All targets or, of many, the one that is predicted worst."""
    targets = facts["targets"]
    if len(targets) <= FEW_TARGETS:
        return list(targets)
    return [max(targets, key=lambda target: relative_error(target) or 0.0)]


def relative_error(target: Facts) -> float | None:
    """The model's error over that of guessing the mean."""
    network, mean = (target["errors"][by]["rmse"] for by in ("network", "mean"))
    return network / mean if mean else None


def is_exact(target: Facts) -> bool:
    """Whether the error is so small that only rounding is left to tell of."""
    share = relative_error(target)
    return share is not None and share < EXACT


def class_named(facts: Facts, place: int) -> str:
    """A class as sentences name it."""
    name = str(facts["classes"]["names"][place])
    return name if len(name) <= LONGEST_CLASS else f"{name[:LONGEST_CLASS]}…"


def place_in_words(found: Facts) -> str:
    """Which part of an input's range it is."""
    if found["level"] is not None:
        return f"{found['input']} is {found['level']}"
    if found["low"] == found["high"]:
        return f"{found['input']} is {quantity(found['low'], found['unit'])}"
    return f"{found['input']} is from {number(found['low'])} to {quantity(found['high'], found['unit'])}"
