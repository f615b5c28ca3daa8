"""The precision of predictions: float32 where every input and target was, as scikit-learn has it; else float64."""

import warnings

import numpy as np
import pandas as pd
import pytest
from example_rows import plane
from scipy.sparse import csr_array

from fitnet import Regressor

X, y = plane(60)
X32, y32 = X.astype("float32"), y.astype("float32")
SETTINGS = {"hidden_layer_sizes": (4,), "activation": "tanh", "max_epochs": 5, "random_state": 0, "error_bars": True}


@pytest.mark.parametrize("dtype", ["float32", "float64", "auto"])
@pytest.mark.parametrize("shape", [(60,), (60, 1), (60, 2)])
def test_float32_where_everything_is(shape, dtype):
    targets = np.resize(y32, shape)
    regressor = Regressor(**SETTINGS, dtype=dtype).fit(X32, targets)
    assert regressor.predict(X32).dtype == np.float32
    for kept in ("return_std", "return_cov"):
        assert [part.dtype for part in regressor.predict(X32, **{kept: True})] == [np.float32, np.float32]
    assert np.array_equal(regressor.predict(X32), regressor.predict(X32.astype(float)).astype("float32"))


@pytest.mark.parametrize("kind", ["int64", "uint8", "bool"])
def test_whole_numbers_as_targets_follow_the_inputs(kind):
    counts = (y > y.mean()).astype(kind)
    assert Regressor(**SETTINGS).fit(X32, counts).predict(X32).dtype == np.float32
    assert Regressor(**SETTINGS).fit(X, counts).predict(X).dtype == np.float64


@pytest.mark.parametrize(
    ("inputs", "targets", "new"),
    [(X, y32, X32), (X32, y, X32), (X32, y32, X), (X, y, X), (X32, y32.tolist(), X32), (X32, y32, X32.tolist())],
)
def test_float64_where_anything_is(inputs, targets, new):
    assert Regressor(**SETTINGS).fit(inputs, targets).predict(new).dtype == np.float64


def test_frames_and_sparse_matrices_are_no_exception():
    frame = pd.DataFrame(X32, columns=["a", "b"])
    assert Regressor(**SETTINGS).fit(frame, pd.Series(y32)).predict(frame).dtype == np.float32
    assert Regressor(**SETTINGS).fit(csr_array(X32), y32).predict(csr_array(X32)).dtype == np.float32
    assert Regressor(**SETTINGS).fit(csr_array(X), y32).predict(csr_array(X)).dtype == np.float64


def test_the_model_and_the_derivatives_keep_float64():
    regressor = Regressor(**SETTINGS).fit(X32, y32)
    assert regressor.model_.predict(X32).dtype == np.float64
    assert regressor.jacobian(X32).dtype == regressor.hessian(X32).dtype == np.float64


def test_what_float32_cannot_hold_is_infinite_without_a_word():
    large = np.where(y > y.mean(), 5e36, -5e36).astype("float32")
    regressor = Regressor((), max_epochs=5, random_state=0).fit(X32, large)
    far = np.array([[1e30, 1e30], [-1e30, 1e30]], "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        predicted = regressor.predict(far)
    assert predicted.dtype == np.float32
    assert np.isinf(predicted).any()
