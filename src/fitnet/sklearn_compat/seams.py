"""Seams: the methods of scikit-learn's perceptrons in whose place ours come, as the versions we know have them.

They are private to scikit-learn, so a later version may have others. What was computed then might be neither theirs nor
ours, so the import is refused.
"""

from inspect import signature
from typing import Any

SEAMS = {
    "_backprop": ("X", "y", "sample_weight", "activations", "deltas", "coef_grads", "intercept_grads"),
    "_fit_stochastic": (
        "X",
        "y",
        "sample_weight",
        "activations",
        "deltas",
        "coef_grads",
        "intercept_grads",
        "layer_units",
        "incremental",
    ),
    "_forward_pass_fast": ("X", "check_input"),
    "_update_no_improvement_count": ("early_stopping", "X", "y", "sample_weight"),
}


def check_seams(perceptron: type[Any], version: str) -> None:
    """Refuse a class of scikit-learn's, of this version, that has other seams.

    Raises
    ------
    ImportError
        Says which versions will do.
    """
    for name, parameters in SEAMS.items():
        method = getattr(perceptron, name, None)
        if method is None or tuple(signature(method).parameters)[1:] != parameters:
            raise ImportError(
                f"fitnet.sklearn_compat fits scikit-learn 1.7 to 1.9, and {version} is installed, in which "
                f"{perceptron.__name__} is built otherwise; use fitnet.Regressor and fitnet.Classifier, or install "
                "'scikit-learn>=1.7,<1.10'."
            )
