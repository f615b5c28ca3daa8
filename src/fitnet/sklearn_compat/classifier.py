"""`MLPClassifier`: scikit-learn's, on fitnet's engine."""

import sklearn
from sklearn import neural_network as theirs

from fitnet.sklearn_compat.perceptron import OnEngine
from fitnet.sklearn_compat.seams import check_seams

check_seams(theirs.MLPClassifier, sklearn.__version__)


class MLPClassifier(OnEngine, theirs.MLPClassifier):  # type: ignore[misc]  # scikit-learn has no type information
    """`sklearn.neural_network.MLPClassifier` with its training and predictions computed by fitnet's engine.

    Parameters, attributes, methods, warnings and errors are scikit-learn's, and so are the results, but for rounding:
    the same `random_state` gives the same weights, the same order of rows and the same steps. It is an instance of
    scikit-learn's class. Nothing is scaled inside: put a StandardScaler before it, as before scikit-learn's, or
    use `fitnet.Classifier`, which scales by itself. Sparse rows, and targets with several labels a row, are computed by
    scikit-learn's own code. docs/how-to/drop-in.md says what else differs, and what was measured.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from fitnet.sklearn_compat import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> perceptron = MLPClassifier((20,), solver="lbfgs", max_iter=1000, random_state=0).fit(X, y)
    >>> bool(perceptron.score(X, y) > 0.97)
    True
    """
