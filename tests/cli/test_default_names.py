"""Where a model goes that is given no name: to the table's, unless another model, or anything else, would be lost."""

import json

import numpy as np
import pytest

import fitnet as package
from fitnet import Model, Network

QUICK = ("--hidden", "4", "--epochs", "2")
TARGET = "energy [keV]"


def fit(*more, table="waves.csv"):
    return ("fit", table, "--features", "a", *QUICK, *more)


def test_a_model_of_the_same_targets_is_replaced(fitnet, waves):
    for targets in (("y", "z"), ("z", "y")):
        options = [word for target in targets for word in ("--target", target)]
        assert fitnet(*fit(*options)).code == 0
        assert package.load("waves.fitnet").output_names == targets


@pytest.mark.parametrize(
    ("targets", "name"), [(("z",), "waves-z.fitnet"), (("y", "z"), "waves-y_z.fitnet"), ((TARGET,), "waves-energy_keV")]
)
@pytest.mark.parametrize("command", ["fit", "tune"])
def test_one_of_others_stays_and_a_name_is_proposed(fitnet, waves_model, command, targets, name):
    before = waves_model.read_bytes()
    table = waves_model.parent / "waves.csv"
    table.write_text(table.read_text().replace("z", TARGET, 1) if TARGET in targets else table.read_text())
    options = [word for target in targets for word in ("--target", target)]
    code, out, err = fitnet(command, "waves.csv", "--features", "a", *options)
    assert (code, out) == (2, "")
    assert err.startswith(
        "fitnet: `--out` is not given, and waves.fitnet, where the model would go, holds a model of 'y'; it must be "
        f"another file, such as {name}"
    )
    assert waves_model.read_bytes() == before


def test_a_name_that_is_given_is_taken(fitnet, waves_model):
    assert fitnet(*fit("--target", "z", "--out", "waves.fitnet")).code == 0
    assert package.load("waves.fitnet").output_names == ("z",)


def test_what_is_no_model_is_not_lost(fitnet, waves):
    (waves / "waves.fitnet").write_text("notes")
    code, _, err = fitnet(*fit("--target", "y"))
    assert code == 2
    assert "waves.fitnet, where the model would go, is no model that can be read; it must be another file" in err
    assert (waves / "waves.fitnet").read_text() == "notes"


def test_models_of_classes_are_told_apart_by_the_target(fitnet, iris_model, irises):
    before = (irises / "iris.fitnet").read_bytes()
    numbers = fitnet("fit", "iris.csv", "--target", "petal", "--features", "petal_width", *QUICK)
    assert "iris.fitnet, where the model would go, holds a model of 'species'; " in numbers.err
    assert (irises / "iris.fitnet").read_bytes() == before
    answer = fitnet("fit", "iris.csv", "--target", "species", *QUICK, "--json")
    assert json.loads(answer.out)["model"] == "iris.fitnet"
    assert (irises / "iris.fitnet").read_bytes() != before


def test_a_model_that_does_not_say_what_it_is_of_stays(fitnet, irises):
    network = Network.of_widths((2, 3))
    Model(network, np.ones(network.n_parameters), classes=["a", "b", "c"]).save("iris.fitnet")
    err = fitnet("fit", "iris.csv", "--target", "species", *QUICK).err
    assert "iris.fitnet, where the model would go, holds a model of classes; " in err
