"""Derivatives of a table's rows: as finite differences of its predictions have them, by name, and part by part."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from fitnet import Model, Network
from fitnet.errors import ArgumentValueError
from fitnet.model import model as models
from fitnet.rows import Categories, sources
from fitnet.tables import predict_table
from fitnet.tables.predictions import Asked
from fitnet.tables.streaming import predict_file
from kinds_of_models import KINDS, LOW, RANGES
from other_blocks import same_in_blocks
from tolerances import JACOBIAN_ATOL_OF_LARGEST, JACOBIAN_RTOL

N, INPUTS = 40, ("x1", "x2", "x3")
STEPS = 1e-5 * (RANGES[1] - RANGES[0])
BARS = KINDS["error bars"].model
MANY = KINDS["more outputs than inputs"].model
ROWS = LOW + np.random.default_rng(2).uniform(0, 1, (N, 3)) * (RANGES[1] - LOW)


def table(folder, X=ROWS, name="rows.parquet"):
    pl.DataFrame(dict(zip(INPUTS, X.T, strict=True))).write_parquet(folder / name, row_group_size=7)
    return folder / name


def differences(folder, model, target, k):
    """Central differences of the column of predictions with respect to input k."""
    ends = [ROWS.copy(), ROWS.copy()]
    ends[0][:, k] -= STEPS[k]
    ends[1][:, k] += STEPS[k]
    below, above = (predict_table(model, table(folder, X, "moved.parquet")).columns[target] for X in ends)
    return (above - below) / (ends[1][:, k] - ends[0][:, k])


def test_columns_are_the_slopes_of_the_predictions(tmp_path):
    model = replace(BARS, output_names=["E [J]", "m"], units={"m": "kg", "x1": "K"})
    columns = predict_table(model, table(tmp_path), std=True, coverage=0.9, derivatives=True).columns
    assert list(columns) == [
        *("E [J]", "E_std [J]", "E_lower [J]", "E_upper [J]", "m", "m_std", "m_lower", "m_upper"),
        *("d(E)/d(x1) [J/K]", "d(E [J])/d(x2)", "d(E [J])/d(x3)", "d(m)/d(x1) [kg/K]", "d(m)/d(x2)", "d(m)/d(x3)"),
    ]
    for j, target in enumerate(("E [J]", "m")):
        for k in range(3):
            found, expected = list(columns.values())[8 + 3 * j + k], differences(tmp_path, model, target, k)
            atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
            np.testing.assert_allclose(found, expected, JACOBIAN_RTOL, atol)


@pytest.fixture
def in_parts(monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 240)


def test_a_large_file_is_answered_alike(tmp_path, in_parts, monkeypatch):
    large = predict_table(BARS, table(tmp_path), derivatives=True).columns
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 10**6)
    small = predict_table(BARS, table(tmp_path), derivatives=True).columns
    assert list(large) == list(small)
    assert all(same_in_blocks(large[name], small[name]) for name in small)


def test_parts_are_no_larger_where_a_row_has_derivatives_of_many_outputs(tmp_path, in_parts, monkeypatch):
    sizes, of = [], models.derivatives

    def counted(model, members, predictor, X):
        slopes = of(model, members, predictor, X)
        sizes.append(slopes.size)
        return slopes

    monkeypatch.setattr(models, "derivatives", counted)
    asked = Asked(derivatives=True, outside="ignore")
    told = []
    found = predict_file(MANY, table(tmp_path), tmp_path / "out.parquet", asked, told.append)
    assert max(sizes) == 40 * 3  # a row at a time; 10 rows of 3 numbers are a part of the table
    assert (len(sizes), found.rows, told[-1]) == (N, N, 1.0)
    whole = MANY.jacobian(ROWS)
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert written.width == 40 + 40 * 3
    assert same_in_blocks(written["d(y40)/d(x3)"].to_numpy(), whole[:, 39, 2])


def test_rows_outside_have_none_if_they_are_to_be_nan(tmp_path):
    X = ROWS.copy()
    X[3] = RANGES[1] + 1
    for model in (
        BARS,
        Model(
            network := Network.of_widths((3, 4, 3)),
            np.ones(network.n_parameters),
            classes=list("abc"),
            input_ranges=RANGES,
        ),
    ):
        columns = predict_table(model, table(tmp_path, X), outside="nan", derivatives=True).columns
        slopes = [values for name, values in columns.items() if name.startswith("d(")]
        assert len(slopes) == 3 * len(model.output_names)
        assert all(np.flatnonzero(np.isnan(each)).tolist() == [3] for each in slopes)


def test_of_classes_they_are_those_of_the_probabilities(tmp_path):
    network = Network.of_widths((3, 4, 3), "tanh")
    scaling = KINDS["silu and gelu, scaled"].model.input_scaling
    parameters = network.initial_parameters(np.random.default_rng(0), "glorot", "float64")
    model = Model(network, parameters, classes=["red", "green", "blue"], input_scaling=scaling)
    columns = predict_table(model, table(tmp_path), derivatives=True).columns
    assert list(columns)[4:] == [f"d(p({label}))/d({name})" for label in ("red", "green", "blue") for name in INPUTS]
    expected = differences(tmp_path, model, "p(red)", 1)
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(columns["d(p(red))/d(x2)"], expected, JACOBIAN_RTOL, atol)


def test_words_have_none_and_gaps_are_0(write):
    path = write("words.csv", "colour,T,x\nred,1.5,0.25\nblue,,0.5\n")
    columns = predict_table(KINDS["words and gaps"].model, path, derivatives=True).columns
    assert [name for name in columns if name.startswith("d(")] == [f"d({y})/d({x})" for y in ("y1", "y2") for x in "xT"]
    assert columns["d(y1)/d(T)"][1] == 0 != columns["d(y1)/d(T)"][0]
    assert np.all(columns["d(y1)/d(x)"] != 0)


def of_words_alone():
    network = Network.of_widths((2, 1))
    categories = Categories(("colour",), (("blue", "red"),))
    return Model(network, network.initial_parameters(np.random.default_rng(0)), categories=categories)


REFUSED = [
    (of_words_alone(), "colour\nred\n", "`derivatives` needs a column of numbers"),
    (
        replace(BARS, input_names=["T [K]", "T (K)", "a"], units={"y1": "m"}),
        "T [K],T (K),a\n1,2,3\n",
        "`derivatives` would give two columns the name 'd(y1)/d(T) [m/K]'",
    ),
    (
        replace(BARS, output_names=["y", "d(y)/d(x1)"]),
        "x1,x2,x3\n1,2,3\n",
        "`derivatives` would give two columns the name 'd(y)/d(x1)'",
    ),
]


@pytest.mark.parametrize(("model", "text", "sentence"), REFUSED)
def test_what_cannot_be_named_or_taken_is_refused(write, model, text, sentence):
    path = write("t.csv", text)
    predict_table(model, path)
    with pytest.raises(ArgumentValueError) as refused:
        predict_table(model, path, derivatives=True)
    assert str(refused.value).startswith(sentence)
    assert refused.value.argument == "derivatives"
