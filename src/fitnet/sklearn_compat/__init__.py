"""scikit-learn's `MLPRegressor` and `MLPClassifier` on fitnet's engine: change one import, and keep the rest.

    from fitnet.sklearn_compat import MLPClassifier, MLPRegressor

The first weights, the order of the rows, the rule of every step and when to stop are scikit-learn's own, so the results
are too, but for rounding; the gradients and predictions come from the native engine. docs/how-to/drop-in.md lists what
differs, and what it gains.
"""

from fitnet.sklearn_compat.classifier import MLPClassifier
from fitnet.sklearn_compat.conversion import model_of
from fitnet.sklearn_compat.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor", "model_of"]
