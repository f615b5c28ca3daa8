"""Forged model files: a version, a description or tensors that make no model are refused in one sentence."""

import json

import numpy as np
import pytest
from equal_or_refused import equal, refusal
from forged_files import ALWAYS, forge, stored

from fitnet import load


def test_forged_file_that_is_right_loads(model, path, tmp_path):
    assert equal(load(forge(tmp_path / "forged.fitnet", stored(path))), model)


@pytest.mark.parametrize("version", ["11", "12", "999999999"])
def test_newer_format_asks_for_an_upgrade(path, tmp_path, version):
    forged = forge(tmp_path / "forged.fitnet", stored(path), metadata={"format_version": version})
    assert refusal(forged) == (
        f"was written by a newer fitnet (format {version}; this one reads up to 10): upgrade fitnet to read it."
    )


@pytest.mark.parametrize("version", ["", "-1", "1.0", "one", "9" * 5000, "²", "0"])
def test_format_version_that_is_none_is_refused(path, tmp_path, version):
    forged = forge(tmp_path / "forged.fitnet", stored(path), metadata={"format_version": version})
    assert refusal(forged) == f"is damaged: its format version is {version[:20]!r}."


LAYERS = [
    {"inputs": 2, "outputs": 5, "activation": "tanh"},
    {"inputs": 5, "outputs": 1, "activation": "identity"},
]


def layers(**changes):
    return {"layers": [LAYERS[0] | changes, LAYERS[1]]}


@pytest.mark.parametrize(
    "changes",
    [
        layers(inputs=10**12),
        layers(inputs=10**400),
        {"layers": [LAYERS[0] | {"outputs": 10**12}, LAYERS[1] | {"inputs": 10**12}]},
        layers(inputs=-2),
        layers(inputs=0),
        layers(inputs=2.0),
        layers(inputs=1e308),
        layers(inputs="2"),
        layers(inputs=True),
        layers(inputs=None),
        layers(outputs=6),
        layers(activation="sine"),
        layers(activation=["tanh"]),
        layers(activation={}),
        layers(dropout=0.5),
        {"layers": []},
        {"layers": {}},
        {"layers": "tanh"},
        {"layers": None},
        {"layers": 2},
        {"layers": [[2, 5], [5, 1]]},
        {"layers": [LAYERS[0]]},
        {"layers": [{"outputs": 5}, LAYERS[1]]},
        {"input_names": ["a"]},
        {"input_names": ["a", "a"]},
        {"input_names": [1, 2]},
        {"input_names": "ab"},
        {"input_names": {"a": 1, "b": 2}},
        {"input_names": None},
        {"input_names": 2},
        {"output_names": ["a", "b"]},
        {"output_names": [None]},
        {"provenance": None},
        {"provenance": 3},
        {"provenance": "text"},
        {"provenance": [["a", 1]]},
        {"loss": "squared_error"},
    ],
    ids=lambda changes: json.dumps(changes)[:70],
)
def test_nonsense_in_the_description_is_refused(path, tmp_path, changes):
    description = json.loads(stored(path).description) | changes
    assert refusal(forge(tmp_path / "forged.fitnet", stored(path), description)).startswith("is damaged: ")


@pytest.mark.parametrize("missing", ["layers", "input_names", "output_names", "provenance"])
def test_missing_key_is_refused(path, tmp_path, missing):
    description = json.loads(stored(path).description)
    del description[missing]
    assert refusal(forge(tmp_path / "forged.fitnet", stored(path), description)).startswith("is damaged: ")


@pytest.mark.parametrize(
    "description",
    ["", "{", "[]", "null", "3", '"text"', "[" * 100_000, '{"layers":' * 20_000, "9" * 5000, "NaN", "\x00", "{}"],
    ids=lambda text: text[:10],
)
def test_description_that_is_no_dict_is_refused(path, tmp_path, description):
    assert refusal(forge(tmp_path / "forged.fitnet", stored(path), description)).startswith("is damaged: ")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(path, tmp_path, number):
    description = stored(path).description.replace('"seed": 5', f'"seed": {number}')
    assert number in description
    assert refusal(forge(tmp_path / "forged.fitnet", stored(path), description)).startswith("is damaged: ")


@pytest.mark.parametrize(
    "changes",
    [
        dict.fromkeys(ALWAYS, lambda array: array.astype("float16")),
        dict.fromkeys(ALWAYS, lambda array: array.astype("int32")),
        dict.fromkeys(ALWAYS, lambda array: array > 0),
        {"parameters": lambda array: array.astype("float64")},
        {"example_outputs": lambda array: array.astype("float64")},
        {"parameters": lambda array: array * np.float32(np.nan)},
        {"parameters": lambda array: np.where(array == array[-1], np.float32(np.inf), array)},
        {"example_inputs": lambda array: array * np.float32(np.nan)},
        {"example_outputs": lambda array: array * np.float32(np.nan)},
        {"parameters": lambda array: array[:-1]},
        {"parameters": lambda array: array[np.newaxis]},
        {"parameters": lambda array: array[:0]},
        {"example_inputs": lambda array: array[:0], "example_outputs": lambda array: array[:0]},
        {"example_inputs": lambda array: array[:3]},
        {"example_inputs": lambda array: np.array(array[0, 0])},
        {"example_outputs": lambda array: np.array(array[0, 0])},
        {"parameters": lambda array: np.array(array[0])},
        {"example_inputs": lambda array: array[:, :1].copy()},
        {"example_outputs": lambda array: None},
        {"parameters": lambda array: None},
        {"more": lambda array: np.zeros(3)},
    ],
)
def test_tensors_that_do_not_fit_are_refused(path, tmp_path, changes):
    whole = stored(path)
    tensors = {name: change(whole.tensors.get(name)) for name, change in changes.items()}
    assert refusal(forge(tmp_path / "forged.fitnet", whole, **tensors)).startswith("is damaged: ")


@pytest.mark.parametrize("dtype", ["BF16", "F8_E4M3", "F8_E5M2", "C64", "F4", "U16", "F16"])
def test_tensor_types_numpy_lacks_are_refused(path, dtype):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    bits = {"F4": 4, "C64": 64}.get(dtype, 8 if dtype.startswith("F8") else 16)
    count = (header["parameters"]["data_offsets"][1] - header["parameters"]["data_offsets"][0]) * 8 // bits
    header["parameters"] |= {"dtype": dtype, "shape": [count]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    refusal(path)
