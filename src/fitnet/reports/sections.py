"""Sections: which parts the page has, for given facts, in which order, and under which headings."""

from collections.abc import Mapping, Sequence
from typing import Any

HEADINGS = (
    (
        "How good it is",
        (
            *("errors", "parity", "residuals", "calibration", "worst"),
            *("scores", "confusion", "reliability", "truths", "mistakes", "domain"),
        ),
    ),
    ("What it learned", ("importance", "profiler", "contour")),
    ("How it was trained", ("training", "learning")),
    ("What it is", ("identity",)),
)
TITLES = {
    "errors": "Errors, beside simpler guesses",
    "parity": "Predicted against measured",
    "residuals": "Residuals",
    "calibration": "What the intervals hold",
    "worst": "The worst rows",
    "scores": "How often it is right, beside simpler guesses",
    "confusion": "Which classes are confused",
    "reliability": "Whether probabilities hold",
    "truths": "How probable the right class is said to be",
    "mistakes": "The rows it got most wrong",
    "domain": "Rows outside the training rows",
    "importance": "Which inputs matter",
    "profiler": "Profiler",
    "contour": "Contour",
    "training": "Training",
    "learning": "More rows",
    "identity": "Model, data, and how to make it again",
}

OF_CLASSES = ("scores", "confusion", "reliability", "truths", "mistakes")


def sections(
    facts: Mapping[str, Any], verdict: Sequence[Mapping[str, Any]], model: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The page's parts: under each heading the sections there are facts for, each with id, title and statements."""
    shown = shown_sections(facts, model)
    parts = []
    for heading, names in HEADINGS:
        held = [section(name, verdict) for name in names if name in shown]
        if held:
            parts.append({"heading": heading, "sections": held})
    return parts


def section(name: str, verdict: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A section: its id, its title, and which statements of the verdict it shows the figures of, counted from 1."""
    stated = [i for i, statement in enumerate(verdict, start=1) if statement["figure"] == name]
    return {"id": name, "title": TITLES[name], "statements": stated}


def shown_sections(facts: Mapping[str, Any], model: Mapping[str, Any]) -> set[str]:
    """The ids of the sections there are facts for."""
    targets = facts["targets"]
    there = {
        **(dict.fromkeys(OF_CLASSES, True) if "classes" in facts else of_numbers(facts)),
        "domain": facts["outside"]["rows"] is not None,
        "importance": any(target["importance"] for target in targets),
        "profiler": True,
        "contour": model["steps"] is not None and numbers(model) > 1,
        "training": facts["training"] is not None,
        "learning": facts["learning_curve"] is not None,
        "identity": True,
    }
    return {name for name, holds in there.items() if holds}


def of_numbers(facts: Mapping[str, Any]) -> dict[str, bool]:
    """By id whether there are facts for the sections that models of numbers alone have."""
    targets = facts["targets"]
    drawn = bool(targets) and bool(facts["sample"]["rows"])
    return {
        "errors": bool(targets),
        "parity": drawn,
        "residuals": drawn,
        "calibration": any(target["coverage"] for target in targets),
        "worst": any(target["worst_rows"] for target in targets),
    }


def numbers(model: Mapping[str, Any]) -> int:
    """How many of the model's inputs are numbers, not words."""
    return sum(column["kind"] == "number" for column in model["inputs"])
