"""From a fitted perceptron of scikit-learn's to a `Model` of the same weights.

Shapes: coefs_[l] (inputs, outputs), intercepts_[l] (outputs,); a scaler's columns (p,).
"""

from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.validation import check_is_fitted

from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.model import Model
from fitnet.sklearn_compat.objective import PerceptronObjective, gives_several_labels


def model_of(estimator: Any) -> Model:
    """The `Model` of a fitted MLPRegressor or MLPClassifier, scikit-learn's or ours: nothing is trained anew.

    It predicts what the estimator does, one row in microseconds and without scikit-learn; it has exact derivatives, is
    saved in one file, and is exported to C, Fortran and ONNX.

    Parameters
    ----------
    estimator
        MLPRegressor or MLPClassifier, or a Pipeline of a StandardScaler or MinMaxScaler and one of them, whose scaling
        becomes the model's.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        If it is anything else, or a classifier of several labels a row, or of one class.
    sklearn.exceptions.NotFittedError
        If it is not fitted.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neural_network import MLPRegressor
    >>> from fitnet.sklearn_compat import model_of
    >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> perceptron = MLPRegressor(activation="tanh", solver="lbfgs", random_state=0).fit(X, X[:, 0] ** 2)
    >>> model_of(perceptron).jacobian(X).shape
    (50, 1, 1)
    """
    first, perceptron = scaler_and_perceptron(estimator)
    check_is_fitted(estimator)
    objective = PerceptronObjective.of(perceptron)
    classes = None
    if is_classifier(perceptron):
        if gives_several_labels(perceptron):
            raise ArgumentValueError(
                "`estimator` gives a row several labels; for a Model it must give one, or be a regressor.", "estimator"
            )
        classes = perceptron.classes_
    named = getattr(estimator, "feature_names_in_", ())
    return Model(
        objective.network,
        objective.parameters(perceptron),
        input_names=tuple(named),
        provenance={"estimator": f"{type(perceptron).__module__}.{type(perceptron).__name__}"},
        input_scaling=None if first is None else scaling_of(first),
        classes=classes,
    )


def scaler_and_perceptron(estimator: Any) -> tuple[Any, Any]:
    """What scales the inputs, or None, and the perceptron."""
    parts = [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    before = [part for part in parts[:-1] if part is not None and part != "passthrough"]
    known = all(isinstance(each, StandardScaler | MinMaxScaler) for each in before)
    if len(before) > 1 or not known or not isinstance(parts[-1], MLPRegressor | MLPClassifier):
        raise ArgumentTypeError(
            f"`estimator` is {described(parts)}; it must be an MLPRegressor or MLPClassifier, or a Pipeline of a "
            f"StandardScaler or MinMaxScaler and one of them{model_there(parts)}.",
            "estimator",
        )
    return before[0] if before else None, parts[-1]


def described(parts: list[Any]) -> str:
    """What was given, by the types of its steps, for a pipeline written in full takes many lines."""
    names = [type(part).__name__ for part in parts]
    return f"of type {names[0]}" if len(names) == 1 else f"a Pipeline of {', '.join(names[:-1])} and {names[-1]}"


def model_there(parts: list[Any]) -> str:
    """Where the model of the last step is already, if it has one."""
    step = "" if len(parts) == 1 else "[-1]"
    return f"; `estimator{step}.model_` is a Model already" if hasattr(parts[-1], "model_") else ""


def scaling_of(scaler: Any) -> Scaling:
    """The same scaling as a fitted scaler's."""
    ones = np.ones(scaler.n_features_in_)
    if isinstance(scaler, MinMaxScaler):
        if scaler.clip:
            raise ArgumentValueError(
                "`estimator` has a MinMaxScaler with clip=True; for a Model it must not clip.", "estimator"
            )
        return Scaling(-scaler.min_ / scaler.scale_, 1 / scaler.scale_)
    return Scaling(scaler.mean_ if scaler.with_mean else 0 * ones, scaler.scale_ if scaler.with_std else ones)
