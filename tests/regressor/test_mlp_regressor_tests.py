"""scikit-learn's own tests of its MLPRegressor, from the installed package, with fitnet's Regressor in its place."""

import pytest

import mlp_cases
from mlp_adapter import MLPRegressor

# Where fitnet does otherwise, and why.
OTHERWISE = {
    "test_lbfgs_regression_maxfun": "LBFGS has one limit, max_epochs; there is none on evaluations",
    "test_minimum_input_sample_size": "one row of two is kept out to stop by, and the other is learnt",
    "test_mlp_diverging_loss": "a training that diverged ends in DivergenceError, not in a model of NaN",
    "test_mlp_loading_from_joblib_partial_fit": "an input that never varied has no effect, so with one row only the "
    "last bias learns: 200 steps of 0.01 do not reach 1 from 4",
    "test_mlp_warm_start_no_convergence-sgd": "momentum has carried the loss up again by the 10th step",
    "test_nonfinite_params": "inputs near the largest float64 are scaled, so they can be learnt",
    "test_shuffle": "rows are always shuffled",
}


CASES = mlp_cases.cases_of("MLPRegressor", OTHERWISE)


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_as_scikit_learn_has_it(function, arguments, request):
    mlp_cases.run(function, arguments, MLPRegressor, request)


def test_every_reason_belongs_to_a_test():
    named = {case.id for case in CASES}
    assert set(OTHERWISE) <= named
