"""Every engine's predictor: what `predict` gives, for arrays that fit; None for everything else."""

import numpy as np
import pytest

from fitnet.algorithm.network import Network

NETWORK = Network.of_widths((3, 5, 2), "tanh")
ROWS = 6

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@pytest.fixture
def parameters(generator):
    return NETWORK.initial_parameters(generator, dtype="float64")


@each_dtype
@pytest.mark.parametrize("rows", [1, 2, ROWS, 100_000])
def test_gives_what_predict_gives(engine, parameters, generator, rows, dtype):
    parameters, X = parameters.astype(dtype), generator.normal(size=(rows, 3)).astype(dtype)
    expected = engine.predict(NETWORK, parameters, X)
    predictor = engine.predictor(NETWORK, parameters)
    outputs = predictor(X, None)
    assert (outputs.dtype, outputs.shape, outputs.flags.c_contiguous) == (dtype, (rows, 2), True)
    assert np.array_equal(outputs, expected)
    out = np.full((rows, 2), np.nan, dtype)
    assert predictor(X, out) is out
    assert np.array_equal(out, expected)


@each_dtype
@pytest.mark.parametrize("widths", [(3, 5, 2), (2, 5, 3), (1, 1), (8, 33, 1, 9, 1)], ids=str)
@pytest.mark.parametrize("rows", [1, 2, ROWS, 10_000])
def test_gives_the_derivatives_that_input_jacobian_gives(engine, generator, rows, widths, dtype):
    network = Network.of_widths(widths, "gelu")
    parameters, X = network.initial_parameters(generator, dtype=dtype), generator.normal(size=(rows, widths[0]))
    X = X.astype(dtype)
    jacobian = engine.predictor(network, parameters).jacobian(X)
    assert (jacobian.dtype, jacobian.shape, jacobian.flags.c_contiguous) == (dtype, (rows, widths[-1], widths[0]), True)
    assert np.array_equal(jacobian, engine.input_jacobian(network, parameters, X))


@each_dtype
@pytest.mark.parametrize("widths", [(3, 5, 2), (2, 5, 3), (1, 1), (8, 33, 1, 9, 1)], ids=str)
@pytest.mark.parametrize("rows", [1, 2, ROWS, 1000])
def test_gives_the_second_derivatives_that_input_hessian_gives(engine, generator, rows, widths, dtype):
    network, p = Network.of_widths(widths, "gelu"), widths[0]
    parameters, X = network.initial_parameters(generator, dtype=dtype), generator.normal(size=(rows, p)).astype(dtype)
    hessian = engine.predictor(network, parameters).hessian(X)
    assert (hessian.dtype, hessian.shape, hessian.flags.c_contiguous) == (dtype, (rows, widths[-1], p, p), True)
    assert np.array_equal(hessian, engine.input_hessian(network, parameters, X))


def test_keeps_the_parameters_it_was_made_with(engine, parameters):
    X = np.ones((1, 3))
    predictor = engine.predictor(NETWORK, parameters)
    before = predictor(X, None)
    slopes = engine.input_jacobian(NETWORK, parameters, X)
    bends = engine.input_hessian(NETWORK, parameters, X)
    parameters *= 2
    assert np.array_equal(predictor(X, None), before)
    assert np.array_equal(predictor.jacobian(X), slopes)
    assert np.array_equal(predictor.hessian(X), bends)


def test_results_are_not_overwritten(engine, parameters):
    predictor = engine.predictor(NETWORK, parameters)
    first = predictor(np.ones((1, 3)), None)
    kept = first.copy()
    predictor(np.zeros((1, 3)), None)
    assert np.array_equal(first, kept)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda X: X.tolist(),
        lambda X: None,
        lambda X: X.astype(np.float16),
        lambda X: X.astype(np.longdouble),
        lambda X: X.astype(int),
        lambda X: X.astype(X.dtype.newbyteorder()),
        lambda X: X[0],
        lambda X: X[np.newaxis],
        lambda X: X[:0],
        lambda X: X[:, :2].copy(),
        lambda X: X.view(np.matrix),
        lambda X: np.ma.masked_array(X),
        lambda X: with_entry(X, (2, 1), np.nan),
        lambda X: with_entry(X, (-1, -1), np.inf),
        lambda X: with_entry(X, (0, 0), -np.inf),
    ],
)
def test_takes_no_other_inputs(engine, parameters, generator, spoil):
    predictor, X = engine.predictor(NETWORK, parameters), spoil(generator.normal(size=(ROWS, 3)))
    assert predictor(X, None) is None
    assert predictor.jacobian(X) is None
    assert predictor.hessian(X) is None


@pytest.mark.parametrize(
    "laid",
    [
        lambda X: X.astype(np.float32),
        np.asfortranarray,
        lambda X: X[::2],
        lambda X: X[::-1, ::-1],
        lambda X: unaligned(X),
        lambda X: read_only(X),
    ],
)
def test_takes_inputs_of_either_width_as_they_lie(engine, parameters, generator, laid):
    """See test_scaled_predictor.py for more of them."""
    predictor, X = engine.predictor(NETWORK, parameters), laid(generator.normal(size=(ROWS, 3)))
    plain = np.array(X, np.float64, order="C")
    assert np.array_equal(predictor(X, None), predictor(plain, None))
    assert np.array_equal(predictor.jacobian(X), predictor.jacobian(plain))
    assert np.array_equal(predictor.hessian(X), predictor.hessian(plain))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda out: out.tolist(),
        lambda out: out.astype(np.float32),
        lambda out: out[:-1],
        lambda out: out[:, :1].copy(),
        lambda out: out.ravel(),
        np.asfortranarray,
        lambda out: out.view(np.matrix),
        lambda out: unaligned(out),
        lambda out: read_only(out),
    ],
)
def test_writes_to_no_other_outputs(engine, parameters, generator, spoil):
    assert engine.predictor(NETWORK, parameters)(generator.normal(size=(ROWS, 3)), spoil(np.zeros((ROWS, 2)))) is None


@pytest.mark.parametrize("first", [0, 1, 2 * ROWS - 1, 2 * ROWS, 3 * ROWS])
def test_writes_to_no_part_of_the_inputs(engine, parameters, first):
    memory = np.arange(10 * ROWS, dtype=float)
    X, out = memory[2 * ROWS : 5 * ROWS].reshape(ROWS, 3), memory[first : first + 2 * ROWS].reshape(ROWS, 2)
    before = memory.copy()
    predictor = engine.predictor(NETWORK, parameters)
    if first == 0:  # just apart
        assert predictor(X, out) is out
    else:
        assert predictor(X, out) is None
        assert np.array_equal(memory, before)


@pytest.mark.parametrize("arguments", [(), (np.ones((1, 3)),), (np.ones((1, 3)), None, None)])
def test_takes_two_arguments(engine, parameters, arguments):
    with pytest.raises(TypeError):
        engine.predictor(NETWORK, parameters)(*arguments)


@pytest.mark.parametrize("arguments", [(), (np.ones((1, 3)), None)])
def test_derivatives_take_one_argument(engine, parameters, arguments):
    with pytest.raises(TypeError):
        engine.predictor(NETWORK, parameters).jacobian(*arguments)
    with pytest.raises(TypeError):
        engine.predictor(NETWORK, parameters).hessian(*arguments)


def unaligned(array):
    """A copy that begins at an odd address."""
    memory = np.zeros(array.nbytes + 1, np.uint8)
    copy = memory[1:].view(array.dtype).reshape(array.shape)
    copy[:] = array
    return copy


def with_entry(array, place, value):
    array[place] = value
    return array


def read_only(array):
    array.flags.writeable = False
    return array
