"""`MLPRegressor`: scikit-learn's, on fitnet's engine."""

import sklearn
from sklearn import neural_network as theirs

from fitnet.sklearn_compat.perceptron import OnEngine
from fitnet.sklearn_compat.seams import check_seams

check_seams(theirs.MLPRegressor, sklearn.__version__)


class MLPRegressor(OnEngine, theirs.MLPRegressor):  # type: ignore[misc]  # scikit-learn has no type information
    """`sklearn.neural_network.MLPRegressor` with its training and predictions computed by fitnet's engine.

    Parameters, attributes, methods, warnings and errors are scikit-learn's, and so are the results, but for rounding:
    the same `random_state` gives the same weights, the same order of rows and the same steps. It is an instance of
    scikit-learn's class. Nothing is scaled inside: put a StandardScaler before it, as before scikit-learn's, or
    use `fitnet.Regressor`, which scales by itself. Sparse rows are computed by scikit-learn's own code.
    docs/how-to/drop-in.md says what else differs, and what was measured.

    Examples
    --------
    >>> import numpy as np
    >>> from fitnet.sklearn_compat import MLPRegressor
    >>> X = np.linspace(-1, 1, 200).reshape(-1, 1)
    >>> perceptron = MLPRegressor(activation="tanh", solver="lbfgs", random_state=0).fit(X, X[:, 0] ** 2)
    >>> bool(perceptron.score(X, X[:, 0] ** 2) > 0.99)
    True
    """
