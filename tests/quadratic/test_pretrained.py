"""The models that ship: whole, honest about where they come from and where they hold, and as good as they should be."""

from importlib.resources import files

import numpy as np
import pytest

from fitnet import Model, Network, verify
from fitnet.errors import ArgumentValueError
from fitnet.quadratic import Problem, accuracy, pretrained
from fitnet.quadratic.pretrained_models import outside_training
from tolerances import PRETRAINED_ACCURACY, PRETRAINED_ROOT_ATOL

ROOTS = ["largest", "all"]
A, WHOLE, NO_ROOT = (
    "it was trained with a different from 0",
    "it was trained on whole numbers only",
    "it was trained on triplets with a real root, and this one has none",
)


def problem_of(model):
    kept = model.provenance
    return Problem(kept["roots"], kept["low"], kept["high"], kept["numbers"], kept["zero a"])


@pytest.mark.parametrize("roots", ROOTS)
def test_shipped_file_replays_its_predictions(roots):
    assert verify(files("fitnet.quadratic") / "pretrained" / f"{roots}.fitnet").passed


@pytest.mark.parametrize(("roots", "outputs"), [("largest", 1), ("all", 4)])
def test_shipped_model_says_what_it_is(roots, outputs):
    model = pretrained(roots)
    assert (model.network.n_inputs, model.network.n_outputs) == (3, outputs)
    assert model.input_names == ("a", "b", "c")
    assert model.output_names == problem_of(model).output_names
    assert model.provenance["roots"] == roots
    assert model.provenance["command"].startswith("fitnet quadratic train")
    assert {"made by", "triplets", "test triplets", "epochs", "seed", "optimizer", "engine"} <= set(model.provenance)


def test_largest_is_the_default():
    assert pretrained().provenance == pretrained("largest").provenance


@pytest.mark.parametrize("roots", ROOTS)
def test_shipped_model_finds_the_root_2(roots):
    prediction = pretrained(roots).predict([[1, -3, 2]])[0, 0]
    assert prediction == pytest.approx(2, abs=PRETRAINED_ROOT_ATOL)


@pytest.mark.parametrize("roots", ROOTS)
def test_shipped_model_is_accurate_on_triplets_it_never_saw(roots):
    """The only test of how good the shipped models are: its threshold is a claim made to users."""
    model = pretrained(roots)
    kept, problem = model.provenance, problem_of(model)
    stream = np.random.default_rng(np.random.SeedSequence(kept["seed"]).spawn(2)[0])
    training, test = problem.draw(stream, kept["triplets"], kept["test triplets"])
    np.testing.assert_array_equal(model.example_inputs, test.triplets[: len(model.example_inputs)])  # the stream's
    seen = set(map(tuple, training.triplets.tolist()))
    drawn, _ = problem.draw(np.random.default_rng(20_000), 20_000, 1000)
    fresh = np.array([tuple(triplet) not in seen for triplet in drawn.triplets.tolist()])
    assert fresh.sum() > 500
    found = accuracy(model.predict(drawn.triplets[fresh]), drawn.targets[fresh])
    assert found.value >= PRETRAINED_ACCURACY[roots]


@pytest.mark.parametrize("name", ["larges", "ALL", None])
def test_unknown_model_is_refused(name):
    with pytest.raises(ArgumentValueError, match=r"^`roots` is .*; it must be one of largest, all"):
        pretrained(name)


def model_trained_on(roots="largest", low=-10, high=10, numbers="whole", zero_a=False):
    network = Network.of_widths((3, 2))
    provenance = {"roots": roots, "low": low, "high": high, "numbers": numbers, "zero a": zero_a}
    return Model(network, np.zeros(network.n_parameters, np.float32), provenance=provenance)


@pytest.mark.parametrize(
    ("trained_on", "triplet", "reasons"),
    [
        ({}, (1, -3, 2), []),
        ({}, (-10, 10, 10), []),
        ({}, (1, 2, 1), []),
        ({}, (11, -3, -2), ["a = 11 lies outside [-10, 10]"]),
        ({}, (1, -30, 2), ["b = -30 lies outside [-10, 10]"]),
        ({}, (1, 10, -11), ["c = -11 lies outside [-10, 10]"]),
        ({}, (-20, 30, 11), [f"{x} lies outside [-10, 10]" for x in ("a = -20", "b = 30", "c = 11")]),
        ({}, (1, -3.5, 2), [WHOLE]),
        ({"numbers": "real"}, (1, -3.5, 2), []),
        ({}, (0, 3, 2), [A]),
        ({"zero_a": True}, (0, 3, 2), []),
        ({}, (1, 0, 1), [NO_ROOT]),
        ({"roots": "all"}, (1, 0, 1), []),
        ({"low": 0, "high": 5.5, "numbers": "real"}, (1, -6, 5.75), [
            "b = -6 lies outside [0, 5.5]",
            "c = 5.75 lies outside [0, 5.5]",
        ]),
        ({}, (0, 0, 1), [A, NO_ROOT]),
        ({}, (0.5, 0, 12), ["c = 12 lies outside [-10, 10]", WHOLE, NO_ROOT]),
    ],
)  # fmt: skip
def test_outside_training_says_why(trained_on, triplet, reasons):
    assert outside_training(model_trained_on(**trained_on), np.array(triplet, dtype=float)) == reasons


def test_triplet_without_any_root_is_outside_training_on_all_roots():
    """a = b = 0 is dropped from the rows of "all" too."""
    assert outside_training(model_trained_on("all", zero_a=True), np.array([0.0, 0.0, 1.0])) != []
