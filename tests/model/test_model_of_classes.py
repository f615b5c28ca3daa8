"""A model of classes: probabilities that sum to 1, their exact derivatives, steps that give them, and its file."""

import copy
import json
import pickle

import numpy as np
import pytest
from forged_files import forge, stored
from scaled_models import INPUTS, NETWORK, PARAMETERS, ROWS
from scipy.special import softmax

from finite_differences import numerical_jacobian
from fitnet import Ensemble, LogTransform, Model, Network, Scaling, load, verify
from fitnet.algorithm.steps import Softmax
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from tolerances import (
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
)

LABELS = ("setosa", "versicolor", "virginica")
LOGITS = Model(NETWORK, PARAMETERS, input_scaling=INPUTS)
MODEL = Model(NETWORK, PARAMETERS, input_scaling=INPUTS, classes=LABELS)
ONE = Network.of_widths((2, 5, 1), "tanh")
ONE_LOGIT = ONE.initial_parameters(np.random.default_rng(3), "glorot", "float64")
BINARY = Model(ONE, ONE_LOGIT, input_scaling=INPUTS, classes=(False, True))

each_model = pytest.mark.parametrize("model", [MODEL, BINARY], ids=["three", "two"])


def test_probabilities_are_the_softmax_of_the_logits(engine):
    model = Model(NETWORK, PARAMETERS, input_scaling=INPUTS, classes=LABELS, compute=Compute(engine.name))
    found = model.predict(ROWS)
    np.testing.assert_allclose(found, softmax(LOGITS.predict(ROWS), axis=1), rtol=FLOAT64_RTOL)
    out = np.empty((len(ROWS), 3))
    assert model.predict(ROWS, out=out) is out
    assert np.array_equal(out, found)
    assert model.output_names == LABELS


def test_one_logit_is_that_of_the_second_class():
    z = Model(ONE, ONE_LOGIT, input_scaling=INPUTS).predict(ROWS)[:, 0]
    np.testing.assert_allclose(BINARY.predict(ROWS)[:, 1], 1 / (1 + np.exp(-z)), rtol=FLOAT64_RTOL)
    assert BINARY.output_names == ("False", "True")
    assert np.array_equal(BINARY.of_logits.predict(ROWS)[:, 0], z)
    assert BINARY.of_logits.output_names == ("True",)


@each_model
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_probabilities_sum_to_1_in_double_wherever_logits_are(model, dtype):
    for scale in (1, 100, 1e6):
        wide = Model(model.network, (scale * model.parameters).astype(dtype), classes=model.classes)
        found = wide.predict(ROWS)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=FLOAT64_RTOL)
        assert np.all(found >= 0)


@each_model
def test_derivatives_are_those_of_differences(model):
    steps = DIFFERENCE_STEP * INPUTS.scale
    differences = numerical_jacobian(model.predict, ROWS, steps)
    assert_close(model.jacobian(ROWS) * INPUTS.scale, differences * INPUTS.scale, JACOBIAN_ATOL_OF_LARGEST)
    curved = numerical_jacobian(lambda X: model.jacobian(X).reshape(len(X), -1), ROWS, steps)
    squares = np.multiply.outer(INPUTS.scale, INPUTS.scale)
    found = model.hessian(ROWS)
    assert_close(found * squares, curved.reshape(found.shape) * squares, HESSIAN_ATOL_OF_LARGEST)


def assert_close(found, expected, atol_of_largest):
    largest = np.abs(expected).max()
    assert largest > 0
    np.testing.assert_allclose(found, expected, rtol=JACOBIAN_RTOL, atol=atol_of_largest * largest)


@each_model
def test_the_last_step_is_a_softmax(model):
    last = model.steps()[-1]
    assert isinstance(last, Softmax)
    assert last.classes == model.classes


@pytest.mark.parametrize("labels", [LABELS, (1, 2, 30), (0.5, 1.0, 2.0)], ids=str)
def test_a_file_keeps_labels_and_their_types(tmp_path, labels):
    model = Model(NETWORK, PARAMETERS, classes=labels)
    model.save(tmp_path / "m.fitnet")
    assert stored(tmp_path / "m.fitnet").version == 8
    read = load(tmp_path / "m.fitnet")
    assert [(type(label), label) for label in read.classes] == [(type(label), label) for label in labels]
    assert np.array_equal(read.predict(ROWS), model.predict(ROWS))
    assert verify(tmp_path / "m.fitnet").largest_difference == 0


def test_true_and_false_stay_what_they_are(tmp_path):
    BINARY.save(tmp_path / "m.fitnet")
    assert load(tmp_path / "m.fitnet").classes == (False, True)
    for copied in (copy.deepcopy(BINARY), pickle.loads(pickle.dumps(BINARY))):
        assert copied.classes == (False, True)
        assert np.array_equal(copied.predict(ROWS), BINARY.predict(ROWS))


def test_an_ensemble_is_the_mean_of_probabilities(tmp_path):
    other = Model(NETWORK, -PARAMETERS, input_scaling=INPUTS, classes=LABELS)
    ensemble = Ensemble([MODEL, other])
    expected = (MODEL.predict(ROWS) + other.predict(ROWS)) / 2
    np.testing.assert_allclose(ensemble.predict(ROWS), expected, rtol=FLOAT64_RTOL)
    ensemble.save(tmp_path / "e.fitnet")
    read = load(tmp_path / "e.fitnet")
    assert [member.classes for member in read.members] == [LABELS, LABELS]
    assert np.array_equal(read.predict(ROWS), ensemble.predict(ROWS))


def test_members_have_the_same_classes():
    for classes in (None, ("0", "1", "2"), (0, 1, 2)):
        other = Model(NETWORK, PARAMETERS, output_names=LABELS, classes=classes)
        with pytest.raises(ArgumentValueError, match=r"`members\[1\]` has the classes"):
            Ensemble([MODEL, other])


@pytest.mark.parametrize(
    ("classes", "error", "sentence"),
    [
        ("abc", ArgumentTypeError, "`classes` is 'abc'; it must be a sequence of labels."),
        (("a", 1, 2), ArgumentTypeError, "`classes` is ('a', 1, 2); all labels must be of one type."),
        (("a", "a", "b"), ArgumentValueError, "`classes` has 'a' more than once; every class has its own label."),
        ((0.0, 1.0, np.nan), ArgumentValueError, "`classes` holds nan; labels must be finite."),
        ((None, "a"), ArgumentTypeError, "`classes` holds None; labels must be text, True and False, or numbers."),
        (("a",), ArgumentValueError, "`classes` has 1 label; it must have at least 2."),
        (
            ("a", "b"),
            ArgumentValueError,
            "`classes` has 2 labels and the network 3 outputs; it must have as many, or one for two classes.",
        ),
    ],
)
def test_classes_that_cannot_be_are_refused(classes, error, sentence):
    with pytest.raises(error) as caught:
        Model(NETWORK, PARAMETERS, classes=classes)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "given", [{"target_scaling": Scaling([0, 0, 0], [1, 1, 1])}, {"target_transform": LogTransform()}], ids=repr
)
def test_what_only_numbers_have_is_refused_beside_classes(given):
    with pytest.raises(ArgumentValueError, match="of a model of classes it must be None"):
        Model(NETWORK, PARAMETERS, classes=LABELS, **given)


def test_classes_end_in_the_identity():
    network = Network.of_widths((2, 3), output_activation="tanh")
    with pytest.raises(ArgumentValueError, match="for classes it must end in 'identity'"):
        Model(network, np.ones(9), classes=LABELS)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["a", "b"], "its column names do not fit its layers"),
        (["a", "b", 3], "its classes do not fit its layers"),
        (["a", "b", None], "its classes do not fit its layers"),
        (["a", "b", "b"], "its classes do not fit its layers"),
        ("abc", "its description is not a fitnet model's"),
        (None, "its description is not a fitnet model's"),
        ([], "its classes do not fit its layers"),
    ],
    ids=str,
)
def test_a_forged_file_is_refused(tmp_path, labels, sentence):
    MODEL.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    description = json.loads(whole.description) | {"classes": labels}
    forge(tmp_path / "forged.fitnet", whole, json.dumps(description))
    with pytest.raises(ModelFileError) as caught:
        load(tmp_path / "forged.fitnet")
    assert str(caught.value).startswith(f"{tmp_path / 'forged.fitnet'} is damaged: its ")


def test_error_bars_and_scaled_targets_are_damage_beside_classes(tmp_path):
    MODEL.save(tmp_path / "m.fitnet")
    whole, ones = stored(tmp_path / "m.fitnet"), np.ones(3)
    forge(tmp_path / "forged.fitnet", whole, target_shift=ones, target_scale=ones)
    with pytest.raises(ModelFileError, match="its classes have what only numbers can have"):
        load(tmp_path / "forged.fitnet")


def test_an_older_format_has_no_classes(tmp_path):
    MODEL.save(tmp_path / "m.fitnet")
    forge(tmp_path / "forged.fitnet", stored(tmp_path / "m.fitnet"), version=7)
    with pytest.raises(ModelFileError, match="its description is not a fitnet model's"):
        load(tmp_path / "forged.fitnet")
