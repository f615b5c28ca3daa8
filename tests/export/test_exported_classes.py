"""Models of classes in other languages: labels, and logits so large that their exponentials would overflow."""

import ctypes
import re
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from c_programs import compiled, exported, includes, needs, pointer, row_function, said
from exported_kinds import EXPORTED, expected, units_apart
from exported_tolerances import EXPORTED_UNITS

from fitnet.rows import Categories
from kinds_of_models import model, network

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


CLASSIFY = """
int run(size_t n, const NAME_real *X, int *k);
int run(size_t n, const NAME_real *X, int *k)
{
    for (size_t i = 0; i < n; ++i)
        NAME_classify(X + CAPITALS_INPUTS * i, k + i);
    return NAME_self_test();
}
"""


@needs("gcc")
@pytest.mark.parametrize("kind", CLASSES)
def test_c_gives_the_most_probable_class(kind, tmp_path):
    wanted = expected(CLASSES[kind], N_FEW)
    (subject,) = exported({kind: CLASSES[kind]}, tmp_path)
    text = includes([subject]) + CLASSIFY.replace("NAME", subject.name).replace("CAPITALS", subject.name.upper())
    library = ctypes.CDLL(str(compiled(tmp_path, text, "-shared", "-fPIC", name="classes.so")))
    found = np.full(N_FEW, -2, np.int32)
    rows = wanted.rows.copy()
    rows[0] = np.inf
    assert library.run(ctypes.c_size_t(N_FEW), pointer(rows), pointer(found)) == 0
    np.testing.assert_array_equal(found[1:], wanted.outputs.argmax(axis=1)[1:])
    assert found[0] == -1


def test_c_names_the_classes_and_no_level_has_the_same_name(tmp_path):
    words = Categories(("class of", "colour"), (("dogs", "eels"), ("a", "b")))
    layers = network(4, 3, 2, activations=("tanh", "identity"))
    given = model(1, layers, categories=words, classes=("of dogs", "1.5 m"))
    (subject,) = exported({"words": given}, tmp_path)
    text = (tmp_path / f"{subject.name}.h").read_text()
    defined = dict(re.findall(r"^#define (K0_C\w+) (\d)$", text, re.MULTILINE))
    assert defined == {
        **{"K0_CLASS_OF_DOGS": "0", "K0_CLASS_1_5_M": "1", "K0_CLASS_OF_DOGS_2": "0", "K0_CLASS_OF_EELS": "1"},
        **{"K0_COLOUR_A": "0", "K0_COLOUR_B": "1"},
    }
    assert "1  1.5 m: K0_CLASS_1_5_M" in text


@needs("gcc")
@pytest.mark.parametrize("kind", ["three classes", "two classes of one logit"])
def test_c_does_not_overflow(kind, tmp_path):
    (subject,) = exported({kind: far(kind)}, tmp_path, precision="single")
    text = includes([subject]) + row_function(subject)
    library = ctypes.CDLL(str(compiled(tmp_path, text, "-shared", "-fPIC", name="far.so")))
    wanted = expected(far(kind), N_FEW)
    outputs, jacobian, hessian, *_ = said(library, subject, wanted.rows)
    assert np.isfinite(jacobian).all()
    assert np.isfinite(hessian).all()
    np.testing.assert_array_equal(outputs.argmax(axis=1), wanted.outputs.argmax(axis=1))
