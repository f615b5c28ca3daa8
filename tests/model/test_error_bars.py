"""A model's error bars: shapes, units, copies and refusals, and what the model file makes of them."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest
from forged_files import forge, stored

from fitnet import Model, Network, Scaling, load
from fitnet.engine import covariance as reference_covariance
from fitnet.engine.compute import Compute
from fitnet.engine.parameter_jacobian import parameter_jacobian
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.model.error_bars import ErrorBars
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import ArrayRows
from tolerances import FLOAT64_RTOL

NETWORK = Network.of_widths((2, 3, 2), "tanh")
P = NETWORK.n_parameters


def some_error_bars(generator):
    """A factor with a large diagonal, and correlated noise."""
    lower = np.tril(generator.normal(size=(P, P))) * 0.1 + 3 * np.eye(P)
    noise = np.array([[0.5, 0.1], [0.1, 0.2]])
    return ErrorBars(lower[np.tril_indices(P)], 0.35, noise, 7.5)


def some_model(generator, dtype="float64", **changes):
    parameters = generator.normal(size=P).astype(dtype)
    settings = {"error_bars": some_error_bars(generator)} | changes
    return Model(NETWORK, parameters, **settings)


@pytest.fixture
def X(generator):
    return generator.normal(size=(20, 2))


def test_shapes_and_dtypes(generator, X):
    model = some_model(generator, "float32")
    outputs, std = model.predict(X, return_std=True)
    same, covariance = model.predict(X, return_cov=True)
    assert (std.shape, std.dtype, covariance.shape, covariance.dtype) == ((20, 2), "float64", (20, 2, 2), "float64")
    for each in (outputs, same):
        assert each.tobytes() == model.predict(X).tobytes()
    np.testing.assert_allclose(np.diagonal(covariance, axis1=1, axis2=2), std**2, rtol=FLOAT64_RTOL)
    assert np.all(std > model.noise)


def test_no_digit_of_the_inputs_is_lost(generator, X):
    shift = np.array([2.0**24, -(2.0**24)])
    near = some_model(generator, "float32", input_scaling=Scaling([0, 0], [1, 1]))
    far = dataclasses.replace(near, input_scaling=Scaling(shift, [1, 1]))
    X = np.round(X * 2**20) / 2**20  # sums with the shift are exact in float64
    for found, expected in zip(far.predict(X + shift, return_std=True), near.predict(X, return_std=True), strict=True):
        assert np.array_equal(found, expected)


def test_covariance_is_the_textbook_formula(engine, generator, X):
    model = some_model(generator, compute=Compute(engine.name))
    bars, J = model.error_bars, parameter_jacobian(NETWORK, model.parameters, X)
    lower = np.zeros((P, P))
    lower[np.tril_indices(P)] = bars.factor
    inverse = np.linalg.inv(lower @ lower.T)
    np.testing.assert_allclose(bars.parameter_covariance(), 0.35 * inverse, rtol=FLOAT64_RTOL, atol=1e-15)
    expected = 0.35 * J @ inverse @ J.transpose(0, 2, 1) + bars.noise_covariance
    np.testing.assert_allclose(model.predict(X, return_cov=True)[1], expected, rtol=FLOAT64_RTOL)


def test_blocks_of_rows_do_not_show(generator, X, monkeypatch):
    model = some_model(generator, compute=Compute("reference"))
    whole = model.predict(X, return_cov=True)[1]
    monkeypatch.setattr(reference_covariance, "BLOCK_ENTRIES", 3 * 2 * P)
    np.testing.assert_allclose(model.predict(X, return_cov=True)[1], whole, rtol=FLOAT64_RTOL)
    outputs, std = predict_rows(model, ArrayRows("X", X), return_std=True)
    assert outputs.tobytes() == model.predict(X).tobytes()
    np.testing.assert_allclose(std**2, np.diagonal(whole, axis1=1, axis2=2), rtol=FLOAT64_RTOL)


def test_targets_times_1000_have_1000_times_the_std(generator, X):
    plain = some_model(generator, target_scaling=Scaling([1, 2], [1, 1]), input_scaling=Scaling([1, 1], [2, 5]))
    large = dataclasses.replace(plain, target_scaling=Scaling([0, 0], [1000, 1e-200]))
    (_, std), (_, wide) = plain.predict(X, return_std=True), large.predict(X, return_std=True)
    np.testing.assert_allclose(wide, std * [1000, 1e-200], rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(large.noise, plain.noise * [1000, 1e-200], rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(plain.noise, np.sqrt([0.5, 0.2]), rtol=FLOAT64_RTOL)


def test_out_is_written(generator, X):
    model, out = some_model(generator), np.empty((20, 2))
    outputs, _ = model.predict(X, out=out, return_std=True)
    assert outputs is out


def test_copies_and_files_give_the_same_bits(generator, X, tmp_path):
    model = some_model(generator, "float32", target_scaling=Scaling([1, 2], [3, 4]))
    model.save(tmp_path / "m.fitnet")
    expected = model.predict(X, return_cov=True)[1].tobytes()
    for other in (load(tmp_path / "m.fitnet"), pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert other.predict(X, return_cov=True)[1].tobytes() == expected
        assert other.noise.tobytes() == model.noise.tobytes()
        assert other.error_bars.effective_parameters == 7.5
        with pytest.raises(ValueError, match="read-only"):
            other.error_bars.factor[0] = 1
    load(tmp_path / "m.fitnet").save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "m.fitnet").read_bytes()


def test_without_error_bars_there_is_none_to_ask_for(generator, X):
    model = some_model(generator, error_bars=None)
    assert model.noise is None
    for name in ("return_std", "return_cov"):
        with pytest.raises(ArgumentValueError) as raised:
            model.predict(X, **{name: True})
        assert str(raised.value) == (
            f"`{name}` is True and the model has no error bars: fit it with loss='squared_error' and error_bars=True, "
            "which adds less than 1 MB to the model and less than a second to the fit."
        )


def test_requests_are_refused(generator, X):
    model = some_model(generator)
    with pytest.raises(ArgumentValueError, match="`return_std` and `return_cov` are both True; only one of them may"):
        model.predict(X, return_std=True, return_cov=True)
    with pytest.raises(ArgumentTypeError, match="`return_std` is 'yes'; it must be True or False"):
        model.predict(X, return_std="yes")
    with pytest.raises(ArgumentValueError, match="`X` has 3 columns; it must have 2"):
        model.predict(np.ones((1, 3)), return_std=True)


def good():
    return {"factor": np.array([1.0, 0, 1]), "variance": 1.0, "noise_covariance": np.eye(2), "effective_parameters": 1}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"factor": np.ones(4)}, "`factor` has 4 entries; it must have P (P + 1) / 2, a triangle."),
        ({"factor": np.ones(0)}, "`factor` has 0 entries; it must have P (P + 1) / 2, a triangle."),
        ({"factor": np.eye(1)}, "`factor` has shape (1, 1); it must have shape (1,)."),
        ({"factor": np.array([1.0, 0, 0])}, "`factor` holds numbers on its diagonal that are not above 0; they must"),
        ({"factor": np.array([1.0, np.nan, 1])}, "`factor` holds nan at [1]; every entry must be a finite number."),
        ({"variance": -1.0}, "`variance` is -1; it must be at least 0."),
        ({"variance": np.inf}, "`variance` is inf; it must be finite and at least 0."),
        ({"noise_covariance": np.array([[1.0, 2], [0, 1]])}, "`noise_covariance` is not symmetric; it must be."),
        ({"noise_covariance": np.ones((1, 2))}, "`noise_covariance` is not symmetric; it must be."),
        ({"noise_covariance": np.array([[1.0, 2], [2, 1]])}, "`noise_covariance` is not positive semidefinite; it"),
        ({"noise_covariance": np.diag([1e300, -1e-9])}, "`noise_covariance` is not positive semidefinite; it must"),
        ({"effective_parameters": 2.1}, "`effective_parameters` is 2.1; it must be at least 0 and at most 2."),
    ],
)
def test_what_cannot_be_error_bars_is_refused(changes, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as raised:
        ErrorBars(**good() | changes)
    assert str(raised.value).startswith(sentence)


def test_error_bars_must_fit_the_network(generator):
    with pytest.raises(ArgumentValueError) as raised:
        some_model(generator, error_bars=ErrorBars(**good()))
    assert str(raised.value) == "`error_bars` is for 2 parameters and 2 outputs; it must be for 17 and 2."
    with pytest.raises(ArgumentTypeError, match="`error_bars` is bool; it must be ErrorBars or None"):
        some_model(generator, error_bars=True)


NOT_FITTING = "is damaged: its tensor {!r} does not fit its layers."
NOT_FINITE = "is damaged: its tensor {!r} holds numbers that are not finite."
FACTOR, VARIANCE, NOISE, EFFECTIVE = TENSORS = [
    f"error_bars_{field}" for field in ("factor", "variance", "noise_covariance", "effective_parameters")
]
IN_THEM = "is damaged: in its error bars "


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        *(
            ({name: None}, f"is damaged: it holds the tensor {NOISE if name == FACTOR else FACTOR!r} without {name!r}.")
            for name in (NOISE, EFFECTIVE)
        ),
        ({FACTOR: None}, f"is damaged: it holds the tensor {VARIANCE!r} without {FACTOR!r}."),
        *(({name: lambda a: a[:-1].copy()}, NOT_FITTING.format(name)) for name in TENSORS),
        *(({name: lambda a: a.astype("float32")}, NOT_FITTING.format(name)) for name in TENSORS),
        *(({name: lambda a: a * np.nan}, NOT_FINITE.format(name)) for name in TENSORS),
        ({NOISE: lambda a: a.ravel()}, NOT_FITTING.format(NOISE)),
        (
            {FACTOR: lambda a: -a},
            IN_THEM + "`factor` holds numbers on its diagonal that are not above 0; they must be.",
        ),
        ({VARIANCE: lambda a: -a}, IN_THEM + "`variance` is -0.35; it must be at least 0."),
        (
            {EFFECTIVE: lambda a: a * 10},
            IN_THEM + "`effective_parameters` is 75; it must be at least 0 and at most 17.",
        ),
        (
            {NOISE: lambda a: a * np.array([[1, 2], [1, 1]])},
            IN_THEM + "`noise_covariance` is not symmetric; it must be.",
        ),
        ({NOISE: lambda a: -a}, IN_THEM + "`noise_covariance` is not positive semidefinite; it must be."),
    ],
)
def test_damaged_error_bars_are_refused(generator, tmp_path, changes, sentence):
    some_model(generator).save(tmp_path / "m.fitnet")
    whole = stored(tmp_path / "m.fitnet")
    tensors = {name: None if change is None else change(whole.tensors[name]) for name, change in changes.items()}
    path = forge(tmp_path / "forged.fitnet", whole, **tensors)
    with pytest.raises(ModelFileError) as raised:
        load(path)
    assert str(raised.value) == f"{path} {sentence}"


@pytest.mark.parametrize("version", ["1", "2"])
def test_older_versions_have_no_error_bars(generator, tmp_path, version):
    some_model(generator).save(tmp_path / "m.fitnet")
    path = forge(tmp_path / "old.fitnet", stored(tmp_path / "m.fitnet"), version=version)
    with pytest.raises(ModelFileError, match="does not hold a model's tensors"):
        load(path)


def test_any_flipped_byte_is_noticed(generator, tmp_path):
    some_model(generator).save(tmp_path / "m.fitnet")
    data = (tmp_path / "m.fitnet").read_bytes()
    for place in generator.integers(0, len(data), 60):
        damaged = bytearray(data)
        damaged[place] ^= 1 << int(generator.integers(8))
        (tmp_path / "damaged.fitnet").write_bytes(damaged)
        try:
            loaded = load(tmp_path / "damaged.fitnet")
        except ModelFileError:
            continue
        assert loaded.error_bars.factor.tobytes() == load(tmp_path / "m.fitnet").error_bars.factor.tobytes()
