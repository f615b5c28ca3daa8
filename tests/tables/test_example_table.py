"""The table that `make demo` fits: its columns, its units, and the rows that are predicted."""

from pathlib import Path

import numpy as np
import polars as pl

from fitnet.tables import read_selection

FOLDER = Path(__file__).parents[2] / "examples" / "airfoil"
INPUTS = ("frequency", "angle", "chord", "speed", "thickness")


def test_the_table_has_its_rows_and_units():
    rows = read_selection(str(FOLDER / "airfoil.csv"), ("SPL",), None, "refuse", False, ())
    assert tuple(rows.feature_names) == INPUTS
    assert rows.X.shape == (1498, 5)
    units = dict(zip((*INPUTS, "SPL"), ("Hz", "deg", "m", "m/s", "m", "dB"), strict=True))
    assert dict(rows.units) == units


def test_the_rows_to_predict_are_others_within_its_ranges():
    rows = read_selection(str(FOLDER / "airfoil.csv"), ("SPL",), None, "refuse", False, ())
    new = pl.read_csv(FOLDER / "new.csv")
    assert new.columns == [*INPUTS, "measured"]
    X = new.select(INPUTS).to_numpy()
    assert len(X) == 5
    assert ((rows.X.min(axis=0) <= X) & (rows.X.max(axis=0) >= X)).all()
    assert not any(np.array_equal(given, row) for given in rows.X for row in X)


def test_its_licence_and_its_authors_are_named():
    told = (FOLDER / "README.md").read_text()
    for part in ("Brooks", "Pope", "Marcolini", "CC BY 4.0", "https://doi.org/10.24432/C5VW2C", "Changed here"):
        assert part in told
