"""A signal's handler that calls the native engine again, or forks, while the engine is at work: it works, or is refused
in one sentence; nothing waits for ever. `python outer inner` is tried in a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective

pytestmark = [
    pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built"),
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers"),
]

HERE = Path(__file__).parent
TIMEOUT = 120
HANDLED = 3


class EnoughError(Exception):
    """What a handler raises to end the call that it interrupted."""


def small_training(engine, rows=6000, widths=(4, 48, 2)):
    """Large enough for two threads in a training and in a prediction."""
    network = Network.of_widths(widths, "tanh")
    X = np.random.default_rng(0).normal(size=(rows, widths[0]))
    Y = np.sin(X[:, : widths[-1]])
    start = network.initial_parameters(np.random.default_rng(1), dtype="float64")
    objective = Objective(engine, network, SquaredError(), X, Y, None, 0.0)
    return network, X, start, engine.trainer(objective, Adam(), start, len(X), keeps_lowest=True)


def everything(engine):
    """The bits of one call of each kind."""
    network, X, start, trainer = small_training(engine)
    trainer.run(np.full((5, 1), 1e-2), None)
    found = [trainer.parameters(), engine.predict(network, start, X), engine.input_jacobian(network, start, X)]
    found.append(engine.input_hessian(network, start, X))
    found.extend(engine.normal_equations(network, start, X, X[:, :2].copy())[:2])
    found.append(engine.solve_positive_definite(found[-2], np.ones(len(start)), found[-1]))
    factor = np.eye(len(start))[np.tril_indices(len(start))]
    found.append(engine.predictive_covariance(network, start, factor)(X))
    return b"".join(array.tobytes() for array in found)


def long_training(engine):
    small_training(engine)[-1].run(np.full((10**6, 1), 1e-3), None)


def long_normal_equations(engine):
    network, X, start, _ = small_training(engine, rows=400_000, widths=(4, 48, 2))
    engine.normal_equations(network, start, X, X[:, :2].copy())


def long_covariance(engine):
    network, X, start, _ = small_training(engine, rows=100_000, widths=(4, 60, 2))
    engine.predictive_covariance(network, start, np.eye(len(start))[np.tril_indices(len(start))])(X)


def long_cholesky(engine):
    engine.inverse_diagonal(np.eye(4000), np.ones(4000))


OUTER = {f.__name__: f for f in (long_training, long_normal_equations, long_covariance, long_cholesky)}


def calls(engine):
    assert everything(engine) == EXPECTED


def calls_from_a_thread(engine):
    """That the handler waits for."""
    thread = threading.Thread(target=lambda: results.append(everything(engine)))
    results = []
    thread.start()
    thread.join()
    assert results == [EXPECTED]


def forks(engine):
    """The child computes, too."""
    child = os.fork()
    if child == 0:
        os._exit(0 if everything(engine) == EXPECTED else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


INNER = {f.__name__: f for f in (calls, calls_from_a_thread, forks)}
EXPECTED = b""


def interrupt(outer, inner):
    """Have HANDLED signals while `outer` runs, each of whose handlers calls `inner`; the last ends it."""
    global EXPECTED
    engine, handled = ENGINES["native"](2), []
    EXPECTED = everything(engine)

    def handler(_number, _frame):
        INNER[inner](engine)
        handled.append(inner)
        if len(handled) == HANDLED:
            raise EnoughError
        signal.setitimer(signal.ITIMER_REAL, 0.1)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        while True:  # what takes less than three signals begins again
            OUTER[outer](engine)
    except EnoughError:
        assert everything(engine) == EXPECTED
        print(len(handled), flush=True)


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("outer", OUTER)
def test_a_handler_may_call_the_engine(outer, inner):
    assert python(f"import test_native_callbacks as t; t.interrupt('{outer}', '{inner}')") == str(HANDLED)


def test_a_training_at_work_refuses_a_second_call_in_one_sentence():
    program = """
import signal, numpy as np, test_native_callbacks as t
*_, X, start, trainer = t.small_training(t.ENGINES["native"](2))
def handler(number, frame):
    calls = [lambda: trainer.run(np.full((1, 1), 1e-3), None), trainer.parameters, trainer.objective, trainer.state,
             trainer.gradient, lambda: trainer.take_rows(X, np.sin(X[:, :2]))]
    for call in calls:
        try:
            call()
        except RuntimeError as error:
            print(error, flush=True)
    raise t.EnoughError
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
try:
    trainer.run(np.full((10**6, 1), 1e-3), None)
except t.EnoughError:
    pass
"""
    assert python(program).splitlines() == ["This training is at work already, in another call."] * 6


def test_a_child_forked_within_a_training_goes_on_with_it():
    program = """
import os, signal, numpy as np, test_native_callbacks as t
*_, trainer = t.small_training(t.ENGINES["native"](2))
children = []
def handler(number, frame):
    children.append(os.fork())
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
epochs = 0
while not children:
    trainer.run(np.full((300, 1), 1e-3), None)
    epochs += 300
*_, alone = t.small_training(t.ENGINES["native"](1))
alone.run(np.full((epochs, 1), 1e-3), None)
same = np.array_equal(alone.parameters(), trainer.parameters())
if children == [0]:
    os._exit(0 if same else 1)
print(same, os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]))
"""
    assert python(program) == "True 0"


def python(program):
    """What a fresh Python prints that runs `program` beside this file."""
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()
