"""Every engine's predictor with scalings: the bits of the same in NumPy, for rows of any size in any layout."""

import numpy as np
import pytest
import scaled_in_numpy as numpy_path
from hypothesis import given, settings
from hypothesis import strategies as st

from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import Scaling
from fitnet.engine import ENGINES

ROWS = 300  # more than one block, of which the last is not full
TINY, HUGE = 5e-324, 1.7e308

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_row_dtype = pytest.mark.parametrize("row_dtype", ["float32", "float64"])
OPERATIONS = ["outputs", "jacobian", "hessian"]
native = pytest.mark.skipif("native" not in ENGINES, reason="NumPy's products depend on the number of rows")


def operation(predictor, name, X):
    return predictor(X, None) if name == "outputs" else getattr(predictor, name)(X)


def some_scalings(generator, p, m, exponent=1):
    """For inputs and for targets, with scales of up to 10^exponent."""
    return (
        Scaling(generator.normal(size=count) * size, size)
        for count in (p, m)
        for size in [10.0 ** generator.uniform(-exponent, exponent, count)]
    )


LAYOUTS = {
    "C": lambda X: X,
    "Fortran": np.asfortranarray,
    "every second row": lambda X: np.repeat(X, 2, axis=0)[::2],
    "every third column": lambda X: np.repeat(X, 3, axis=1)[:, 1::3],
    "backwards": lambda X: X[::-1, ::-1].copy()[::-1, ::-1],
    "columns of a wider table": lambda X: np.pad(X, ((2, 1), (3, 2)))[2:-1, 3:-2],
    "unaligned": lambda X: np.frombuffer(b"." + X.tobytes(), X.dtype, offset=1).reshape(X.shape),
    "field of a record": lambda X: with_neighbours(X)["numbers"],
}


def with_neighbours(X):
    """Records in which every row begins at an odd address."""
    records = np.zeros(len(X), [("before", "i1"), ("numbers", X.dtype, X.shape[1:]), ("behind", "i2")])
    records["numbers"] = X
    return records


@native
@each_dtype
@each_row_dtype
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("scaled", ["none", "inputs", "targets", "both"])
@pytest.mark.parametrize("widths", [(3, 5, 2), (1, 9, 1), (200, 3, 2)], ids=str)
def test_rows_are_read_as_they_lie(generator, widths, scaled, layout, row_dtype, dtype):
    engine, (p, *_, m) = ENGINES["native"](2), widths
    network = Network.of_widths(widths, "tanh")
    parameters = network.initial_parameters(generator, dtype=dtype)
    inputs, targets = some_scalings(generator, p, m)
    scalings = (inputs if scaled in ("inputs", "both") else None, targets if scaled in ("targets", "both") else None)
    predictor = engine.predictor(network, parameters, *scalings)
    for rows in (1, 7, ROWS):
        X = generator.normal(size=(rows, p)).astype(row_dtype)
        laid = layout(X)
        assert np.array_equal(laid, X)
        for name in OPERATIONS if p < 9 else OPERATIONS[:2]:
            expected = getattr(numpy_path, name)(engine, network, parameters, X, *scalings)
            assert numpy_path.same(operation(predictor, name, laid), expected)


def test_rows_that_are_all_the_same_place(engine, generator):
    network = Network.of_widths((2, 4, 1), "tanh")
    predictor = engine.predictor(network, np.ones(network.n_parameters), Scaling([1, 2], [3, 4]), None)
    X = np.broadcast_to([[0.5, 1.5]], (ROWS, 2))
    outputs = predictor(X, None)
    np.testing.assert_array_equal(outputs, np.broadcast_to(predictor(X[:1].copy(), None), (ROWS, 1)))


def test_memory_maps_are_read_as_they_lie(engine, generator, tmp_path):
    network = Network.of_widths((2, 4, 1), "tanh")
    np.save(tmp_path / "X.npy", generator.normal(size=(ROWS, 2)))
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    predictor = engine.predictor(network, np.ones(network.n_parameters), *some_scalings(generator, 2, 1))
    assert type(mapped) is np.memmap
    for name in OPERATIONS:
        assert operation(predictor, name, mapped).tobytes() == operation(predictor, name, np.array(mapped)).tobytes()


def numbers(dtype):
    """Any finite number, with the ends of the range among them."""
    ends = [0.0, -0.0, TINY, -TINY, 2e-308, 1.0, -1.0, HUGE, -HUGE, np.finfo(np.float32).max.item(), 1e-45]
    wide = st.one_of(st.sampled_from(ends), st.floats(allow_nan=False, allow_infinity=False))
    return st.floats(allow_nan=False, allow_infinity=False, width=32) if dtype == "float32" else wide


scales = st.one_of(
    st.floats(-300, 300).map(lambda exponent: 10**exponent), st.sampled_from([TINY, 1e-310, 1.0, 3.0, 1e300, HUGE])
)


@native
@each_dtype
@each_row_dtype
@settings(derandomize=True, deadline=None, database=None, max_examples=150)
@given(data=st.data())
def test_the_bits_are_numpys_for_every_number_and_scale(row_dtype, dtype, data):
    engine, network = ENGINES["native"](1), Network.of_widths((2, 3, 2), "tanh")
    draw = lambda what, count: [data.draw(what) for _ in range(count)]  # noqa: E731
    parameters = np.random.default_rng(2).normal(size=network.n_parameters).astype(dtype)
    inputs = data.draw(st.sampled_from([None, Scaling(draw(numbers("float64"), 2), draw(scales, 2))]))
    targets = data.draw(st.sampled_from([None, Scaling(draw(numbers("float64"), 2), draw(scales, 2))]))
    near = inputs is not None and data.draw(st.booleans())  # else most rows cannot be held once they are scaled
    X = np.array(draw(numbers(row_dtype), 6)).reshape(3, 2)
    with np.errstate(all="ignore"):
        X = (inputs.shift + inputs.scale * np.sin(X) if near else X).astype(row_dtype)
    predictor = engine.predictor(network, parameters, inputs, targets)
    for rows in (X, X[:1]):
        for name in OPERATIONS:
            expected = getattr(numpy_path, name)(engine, network, parameters, rows, inputs, targets)
            assert numpy_path.same(operation(predictor, name, rows), expected)


# What each kernel could get wrong: a product fused with a sum, halves that are not taken where a difference or a
# product alone overflows, powers of two that no float64 holds.
@native
@pytest.mark.parametrize(
    ("x", "inputs", "targets"),
    [
        (1.5e308, Scaling([-1.5e308], [1e308]), None),
        (-1.5e308, Scaling([1.5e308], [HUGE]), None),
        (0.1, None, Scaling([-0.1], [0.1])),
        (1.7, None, Scaling([-1.7e308], [1.7e308])),
        (1e-310, Scaling([0], [1e-310]), Scaling([0], [TINY])),
        (TINY, Scaling([0], [TINY]), Scaling([1], [HUGE])),
        (1e300, Scaling([1e300], [1e300]), Scaling([0], [1e-300])),
    ],
)
def test_the_ends_of_the_range(x, inputs, targets):
    network, engine = Network.of_widths((1, 1)), ENGINES["native"](1)
    parameters = np.array([0.9999999999999999, 0.3])
    predictor = engine.predictor(network, parameters, inputs, targets)
    for rows in (1, 50):
        X = np.full((rows, 1), x)
        for name in OPERATIONS:
            expected = getattr(numpy_path, name)(engine, network, parameters, X, inputs, targets)
            assert expected is not None
            assert numpy_path.same(operation(predictor, name, X), expected)


@pytest.mark.parametrize("scaled", ["none", "inputs", "targets", "both"])
@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf, 1e39, "too large once scaled"])
@pytest.mark.parametrize("row", [0, ROWS - 1])
def test_entries_that_cannot_be_held_are_answered_with_none(engine, generator, scaled, entry, row):
    network = Network.of_widths((2, 4, 1), "tanh")
    inputs, targets = Scaling([0, 0], [1, 1e-30]), Scaling([0], [2])
    scalings = (inputs if scaled in ("inputs", "both") else None, targets if scaled in ("targets", "both") else None)
    if entry == "too large once scaled":
        entry = 1e10 if scalings[0] else 1e40
    X = np.zeros((ROWS, 2))
    X[row, 1] = entry
    predictor = engine.predictor(network, np.ones(network.n_parameters, "float32"), *scalings)
    for name in OPERATIONS:
        assert operation(predictor, name, X) is None
        assert operation(predictor, name, X[row : row + 1]) is None
        X[row, 1] = 0
        assert operation(predictor, name, X) is not None
        X[row, 1] = entry


def test_outputs_are_float64_behind_a_target_scaling(engine):
    network = Network.of_widths((1, 2, 1))
    X, parameters, one = np.ones((4, 1)), np.ones(network.n_parameters, "float32"), Scaling([0], [1])
    for scalings, outputs, slopes in [
        ((None, None), "float32", "float32"),
        ((one, None), "float32", "float64"),
        ((None, one), "float64", "float64"),
        ((one, one), "float64", "float64"),
    ]:
        predictor = engine.predictor(network, parameters, *scalings)
        assert [operation(predictor, name, X).dtype for name in OPERATIONS] == [outputs, slopes, slopes]
        for dtype in ("float32", "float64"):
            assert (predictor(X, np.empty((4, 1), dtype)) is None) == (dtype != outputs)


@pytest.mark.parametrize("step", [-8, 8, 16])
def test_writes_to_no_part_of_strided_inputs(engine, step):
    network = Network.of_widths((1, 2, 1))
    predictor = engine.predictor(network, np.ones(network.n_parameters), Scaling([0], [1]), Scaling([0], [1]))
    memory = np.arange(100.0)
    X = np.lib.stride_tricks.as_strided(memory[50:], (10, 1), (step, 8))
    low, high = sorted((50, 50 + 9 * step // 8))
    for first in range(20, 80):
        out = memory[first : first + 10].reshape(10, 1)
        apart = first + 10 <= low or first > high
        assert (predictor(X, out) is out) == apart
        memory[:] = np.arange(100.0)
