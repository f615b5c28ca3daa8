"""Sparse inputs: taken by every method, made dense some rows at a time, refused where that does not fit."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from fitnet import Regressor
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import memory, sources, sparse_rows
from other_blocks import same_in_blocks

SETTINGS = {"hidden_layer_sizes": (4,), "activation": "tanh", "max_epochs": 3, "random_state": 0, "solver": "adam"}
X = np.random.default_rng(0).normal(size=(50, 6)) * (np.random.default_rng(1).random((50, 6)) < 0.3)
y = X @ np.arange(6.0)
FORMATS = [sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.lil_matrix, sparse.csr_matrix]


@pytest.fixture(scope="module")
def dense():
    return Regressor(**SETTINGS, error_bars=True).fit(X, y)


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
def test_every_method_gives_what_it_gives_for_the_array(kind, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 7 * 6 * 8)  # seven rows at a time
    given = kind(X)
    fitted, dense = (Regressor(**SETTINGS, error_bars=True).fit(rows, y) for rows in (given, X))
    assert np.array_equal(fitted.model_.parameters, dense.model_.parameters)
    assert same_in_blocks(fitted.predict(given), dense.predict(X))
    for kept in ("return_std", "return_cov"):
        for ours, theirs in zip(fitted.predict(given, **{kept: True}), dense.predict(X, **{kept: True}), strict=True):
            assert same_in_blocks(ours, theirs)
    assert same_in_blocks(fitted.jacobian(given), dense.jacobian(X))
    assert same_in_blocks(fitted.hessian(given), dense.hessian(X))
    assert same_in_blocks(fitted.score(given, y), dense.score(X, y))
    partly = [Regressor(**SETTINGS).partial_fit(rows, y).model_.parameters for rows in (given, X)]
    assert same_in_blocks(*partly)
    watched = [Regressor(**SETTINGS).fit(X, y, validation_data=(rows, y)).history_ for rows in (given, X)]
    assert watched[0].validation_loss == watched[1].validation_loss


def test_predictions_never_hold_the_whole_matrix(dense, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 7 * 6 * 8)
    monkeypatch.setattr(memory, "free_bytes", lambda: 100)
    assert same_in_blocks(dense.predict(sparse.csr_array(X)), dense.predict(X))


def test_rows_come_in_the_matrix_s_precision():
    for dtype, read in (("float32", "float32"), ("int8", "float64"), ("float64", "float64")):
        rows = sparse_rows("X", sparse.csc_array(X.astype(dtype)))
        assert rows.read(3, 9).dtype == rows.dtype == read
        assert np.array_equal(rows.read(3, 9), X.astype(dtype)[3:9])


def test_a_matrix_that_does_not_fit_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 10**9)
    wide = sparse.csr_array((1000, 1_000_000))
    with pytest.raises(ArgumentValueError) as refused:
        Regressor(**SETTINGS).fit(wide, np.ones(1000))
    assert str(refused.value) == (
        "`X` is sparse, of shape (1000, 1000000), and once dense would take 16.0 GB, of which 1.0 GB are free; it must "
        "have fewer rows, or fewer columns, as OneHotEncoder(max_categories=...) gives."
    )


def test_entries_that_are_not_finite_are_refused(dense):
    holed = X.copy()
    holed[3, 2] = np.nan
    holed = sparse.csr_array(holed)
    for take in (lambda X: Regressor(**SETTINGS).fit(X, y), dense.predict, dense.jacobian, dense.model_.predict):
        with pytest.raises(ArgumentValueError, match=r"`X` holds nan at \[3, 2\]"):
            take(holed)
    with pytest.raises(ArgumentTypeError, match="`X` holds complex128; it must hold real numbers"):
        dense.model_.predict(sparse.csr_array(X.astype(complex)))


def test_a_pipeline_with_an_encoder_of_default_settings():
    frame = pd.DataFrame({"k": list("abcdefghij") * 5, "x": X[:, 0]})
    for encode in (OneHotEncoder(), make_column_transformer((OneHotEncoder(), ["k"]), sparse_threshold=1)):
        columns = ["k"] if isinstance(encode, OneHotEncoder) else ["k", "x"]
        pipeline = make_pipeline(encode, Regressor(**SETTINGS)).fit(frame[columns], y)
        assert sparse.issparse(pipeline[:-1].transform(frame[columns]))
        assert pipeline.predict(frame[columns]).shape == (50,)
