"""Published tables, read as they are."""

import csv
from pathlib import Path

import numpy as np
import pytest

from fitnet.tables import data_hash, read_table, select, write_table

DATA = Path(__file__).parents[3] / "shared" / "data" / "tables"


@pytest.mark.parametrize(
    ("name", "target", "shape"),
    [("airfoil_self_noise", "SPL_dB", (1503, 5)), ("california_housing", "MedHouseVal", (20640, 8))],
)
def test_real_table(tmp_path, name, target, shape):
    path = DATA / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    expected = np.array(rows, dtype=float)
    chosen = select(read_table(path), [target])
    assert chosen.X.shape == shape
    np.testing.assert_array_equal(chosen.X, np.delete(expected, header.index(target), axis=1))
    np.testing.assert_array_equal(chosen.Y[:, 0], expected[:, header.index(target)])
    write_table(tmp_path / "t.parquet", dict(zip(header, expected.T, strict=True)))
    again = select(read_table(tmp_path / "t.parquet"), [target])
    assert data_hash(again.X, again.Y) == data_hash(chosen.X, chosen.Y)
