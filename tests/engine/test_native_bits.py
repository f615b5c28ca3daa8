"""The native engine gives the same bits for any number of threads, for every instruction set with FMA, in any batch
and in any company: other threads, other processes, a forked child."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_epochs import run_epochs

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, Huber, Quantile, SquaredError
from fitnet.algorithm.network import Dense, Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum, initial_state
from fitnet.algorithm.scaling import Scaling
from fitnet.engine import ENGINES, Best

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

ROWS = 531
SHAPES = [(3, 64, 64, 1), (1, 1), (7, 130, 33, 5), (2, 17, 16, 15, 3)]
HERE = Path(__file__).parent
TIMEOUT = 120

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_shape = pytest.mark.parametrize("widths", SHAPES, ids=str)


def everything(n_threads, widths, dtype, rows=ROWS):
    """The bytes of a prediction, its derivatives, a gradient and trainings with each optimizer, whole and shuffled."""
    engine = ENGINES["native"](n_threads)
    names = [*ACTIVATIONS]
    layers = [Dense(*size, names[(i + 2) % len(names)]) for i, size in enumerate(pairwise(widths))]
    network = Network(tuple(layers))
    counting = Network((*layers[:-1], Dense(*widths[-2:], "exponential")))  # its predictions are above 0
    generator = np.random.default_rng(0)
    start = network.initial_parameters(generator, "he", dtype)
    X = generator.normal(size=(rows, widths[0])).astype(dtype)
    Y = generator.normal(size=(rows, widths[-1])).astype(dtype)
    weights = generator.uniform(0.1, 2, rows).astype(dtype)
    found = [of(network, start, X) for of in (engine.predict, engine.input_jacobian, engine.input_hessian)]
    for w in (None, weights):
        value, gradient = engine.loss_and_gradient(network, SquaredError(), start, X, Y, w)
        assert engine.loss(network, SquaredError(), start, X, Y, w) == value
        found += [np.array(value), gradient]
    found += whole_model(engine, widths, dtype, X)
    for loss in (*LOSSES.values(), Huber(0.3), Quantile(0.9)):
        value, gradient = engine.loss_and_gradient(counting, loss, start, X, np.abs(Y), weights, l2=0.01)
        assert np.isfinite(value)
        found += [np.array(engine.loss(counting, loss, start, X, np.abs(Y), weights))]
        found += [np.array(value), gradient]
    rules = (GradientDescent(), 0, 0), (Momentum(), 0.01, 0), (Adam(), 0, 0), (Adam(), 0.01, 0), (Adam(), 0, 0.3)
    for optimizer, l2, dropout in rules:
        for batch_size in (rows, 100, 7):
            rates = np.full((2, -(-rows // batch_size)), 1e-3)
            orders = np.stack([generator.permutation(rows) for _ in rates]) if batch_size < rows else None
            parameters = start.copy()
            state = initial_state(optimizer, parameters)
            best = Best(np.inf, parameters.copy(), 0) if batch_size == rows and dropout == 0 else None
            losses = run_epochs(
                engine,
                network,
                SquaredError(),
                optimizer,
                parameters,
                state,
                X,
                Y,
                weights,
                batch_size=batch_size,
                learning_rates=rates,
                row_orders=orders,
                best=best,
                l2=l2,
                dropout=dropout,
                seeds=np.arange(2, dtype=np.uint64),
            )
            found += [parameters, state.moments, losses, *([best.parameters] if best else [])]
    return b"".join(array.tobytes() for array in found)


def whole_model(engine, widths, dtype, X):
    """Predictions, derivatives and error bars of a small model with scalings that a fused sum would round otherwise."""
    network = Network.of_widths((widths[0], 20, widths[-1]), "tanh")
    generator, P = np.random.default_rng(1), network.n_parameters
    parameters = network.initial_parameters(generator, "he", dtype)
    inputs, targets = (Scaling(*generator.uniform(0.1, 3, size=(2, width))) for width in (widths[0], widths[-1]))
    predictor = engine.predictor(network, parameters, inputs, targets)
    rows = np.asfortranarray(X, np.float64)
    factor = np.eye(P)[np.tril_indices(P)] + generator.uniform(-0.1, 0.1, P * (P + 1) // 2)
    covariance = engine.predictive_covariance(network, parameters.astype(np.float64), factor)(X.astype(np.float64))
    return [predictor(rows, None), predictor.jacobian(rows), predictor.hessian(rows), covariance]


def digest(n_threads, rows=ROWS):
    """One line for `everything` of every shape and dtype."""
    parts = [everything(n_threads, widths, dtype, rows) for widths in SHAPES for dtype in ("float32", "float64")]
    return sha256(b"".join(parts)).hexdigest()


@each_dtype
@each_shape
@pytest.mark.parametrize("n_threads", [2, 3, 4, 8])
def test_the_number_of_threads_changes_no_bit(widths, dtype, n_threads):
    assert everything(n_threads, widths, dtype) == everything(1, widths, dtype)


def test_other_rows_would_change_bits():
    assert everything(1, (3, 4, 1), "float32") != everything(1, (3, 4, 1), "float32", rows=ROWS - 1)


def test_every_instruction_set_with_fma_gives_the_same_bits():
    from fitnet.engine import _native

    available = _native.available_levels()
    levels = [level for level in available if level != "baseline"] or available  # x86-64's baseline has no FMA
    program = "import test_native_bits as bits; print(bits.digest(2), bits.ENGINES['native']().level)"
    answers = {level: python(program, FITNET_LEVEL=level).split() for level in levels}
    assert {level: level_in_use for level, (_, level_in_use) in answers.items()} == {level: level for level in levels}
    assert {bits for bits, _ in answers.values()} == {digest(2)}


@each_dtype
@each_shape
@settings(derandomize=True, deadline=None, database=None, max_examples=30)
@given(rows=st.integers(1, 300), data=st.data(), n_threads=st.sampled_from([1, 2, 3]))
def test_a_row_has_the_same_bits_in_any_batch(widths, dtype, rows, data, n_threads):
    engine = ENGINES["native"](n_threads)
    network = Network.of_widths(widths, "tanh")
    generator = np.random.default_rng(rows)
    parameters = network.initial_parameters(generator, "he", dtype)
    X = generator.normal(size=(rows, widths[0])).astype(dtype)
    whole = engine.predict(network, parameters, X)
    first = data.draw(st.integers(0, rows - 1))
    last = data.draw(st.integers(first + 1, rows))
    order = generator.permutation(rows)
    predictor = engine.predictor(network, parameters)
    for predict in (lambda X: engine.predict(network, parameters, X), lambda X: predictor(X, None)):
        assert predict(X[first : first + 1]).tobytes() == whole[first : first + 1].tobytes()
        assert predict(X[first:last]).tobytes() == whole[first:last].tobytes()
        assert predict(X[order]).tobytes() == whole[order].tobytes()
    slopes = engine.input_jacobian(network, parameters, X)
    for jacobian in (lambda X: engine.input_jacobian(network, parameters, X), predictor.jacobian):
        assert jacobian(X[first : first + 1]).tobytes() == slopes[first : first + 1].tobytes()
        assert jacobian(X[first:last]).tobytes() == slopes[first:last].tobytes()
        assert jacobian(X[order]).tobytes() == slopes[order].tobytes()
    bends = engine.input_hessian(network, parameters, X)
    for of in (slice(first, first + 1), slice(first, last), order):
        assert engine.input_hessian(network, parameters, X[of]).tobytes() == bends[of].tobytes()


def test_callers_in_several_threads_get_the_same_bits():
    alone = everything(1, (3, 64, 64, 1), "float32")
    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(everything, n_threads, (3, 64, 64, 1), "float32") for n_threads in (1, 2, 3, 4, 2, 3)]
        assert all(call.result(TIMEOUT) == alone for call in calls)


def test_several_processes_at_once_get_the_same_bits():
    command = [sys.executable, "-c", "import test_native_bits as bits; print(bits.digest(4, rows=101))"]
    runs = [subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = {run.communicate(timeout=TIMEOUT)[0].strip() for run in runs}
    assert answers == {digest(1, rows=101)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_computes_with_threads_of_its_own():
    program = """
import os, test_native_bits as bits
before = bits.digest(3, rows=101)
child = os.fork()
if child == 0:
    os._exit(0 if bits.digest(3, rows=101) == before else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print(bits.digest(3, rows=101) == before)
"""
    assert python(program) == "True"


def python(program, **environment):
    """What a fresh Python prints that runs `program` beside this file."""
    command = [sys.executable, "-W", "ignore", "-c", program]
    run = subprocess.run(
        command, cwd=HERE, env=os.environ | environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()
