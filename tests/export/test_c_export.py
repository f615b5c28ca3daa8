"""C: all that exported headers say of 1,000 rows of 26 kinds is what the models say."""

import ctypes
import re

import numpy as np
import pytest
from c_programs import DTYPES, compiled, exported, includes, needs, row_function, said
from exported_kinds import EXPORTED, expected, most_units, units_apart
from exported_tolerances import EXPORTED_SINGLE_UNITS, EXPORTED_UNITS

from fitnet import Scaling
from fitnet.rows import Categories, Imputation
from kinds_of_models import CURVED, model, network

PLACES = {name: place for place, name in enumerate(EXPORTED)}
NO_GAPS = Imputation(np.array([0.25, 0.0, 0.0]), ())
pytestmark = needs("gcc")


@pytest.fixture(scope="module", params=["double", "single"])
def code(request, tmp_path_factory):
    """The precision, the subjects, and a library of all of them."""
    folder = tmp_path_factory.mktemp("c")
    subjects = exported(EXPORTED, folder, precision=request.param)
    text = includes(subjects) + "".join(map(row_function, subjects))
    library = compiled(folder, text, "-O1", "-shared", "-fPIC", name="all.so")
    return request.param, subjects, ctypes.CDLL(str(library))


@pytest.mark.parametrize("kind", EXPORTED)
def test_it_says_what_the_model_says(code, kind):
    precision, subjects, library = code
    subject, dtype = subjects[PLACES[kind]], DTYPES[precision]
    wanted = expected(EXPORTED[kind], dtype=dtype)
    outputs, jacobian, hessian, lower, upper, status = said(library, subject, wanted.rows)
    apart = {
        "outputs": (units_apart(outputs, wanted.outputs, dtype), most_units(kind)["outputs"]),
        "hessian": (units_apart(hessian, wanted.hessian, dtype), most_units(kind)["hessian"]),
        "jacobian": (units_apart(jacobian, wanted.jacobian, dtype), most_units(kind)["jacobian"]),
    }
    if wanted.lower is not None:
        apart["lower"] = units_apart(lower, wanted.lower, dtype), most_units(kind)["interval"]
        apart["upper"] = units_apart(upper, wanted.upper, dtype), most_units(kind)["interval"]
    for name, (units, allowed) in apart.items():
        assert units <= (allowed if precision == "double" else EXPORTED_SINGLE_UNITS), f"{name}: {units}"
    np.testing.assert_array_equal(status, wanted.outside)


def test_many_of_the_rows_lie_outside(code):
    _, subjects, _ = code
    shares = [expected(EXPORTED[kind]).outside.mean() for kind in ("gaps", "ensemble, encoded", "deep")]
    assert min(shares) > 0.3
    assert sum(subject.interval is not None for subject in subjects) >= 4


@pytest.mark.parametrize("kind", ["tanh", "gaps", "ensemble, normalised"])
def test_a_row_that_cannot_be_taken_gives_nan(code, kind):
    _, subjects, library = code
    subject = subjects[PLACES[kind]]
    row = subject.checks.rows[:1].copy()
    row[np.isnan(row)] = 0
    for place, column in enumerate(subject.inputs):
        wrong = [np.inf, -np.inf] if column.gaps else [np.inf, -np.inf, np.nan]
        wrong += [] if column.levels is None else [-1, 0.5, len(column.levels), 1e300]
        rows = np.repeat(row, len(wrong), axis=0)
        with np.errstate(over="ignore"):
            rows[:, place] = np.array(wrong).astype(DTYPES[subject.precision])
        *arrays, status = said(library, subject, rows)
        np.testing.assert_array_equal(status, 2)
        for array in arrays:
            assert np.isnan(array).all()


def test_a_shift_that_is_large_beside_the_range_loses_no_digits(tmp_path):
    shift = Scaling([1e6 + 1 / 3], [1e-1])
    given = model(1, network(1, 8, 1, activations=CURVED[1:]), input_scaling=shift, input_ranges=[[1e6], [1e6 + 1]])
    (subject,) = exported({"far": given}, tmp_path, precision="single")
    library = compiled(tmp_path, includes([subject]) + row_function(subject), "-shared", "-fPIC", name="far.so")
    wanted = expected(given, 100, "float32")
    outputs, jacobian, *_ = said(ctypes.CDLL(str(library)), subject, wanted.rows)
    assert units_apart(outputs, wanted.outputs, "float32") <= EXPORTED_SINGLE_UNITS
    assert units_apart(jacobian, wanted.jacobian, "float32") <= EXPORTED_SINGLE_UNITS


def test_a_missing_word_of_no_level_is_none_of_them(tmp_path):
    words = Categories(("x", "colour"), (None, ("blue", "red")))
    given = model(5, network(3, 8, 2, activations=("tanh", "identity")), categories=words, imputation=NO_GAPS)
    (subject,) = exported({"words": given}, tmp_path)
    library = compiled(tmp_path, includes([subject]) + row_function(subject), "-shared", "-fPIC", name="words.so")
    wanted = expected(given, 100)
    assert np.isnan(wanted.rows[:, 1]).any()
    outputs, jacobian, *_ = said(ctypes.CDLL(str(library)), subject, wanted.rows)
    assert units_apart(outputs, wanted.outputs) <= EXPORTED_UNITS["outputs"]
    assert units_apart(jacobian, wanted.jacobian) <= EXPORTED_UNITS["outputs"]


def test_the_header_is_plain(tmp_path):
    for derivatives in ("none", "jacobian", "hessian"):
        first = exported(EXPORTED, tmp_path, derivatives)
        texts = [(tmp_path / f"{subject.name}.h").read_text() for subject in first]
        exported(EXPORTED, tmp_path, derivatives)
        assert texts == [(tmp_path / f"{subject.name}.h").read_text() for subject in first]
        for text in texts:
            assert re.findall(r"^#include (.*)", text, re.MULTILINE) == ["<math.h>", "<stddef.h>"]
            code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
            assert not re.search(r"malloc|calloc|free|printf|\bextern\b|//|\bgoto\b", code)
            assert not re.search(r"^static (?!const|inline)", code, re.MULTILINE)  # nothing that changes
            assert not re.search(r"^ +static (?!const)", code, re.MULTILINE)


def test_the_head_tells_names_units_and_levels(tmp_path):
    kinds = {name: EXPORTED[name] for name in ("strange names", "ensemble, normalised")}
    strange, words = ((tmp_path / f"{each.name}.h").read_text() for each in exported(kinds, tmp_path))
    head = strange[: strange.index("*/")]
    for line in ("0  end (end_ in code) [K]: -2 to 3", '0  a "b" * / c', "1  µ (m/s)", "[m/s]"):
        assert line in head
    assert "0 = blue: K1_COLOUR_BLUE; 1 = red: K1_COLOUR_RED" in words
    assert "#define K1_COLOUR_MISSING 2\n" in words
    assert "hold 90 % of new targets" in words
