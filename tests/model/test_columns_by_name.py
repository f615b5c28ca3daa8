"""Columns of frames, found by the model's names wherever rows come in: predictions, derivatives, errors, evaluation."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from fitnet import Model, Network, Scaling, propagate
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import evaluate, outside_ranges
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import memory
from frames_of_others import KINDS

NETWORK = Network.of_widths((2, 3, 2), "tanh")
X = np.random.default_rng(0).normal(size=(20, 2)) * [1, 100]
FRAME = pd.DataFrame(X, columns=["x", "T"])
TURNED = FRAME[["T", "x"]]


def model(input_names=("x", "T"), output_names=("u", "v")):
    P = NETWORK.n_parameters
    return Model(
        NETWORK,
        NETWORK.initial_parameters(np.random.default_rng(1)).astype(float),
        input_names=input_names,
        output_names=output_names,
        input_scaling=Scaling([0, 0], [1, 100]),
        input_ranges=[[-1, -100], [1, 100]],
        error_bars=ErrorBars(np.ones(P * (P + 1) // 2), 0.1, np.eye(2), 1.0),
    )


DOORS = {
    "predict": lambda model, X: model.predict(X),
    "predict into": lambda model, X: model.predict(X, out=np.empty((20, 2))),
    "standard deviation": lambda model, X: model.predict(X, return_std=True)[1],
    "covariance": lambda model, X: model.predict(X, return_cov=True)[1],
    "jacobian": lambda model, X: model.jacobian(X),
    "hessian": lambda model, X: model.hessian(X),
    "propagate": lambda model, X: propagate(model, X, np.diag([0.01, 4.0])),
    "evaluate": lambda model, X: evaluate(model, X, np.ones((20, 2))).errors["network"].rmse,
    "outside ranges": lambda model, X: outside_ranges(model, X).entries,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", DOORS)
def test_the_order_of_a_frame_s_columns_does_not_matter(door, kind):
    given, expected = (DOORS[door](model(), rows) for rows in (KINDS[kind](TURNED), X))
    assert given.tobytes() == expected.tobytes()


@pytest.mark.parametrize("door", DOORS)
def test_columns_that_do_not_fit_are_refused(door):
    for frame in (FRAME.rename(columns={"T": "t"}), FRAME[["x"]], FRAME.assign(z=1), FRAME[["x", "x"]]):
        with pytest.raises(ArgumentValueError, match=r"^`[Xx]` (lacks|has)"):
            DOORS[door](model(), frame)
    with pytest.raises(ArgumentTypeError, match=r"^`[Xx]` holds categories in column 'T'"):
        DOORS[door](model(), FRAME.assign(T=pd.Categorical(["a", "b"] * 10)))
    with pytest.raises(ArgumentValueError, match=r"^`[Xx]` holds NaN in column 'T', row 19"):
        DOORS[door](model(), FRAME.assign(T=FRAME["T"].shift(-1)))


@pytest.mark.parametrize("door", DOORS)
def test_masked_entries_are_refused(door):
    masked = np.ma.masked_array(X, np.zeros(X.shape, bool))
    masked[3, 1] = np.ma.masked
    with pytest.raises(ArgumentValueError, match=r"^`[Xx]` has masked entries"):
        DOORS[door](model(), masked)


@pytest.mark.parametrize("door", DOORS)
def test_a_sparse_matrix_is_made_dense(door):
    assert DOORS[door](model(), csr_array(X)).tobytes() == DOORS[door](model(), X).tobytes()


def test_a_sparse_matrix_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 100)
    with pytest.raises(ArgumentValueError, match=r"`X` is sparse, of shape \(20, 2\), and once dense would take"):
        model().predict(csr_array(X))


def test_a_model_without_names_says_how_to_go_by_position():
    with pytest.raises(ArgumentValueError, match="'x1', 'x2', in any order; the model was trained without names, so"):
        model(input_names=()).predict(FRAME)
    assert np.array_equal(model(()).predict(FRAME.to_numpy()), model().predict(FRAME))
    assert np.array_equal(model(()).predict(TURNED.set_axis(["x2", "x1"], axis=1)), model().predict(X))


def test_columns_without_names_are_taken_by_position():
    assert np.array_equal(model().predict(pd.DataFrame(X)), model().predict(X))


def test_one_named_point_and_a_named_covariance_are_propagated_by_name():
    covariance = np.cov(X.T)
    expected = propagate(model(), X[3], covariance)
    assert np.array_equal(propagate(model(), TURNED.iloc[3], covariance), expected)
    assert np.array_equal(propagate(model(), X[3], TURNED.cov()), propagate(model(), X[3], FRAME.cov().to_numpy()))
    assert np.array_equal(propagate(model(), TURNED, TURNED.cov()), propagate(model(), X, FRAME.cov().to_numpy()))


COVARIANCES = [
    (TURNED.cov()[["x", "T"]], "`covariance` has rows and columns in different orders; they must have the same names"),
    (FRAME.cov().set_axis(["x", "t"], axis=1), "`covariance` has rows and columns in different orders"),
    (FRAME[["x"]].cov(), "`covariance` lacks 'T'; its columns must be 'x', 'T', in any order."),
    (TURNED.reset_index(drop=True), "`covariance` has 20 rows; it must have 2, one an input."),
]


@pytest.mark.parametrize(("covariance", "sentence"), COVARIANCES)
def test_a_named_covariance_that_does_not_fit_is_refused(covariance, sentence):
    with pytest.raises(ArgumentValueError) as refused:
        propagate(model(), X, covariance)
    assert str(refused.value).startswith(sentence)


def test_a_point_that_does_not_fit_is_refused():
    with pytest.raises(ArgumentValueError, match="`x` lacks 'T'"):
        propagate(model(), FRAME[["x"]].iloc[3], np.eye(2))
    with pytest.raises(ArgumentValueError, match="`x` has masked entries"):
        propagate(model(), np.ma.masked_array([1.0, 2.0], [False, True]), np.eye(2))
    with pytest.raises(ArgumentValueError, match="`x` has rows of different lengths"):
        propagate(model(), [[1.0, 2.0], [3.0]], np.eye(2))


def test_targets_of_an_evaluation_are_found_by_name():
    targets = pd.DataFrame({"v": np.arange(20.0), "u": -np.arange(20.0)})
    given = evaluate(model(), TURNED, targets)
    expected = evaluate(model(), X, targets[["u", "v"]].to_numpy())
    assert given.as_dict() == expected.as_dict()
    with pytest.raises(ArgumentValueError, match="`Y` lacks 'u'; its columns must be 'u', 'v'"):
        evaluate(model(), X, targets[["v"]])


def test_targets_of_an_evaluation_are_masked_by_no_one():
    with pytest.raises(ArgumentValueError, match="`Y` has masked entries"):
        evaluate(model(), X, np.ma.masked_array(X, X > 1))
