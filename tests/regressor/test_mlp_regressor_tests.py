"""scikit-learn's own tests of its MLPRegressor, from the installed package, with fitnet's Regressor in its place."""

import inspect

import pytest
from mlp_adapter import MLPRegressor
from sklearn.neural_network.tests import test_mlp as theirs

ORIGINAL = theirs.MLPRegressor
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


def cases():
    """(name, function, arguments) for every test of theirs that has a regressor, once for each of its parameters."""
    for name, function in inspect.getmembers(theirs, inspect.isfunction):
        if not name.startswith("test_") or "MLPRegressor" not in source_with_marks(function):
            continue
        for arguments in parameters(function):
            if not any(value is theirs.MLPClassifier for value in arguments.values()):
                yield name, function, arguments


def source_with_marks(function):
    marks = "".join(str(mark.args) for mark in getattr(function, "pytestmark", ()))
    return inspect.getsource(function) + marks


def parameters(function):
    """The arguments of every run of a test that `pytest.mark.parametrize` asks for."""
    runs = [{}]
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "parametrize":
            names = [name.strip() for name in mark.args[0].split(",")]
            values = [value if len(names) > 1 else (value,) for value in mark.args[1]]
            runs = [{**run, **dict(zip(names, value, strict=True))} for run in runs for value in values]
    return runs


def case_of(name, function, arguments):
    """A test of theirs, expected to fail where its name (with its solver or dtype, where it has one) has a reason."""
    spelled = "-".join([name, *(str(value) for key, value in arguments.items() if key in ("solver", "dtype"))])
    reason = OTHERWISE.get(name) or OTHERWISE.get(spelled)
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(function, arguments, id=spelled, marks=marks)


CASES = [case_of(*case) for case in cases()]


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_as_scikit_learn_has_it(function, arguments, monkeypatch, tmp_path):
    monkeypatch.setattr(theirs, "MLPRegressor", MLPRegressor)
    ours = {key: MLPRegressor if value is ORIGINAL else value for key, value in arguments.items()}
    fixtures = {"tmp_path": tmp_path, "global_random_seed": 0}
    wanted = {key: fixtures[key] for key in inspect.signature(function).parameters if key in fixtures}
    function(**ours, **wanted)


def test_every_reason_belongs_to_a_test():
    named = {case.id for case in CASES}
    assert set(OTHERWISE) <= named
