"""fitnet where the native engine was not built: it works, and says once what it does without."""

import os
import subprocess
import sys

HIDDEN = """
import sys
sys.modules["fitnet.engine._native"] = None  # importing it fails, as where it was not built
import numpy as np
import fitnet
from fitnet.engine import ENGINES, choose

def train(**settings):
    X = np.linspace(-1, 1, 20).reshape(10, 2)
    network = fitnet.Network.of_widths((2, 4, 1))
    return fitnet.train(network, X, X[:, :1], epochs=3, generator=np.random.default_rng(0), **settings)
"""
HOW = (
    "install a C++ compiler (GCC 12, Clang 15 or newer) and run: "
    "pip install --no-cache-dir --force-reinstall --no-deps "
)


def run(program, *options):
    """What a fresh Python without the native engine prints on standard output and standard error."""
    command = [sys.executable, *options, "-c", HIDDEN + program]
    outspoken = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    done = subprocess.run(command, env=outspoken, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_training_and_prediction_work_with_one_warning():
    out, err = run("""
for _ in range(2):
    result = train()
    model = fitnet.Model(fitnet.Network.of_widths((2, 4, 1)), result.parameters)
    print(model.predict([[1, 2]]).shape, choose().name, [*ENGINES])
""")
    assert out == "(1, 1) reference ['reference']\n" * 2
    assert err.count("EngineWarning") == 1
    assert "fitnet computes with the reference engine, which is slower, because the native engine is not" in err
    assert f"; to get it, {HOW}" in err


def test_who_asks_for_the_reference_engine_is_not_warned():
    _, err = run("train(engine='reference')", "-W", "error")
    assert err == ""


def test_asking_for_native_is_an_error_that_says_how_to_get_it():
    out, _ = run("""
try:
    train(engine="native")
except fitnet.errors.EngineUnavailableError as error:
    print(error)
""")
    assert out.startswith("The native engine is not installed (")
    assert f"); use engine='reference', or {HOW}" in out


def test_the_command_line_prints_that_sentence():
    out, err = run("""
from fitnet.cli import main
try:
    main(["quadratic", "train", "--engine", "native", "--epochs", "1"])
except SystemExit as ended:
    print(ended.code)
""")
    assert out == "2\n"
    assert err.startswith("fitnet: The native engine is not installed (")
    assert len(err.splitlines()) == 1
