"""NumPy modules: how rows may be given, what is refused, and the parts that an export may lack."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from exported_kinds import EXPORTED, units_apart
from exported_tolerances import EXPORTED_UNITS

from fitnet.export.numpy_numbers import bytes_text, numbers_text
from kinds_of_models import EDGES

MATRIX = np.array([[0.5, 1, 3.0], [-1.0, np.nan, np.nan], [np.nan, 0, 1.0], [2, 2, 0]])
COLUMNS = {"x": [0.5, -1.0, None, 2], "colour": ["red", None, "blue", 2], "T": [3.0, np.nan, 1.0, 0]}


def exported(kind, folder, **options):
    """The names in a kind's module."""
    EXPORTED[kind].export(folder / "exported.py", **options)
    names = {"__name__": "exported"}
    exec((folder / "exported.py").read_text(encoding="utf-8"), names)
    return names


@pytest.fixture
def words(tmp_path):
    """The names in the module of an ensemble of words and gaps."""
    return exported("ensemble, normalised", tmp_path, derivatives="hessian")


def test_columns_by_name(words):
    wanted = words["predict"](MATRIX)
    frame = pd.DataFrame({**COLUMNS, "colour": ["red", None, "blue", None], "other": 0})
    for X in (COLUMNS, frame, pl.DataFrame({**COLUMNS, "colour": ["red", None, "blue", None]})):
        np.testing.assert_array_equal(words["predict"](X), wanted)
    model = EXPORTED["ensemble, normalised"]
    assert units_apart(wanted, model.predict(frame[["x", "colour", "T"]])) <= EXPORTED_UNITS["outputs"]


def test_a_missing_word_is_its_own_level(words):
    assert words["LEVELS"] == {"colour": ("blue", "red", None)}
    assert words["GAPS"] == ("x", "colour", "T")
    np.testing.assert_array_equal(words["predict"](MATRIX[1:2]), words["predict"]([[-1.0, 2, np.nan]]))


def test_derivatives_are_by_numbers_and_0_where_they_are_missing(words):
    slopes = words["jacobian"](MATRIX)
    assert slopes.shape == (4, 2, 2)
    np.testing.assert_array_equal(slopes == 0, np.isnan(MATRIX[:, np.newaxis, [0, 2]]).repeat(2, axis=1))


@pytest.mark.parametrize("function", ["predict", "jacobian", "hessian", "interval", "outside"])
def test_blocks_of_rows_are_put_together(words, function):
    rows = np.vstack([MATRIX] * 3)
    whole = words[function](rows)
    words["NUMBERS_AT_ONCE"] = 1
    np.testing.assert_allclose(words[function](rows), whole, 1e-12)
    assert words[function](rows[:0]).shape == (0, *whole.shape[1:])


BAD = {
    "too few columns": ([[1.0, 2]], "X has shape (1, 2); it must be (n, 3), one column an input."),
    "a single row": ([1.0, 2, 3], "X has shape (3,); it must be (n, 3)"),
    "words in a matrix": ([[1.0, "red", 2]], "X does not hold numbers alone; words go into a mapping"),
    "no such column": ({"x": [1], "T": [1]}, "X has no column 'colour'."),
    "unknown word": (COLUMNS | {"colour": ["red", "green", None, None]}, "X['colour'] holds 'green'; its levels are"),
    "words for numbers": (COLUMNS | {"T": ["a", "b", "c", "d"]}, "X['T'] does not hold numbers alone"),
    "infinity": ([[1, 2, 3], [np.inf, 0, 0]], "X holds inf in row 1 of column 'x'; it must be finite."),
    "half a level": ([[0, 0.5, 0]], "X holds 0.5 in row 0 of column 'colour'; it must be a whole number from 0 to 2."),
    "a level too far": ([[0, 3, 0]], "X holds 3.0 in row 0 of column 'colour'"),
    "a negative level": ([[0, -1, 0]], "X holds -1.0 in row 0 of column 'colour'"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("function", ["predict", "jacobian", "interval", "outside"])
def test_bad_rows_are_one_sentence(words, name, function):
    X, sentence = BAD[name]
    with pytest.raises(ValueError) as refused:
        words[function](X)
    assert sentence in str(refused.value)


def test_a_gap_is_refused_where_none_was_learned(tmp_path):
    names = exported("tanh", tmp_path)
    with pytest.raises(ValueError, match="X holds nan in row 0 of column 'x2'; it must be finite"):
        names["predict"]([[0, np.nan, 0]])


def test_at_an_edge_the_slope_is_that_of_the_piece_below(tmp_path):
    model = EXPORTED["encoded, float32"]
    names = exported("encoded, float32", tmp_path)
    rows = np.column_stack([EDGES[0], np.resize(EDGES[1], 8), np.resize(EDGES[2], 8)])
    slopes = model.jacobian(rows)
    above = np.abs(slopes - model.jacobian(np.nextafter(rows, np.inf))).max()
    assert above > 1e3 * np.abs(slopes - names["jacobian"](rows)).max()


def test_only_what_is_asked_for_is_there(tmp_path):
    names = exported("deep", tmp_path, derivatives="none")
    assert not {"jacobian", "hessian", "interval", "Entrywise"} & names.keys()
    assert "slope" not in (tmp_path / "exported.py").read_text()
    assert names["self_test"]().keys() == {"predict"}
    names = exported("deep", tmp_path)
    assert names["self_test"]().keys() == {"predict", "jacobian"}


@pytest.mark.parametrize("kind", EXPORTED)
@pytest.mark.parametrize("options", [{"derivatives": "none"}, {"derivatives": "jacobian", "precision": "single"}])
def test_every_kind_passes_its_test_whatever_is_asked_for(tmp_path, kind, options):
    exported(kind, tmp_path, **options)["self_test"]()


def test_the_self_test_sees_a_wrong_number(tmp_path):
    EXPORTED["tanh"].export(tmp_path / "wing.py")
    done = run(tmp_path / "wing.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("wing: the self-test passed on 12 rows: predict within ")
    text = (tmp_path / "wing.py").read_text()
    for right, wrong in (
        ("return np.tanh(x)", "return np.tanh(x) + 1e-9"),
        ("1 - y * y", "1 - y"),
        ("= [False", "= [True"),
    ):
        assert right in text
        (tmp_path / "wing.py").write_text(text.replace(right, wrong, 1))
        done = run(tmp_path / "wing.py")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("wing: the self-test failed: ")


def run(path):
    return subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(7,), (400,), (3, 50), (2, 3, 4), (0,)])
def test_arrays_come_back_bit_for_bit(tmp_path, dtype, shape):
    array = np.random.default_rng(0).lognormal(0, 9, shape).astype(dtype)
    array.ravel()[:4] = [np.nan, -np.inf, -0.0, np.finfo(dtype).tiny / 3][: array.size]
    numbers = exported("straight line", tmp_path)["numbers"]
    for text in (numbers_text(array), bytes_text(array)):
        found = np.array(eval(text, {"np": np, "numbers": numbers}), dtype)
        np.testing.assert_array_equal(found, array)
        assert found.tobytes() == array.tobytes()
    assert max(map(len, numbers_text(array).splitlines())) <= 120
