"""Predictions for a table: columns by name, the rows left out, and those outside the ranges of training."""

import numpy as np
import polars as pl
import pytest

from fitnet import Model, Network
from fitnet.errors import ArgumentValueError
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import sources as rows
from fitnet.tables import predict_table
from other_blocks import same_in_blocks


def model_of(*targets):
    """A network of a and b, seen in training from 0 to 1, with error bars."""
    network = Network.of_widths((2, 3, len(targets)))
    P, m = network.n_parameters, len(targets)
    factor = np.zeros(P * (P + 1) // 2)
    factor[[i * (i + 3) // 2 for i in range(P)]] = 10.0
    parameters = network.initial_parameters(np.random.default_rng(0))
    bars = ErrorBars(factor, 1.0, np.eye(m), 2.0)
    return Model(network, parameters, ["a", "b"], targets, input_ranges=[[0, 0], [1, 1]], error_bars=bars)


def test_columns_rows_and_those_outside(write):
    model = model_of("y", "z")
    path = write("t.csv", "c,b,a\nred,0.5,0\nred,,1\nred,2,1\n")
    found = predict_table(model, path, std=True, missing="drop")
    prediction, std = model.predict([[0, 0.5], [1, 2]], return_std=True)
    assert list(found.columns) == ["y", "y_std", "z", "z_std"]
    assert np.array_equal(np.stack([found.columns["y"], found.columns["z"]], axis=1), prediction)
    assert np.array_equal(np.stack([found.columns["y_std"], found.columns["z_std"]], axis=1), std)
    assert (found.rows, found.n_dropped) == (2, 1)
    assert found.outside.as_dict() == {"rows": 1, "column": "b", "column_rows": 1}


def test_a_large_file_is_answered_alike(tmp_path, monkeypatch):
    generator = np.random.default_rng(0)
    path = tmp_path / "t.parquet"
    pl.DataFrame({"a": generator.normal(size=100), "b": generator.normal(size=100)}).write_parquet(path)
    small = predict_table(model_of("y"), path, std=True)
    monkeypatch.setattr(rows, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(rows, "CHUNK_BYTES", 300)
    large = predict_table(model_of("y"), path, std=True)
    assert all(same_in_blocks(large.columns[name], small.columns[name]) for name in ("y", "y_std"))
    assert large.outside.as_dict() == small.outside.as_dict()


def test_a_target_with_the_columns_name_is_refused(write):
    path = write("t.csv", "a,b\n1,2\n")
    assert list(predict_table(model_of("y", "y_std"), path).columns) == ["y", "y_std"]
    with pytest.raises(ArgumentValueError, match="`std` needs the column 'y_std'") as error:
        predict_table(model_of("y", "y_std"), path, std=True)
    assert error.value.argument == "std"
