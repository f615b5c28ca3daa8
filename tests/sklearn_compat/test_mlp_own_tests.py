"""All of scikit-learn's own tests of its perceptrons, from the installed package, with the drop-ins in their place."""

import pytest

import mlp_cases
from fitnet.sklearn_compat import MLPClassifier, MLPRegressor

OTHERWISE: dict[str, str] = {}
CASES = [(each, ours) for ours in (MLPClassifier, MLPRegressor) for each in mlp_cases.cases_of(ours.__name__, OTHERWISE)]


@pytest.mark.parametrize(
    ("function", "arguments", "ours"),
    [pytest.param(*case.values, ours, id=f"{ours.__name__}-{case.id}", marks=case.marks) for case, ours in CASES],
)
def test_as_scikit_learn_has_it(function, arguments, ours, request):
    mlp_cases.run(function, arguments, ours, request)
