"""A model's columns: names, units and ranges, with the units in its file."""

import copy
import dataclasses
import json
import pickle
from types import MappingProxyType

import numpy as np
import pytest
from forged_files import forge, stored

from fitnet import Model, Network, Regressor, Scaling, load, verify
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.model.columns import Column

NETWORK = Network.of_widths((2, 3, 1), "tanh")
PARAMETERS = np.linspace(-1, 1, NETWORK.n_parameters)
UNITS = {"T": "K", "flux": "W/m²"}


def some_model(**changes):
    return Model(
        NETWORK, PARAMETERS, **{"input_names": ("T", "p"), "output_names": ("flux",), "units": UNITS} | changes
    )


def test_columns_know_names_units_and_ranges():
    model = some_model(input_ranges=[[-0.0, 1e-300], [3, 2e300]])
    assert model.inputs == (Column("T", "K", "number", 0, 3), Column("p", "", "number", 1e-300, 2e300))
    assert model.outputs == (Column("flux", "W/m²"),)
    assert model.outputs[0].low is model.outputs[0].high is None
    assert model.input_ranges.tolist() == [[0, 1e-300], [3, 2e300]]
    assert np.signbit(model.input_ranges[0, 0])


def test_columns_of_which_nothing_is_known_have_a_name_alone():
    model = Model(NETWORK, PARAMETERS)
    assert model.inputs == (Column("x1"), Column("x2"))
    assert model.outputs == (Column("y1"),)
    assert model.units == {}


def test_an_input_and_an_output_of_one_name_have_one_unit():
    model = some_model(output_names=("T",), units={"T": "K"})
    assert [column.unit for column in (*model.inputs, *model.outputs)] == ["K", "", "K"]


def test_with_units_gives_another_model_that_predicts_the_same():
    plain = some_model(units={}, target_scaling=Scaling([1], [2]))
    model = plain.with_units(UNITS).with_units({"p": "Pa", "flux": ""})
    assert model.units == {"T": "K", "p": "Pa"}
    assert plain.units == {}
    assert model.predict([[1, 2]]).tobytes() == plain.predict([[1, 2]]).tobytes()


def test_a_fitted_model_takes_units(generator):
    X = generator.normal(size=(20, 2))
    model = Regressor((3,), max_epochs=1, random_state=0).fit(X, X[:, 0]).model_.with_units({"x1": "m", "y1": "s"})
    assert [column.unit for column in (*model.inputs, *model.outputs)] == ["m", "", "s"]
    assert (model.inputs[0].low, model.inputs[0].high) == (X[:, 0].min(), X[:, 0].max())


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), dataclasses.replace]
)
def test_copies_keep_units(copied):
    given = dict(UNITS)
    model = some_model(units=MappingProxyType(given))
    given["T"] = "mK"
    assert copied(model).units == model.units == UNITS
    assert copied(model).inputs == model.inputs


@pytest.mark.parametrize(
    ("units", "error", "sentence"),
    [
        ("K", ArgumentTypeError, "`units` is 'K'; it must be a dict from columns to units, such as {'T': 'K'}."),
        (None, ArgumentTypeError, "`units` is None; it must be a dict from columns to units, such as {'T': 'K'}."),
        (
            {"t": "K"},
            ArgumentValueError,
            "`units` has a unit for 't', which is no column of numbers; it must name inputs or outputs, such as 'T'.",
        ),
        (
            {0: "K"},
            ArgumentValueError,
            "`units` has a unit for 0, which is no column of numbers; it must name inputs or outputs, such as 'T'.",
        ),
        ({"T": 3}, ArgumentTypeError, "`units` has 3 for 'T'; a unit must be text, such as 'm/s'."),
        ({"T": None}, ArgumentTypeError, "`units` has None for 'T'; a unit must be text, such as 'm/s'."),
        ({"T": "K\x1b[2J"}, ArgumentValueError, r"`units` has 'K\x1b[2J' for 'T'; a unit must be printable text."),
    ],
)
def test_what_cannot_be_units_is_refused(units, error, sentence):
    for call in (lambda: some_model(units=units), lambda: some_model().with_units(units)):
        with pytest.raises(error) as raised:
            call()
        assert str(raised.value) == sentence


def test_units_go_through_the_file(tmp_path):
    model = some_model(units={"T": np.str_("K"), "flux": "W/m²", "p": ""}, input_ranges=[[0, 1], [3, 2]])
    model.save(tmp_path / "m.fitnet")
    loaded = load(tmp_path / "m.fitnet")
    assert (loaded.inputs, loaded.outputs, loaded.units) == (model.inputs, model.outputs, UNITS)
    assert verify(tmp_path / "m.fitnet").passed
    loaded.save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "m.fitnet").read_bytes()
    whole = stored(tmp_path / "m.fitnet")
    assert whole.version == 4
    assert json.loads(whole.description)["units"] == UNITS


def test_a_file_without_units_is_of_version_3(tmp_path):
    some_model(units={"T": ""}).save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    assert whole.version == 3
    assert "units" not in json.loads(whole.description)


@pytest.mark.parametrize("units", [None, 3, "K", ["K"], {"t": "K"}, {"T": 3}, {"T": None}, {"T": "K\n"}, {"T": {}}])
def test_damaged_units_are_refused(tmp_path, units):
    some_model().save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    path = forge(tmp_path / "forged.fitnet", whole, json.loads(whole.description) | {"units": units})
    with pytest.raises(ModelFileError) as raised:
        load(path)
    assert str(raised.value) == f"{path} is damaged: its units do not fit its columns."


def test_older_versions_have_no_units(tmp_path):
    some_model().save(tmp_path / "m.fitnet")
    path = forge(tmp_path / "old.fitnet", stored(tmp_path / "m.fitnet"), version=3)
    with pytest.raises(ModelFileError) as raised:
        load(path)
    assert str(raised.value) == f"{path} is damaged: its description is not a fitnet model's."
