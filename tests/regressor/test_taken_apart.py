"""Regressor in formats that take objects apart, as skops does for mlflow: its types, and that it comes back."""

import json
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from example_rows import sine

from fitnet import Regressor
from fitnet.engine import ENGINES

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "mlflow.md"
# What a user of such a format has to trust.
TRUSTED = {
    "fitnet.algorithm.network.Dense",
    "fitnet.algorithm.network.Network",
    "fitnet.algorithm.optimizers.OptimizerState",
    "fitnet.algorithm.scaling.Scaling",
    "fitnet.engine.compute.Compute",
    "fitnet.estimators.regressor.Regressor",
    "fitnet.fitting.stream.Stream",
    "fitnet.model.error_bars.ErrorBars",
    "fitnet.model.model.Model",
    "fitnet.training.history.History",
    "fitnet.uncertainty.conformal.CrossConformal",
}


def rebuilt(value, types):
    """The value made again from what it holds, without its constructor; the types of ours go to `types`."""
    if isinstance(value, np.ndarray | np.dtype | np.random.Generator | np.generic):
        return value
    if isinstance(value, dict):
        return {name: rebuilt(each, types) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(rebuilt(each, types) for each in value)
    try:
        return json.loads(json.dumps(value))
    except TypeError:
        types.add(f"{type(value).__module__}.{type(value).__qualname__}")
    again = type(value).__new__(type(value))
    state = rebuilt(value.__getstate__(), types)
    if hasattr(again, "__setstate__"):
        again.__setstate__(state)
    else:
        again.__dict__.update(state)
    return again


@pytest.mark.parametrize("engine", ENGINES)
def test_it_comes_back_and_is_made_of_these_types(engine):
    (X, y), types = sine(60), set()
    for solver in ("adam", "lm"):
        settings = {"solver": solver, "engine": engine, "max_epochs": 3, "random_state": 0}
        regressor = Regressor((4,), "tanh", **settings).fit(X, y).conformalize(X, y)
        predicted = regressor.predict(X, return_std=True)  # after which the model holds the engine's predictor
        again = rebuilt(regressor, types)
        assert np.array_equal(again.predict(X, return_std=True), predicted)
        assert np.array_equal(again.predict_interval(X), regressor.predict_interval(X))
        assert np.array_equal(again.jacobian(X), regressor.jacobian(X))
    assert types == TRUSTED


def test_a_model_that_came_back_is_saved_like_the_first(tmp_path):
    X, y = sine(60)
    model = Regressor((4,), "tanh", max_epochs=3, random_state=0).fit(X, y).model_
    model.save(tmp_path / "a.fitnet")
    rebuilt(model, set()).save(tmp_path / "b.fitnet")
    assert (tmp_path / "a.fitnet").read_bytes() == (tmp_path / "b.fitnet").read_bytes()


def test_the_page_for_mlflow_lists_these_types():
    """And others, of logarithms, words and ensembles, all of which there are; the page compares them with skops."""
    listed = set(re.findall(r'^ +"(fitnet\.[\w.]+)",$', PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed > TRUSTED
    for path in listed:
        module, _, name = path.rpartition(".")
        assert isinstance(getattr(import_module(module), name), type)
