"""The model file: what goes in comes out, and whatever is not a whole, unaltered model is refused in one sentence."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
from forged_files import ALWAYS, forge, stored
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from fitnet import Model, Network, load, verify
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError


@pytest.fixture
def path(model, tmp_path):
    """The model, saved."""
    model.save(tmp_path / "whole.fitnet")
    return tmp_path / "whole.fitnet"


def equal(one, other):
    """Whether two models agree in every bit."""
    return (
        one.network == other.network
        and one.parameters.dtype == other.parameters.dtype
        and one.parameters.tobytes() == other.parameters.tobytes()
        and one.example_inputs.tobytes() == other.example_inputs.tobytes()
        and (one.input_names, one.output_names) == (other.input_names, other.output_names)
        and one.provenance == other.provenance
    )


def refusal(path):
    """The sentence with which `load` refuses the file, once it is seen to be one sentence about that file."""
    with pytest.raises(ModelFileError) as raised:
        load(path)
    assert type(raised.value) is ModelFileError
    sentence = str(raised.value)
    assert sentence.startswith(f"{path} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < len(str(path)) + 300
    return sentence.removeprefix(f"{path} ")


def assert_refused_or_equal(path, model):
    try:
        loaded = load(path)
    except ModelFileError:
        refusal(path)
    else:
        assert equal(loaded, model)


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


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"x,y\n1,2\n", b"\x00" * 8, b"\xff" * 64, b"\x02\x00\x00\x00\x00\x00\x00\x00{}", b"PK\x03\x04" * 9],
)
def test_foreign_file_is_refused(tmp_path, data):
    foreign = tmp_path / "foreign.fitnet"
    foreign.write_bytes(data)
    assert "not a fitnet model" in refusal(foreign)


def test_contents_of_a_foreign_file_do_not_reach_the_screen(tmp_path):
    header = json.dumps({"w": {"dtype": "\n\x1b[2J" + 2000 * "!", "shape": [0], "data_offsets": [0, 0]}}).encode()
    foreign = tmp_path / "foreign.fitnet"
    foreign.write_bytes(len(header).to_bytes(8, "little") + header)
    assert "!" not in refusal(foreign)


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}, {"description": "{}"}])
def test_foreign_safetensors_is_refused(tmp_path, metadata):
    foreign = tmp_path / "foreign.fitnet"
    save_file({"weight": np.zeros(3)}, foreign, metadata)
    assert refusal(foreign) == "is a safetensors file, but not a fitnet model."


def test_file_cut_short_anywhere_is_refused(path):
    data = path.read_bytes()
    for length in [*range(0, len(data), 97), len(data) - 1]:
        path.write_bytes(data[:length])
        refusal(path)


def test_file_with_more_behind_it_is_refused(path):
    for tail in (b"\0", b" ", path.read_bytes()):
        path.write_bytes(path.read_bytes() + tail)
        refusal(path)


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_is_refused_or_changes_nothing(model, path, bit):
    data = path.read_bytes()
    for position in range(len(data)):
        altered = bytearray(data)
        altered[position] ^= 1 << bit
        path.write_bytes(altered)
        assert_refused_or_equal(path, model)


def test_every_flipped_bit_of_the_numbers_is_noticed_by_the_checksum(model, path):
    data = path.read_bytes()
    for position in range(len(data) - model.parameters.nbytes, len(data)):
        altered = bytearray(data)
        altered[position] ^= 1
        path.write_bytes(altered)
        assert refusal(path) == "was altered or damaged after it was written: its checksum does not match."


@st.composite
def mutations(draw):
    """A damage: a function from the bytes of a file to other bytes."""
    kind = draw(st.sampled_from(["flip", "set", "insert", "delete", "cut", "replace", "swap"]))
    place = draw(st.floats(0, 1))
    other = draw(st.floats(0, 1))
    few = draw(st.binary(min_size=1, max_size=16))

    def damage(data):
        at, to = sorted((int(place * len(data)), int(other * len(data))))
        if kind == "flip" and at < len(data):
            return data[:at] + bytes([data[at] ^ 1 << few[0] % 8]) + data[at + 1 :]
        if kind == "set":
            return data[:at] + few + data[at + len(few) :]
        if kind == "insert":
            return data[:at] + few + data[at:]
        if kind == "delete":
            return data[:at] + data[at + len(few) :]
        if kind == "cut":
            return data[:at]
        if kind == "swap":
            return data[to:] + data[at:to] + data[:at]
        return few

    return damage


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(damages=st.lists(mutations(), min_size=1, max_size=4))
def test_any_damage_is_refused_or_changes_nothing(tmp_path_factory, damages):
    folder = tmp_path_factory.mktemp("damage")
    network = Network.of_widths((2, 3, 1))
    model = Model(network, np.linspace(-1, 1, network.n_parameters))
    model.save(folder / "m.fitnet")
    data = (folder / "m.fitnet").read_bytes()
    for damage in damages:
        data = damage(data)
    (folder / "m.fitnet").write_bytes(data)
    assert_refused_or_equal(folder / "m.fitnet", model)
    shutil.rmtree(folder)


def test_forged_file_that_is_right_loads(model, path, tmp_path):
    assert equal(load(forge(tmp_path / "forged.fitnet", stored(path))), model)


@pytest.mark.parametrize("version", ["5", "10", "999999999"])
def test_newer_format_asks_for_an_upgrade(path, tmp_path, version):
    forged = forge(tmp_path / "forged.fitnet", stored(path), metadata={"format_version": version})
    assert refusal(forged) == (
        f"was written by a newer fitnet (format {version}; this one reads up to 4): upgrade fitnet to read it."
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
