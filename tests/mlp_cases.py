"""scikit-learn's own tests of its multi-layer perceptrons, to run with others in their place."""

import inspect

import pytest
from sklearn.neural_network.tests import test_mlp as theirs

ORIGINALS = {"MLPRegressor": theirs.MLPRegressor, "MLPClassifier": theirs.MLPClassifier}


def cases_of(estimator, otherwise):
    """A case for every test of theirs that has this `estimator`, "MLPRegressor" or "MLPClassifier".

    It is expected to fail where its name (with its solver or dtype, where it has one) has a reason in `otherwise`.
    """
    return [case_of(*each, otherwise) for each in tests_of(estimator)]


def run(function, arguments, ours, request):
    """Run a test of theirs with the class `ours` in place of theirs of that name, and the fixtures that it asks for."""
    original = ORIGINALS[ours.__name__]
    request.getfixturevalue("monkeypatch").setattr(theirs, ours.__name__, ours)
    given = {key: ours if value is original else value for key, value in arguments.items()}
    wanted = [name for name in inspect.signature(function).parameters if name not in given]
    fixtures = {name: 0 if name == "global_random_seed" else request.getfixturevalue(name) for name in wanted}
    function(**given, **fixtures)


def tests_of(estimator):
    """(name, function, arguments) for every test of theirs that has it, once for each of its parameters."""
    others = [each for name, each in ORIGINALS.items() if name != estimator]
    for name, function in inspect.getmembers(theirs, inspect.isfunction):
        if not name.startswith("test_") or estimator not in source_with_marks(function):
            continue
        for arguments in parameters(function):
            if not any(value in others for value in arguments.values() if inspect.isclass(value)):
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


def case_of(name, function, arguments, otherwise):
    spelled = "-".join([name, *(str(value) for key, value in arguments.items() if key in ("solver", "dtype"))])
    reason = otherwise.get(name) or otherwise.get(spelled)
    marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "filterwarnings"]
    marks += [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(function, arguments, id=spelled, marks=marks)
