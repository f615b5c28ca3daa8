"""From rows as they are given to completed rows, as plain ONNX operators.

Shapes: g given columns; given (n, g), completed (n, p). A gap is found by x == x, which is false of NaN alone: more
readers know Equal than IsNaN.
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.export.onnx_nodes import Nodes
from fitnet.export.subject import Input, Subject

ONE, ZERO = np.array(1.0), np.array(0.0)
NO_LEVEL = -1.0  # in place of a missing word without a level of its own


@dataclass(frozen=True)
class Rows:
    """Rows that steps of a network take.

    Attributes
    ----------
    completed
        (n, p).
    present
        (n, g): where there is no gap; None where gaps are not taken.
    refused
        (n, 1): NaN where a word's number is that of no level, else 0; None without words.
    columns
        (p,): of every completed column the given column of numbers that it is, or -1.
    """

    completed: str
    present: str | None
    refused: str | None
    columns: Array


def completed_rows(nodes: Nodes, subject: Subject, given: str) -> Rows:
    """Words become columns of 0 and 1, gaps are filled in and told."""
    fill = fillings(subject)
    filled = given
    present = None
    if not np.isnan(fill).all():
        present = nodes.node("Equal", given, given)
        filled = nodes.node("Where", present, given, fill)
    own = encoded_columns(subject.inputs)
    words = np.array([column.levels is not None for column in subject.inputs])
    completed, refused = filled, None
    if words.any():
        completed, refused = one_hot(nodes, subject.inputs, filled, present, own)
    columns = np.where(words[own], -1, own)
    if subject.impute is not None and subject.impute.told:
        assert present is not None
        told = own[list(subject.impute.told)]
        gaps = nodes.node("Where", nodes.node("Gather", present, told, axis=1), ZERO, ONE)
        completed = nodes.node("Concat", completed, gaps, axis=1)
        columns = np.concatenate([columns, np.full(len(told), -1)])
    return Rows(completed, present if subject.impute is not None else None, refused, columns)


def encoded_columns(inputs: tuple[Input, ...]) -> Array:
    """Of every column behind `OneHot` the given column that it is made of."""
    return np.repeat(np.arange(len(inputs)), [1 if each.levels is None else len(each.levels) for each in inputs])


def fillings(subject: Subject) -> Array:
    """(1, g): what stands in for a gap; NaN where there must be none."""
    first = np.unique(encoded_columns(subject.inputs), return_index=True)[1]
    found = np.full((1, len(subject.inputs)), np.nan)
    for place, column in enumerate(subject.inputs):
        if column.levels is not None and None in column.levels:
            found[0, place] = column.levels.index(None)
        elif column.gaps and subject.impute is not None:
            found[0, place] = NO_LEVEL if column.levels is not None else subject.impute.medians[first[place]]
    return found


def one_hot(nodes: Nodes, inputs: tuple[Input, ...], filled: str, present: str | None, own: Array) -> tuple[str, str]:
    """The columns behind `OneHot`, and which rows have a word of no level, as `Rows` tells: 0, or NaN."""
    is_word = np.array([[inputs[place].levels is not None for place in own]])
    levels = np.concatenate([np.arange(1 if each.levels is None else len(each.levels)) for each in inputs])
    spread = nodes.node("Gather", filled, own, axis=1)
    hits = nodes.node("Where", nodes.node("Equal", spread, levels[np.newaxis].astype(float)), ONE, ZERO)
    known = nodes.node("MatMul", hits, is_word.T.astype(float))
    silent = np.array([[float(each.levels is not None and each.gaps and None not in each.levels)] for each in inputs])
    if present is not None and silent.any():
        gaps = nodes.node("Where", present, ZERO, ONE)
        known = nodes.node("Add", known, nodes.node("MatMul", gaps, silent))
    n_words = np.array(float(sum(each.levels is not None for each in inputs)))
    refused = nodes.node("Where", nodes.node("Equal", known, n_words), ZERO, np.array(np.nan))
    return nodes.node("Where", is_word, hits, spread), refused
