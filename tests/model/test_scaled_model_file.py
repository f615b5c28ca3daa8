"""Scalings and ranges in the model file: what goes in comes out, and what does not fit together is refused."""

import json

import numpy as np
import pytest
from forged_files import ALWAYS, forge, stored
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fitnet import Model, Network, Scaling, load, verify
from fitnet.errors import ModelFileError

NETWORK = Network.of_widths((2, 5, 3), activation="tanh")
PARAMETERS = np.random.default_rng(6).normal(size=NETWORK.n_parameters).astype("float32")
MODEL = Model(
    NETWORK,
    PARAMETERS,
    input_scaling=Scaling([2000.123, 3e-9], [0.5, 1e-9]),
    target_scaling=Scaling([1e5, 0, -7], [2e4, 1e-3, 1]),
    input_ranges=[[1999, 1e-9], [2001, 5e-9]],
)


@pytest.fixture
def path(tmp_path):
    """The scaled model, saved."""
    MODEL.save(tmp_path / "scaled.fitnet")
    return tmp_path / "scaled.fitnet"


@st.composite
def scalings(draw, columns):
    shift = arrays(np.float64, columns, elements=st.floats(-1e6, 1e6))
    scale = arrays(np.float64, columns, elements=st.floats(1e-6, 1e6))
    return Scaling(draw(shift), draw(scale))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    dtype=st.sampled_from(["float32", "float64"]),
    inputs=st.none() | scalings(2),
    targets=st.none() | scalings(3),
    ranges=st.none() | arrays(np.float64, (2, 2), elements=st.floats(allow_nan=False, allow_infinity=False)),
)
def test_what_goes_in_comes_out(tmp_path_factory, dtype, inputs, targets, ranges):
    path = tmp_path_factory.mktemp("scaled") / "m.fitnet"
    ranges = None if ranges is None else np.sort(ranges, axis=0)
    model = Model(NETWORK, PARAMETERS.astype(dtype), input_scaling=inputs, target_scaling=targets, input_ranges=ranges)
    model.save(path)
    loaded = load(path)
    tensors, expected = stored(path).tensors, model.predict(model.example_inputs)
    dtypes = model.example_inputs.dtype, expected.dtype
    assert (tensors["example_inputs"].dtype, tensors["example_outputs"].dtype) == dtypes
    assert loaded.example_inputs.tobytes() == model.example_inputs.tobytes()
    assert loaded.predict(model.example_inputs).tobytes() == expected.tobytes()
    assert same(loaded.input_ranges, ranges)
    for kept, given_scaling in ((loaded.input_scaling, inputs), (loaded.target_scaling, targets)):
        assert (kept is None) == (given_scaling is None)
        assert kept is None or (same(kept.shift, given_scaling.shift) and same(kept.scale, given_scaling.scale))
    verification = verify(path)
    assert verification.passed
    assert verification.largest_difference == 0
    loaded.save(path.with_name("again.fitnet"))
    assert path.with_name("again.fitnet").read_bytes() == path.read_bytes()


def same(one, other):
    """Whether two arrays, or None, agree in every bit."""
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and one.tobytes() == other.tobytes()


def test_tensors_are_named_and_float64(path):
    header_length = int.from_bytes(path.read_bytes()[:8], "little")
    header = json.loads(path.read_bytes()[8 : 8 + header_length])
    tensors = header.keys() - {"__metadata__", *ALWAYS}
    assert {name: (header[name]["dtype"], header[name]["shape"]) for name in tensors} == {
        "input_shift": ("F64", [2]),
        "input_scale": ("F64", [2]),
        "target_shift": ("F64", [3]),
        "target_scale": ("F64", [3]),
        "input_ranges": ("F64", [2, 2]),
    }
    assert header["example_inputs"]["dtype"] == header["example_outputs"]["dtype"] == "F64"
    assert header["parameters"]["dtype"] == "F32"


def test_file_of_a_model_without_scalings_has_none_of_them(tmp_path):
    Model(NETWORK, PARAMETERS).save(tmp_path / "plain.fitnet")
    assert sorted(stored(tmp_path / "plain.fitnet").tensors) == sorted(ALWAYS)


@pytest.mark.parametrize("version", ["1", "2"])
def test_older_versions_load_and_are_written_as_version_3(tmp_path, version):
    plain = Model(NETWORK, PARAMETERS)
    plain.save(tmp_path / "plain.fitnet")
    old = forge(tmp_path / "old.fitnet", stored(tmp_path / "plain.fitnet"), version=version)
    assert np.array_equal(load(old).parameters, PARAMETERS)
    assert verify(old).passed
    load(old).save(tmp_path / "new.fitnet")
    assert (tmp_path / "new.fitnet").read_bytes() == (tmp_path / "plain.fitnet").read_bytes()


def test_version_1_has_no_scalings(path, tmp_path):
    forged = forge(tmp_path / "old.fitnet", stored(path), version="1")
    assert refusal(forged) == "is damaged: it does not hold a model's tensors."


@pytest.mark.parametrize("output", range(3))
def test_verify_notices_another_output_in_its_own_units(path, output):
    whole = stored(path)
    outputs = whole.tensors["example_outputs"].copy()
    outputs[3, output] += 0.01 * MODEL.target_scaling.scale[output]
    forge(path, whole, example_outputs=outputs)
    verification = verify(path)
    assert not verification.passed
    assert verification.largest_difference == abs(outputs[3, output] - whole.tensors["example_outputs"][3, output])


def test_verify_notices_a_small_output_beside_the_rounding_of_a_large_one(path):
    whole = stored(path)
    outputs = np.add(whole.tensors["example_outputs"], [1e-4 * 2e4, 0, 0])  # within what the first output is allowed
    outputs[3, 1] += 0.01 * 1e-3
    forge(path, whole, example_outputs=outputs)
    verification = verify(path)
    assert not verification.passed
    assert verification.largest_difference < 1e-3


def test_verify_allows_no_more_where_the_shift_is_large(tmp_path):
    model = Model(NETWORK, PARAMETERS, target_scaling=Scaling([1e5, 0, 0], [1e-3, 1, 1]))
    model.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    outputs = np.add(whole.tensors["example_outputs"], [0.01 * 1e-3, 0, 0])
    forge(tmp_path / "m.fitnet", whole, example_outputs=outputs)
    assert not verify(tmp_path / "m.fitnet").passed


@pytest.mark.parametrize("output", range(3))
def test_verify_allows_the_networks_rounding_in_the_outputs_units(path, output):
    whole = stored(path)
    outputs = whole.tensors["example_outputs"].copy()
    outputs[3, output] += 100 * np.finfo(np.float32).eps * MODEL.target_scaling.scale[output]
    forge(path, whole, example_outputs=outputs)
    verification = verify(path)
    assert verification.passed
    assert 0 < verification.largest_difference <= verification.allowed_difference


def test_verify_allows_the_rounding_of_a_large_shift(tmp_path):
    model = Model(NETWORK, PARAMETERS.astype("float64"), target_scaling=Scaling([1e9, 1, 1], [1e-6, 1, 1]))
    model.save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    outputs = np.nextafter(whole.tensors["example_outputs"], np.inf)
    forge(tmp_path / "m.fitnet", whole, example_outputs=outputs)
    assert verify(tmp_path / "m.fitnet").passed


def test_verify_notices_another_scaling(path):
    whole = stored(path)
    for name in ("input_shift", "input_scale", "target_shift", "target_scale"):
        changed = whole.tensors[name] + 0.01 * whole.tensors[name.replace("shift", "scale")]
        forge(path, whole, **{name: changed})
        assert not verify(path).passed, name


NOT_FINITE = "is damaged: its tensor {!r} holds numbers that are not finite."
NOT_FITTING = "is damaged: its tensor {!r} does not fit its layers."
NOT_ABOVE_0 = "is damaged: its tensor {!r} holds numbers that are not above 0."
REVERSED = "is damaged: its tensor 'input_ranges' holds a range that ends below its start."
EXAMPLES = "is damaged: its scaling does not fit its example rows."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"input_shift": None}, "is damaged: it holds the tensor 'input_scale' without 'input_shift'."),
        ({"input_scale": None}, "is damaged: it holds the tensor 'input_shift' without 'input_scale'."),
        ({"target_scale": None}, "is damaged: it holds the tensor 'target_shift' without 'target_scale'."),
        ({"target_shift": None}, NOT_FITTING.format("example_outputs")),
        ({"target_shift": None, "example_outputs": np.float32}, None),
        ({"input_shift": lambda a: a[:1]}, NOT_FITTING.format("input_shift")),
        ({"input_scale": lambda a: a[np.newaxis]}, NOT_FITTING.format("input_scale")),
        ({"target_scale": lambda a: a[:0]}, NOT_FITTING.format("target_scale")),
        ({"target_shift": lambda a: np.array(a[0])}, NOT_FITTING.format("target_shift")),
        ({"input_shift": np.float32}, NOT_FITTING.format("input_shift")),
        ({"target_scale": np.int64}, NOT_FITTING.format("target_scale")),
        ({"example_inputs": np.float32}, NOT_FITTING.format("example_inputs")),
        ({"example_outputs": np.float32}, NOT_FITTING.format("example_outputs")),
        ({"input_shift": lambda a: a * np.nan}, NOT_FINITE.format("input_shift")),
        ({"input_scale": lambda a: a + np.inf}, NOT_FINITE.format("input_scale")),
        ({"target_scale": lambda a: a - np.inf}, NOT_FINITE.format("target_scale")),
        ({"input_ranges": lambda a: a * np.nan}, NOT_FINITE.format("input_ranges")),
        ({"input_scale": lambda a: a * [1, 0]}, NOT_ABOVE_0.format("input_scale")),
        ({"target_scale": lambda a: -a}, NOT_ABOVE_0.format("target_scale")),
        ({"input_ranges": lambda a: a[::-1].copy()}, REVERSED),
        ({"input_ranges": lambda a: a[:1]}, NOT_FITTING.format("input_ranges")),
        ({"input_ranges": lambda a: a.ravel()}, NOT_FITTING.format("input_ranges")),
        ({"input_ranges": np.float32}, NOT_FITTING.format("input_ranges")),
        ({"input_scale": lambda a: a * 1e-60}, EXAMPLES),
        ({"example_inputs": lambda a: a * 1e300}, EXAMPLES),
        (
            {"input_shift": None, "input_scale": None, "example_inputs": lambda a: a * 1e300},
            EXAMPLES,
        ),
        ({"output_shift": lambda a: np.zeros(3)}, "is damaged: it does not hold a model's tensors."),
    ],
)
def test_what_does_not_fit_together_is_refused(path, tmp_path, changes, sentence):
    whole = stored(path)
    tensors = {
        name: None if change is None else np.asarray(change(whole.tensors.get(name)))
        for name, change in changes.items()
    }
    forged = forge(tmp_path / "forged.fitnet", whole, **tensors)
    assert sentence in (None, refusal(forged))


def refusal(path):
    """What `load` and `verify` say of the file, beside its name."""
    sentences = []
    for call in (load, verify):
        with pytest.raises(ModelFileError) as raised:
            call(path)
        sentences.append(str(raised.value).removeprefix(f"{path} "))
    assert sentences[0] == sentences[1]
    return sentences[0]
