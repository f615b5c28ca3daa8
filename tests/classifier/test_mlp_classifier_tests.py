"""scikit-learn's own tests of its MLPClassifier, from the installed package, with fitnet's Classifier in its place."""

import numpy as np
import pytest

import fitnet
import mlp_cases
from mlp_adapter import MLPClassifier
from tolerances import WORKED_OUT_STEP

PRIVATE = "it looks at private attributes of the optimizer; "
ONE_LABEL = "a row has one label; MultiOutputClassifier makes a Classifier for every column of several"
# Where fitnet does otherwise, and why.
OTHERWISE = {
    "test_adaptive_learning_rate": PRIVATE + "rates follow a schedule, and none waits for the loss",
    "test_early_stopping_stratified": "a class has its share of the rows kept out, which may be less than a row",
    "test_fit": "weights are not set from outside: test_a_step_worked_out_by_hand begins from the same",
    "test_gradient": "it looks at the private gradient; tests/algorithm and tests/engine check ours by differences",
    "test_lbfgs_classification_maxfun": "LBFGS has one limit, max_epochs; there is none on evaluations",
    "test_learning_rate_warmstart": PRIVATE + "schedules are those of fitnet",
    "test_mlp_warm_start_no_convergence-adam": "the last fifth of 10 epochs took less than 5 % of the loss",
    "test_mlp_warm_start_no_convergence-sgd": "as with Adam",
    "test_multilabel_classification": ONE_LABEL,
    "test_n_iter_no_change": "small gains that add up to tol are one: patience ends later",
    "test_partial_fit_errors": "partial_fit is there for every solver, and with L-BFGS refused by a sentence",
    "test_predict_proba_multilabel": ONE_LABEL,
    "test_preserve_feature_names": "one class alone is refused",
    "test_verbose_sgd": "progress is shown on standard error, in epochs",
    "test_warm_start": "other classes are refused in another sentence: test_a_warm_start_needs_the_same_classes",
}

CASES = mlp_cases.cases_of("MLPClassifier", OTHERWISE)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_as_scikit_learn_has_it(function, arguments, request):
    mlp_cases.run(function, arguments, MLPClassifier, request)


def test_every_reason_belongs_to_a_test():
    named = {case.id for case in CASES}
    assert set(OTHERWISE) <= named


def test_a_step_worked_out_by_hand(engine):
    """The example of their test_fit, whose penalty is half the sum of squares."""
    network = fitnet.Network.of_widths((3, 2, 1), "logistic")
    start = np.array([0.1, 0.2, 0.3, 0.1, 0.5, 0.0, 0.1, 0.1, 0.1, 0.2, 1.0])
    result = fitnet.train(
        network,
        np.array([[0.6, 0.8, 0.7]]),
        np.array([[0.0]]),
        epochs=1,
        generator=np.random.default_rng(0),
        loss=fitnet.CrossEntropy(),
        solver=fitnet.GradientDescent(0.1),
        alpha=0.05,
        parameters=start,
        dtype=np.float64,
        engine=engine.name,
        verbose=False,
    )
    wanted = [0.098, 0.195756, 0.2956664, 0.096008, 0.4939998, -0.002244, 0.098333, 0.09626, 0.04706, 0.154089, 0.9235]
    np.testing.assert_allclose(result.parameters, wanted, rtol=0, atol=WORKED_OUT_STEP)
