"""The checkpoint file: what goes in comes out, and whatever is not a whole, unaltered checkpoint is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resuming import trained
from safetensors.numpy import load_file, save_file

from fitnet import Checkpoint, GradientDescent, Momentum, Network
from fitnet.engine import Best
from fitnet.errors import CheckpointFileError
from fitnet.files import container
from fitnet.training import checkpoint_file
from fitnet.training.history import SERIES


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The checkpoint of a training in mini-batches with validation data, always the same."""
    path = tmp_path_factory.mktemp("checkpoint") / "whole.ckpt"
    X = np.linspace(-1, 1, 40).reshape(20, 2)
    settings = {"validation": (X, X[:, :1]), "batch_size": 7, "checkpoint": Checkpoint(path)}
    trained(Network.of_widths((2, 3, 1)), (X, X[:, :1]), **settings)
    return path


def contents_in_text(path):
    """All that the file holds, to the last bit."""
    contents = checkpoint_file.read(path)
    snapshot = contents.snapshot
    return (
        contents.epochs,
        contents.settings,
        snapshot.generator,
        snapshot.epochs,
        snapshot.early,
        snapshot.state.step,
        snapshot.best.loss,
        snapshot.best.epoch,
        [array.tobytes() for array in (snapshot.parameters, snapshot.best.parameters, snapshot.state.moments)],
        [getattr(snapshot.history, series) for series in SERIES],
    )


def refusal(path):
    """The sentence with which the file is refused, once it is seen to be one sentence about that file."""
    with pytest.raises(CheckpointFileError) as raised:
        checkpoint_file.read(path)
    assert type(raised.value) is CheckpointFileError
    sentence = str(raised.value)
    assert sentence.startswith(f"{path} ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence.removeprefix(f"{path} ")


def assert_refused_or_equal(path, whole):
    try:
        text = contents_in_text(path)
    except CheckpointFileError:
        refusal(path)
    else:
        assert text == contents_in_text(whole)


def forge(path, whole, changes, **tensors):
    """The whole file with other contents and a checksum that fits them."""
    stored = container.read(whole, checkpoint_file.FORMAT)
    description = json.dumps(json.loads(stored.description) | changes)
    kept = {name: tensor for name, tensor in (stored.tensors | tensors).items() if tensor is not None}
    container.write(path, checkpoint_file.FORMAT, description, kept)
    return path


@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum()])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_what_goes_in_comes_out(network, data, tmp_path, optimizer, batch_size):
    path = tmp_path / "one.ckpt"
    trained(network, data, solver=optimizer, batch_size=batch_size, checkpoint=Checkpoint(path))
    contents = checkpoint_file.read(path)
    assert np.isfinite(contents.snapshot.best.loss) == (batch_size is None)
    checkpoint_file.write(tmp_path / "two.ckpt", contents)
    assert (tmp_path / "two.ckpt").read_bytes() == path.read_bytes()


def test_history_after_the_snapshot_stays_out(path, tmp_path):
    contents = checkpoint_file.read(path)
    earlier = replace(contents, snapshot=replace(contents.snapshot, epochs=5, best=Best(np.inf, np.zeros(13, "f4"), 0)))
    checkpoint_file.write(tmp_path / "earlier.ckpt", earlier)
    history = checkpoint_file.read(tmp_path / "earlier.ckpt").snapshot.history
    for series in SERIES:
        assert getattr(history, series) == getattr(contents.snapshot.history, series)[:5]


def test_arrays_may_be_changed(path):
    snapshot = checkpoint_file.read(path).snapshot
    for array in (snapshot.parameters, snapshot.best.parameters, snapshot.state.moments):
        assert array.flags.carray


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_flipped_bytes_are_refused_or_harmless(path, tmp_path_factory, data):
    altered = bytearray(path.read_bytes())
    places = st.tuples(st.integers(0, len(altered) - 1), st.integers(1, 255))
    for place, flip in data.draw(st.lists(places, min_size=1, max_size=4)):
        altered[place] ^= flip
    forged = tmp_path_factory.getbasetemp() / "flipped.ckpt"
    forged.write_bytes(altered)
    assert_refused_or_equal(forged, path)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_truncated_and_lengthened_files_are_refused(path, tmp_path_factory, data):
    whole = path.read_bytes()
    end = data.draw(st.integers(0, len(whole) - 1))
    more = data.draw(st.binary(min_size=0, max_size=20))
    forged = tmp_path_factory.getbasetemp() / "cut.ckpt"
    forged.write_bytes(whole[:end] + more)
    assert_refused_or_equal(forged, path)
    forged.write_bytes(whole + b"\x00" + more)
    refusal(forged)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_edited_headers_are_refused_or_harmless(path, tmp_path_factory, data):
    whole = path.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    part = header[data.draw(st.sampled_from(sorted(header)))]
    key = data.draw(st.sampled_from(sorted(part)))
    part[key] = data.draw(st.sampled_from(list(part.values())) | st.text(max_size=9) | st.integers() | st.none())
    text = json.dumps(header).encode()
    forged = tmp_path_factory.getbasetemp() / "edited.ckpt"
    forged.write_bytes(len(text).to_bytes(8, "little") + text + whole[8 + length :])
    assert_refused_or_equal(forged, path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from(checkpoint_file.KEYS), value=JSON)
def test_descriptions_of_anything_are_refused_or_read(path, tmp_path_factory, name, value):
    forged = forge(tmp_path_factory.getbasetemp() / "forged.ckpt", path, {name: value})
    try:
        contents_in_text(forged)
    except CheckpointFileError:
        assert refusal(forged) == "is damaged: what it holds does not fit together as a fitnet checkpoint."


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 11},
        {"epochs": 0},
        {"epochs": True},
        {"epochs": 12.0},
        {"early": 1},
        {"step": -1},
        {"step": 2**63},
        {"best_epoch": 13},
        {"best_epoch": -1},
        {"best_loss": "inf"},
        {"settings": {"X": 3}},
        {"settings": []},
        {"generator": {}},
        {"more": 1},
    ],
    ids=json.dumps,
)
def test_nonsense_in_the_description_is_refused(path, tmp_path, changes):
    assert refusal(forge(tmp_path / "forged.ckpt", path, changes)).startswith("is damaged: ")


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: {"parameters": tensors["parameters"][:-1]},
        lambda tensors: {"parameters": tensors["parameters"].astype("float64")},
        lambda tensors: {"parameters": tensors["parameters"][np.newaxis]},
        lambda tensors: {"parameters": tensors["parameters"] * np.float32(np.nan)},
        lambda tensors: {"best_parameters": tensors["best_parameters"][1:]},
        lambda tensors: {"best_parameters": tensors["best_parameters"] * np.float32(np.inf)},
        lambda tensors: {"moments": tensors["moments"][0]},
        lambda tensors: {"moments": tensors["moments"][:, 1:]},
        lambda tensors: {"moments": None},
        lambda tensors: {
            name: tensors[name].astype("float16") for name in ("parameters", "best_parameters", "moments")
        },
        lambda tensors: {"loss": tensors["loss"][1:]},
        lambda tensors: {"loss": tensors["loss"] * np.nan},
        lambda tensors: {"seconds": tensors["seconds"].astype("float32")},
        lambda tensors: {"validation_loss": tensors["validation_loss"][1:]},
        lambda tensors: {"validation_loss": None},
        lambda tensors: {name: tensors[name][:0] for name in SERIES},
        lambda tensors: {name: tensors[name][np.newaxis] for name in SERIES},
        lambda tensors: {"more": np.zeros(3)},
    ],
)
def test_tensors_that_do_not_fit_are_refused(path, tmp_path, change):
    tensors = change(load_file(path))
    tensors = {name: tensor if tensor is None else np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    assert refusal(forge(tmp_path / "forged.ckpt", path, {}, **tensors)).startswith("is damaged: ")


def test_foreign_files_are_refused(tmp_path):
    foreign = tmp_path / "foreign.ckpt"
    save_file({"parameters": np.zeros(3)}, foreign)
    assert refusal(foreign) == "is a safetensors file, but not a fitnet checkpoint."
    foreign.write_bytes(b"epoch,loss\n")
    assert refusal(foreign) == "is not a fitnet checkpoint file, or it was cut short or damaged."


def test_newer_format_asks_for_an_upgrade(path, tmp_path, monkeypatch):
    newer = container.Format("fitnet-checkpoint", "fitnet checkpoint", 2, CheckpointFileError)
    stored = container.read(path, checkpoint_file.FORMAT)
    container.write(tmp_path / "newer.ckpt", newer, stored.description, stored.tensors)
    assert refusal(tmp_path / "newer.ckpt") == (
        "was written by a newer fitnet (format 2; this one reads up to 1): upgrade fitnet to read it."
    )
