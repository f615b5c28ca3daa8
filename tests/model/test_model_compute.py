"""What a model computes with: predictions, derivatives and error bars by the engine that was asked for, copies too."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

import fitnet
from fitnet import Model, Network, Regressor, Scaling
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.error_bars import ErrorBars

NETWORK = Network.of_widths((2, 3, 1), "tanh")
P = NETWORK.n_parameters
ROWS = np.random.default_rng(1).normal(size=(5, 2))
PLAIN = {}
SCALED = {"input_scaling": Scaling([1, 2], [3, 4]), "target_scaling": Scaling([5], [6])}
CALLS = {
    "predict": lambda model: model.predict(ROWS),
    "jacobian": lambda model: model.jacobian(ROWS),
    "hessian": lambda model: model.hessian(ROWS),
    "return_std": lambda model: model.predict(ROWS, return_std=True),
    "a list": lambda model: model.predict(ROWS.tolist()),
}


def some_model(compute, scalings=PLAIN):
    factor = np.eye(P)[np.tril_indices(P)]
    return Model(NETWORK, np.ones(P), **scalings, error_bars=ErrorBars(factor, 1.0, [[1.0]], 1.0), compute=compute)


@pytest.fixture
def chosen(monkeypatch):
    """What is asked of `choose`, call by call."""
    asked, choose = [], fitnet.engine.choose
    monkeypatch.setattr("fitnet.engine.choose", lambda *of: asked.append(of) or choose(*of))
    return asked


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("scalings", [PLAIN, SCALED], ids=["plain", "scaled"])
def test_every_computation_is_the_chosen_engines(engine, chosen, scalings, call):
    model = some_model(Compute(engine.name, 1), scalings)
    for _ in range(2):
        call(model)
    assert chosen == [(engine.name, 1)]


def test_a_regressors_model_computes_as_its_training_did(engine, chosen):
    """A regressor that was told to use one engine and one thread once predicted with the other, on all threads."""
    fitted = Regressor((3,), engine=engine.name, n_threads=1, max_epochs=1, solver="adam").fit(ROWS, ROWS[:, 0])
    assert fitted.model_.compute == Compute(engine.name, 1)
    chosen.clear()
    fitted.predict(ROWS)
    fitted.jacobian(ROWS)
    assert {*chosen} <= {(engine.name, 1)}
    assert type(fitted.model_.compute.chosen) is ENGINES[engine.name]


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), dataclasses.replace]
)
def test_copies_keep_it(copied):
    assert copied(some_model(Compute("reference", 2))).compute == Compute("reference", 2)


def test_files_do_not_hold_it(tmp_path):
    some_model(Compute("reference", 2)).save(tmp_path / "a.fitnet")
    some_model(Compute("reference")).save(tmp_path / "b.fitnet")
    assert (tmp_path / "a.fitnet").read_bytes() == (tmp_path / "b.fitnet").read_bytes()
    assert fitnet.load(tmp_path / "a.fitnet").compute == Compute()
    assert fitnet.load(tmp_path / "a.fitnet", engine="reference", n_threads=1).compute == Compute("reference", 1)


def test_what_is_no_compute_is_refused(tmp_path):
    with pytest.raises(ArgumentTypeError) as raised:
        some_model("native")
    assert str(raised.value) == "`compute` is 'native'; it must be a Compute, such as Compute('native')."
    with pytest.raises(ArgumentValueError, match="`engine` is 'fast'; it must be one of"):
        fitnet.load(tmp_path / "none.fitnet", engine="fast")
