"""Models with scalings: inputs, outputs and derivatives in the units of the data."""

import copy
import dataclasses
import pickle
import tracemalloc

import numpy as np
import pytest
from scaled_models import INPUTS, NETWORK, PARAMETERS, ROWS, SCALINGS, TARGETS

from finite_differences import numerical_jacobian
from fitnet import Model, Scaling
from fitnet.engine import ENGINES, reference_predictor
from fitnet.engine.compute import Compute
from fitnet.rows import ColumnStatistics
from fitnet.rows.statistics import BLOCK_ENTRIES
from tolerances import (
    DIFFERENCE_STEP,
    FLOAT32_JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
    SCALING_RTOL,
)

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_scaling = pytest.mark.parametrize("scalings", SCALINGS.values(), ids=SCALINGS)


def rows_for(scalings):
    """Rows in the units that these scalings ask for."""
    return ROWS if "input_scaling" in scalings else ROWS / [2000, 1e-9] - [0, 3]


@each_dtype
@each_scaling
def test_predictions_are_the_networks_written_out(scalings, dtype):
    X = rows_for(scalings)
    W1, b1, W2, b2 = np.split(PARAMETERS, [10, 15, 30])
    scaled = (X - INPUTS.shift) / INPUTS.scale if "input_scaling" in scalings else X
    outputs = np.tanh(scaled @ W1.reshape(2, 5) + b1) @ W2.reshape(5, 3) + b2
    predicted = Model(NETWORK, PARAMETERS.astype(dtype), **scalings).predict(X)
    assert predicted.dtype == ("float64" if "target_scaling" in scalings else dtype)
    if "target_scaling" in scalings:
        predicted = (predicted - TARGETS.shift) / TARGETS.scale
    tolerance = PREDICTION_ATOL_OF_LARGEST[dtype] * np.abs(outputs).max()
    np.testing.assert_allclose(predicted, outputs, rtol=0, atol=tolerance)


@each_dtype
def test_a_scaling_that_changes_nothing_changes_nothing(dtype):
    X, parameters = np.random.default_rng(1).normal(size=(100, 2)).astype(dtype), PARAMETERS.astype(dtype)
    plain = Model(NETWORK, parameters)
    same = Model(NETWORK, parameters, input_scaling=Scaling([0, 0], [1, 1]), target_scaling=Scaling([0] * 3, [1] * 3))
    assert np.array_equal(same.predict(X), plain.predict(X))
    assert np.array_equal(same.jacobian(X), plain.jacobian(X))


def test_no_digit_of_the_inputs_is_lost():
    X = np.array([[2000.123, 3e-9], [2000.123 + 1e-8, 3e-9]])
    fine = Scaling(INPUTS.shift, [1e-8, 1e-9])
    first, second = Model(NETWORK, PARAMETERS.astype("float32"), input_scaling=fine).predict(X)
    expected = Model(NETWORK, PARAMETERS).predict(np.round((X - fine.shift) / fine.scale, 4))
    np.testing.assert_allclose([first, second], expected, rtol=1e-4)
    assert not np.allclose(first, second, rtol=1e-2)


@pytest.mark.parametrize("convert", [lambda X: X.astype("int64"), lambda X: X.astype(">f8")], ids=["int64", "swapped"])
def test_no_digit_of_what_is_converted_is_lost(convert):
    X = 2.0**24 + np.array([[0, 0], [1, 0]])  # alike in float32
    model = Model(NETWORK, PARAMETERS.astype("float32"), input_scaling=Scaling([2**24, 2**24], [1, 1]))
    for call in (model.predict, model.jacobian, model.hessian):
        first, second = call(convert(X))
        assert not np.allclose(first, second)
        assert np.array_equal([first, second], call(X))


@each_scaling
@pytest.mark.parametrize(
    "convert",
    [
        lambda X: X.tolist(),
        lambda X: X.astype("float32"),
        lambda X: X.astype("int64"),
        lambda X: X.astype("longdouble"),
        lambda X: X.astype(">f8"),
        np.asfortranarray,
        lambda X: np.repeat(X, 2, axis=0)[::2],
    ],
    ids=["list", "float32", "int64", "longdouble", "big-endian", "fortran", "strided"],
)
def test_any_real_numbers_are_taken_for_their_value(scalings, convert):
    X = np.arange(-6.0, 6).reshape(6, 2)
    model = Model(NETWORK, PARAMETERS, **(scalings | {"input_scaling": Scaling([2000, 3], [10, 10])}))
    assert np.array_equal(model.predict(convert(X)), model.predict(X))
    assert np.array_equal(model.jacobian(convert(X)), model.jacobian(X))


@pytest.mark.skipif("native" not in ENGINES, reason="NumPy's products depend on the number of rows")
@each_dtype
def test_a_row_does_not_depend_on_the_rows_beside_it(generator, dtype):
    model = Model(NETWORK, PARAMETERS.astype(dtype), **SCALINGS["both"])
    X = INPUTS.undo(generator.normal(size=(BLOCK_ENTRIES, 2)))
    together = model.predict(X)
    for row in [0, 1, BLOCK_ENTRIES // 3 - 1, BLOCK_ENTRIES // 3, BLOCK_ENTRIES // 3 + 1, BLOCK_ENTRIES - 1]:
        assert np.array_equal(model.predict(X[row : row + 1])[0], together[row])
    assert np.array_equal(model.predict(X[::-1]), together[::-1])


@pytest.mark.parametrize("kind", ["array", "memory map"])
def test_memory_does_not_grow_with_the_rows(tmp_path, generator, kind):
    model = Model(NETWORK, PARAMETERS.astype("float32"), **SCALINGS["both"])
    X = INPUTS.undo(generator.normal(size=(500_000, 2))).astype("float32")
    if kind == "memory map":
        np.save(tmp_path / "X.npy", X)
        X = np.load(tmp_path / "X.npy", mmap_mode="r")
    out = np.empty((len(X), 3))
    tracemalloc.start()
    try:
        model.predict(X, out=out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * 8 * BLOCK_ENTRIES < 3 * X.nbytes  # two copies of X in float64 are four times X


@each_scaling
@pytest.mark.parametrize("kind", ["array", "lists"])
def test_outputs_are_written_where_they_are_wanted(scalings, kind):
    X = rows_for(scalings)
    X = X.tolist() if kind == "lists" else X
    model = Model(NETWORK, PARAMETERS.astype("float32"), **scalings)
    expected = model.predict(X)
    out = np.full((20, 3), np.nan, expected.dtype)
    assert model.predict(X, out=out) is out
    assert np.array_equal(out, expected)


@pytest.mark.parametrize(
    "scalings",
    [{}, *SCALINGS.values(), {"input_scaling": Scaling([1e200, -1e-200], [1e199, 1e-201])}],
    ids=["none", *SCALINGS, "huge and tiny"],
)
def test_jacobian_equals_central_differences(generator, scalings):
    model = Model(NETWORK, PARAMETERS, **scalings)
    scaling = scalings.get("input_scaling", Scaling([0, 0], [1, 1]))
    X = scaling.undo(generator.normal(size=(20, 2)))
    # An input's own rounding is its size in scales times larger than that of a standardised one; so is the step.
    steps = DIFFERENCE_STEP * scaling.scale
    differences = numerical_jacobian(model.predict, X, steps)
    jacobian = model.jacobian(X)
    assert (jacobian.dtype, jacobian.shape) == (np.float64, (20, 3, 2))
    largest = np.abs(differences).max(axis=0)  # every output and input has its own units
    assert (np.abs(jacobian - differences) <= JACOBIAN_RTOL * np.abs(differences) + atol(scalings) * largest).all()


def atol(scalings):
    """Rounding in the differences grows where a target's shift is many scales."""
    targets = scalings.get("target_scaling")
    shift = 0 if targets is None else np.abs(targets.shift / targets.scale)
    return JACOBIAN_ATOL_OF_LARGEST * np.reshape(1 + shift, (-1, 1))


@each_scaling
def test_jacobian_of_float32_is_float64_with_a_scaling(scalings):
    X = rows_for(scalings)
    exact = Model(NETWORK, PARAMETERS, **scalings).jacobian(X)
    jacobian = Model(NETWORK, PARAMETERS.astype("float32"), **scalings).jacobian(X)
    assert jacobian.dtype == np.float64
    difference = np.abs(jacobian - exact) / np.abs(exact).max(axis=0)
    assert difference.max() < FLOAT32_JACOBIAN_ATOL_OF_LARGEST


@each_dtype
def test_jacobian_without_a_scaling_is_the_engines(engine, dtype):
    X, parameters = np.random.default_rng(1).normal(size=(9, 2)).astype(dtype), PARAMETERS.astype(dtype)
    jacobian = Model(NETWORK, parameters, compute=Compute(engine.name)).jacobian(X)
    assert jacobian.dtype == dtype
    assert np.array_equal(jacobian, engine.input_jacobian(NETWORK, parameters, X))


def test_jacobian_blocks_do_not_show(monkeypatch):
    model = Model(NETWORK, PARAMETERS, **SCALINGS["both"], compute=Compute("reference"))
    whole = model.jacobian(ROWS)
    halves = [slice(0, 11), slice(11, 20)]
    monkeypatch.setattr(reference_predictor, "row_blocks", lambda rows, columns: iter(halves))
    np.testing.assert_allclose(model.jacobian(ROWS), whole, rtol=100 * SCALING_RTOL)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), dataclasses.replace]
)
def test_a_copy_keeps_scalings_and_ranges(copied):
    model = Model(NETWORK, PARAMETERS, **SCALINGS["both"], input_ranges=ColumnStatistics.of(ROWS).ranges)
    before = model.predict(ROWS)
    again = copied(model)
    assert np.array_equal(again.predict(ROWS), before)
    assert np.array_equal(again.input_ranges, [ROWS.min(axis=0), ROWS.max(axis=0)])
    for array in (again.input_ranges, again.input_scaling.shift, again.target_scaling.scale):
        assert not array.flags.writeable


def test_example_rows_are_in_the_units_of_the_data():
    plain, scaled = (
        Model(NETWORK, PARAMETERS.astype("float32")),
        Model(NETWORK, PARAMETERS.astype("float32"), **SCALINGS["both"]),
    )
    assert plain.example_inputs.dtype == np.float32
    assert scaled.example_inputs.dtype == np.float64
    np.testing.assert_allclose(INPUTS.apply(scaled.example_inputs, "float32"), plain.example_inputs, rtol=1e-6)
    given = dataclasses.replace(scaled, example_inputs=ROWS)
    assert np.array_equal(given.example_inputs, ROWS[:8])


@pytest.mark.parametrize("limit", [0.5, 1.0, 3.0])
def test_made_up_examples_lie_within_a_limit(limit):
    limited = Scaling(INPUTS.shift, INPUTS.scale, limit=limit)
    examples = Model(NETWORK, PARAMETERS, input_scaling=limited).example_inputs
    assert np.isfinite(examples).all()
    assert np.abs(limited.apply(examples)).max() <= limit
