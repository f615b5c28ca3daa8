"""All of scikit-learn's own tests of its perceptrons, from the installed package, with the drop-ins in their place.

None is expected to fail.
"""

import pytest

import mlp_cases
from fitnet.sklearn_compat import MLPClassifier, MLPRegressor

CASES = [
    pytest.param(*case.values, ours, id=f"{ours.__name__}-{case.id}", marks=case.marks)
    for ours in (MLPClassifier, MLPRegressor)
    for case in mlp_cases.cases_of(ours.__name__, {})
]


@pytest.mark.parametrize(("function", "arguments", "ours"), CASES)
def test_as_scikit_learn_has_it(function, arguments, ours, request):
    mlp_cases.run(function, arguments, ours, request)
