"""Python ends while a daemon thread is in the native engine: quietly, with exit code 0."""

import subprocess
import sys
from pathlib import Path

import pytest

from fitnet.engine import ENGINES

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

HERE = Path(__file__).parent
TIMEOUT = 60
ENDED = """
import sys, threading, numpy as np, test_native_callbacks as t

engine = t.ENGINES["native"](2)
network, X, start, _ = t.small_training(engine, rows=300)
many = np.random.default_rng(0).normal(size=(200_000, 4))
predictor = engine.predictor(network, start)
work = {
    "Trainer.run": lambda: t.long_training(engine),
    "Trainer.gradient": lambda: t.small_training(engine)[-1].gradient(),
    "predict": lambda: engine.predict(network, start, many),
    "Predictor": lambda: predictor(many, None),
    "Predictor.hessian": lambda: predictor.hessian(many),
    "inverse_diagonal": lambda: engine.inverse_diagonal(np.eye(2000), np.ones(2000)),
}[sys.argv[1]]
begun = threading.Event()

def for_ever():
    while True:
        begun.set()
        work()

for _ in range(2):
    threading.Thread(target=for_ever, daemon=True).start()
begun.wait()
engine.predict(network, start, many)  # so that the others are well under way
"""
WORK = ["Trainer.gradient", "predict", "Predictor", "Predictor.hessian", "inverse_diagonal"]


@pytest.mark.parametrize("work", ["Trainer.run", *WORK])
def test_python_ends_quietly(work):
    command = [sys.executable, "-c", ENDED, work]
    runs = [subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        assert run.communicate(timeout=TIMEOUT) == (b"", b"")
        assert run.returncode == 0
