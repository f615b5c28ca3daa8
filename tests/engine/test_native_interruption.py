"""The native engine lets Python live while it computes: Ctrl-C ends a long call, other threads go on."""

import signal
import subprocess
import sys
import threading
from time import monotonic, sleep

import numpy as np
import pytest
from whole_epochs import run_epochs

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, initial_state
from fitnet.engine import ENGINES, Best

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

TIMEOUT = 60
INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background begins by ignoring it
from test_native_interruption import problem, train, initial_state, np, Adam, Best

start, state, best = problem(int(sys.argv[1]))
print("started", flush=True)
try:
    train(start, state, best, epochs=10**7)
except KeyboardInterrupt:
    print("interrupted", flush=True)
again, again_state, untouched = problem(int(sys.argv[1]))
train(again, again_state, Best(np.inf, again.copy(), 0), epochs=state.step)
print(state.step, np.array_equal(again, start), np.array_equal(again_state.moments, state.moments),
      best.loss == untouched.loss and np.array_equal(best.parameters, untouched.parameters), best.epoch == 0)
"""


def problem(rows):
    """Parameters, optimizer state and best of a small network; `train` knows the rest."""
    network = Network.of_widths((3, 32, 1), "tanh")
    parameters = network.initial_parameters(np.random.default_rng(rows))
    return parameters, initial_state(Adam(), parameters), Best(np.inf, parameters.copy(), 0)


def train(parameters, state, best, epochs, rows=200):
    network = Network.of_widths((3, 32, 1), "tanh")
    X = np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32)
    return run_epochs(
        ENGINES["native"](2),
        network,
        SquaredError(),
        Adam(),
        parameters,
        state,
        X,
        np.sin(X[:, :1]),
        None,
        batch_size=rows,
        learning_rates=np.full((epochs, 1), 1e-3),
        row_orders=None,
        best=best,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way there")
def test_ctrl_c_ends_a_long_call_and_leaves_whole_steps(request):
    for wait in (0.3, 1, 3, 10):  # a busy machine may take a while from "started" to the first step
        steps, *same = interrupted_after(wait, request.path.parent)
        assert same == ["True"] * 4
        if int(steps) > 0:
            return
    raise AssertionError("Training was never under way when it was interrupted.")


def interrupted_after(wait, folder):
    """What a training that is sent SIGINT after so many seconds prints at its end."""
    run = subprocess.Popen([sys.executable, "-c", INTERRUPTED, "200"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout.readline() == "started\n"
        sleep(wait)
        assert run.poll() is None
        sent = monotonic()
        run.send_signal(signal.SIGINT)
        assert run.stdout.readline() == "interrupted\n"
        assert monotonic() - sent < 5  # it takes a tenth of a second where nobody else needs the cores
        return run.communicate(timeout=TIMEOUT)[0].split()
    finally:
        run.kill()


def test_other_threads_of_python_go_on():
    turns, done = [0], threading.Event()

    def count():
        while not done.is_set():
            turns[0] += 1

    counter = threading.Thread(target=count)
    counter.start()
    try:
        parameters, state, best = problem(200)
        began, before = monotonic(), turns[0]
        while monotonic() - began < 0.2:
            train(parameters, state, best, epochs=2000)
        during = turns[0] - before
    finally:
        done.set()
        counter.join()
    assert during > 1000
