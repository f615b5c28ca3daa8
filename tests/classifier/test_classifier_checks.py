"""Classifier among scikit-learn's: its own estimator checks."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from fitnet import Classifier
from fitnet.engine import ENGINES

SMALL = {"hidden_layer_sizes": (8,), "max_epochs": 60, "alpha": 1e-3, "random_state": 0, "n_threads": 1}
IMPUTING = Classifier(**SMALL, dtype="float64", missing="impute")


@parametrize_with_checks([*(Classifier(**SMALL, dtype="float64", engine=engine) for engine in ENGINES), IMPUTING])
def test_estimator_checks(estimator, check):
    check(estimator)
