"""Models of classes in other languages: labels, and logits so large that their exponentials would overflow."""

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected, units_apart
from exported_tolerances import EXPORTED_UNITS

CLASSES = {name: given for name, given in EXPORTED.items() if "classes" in name}
N_FEW = 200


def labels_of(given, outputs):
    """What the most probable classes are called."""
    members = getattr(given, "members", [given])
    return np.array(members[0].classes)[outputs.argmax(axis=1)]


def far(kind):
    """The same model with logits of thousands; its probabilities are 0 and 1 but for a few rows."""
    given = EXPORTED[kind]
    parameters = given.parameters.astype(float)
    for last in (given.network.weights(parameters)[-1], given.network.biases(parameters)[-1]):
        last *= 5000
    return replace(given, parameters=parameters, example_inputs=None)


def imported(given, folder, **options):
    """The model's NumPy module."""
    (path,) = given.export(folder / "net.py", **options)
    found = ModuleType("net")
    exec(compile(path.read_text(), path, "exec"), found.__dict__)
    return found


@pytest.mark.parametrize("kind", CLASSES)
def test_numpy_gives_labels_of_their_type(kind, tmp_path):
    wanted = expected(CLASSES[kind], N_FEW)
    found = imported(CLASSES[kind], tmp_path).classify(wanted.rows)
    labels = labels_of(CLASSES[kind], wanted.outputs)
    assert found.dtype == labels.dtype
    np.testing.assert_array_equal(found, labels)
    assert len(set(labels.tolist())) > 1


def test_the_head_of_a_numpy_module_tells_the_classes(tmp_path):
    module = imported(CLASSES["three classes"], tmp_path)
    assert module.CLASSES == ("setosa", "versicolor", 'the "third" */')
    assert "probabilities of the classes 0 = 'setosa', 1 = 'versicolor'" in module.__doc__
    plain = imported(EXPORTED["tanh"], tmp_path)
    assert not hasattr(plain, "CLASSES")
    assert not hasattr(plain, "classify")


@pytest.mark.parametrize("kind", ["three classes", "two classes of one logit"])
@pytest.mark.parametrize("precision", ["double", "single"])
def test_numpy_does_not_overflow(kind, precision, tmp_path):
    given = far(kind)
    assert np.abs(given.of_logits.predict(given.example_inputs)).max() > 1000
    module = imported(given, tmp_path, precision=precision, derivatives="hessian")
    rows = expected(given, N_FEW).rows
    with np.errstate(over="raise", invalid="raise"):
        outputs, jacobian, hessian = module.predict(rows), module.jacobian(rows), module.hessian(rows)
    assert np.isfinite(jacobian).all()
    assert np.isfinite(hessian).all()
    np.testing.assert_array_equal(outputs.argmax(axis=1), given.predict(rows).argmax(axis=1))


def test_probabilities_sum_to_1(tmp_path):
    wanted = expected(CLASSES["ensemble of three classes"], N_FEW)
    module = imported(CLASSES["ensemble of three classes"], tmp_path, derivatives="hessian")
    ones = np.ones((N_FEW, 1))
    assert units_apart(module.predict(wanted.rows).sum(axis=1, keepdims=True), ones) <= EXPORTED_UNITS["outputs"]
