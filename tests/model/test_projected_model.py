"""A model whose encoding has projections: predictions by hand, derivatives by differences, copies, files, summaries."""

import copy
import json
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forged_files import stored

from finite_differences import numerical_jacobian
from fitnet import Domain, Ensemble, Model, Network, Scaling, load, verify
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentValueError, DerivativeWarning
from fitnet.model import encoded
from fitnet.model.description import Description
from kinds_of_models import KINDS
from tolerances import (
    DIFFERENCE_MARGIN,
    DIFFERENCE_STEP,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
)

SLANTING = np.array([[0.6, -0.8], [0, 1], [1, 1]])
CORNERS = np.array([-1.0, 0.1, 1])
ENCODING = PiecewiseLinear([[], [], CORNERS, [], CORNERS], SLANTING)
NETWORK = Network.of_widths((9, 5, 2), "tanh")
PARAMETERS = np.random.default_rng(4).normal(size=NETWORK.n_parameters) / 2
INPUTS, TARGETS = Scaling([0.5, 250], [2, 80]), Scaling([100, -1], [20, 0.5])
MODEL = Model(
    NETWORK,
    PARAMETERS,
    ["x", "T"],
    encoding=ENCODING,
    input_scaling=INPUTS,
    target_scaling=TARGETS,
    input_ranges=[[-5, 10], [6, 500]],
)
PLAIN = replace(MODEL, encoding=PiecewiseLinear([[-2, 0, 1, 2, 3], [0, 100, 200, 300]]))  # as many features
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
native = pytest.mark.skipif("native" not in ENGINES, reason="the reference engine sums by BLAS, in orders of its own")


@pytest.fixture
def X(generator):
    return INPUTS.undo(generator.uniform(-2.5, 2.5, (60, 2)))


def in_dtype(dtype, model=MODEL):
    return replace(model, parameters=PARAMETERS.astype(dtype), example_inputs=None)


def by_hand(X):
    """Scale, project, cut, dense, and back."""
    features = list(((X - INPUTS.shift) / INPUTS.scale).T)
    for i, row in enumerate(SLANTING):
        u = row[0] * features[0] + row[1] * features[1]
        low, middle, high = CORNERS
        pieces = [np.minimum((u - low) / (middle - low), 1), np.maximum((u - middle) / (high - middle), 0)]
        features += [u] if i == 1 else [u, *pieces]
    (W, V), (b, c) = NETWORK.weights(PARAMETERS), NETWORK.biases(PARAMETERS)
    return (np.tanh(np.stack(features, axis=1) @ W + b) @ V + c) * TARGETS.scale + TARGETS.shift


@each_dtype
def test_predictions_by_hand(engine, X, dtype):
    found = replace(in_dtype(dtype), compute=Compute(engine.name)).predict(X)
    expected = by_hand(X)
    error = np.abs(found - expected).max(axis=0) / np.abs(expected - TARGETS.shift).max(axis=0)
    assert error.max() <= 2 * PREDICTION_ATOL_OF_LARGEST[dtype]  # the features' rounding beside the network's


def test_derivatives_are_differences_between_the_corners(engine, X):
    u = (X - INPUTS.shift) / INPUTS.scale @ SLANTING[[0, 2]].T
    X = X[(np.abs(u[:, :, np.newaxis] - CORNERS[1]) > DIFFERENCE_MARGIN).all(axis=(1, 2))]
    assert len(X) > 50
    model, steps = replace(MODEL, compute=Compute(engine.name)), DIFFERENCE_STEP * INPUTS.scale
    found, expected = model.jacobian(X), numerical_jacobian(model.predict, X, steps)
    largest = np.abs(expected).max(axis=0)
    assert np.all(np.abs(found - expected) <= JACOBIAN_RTOL * np.abs(expected) + JACOBIAN_ATOL_OF_LARGEST * largest)
    expected = numerical_jacobian(lambda at: model.jacobian(at).reshape(len(at), 4), X, steps).reshape(-1, 2, 2, 2)
    with pytest.warns(DerivativeWarning, match="of encodings as zero"):
        found = model.hessian(X)
    np.testing.assert_array_equal(found, found.swapaxes(2, 3))
    assert np.all(np.abs(found - expected) <= HESSIAN_ATOL_OF_LARGEST * np.abs(expected).max(axis=0))


@native
@each_dtype
def test_a_row_has_the_same_bits_in_any_call(X, dtype, monkeypatch):
    model = replace(in_dtype(dtype), compute=Compute("native", 2))
    whole, slopes = model.predict(X), model.jacobian(X)
    for i in range(0, 60, 7):
        assert model.predict(X[i : i + 1]).tobytes() == whole[i : i + 1].tobytes()
        assert model.jacobian(X[i : i + 1]).tobytes() == slopes[i : i + 1].tobytes()
    monkeypatch.setattr(encoded, "row_blocks", lambda n, _: (slice(i, min(i + 7, n)) for i in range(0, n, 7)))
    assert model.predict(X, out=np.empty_like(whole)).tobytes() == whole.tobytes()
    assert model.jacobian(X).tobytes() == slopes.tobytes()


def test_columns_by_name(X):
    frame = pd.DataFrame({"T": X[:, 1], "x": X[:, 0]})
    assert MODEL.predict(frame).tobytes() == MODEL.predict(X).tobytes()
    assert MODEL.jacobian(frame).tobytes() == MODEL.jacobian(X).tobytes()


@each_dtype
def test_files_and_copies_hold_all_of_it(X, tmp_path, dtype):
    model, path = in_dtype(dtype), tmp_path / "projected.fitnet"
    model.save(path)
    for other in (load(path), pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert other.encoding.projections.tobytes() == SLANTING.tobytes()
        assert not other.encoding.projections.flags.writeable
        assert other.input_names == ("x", "T")
        assert other.predict(X).tobytes() == model.predict(X).tobytes()
        assert other.jacobian(X).tobytes() == model.jacobian(X).tobytes()
    assert verify(path).passed
    load(path).save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == path.read_bytes()


def test_only_projections_need_the_newest_format(tmp_path):
    for model, version in ((MODEL, 10), (PLAIN, 7)):
        model.save(tmp_path / "model.fitnet")
        whole = stored(tmp_path / "model.fitnet")
        assert whole.version == version
        assert ("encoding_projections" in whole.tensors) == (version == 10)
        assert whole.tensors["encoding_edges"].dtype == np.float64
    assert json.loads(whole.description)["encoding"] == [5, 4]


def test_none_are_written_as_no_projections(tmp_path):
    """Of length 0, they give the file of an encoding without any, byte for byte."""
    PLAIN.save(tmp_path / "plain.fitnet")
    replace(PLAIN, encoding=PiecewiseLinear(PLAIN.encoding.edges, np.zeros((0, 2)))).save(tmp_path / "none.fitnet")
    assert (tmp_path / "none.fitnet").read_bytes() == (tmp_path / "plain.fitnet").read_bytes()


def test_an_ensemble_of_members_with_and_without(tmp_path, generator):
    kind = KINDS["ensemble, projected, float32"]
    ensemble, path = replace(kind.model, domain=Domain.of(kind.X, generator)), tmp_path / "ensemble.fitnet"
    ensemble.save(path)
    loaded = load(path)
    assert stored(path).version == 10
    assert [member.encoding and member.encoding.n_projections for member in loaded.members] == [3, 0, None]
    members = [member.predict(kind.X).astype(float) for member in kind.model.members]
    expected = np.einsum("i,inm->nm", kind.model.weights, members)
    largest = np.abs(expected).max()
    np.testing.assert_allclose(loaded.predict(kind.X), expected, 0, PREDICTION_ATOL_OF_LARGEST["float32"] * largest)
    for method in ("predict", "jacobian", "domain_score"):
        assert getattr(loaded, method)(kind.X).tobytes() == getattr(ensemble, method)(kind.X).tobytes()
    assert verify(path).passed
    Ensemble(ensemble.members[1:]).save(path)
    assert stored(path).version == 7


def test_it_is_described_by_its_own_columns():
    facts = Description.of(MODEL).as_dict()
    assert [(each["name"], each["scale"], each["highest"]) for each in facts["inputs"]] == [("x", 2, 6), ("T", 80, 500)]
    assert facts["parameters"] == NETWORK.n_parameters
    assert facts["architecture"] == [(9, 5), (5, 2)]
    assert repr(MODEL) == "<Model of 'y1', 'y2' from 'x', 'T': [(9, 5), (5, 2)] with tanh, 62 parameters in float64>"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"encoding": PiecewiseLinear([[], [], []], SLANTING[:1])},
            "`encoding` gives 3 features; it must give 9, as many as the network has inputs.",
        ),
        (
            {"encoding": PiecewiseLinear([[], [], [], CORNERS, CORNERS], [[1, 0, 0], [1, 1, 0]])},
            "`input_scaling` is for 2 columns; it must be for 3.",
        ),
        ({"input_names": ["x", "T", "u", "v", "w"]}, "`input_names` has 5 names; it must have 2, one a column."),
    ],
)
def test_what_does_not_fit_is_refused(changes, sentence):
    with pytest.raises(ArgumentValueError) as raised:
        replace(MODEL, **{"example_inputs": None, "input_names": (), "input_ranges": None} | changes)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("call", [Model.predict, Model.jacobian], ids=["predict", "jacobian"])
def test_rows_too_far_out_are_refused_by_their_farthest_column(call):
    edges = [[], [], [0, 1e-36, 2e-36], [], CORNERS]
    model = in_dtype("float32", replace(MODEL, encoding=PiecewiseLinear(edges, SLANTING), example_inputs=[[0.5, 250]]))
    X = np.tile([0.5, 250], (3000, 1))
    X[2999] = [2000, 1050]  # 1000 and 10 as they are projected
    with pytest.raises(
        ArgumentValueError, match=r"^`X` holds 2000.0 at \[2999, 0\]; float32 cannot hold it once it is"
    ):
        call(model, X)
