"""The model file: what goes in comes out, what cannot be kept is refused, and `verify` replays the examples."""

import dataclasses
import json

import numpy as np
import pytest
from equal_or_refused import equal
from forged_files import forge, stored

from fitnet import Model, Network, load, verify
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.errors import ArgumentTypeError, ArgumentValueError


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("widths", [(1, 1), (3, 7, 2), (2, 4, 4, 4, 1)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_goes_in_comes_out(tmp_path, generator, widths, activation, dtype):
    network = Network.of_widths(widths, activation)
    parameters = generator.normal(0, 0.3, network.n_parameters).astype(dtype)  # exponentials stay finite
    examples = generator.normal(size=(5, widths[0]))
    provenance = {
        "seed": 3,
        "rate": 1e-3,
        "text": "Ω ü \U0001f600 \n\x00",
        "list": [1, None, True],
        "nested": {"a": {}},
    }
    model = Model(network, parameters, provenance=provenance, example_inputs=examples)
    model.save(tmp_path / "m.fitnet")
    loaded = load(tmp_path / "m.fitnet")
    assert equal(loaded, model)
    assert loaded.parameters.dtype == dtype
    X = generator.normal(size=(50, widths[0]))
    assert loaded.predict(X).tobytes() == model.predict(X).tobytes()
    assert verify(tmp_path / "m.fitnet").passed


def test_same_model_gives_the_same_bytes(model, path, tmp_path):
    model.save(tmp_path / "again.fitnet")
    load(path).save(tmp_path / "loaded.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == path.read_bytes()
    assert (tmp_path / "loaded.fitnet").read_bytes() == path.read_bytes()


def test_provenance_order_does_not_change_the_bytes(model, path, tmp_path):
    turned = dataclasses.replace(model, provenance=dict(reversed(model.provenance.items())))
    turned.save(tmp_path / "turned.fitnet")
    assert (tmp_path / "turned.fitnet").read_bytes() == path.read_bytes()


def test_file_is_plain_safetensors(model, path):
    header_length = int.from_bytes(path.read_bytes()[:8], "little")
    header = json.loads(path.read_bytes()[8 : 8 + header_length])
    assert header["__metadata__"]["format"] == "fitnet-model"
    assert header["__metadata__"]["format_version"] == "3"
    assert header["parameters"]["shape"] == [model.network.n_parameters]


@pytest.mark.parametrize("name", ["model", "model.safetensors", "model.fitnet.bak", "model.FITNET", ".fitnet"])
def test_other_extensions_are_refused(model, tmp_path, name):
    with pytest.raises(ArgumentValueError) as raised:
        model.save(tmp_path / name)
    assert str(raised.value) == f"`path` is {str(tmp_path / name)!r}; a model file's name must end in .fitnet."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [object(), np.nan, np.inf, b"bytes", {1, 2}, np.float32(1), 1j, [object()]])
def test_provenance_that_json_cannot_hold_is_refused(model, tmp_path, value):
    with pytest.raises(
        ArgumentTypeError, match=r"^`provenance` must hold text, finite numbers, lists and dicts only: "
    ):
        dataclasses.replace(model, provenance={"value": value}).save(tmp_path / "m.fitnet")
    assert list(tmp_path.iterdir()) == []


def test_model_that_overflows_on_its_examples_is_not_saved(tmp_path):
    network = Network.of_widths((1, 1))
    model = Model(network, np.array([3e38, 3e38], "float32"))
    with pytest.raises(ArgumentValueError) as raised:
        model.save(tmp_path / "m.fitnet")
    assert str(raised.value) == (
        "The model's outputs for `example_inputs` are not finite; a model that is kept must predict finite numbers."
    )
    assert list(tmp_path.iterdir()) == []


def test_verify_replays_the_stored_rows(model, path):
    verification = verify(path)
    assert verification.passed
    assert verification.rows == len(model.example_inputs)
    assert verification.largest_difference == 0


@pytest.mark.parametrize("row", [0, 7])
def test_verify_notices_another_output(path, tmp_path, row):
    outputs = stored(path).tensors["example_outputs"].copy()
    outputs[row] += 0.01
    forge(tmp_path / "other.fitnet", stored(path), example_outputs=outputs)
    verification = verify(tmp_path / "other.fitnet")
    assert not verification.passed
    assert verification.largest_difference == np.abs(outputs - stored(path).tensors["example_outputs"]).max()


def test_verify_allows_rounding(path, tmp_path):
    outputs = np.nextafter(stored(path).tensors["example_outputs"], np.float32(np.inf))
    forge(tmp_path / "rounded.fitnet", stored(path), example_outputs=outputs)
    verification = verify(tmp_path / "rounded.fitnet")
    assert verification.passed
    assert 0 < verification.largest_difference <= verification.allowed_difference


@pytest.mark.parametrize("call", [load, verify])
def test_missing_file_and_folder_are_the_systems_own_errors(call, tmp_path):
    missing = tmp_path / "missing.fitnet"
    with pytest.raises(FileNotFoundError) as raised:
        call(missing)
    assert raised.value.filename == str(missing)
    with pytest.raises(OSError, match=r"."):
        call(tmp_path)
