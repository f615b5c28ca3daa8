"""Answers: what a model says of the rows of one part of a collection, as the part's own kind: a DataFrame or an array.

Shapes: a part has n rows, none among them; predictions are (n, m), ends of intervals (n, m, 2), derivatives (n, m, q)
with respect to the q given columns of numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.distributed.shipping import OF_THIS_PROCESS, Shipped
from fitnet.errors import ArgumentValueError
from fitnet.model.answer_names import derivative_name, named_beside
from fitnet.model.ensemble import AnyModel, Ensemble

ENDS = ("_lower", "_upper")


@dataclass(frozen=True)
class Question:
    """What is asked of a model: "predict", "predict_interval" or "jacobian"; `coverage` is of the second alone."""

    method: str
    coverage: float | None = None

    def answer(self, model: AnyModel, X: Any) -> Array:
        """The model's answer to a row or more."""
        asked: Callable[..., Array] = getattr(model, self.method)
        return asked(X) if self.coverage is None else asked(X, self.coverage)

    def shape(self, model: AnyModel) -> tuple[int, ...]:
        """That of the answer to one row."""
        m = len(model.output_names)
        return {"predict": (m,), "predict_interval": (m, 2), "jacobian": (m, len(model.number_names))}[self.method]

    def names(self, model: AnyModel) -> list[str]:
        """Those of a DataFrame's columns, the answer's entries in their order.

        Raises
        ------
        ArgumentValueError
            If two of them would be the same.
        """
        outputs = model.output_names
        names = {
            "predict": list(outputs),
            "predict_interval": [named_beside(output, end) for output in outputs for end in ENDS],
            "jacobian": [derivative_name(out, given, model.units) for out in outputs for given in model.number_names],
        }[self.method]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ArgumentValueError(f"`model` would give two columns the name {twice!r}; rename its outputs.", "model")
        return names

    def dtype(self, model: AnyModel) -> np.dtype[Any]:
        """The answer's; whatever the model cannot answer is refused here.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            As the model's own method.
        """
        if model.classes is not None and self.coverage is not None:
            raise ArgumentValueError(
                f"`model` predicts classes, whose probabilities say how sure it is; `{self.method}` is for numbers.",
                "model",
            )
        first = model.members[0] if isinstance(model, Ensemble) else model
        return self.answer(model, np.asarray(first.example_inputs)[:1]).dtype


def answered_array(rows: Array, ticket: Shipped, question: Question, blob: bytes) -> Array:
    """The answer to a block of rows (n, p)."""
    model = OF_THIS_PROCESS(ticket, blob)
    if len(rows) == 0:
        return np.empty((0, *question.shape(model)), question.dtype(model))
    return question.answer(model, rows)


def answered_frame(rows: Any, blob: bytes, ticket: Shipped, question: Question) -> Any:
    """The answer to a partition, a DataFrame of pandas whose index it has."""
    import pandas as pd

    model = OF_THIS_PROCESS(ticket, blob)
    names = question.names(model)
    if len(rows) == 0:
        answer = np.empty((0, len(names)), question.dtype(model))
    else:
        answer = question.answer(model, rows).reshape(len(rows), -1)
    return pd.DataFrame(answer, index=rows.index, columns=names)
