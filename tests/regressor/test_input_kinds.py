"""Every kind of array and table that people have gives the fit that a plain float64 array gives."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from example_rows import sine

from fitnet import Regressor

QUICK = {"hidden_layer_sizes": (8,), "max_epochs": 10, "random_state": 0}


@pytest.fixture(scope="module")
def rows():
    """Two columns of whole numbers that every dtype here holds exactly."""
    generator = np.random.default_rng(0)
    X = generator.integers(0, 50, (60, 2)).astype(float)
    return X, X @ [2.0, -1.0]


@pytest.fixture(scope="module")
def expected(rows):
    X, y = rows
    return Regressor(**QUICK).fit(X, y).predict(X)


def memory_mapped(X, folder):
    path = folder / "X.npy"
    np.save(path, X)
    return np.load(path, mmap_mode="r")


KINDS = {
    "list": lambda X, _: X.tolist(),
    "int64": lambda X, _: X.astype("int64"),
    "uint8": lambda X, _: X.astype("uint8"),
    "float16": lambda X, _: X.astype("float16"),
    "Fortran order": lambda X, _: np.asfortranarray(X),
    "big-endian": lambda X, _: X.astype(">f8"),
    "strided": lambda X, _: np.repeat(X, 2, 0)[::2],
    "read-only": lambda X, _: np.frombuffer(X.tobytes()).reshape(X.shape),
    "memory-mapped": memory_mapped,
    "pandas": lambda X, _: pd.DataFrame(X, columns=["a", "b"]),
    "polars": lambda X, _: pl.DataFrame(X, schema=["a", "b"]),
    "pyarrow": lambda X, _: pa.table({"a": X[:, 0], "b": X[:, 1]}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_gives_the_same_fit(kind, rows, expected, tmp_path):
    X, y = rows
    given = KINDS[kind](X, tmp_path)
    regressor = Regressor(**QUICK).fit(given, y)
    assert np.array_equal(regressor.predict(given), expected)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_columns_of_tables_are_named(kind, rows, tmp_path):
    X, y = rows
    regressor = Regressor(**QUICK).fit(KINDS[kind](X, tmp_path), pd.Series(y, name="flux"))
    assert regressor.feature_names_in_.tolist() == ["a", "b"]
    assert regressor.model_.input_names == ("a", "b")
    assert regressor.model_.output_names == ("flux",)


@pytest.mark.parametrize("targets", [pd.DataFrame, pl.DataFrame])
def test_tables_of_targets_are_named(targets, rows):
    X, y = rows
    regressor = Regressor(**QUICK).fit(X, targets({"up": y, "down": -y}))
    assert regressor.model_.output_names == ("up", "down")
    assert regressor.predict(X).shape == (60, 2)


def test_float32_is_taken_as_it_is():
    X, y = sine(50)
    X32 = X.astype("float32")
    assert np.array_equal(
        Regressor(**QUICK).fit(X32, y).predict(X32), Regressor(**QUICK).fit(X32.astype(float), y).predict(X32)
    )


def test_the_caller_s_arrays_stay_as_they_are(rows):
    X, y = (array.copy() for array in rows)
    weights = np.arange(60.0)
    Regressor(**QUICK).fit(X, y, sample_weight=weights)
    assert np.array_equal(X, rows[0])
    assert np.array_equal(y, rows[1])
    assert np.array_equal(weights, np.arange(60.0))
