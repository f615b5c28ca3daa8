"""AutoClassifier by scikit-learn's own estimator checks, with trainings as short as they can be."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from fitnet import AutoClassifier
from fitnet.engine import ENGINES
from fitnet.fitting.plans import EFFORTS, Effort

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

SETTINGS = {"effort": "fast", "random_state": 0, "n_jobs": 1}
PARTED = "a row that is there twice may be in two folds, and with it the folds of others change; its weight does not"


def parted_by_folds(estimator):
    """The checks that no estimator can pass that deals its rows into folds, with the reason."""
    return {f"check_sample_weight_equivalence_on_{kind}_data": PARTED for kind in ("dense", "sparse")}


@pytest.fixture(autouse=True)
def short_trainings(monkeypatch):
    monkeypatch.setitem(EFFORTS, "fast", Effort(2, 2e6, 1))


@parametrize_with_checks(
    [AutoClassifier(**SETTINGS), AutoClassifier(**SETTINGS, missing="impute", class_weight="balanced")],
    expected_failed_checks=parted_by_folds,
)
def test_estimator_checks(estimator, check):
    check(estimator)
