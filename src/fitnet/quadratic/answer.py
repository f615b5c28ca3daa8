"""The answer of a pretrained model to one triplet, beside the exact roots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, real_number
from fitnet.evaluation.errors import finite_or_none
from fitnet.quadratic.pretrained_models import outside_training, pretrained
from fitnet.quadratic.problem import Problem

LIMIT = float(np.finfo(np.float32).max)  # whose squares, in the exact roots' discriminant, float64 still holds


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network says of a x^2 + b x + c = 0, and how far off it is.

    Attributes
    ----------
    triplet
        (3,): a, b and c.
    roots
        "largest" or "all".
    outputs
        Their names, m of them.
    prediction, exact, relative_error
        (m,) each; NaN or infinite where there is no root, and for the error where the root is 0.
    outside_training
        Why the prediction is not to be trusted: one phrase a reason, empty if the triplet is like those of training.
    """

    triplet: Array
    roots: str
    outputs: Sequence[str]
    prediction: Array
    exact: Array
    relative_error: Array
    outside_training: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it: None for what is not finite."""
        return {
            "triplet": self.triplet.tolist(),
            "roots": self.roots,
            "outputs": list(self.outputs),
            "prediction": self.prediction.tolist(),
            "exact": [finite_or_none(root) for root in self.exact],
            "relative_error": [finite_or_none(error) for error in self.relative_error],
            "outside_training": self.outside_training,
        }


def answer(a: float, b: float, c: float, roots: str = "largest") -> Answer:
    """The pretrained model's answer to a x^2 + b x + c = 0, for "largest" or "all" roots.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `roots` is neither, or a number is not finite or beyond float32.
    """
    model = pretrained(roots)
    numbers = {"a": a, "b": b, "c": c}
    triplet = np.array([real_number(name, value, -LIMIT, LIMIT) for name, value in numbers.items()])
    prediction = model.predict(triplet[np.newaxis])[0].astype(float)
    exact = Problem(roots).targets(triplet[np.newaxis])[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.abs((prediction - exact) / exact)
    return Answer(triplet, roots, model.output_names, prediction, exact, error, outside_training(model, triplet))
