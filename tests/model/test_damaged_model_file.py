"""Foreign and damaged files: whatever is not a whole, unaltered model is refused in one sentence."""

import json
import shutil

import joblib
import numpy as np
import pytest
from equal_or_refused import equal, refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from fitnet import Model, Network, load
from fitnet.errors import ModelFileError


def assert_refused_or_equal(path, model):
    try:
        loaded = load(path)
    except ModelFileError:
        refusal(path)
    else:
        assert equal(loaded, model)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"x,y\n1,2\n", b"\x00" * 8, b"\xff" * 64, b"\x02\x00\x00\x00\x00\x00\x00\x00{}", b"PK\x03\x04" * 9],
)
def test_foreign_file_is_refused(tmp_path, data):
    foreign = tmp_path / "foreign.fitnet"
    foreign.write_bytes(data)
    assert "not a fitnet model" in refusal(foreign)


@pytest.mark.parametrize("protocol", [4, 5])
def test_a_pickle_is_named_and_not_read(tmp_path, protocol):
    joblib.dump({"a": np.arange(5)}, tmp_path / "a.joblib", protocol=protocol)
    with pytest.raises(ModelFileError, match=r"a\.joblib is a pickle and not a fitnet model file; joblib\.load"):
        load(tmp_path / "a.joblib")


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
