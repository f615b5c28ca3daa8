"""What "auto" takes: solver, hidden layers, epochs and batches, and errors beside those of solvers by name."""

import numpy as np
import pytest

from fitnet import LevenbergMarquardt, Regressor
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.solver_choice import SOLVERS

SEARCH, SHORT_SEARCH = (LevenbergMarquardt("bayesian", starts=starts) for starts in (9, 3))
BOUND = 2.0  # "auto" is never to be so many times worse than the best


def settled(n: int, p: int, **parameters):
    return Recipe(**parameters).settled(np.zeros((n, p)), np.zeros((n, 1)), first_order=False)


@pytest.mark.parametrize(
    ("n", "p", "parameters", "sizes", "solver", "epochs"),
    [
        (60, 1, {"hidden_layer_sizes": (10,)}, (10,), SEARCH, 2998),
        (20, 1, {"hidden_layer_sizes": (10,)}, (10,), SOLVERS["lm-bayesian"], 200),  # too few for loose starts
        (60, 1, {"hidden_layer_sizes": (10,), "max_epochs": 60}, (10,), SOLVERS["lm-bayesian"], 60),
        (60, 1, {}, (10,), SEARCH, 2998),
        (60, 1, {"max_epochs": 700}, (10,), SHORT_SEARCH, 700),
        (1000, 8, {"hidden_layer_sizes": (20,)}, (20,), SHORT_SEARCH, 1000),
        (1000, 2, {}, (16, 16), SOLVERS["lm-bayesian"], 200),
        (4000, 8, {}, (32, 32), SOLVERS["lm-bayesian"], 200),
        (4000, 8, {"hidden_layer_sizes": (64, 64)}, (64, 64), SOLVERS["adam"], 200),
        (10_000, 8, {}, (24, 24), SOLVERS["lm-bayesian"], 200),
        (30_000, 8, {}, (64, 64), SOLVERS["adam"], 200),
        (100_000, 8, {}, (64, 64), SOLVERS["adam"], 160),
        (4000, 8, {"alpha": 1e-3}, (64, 64), SOLVERS["adam"], 200),
        (4000, 8, {"dropout": 0.1}, (64, 64), SOLVERS["adam"], 200),
        (4000, 8, {"solver": "lm"}, (32, 32), SOLVERS["lm"], 200),
        (4000, 8, {"activation": "relu"}, (64, 64), SOLVERS["adam"], 200),
        (60, 1, {"loss": "huber"}, (64, 64), SOLVERS["adam"], 4000),
    ],
    ids=str,
)
def test_the_rule(n, p, parameters, sizes, solver, epochs):
    found = settled(n, p, **{"activation": "tanh"} | parameters)
    assert (found.hidden_layer_sizes, found.solver, found.max_epochs) == (sizes, solver, epochs)


@pytest.mark.parametrize(
    ("n", "epochs"),
    [(10, 1000), (64, 1000), (65, 1334), (200, 572), (1000, 200), (50_000, 200), (160_000, 100), (10**6, 16)],
)
def test_epochs_are_counted_in_steps(n, epochs):
    assert settled(n, 10).max_epochs == epochs


def test_sixty_rows_of_a_sine():
    x = np.linspace(-1, 1, 60).reshape(-1, 1)
    y = np.sin(3 * x[:, 0])
    assert Regressor((10,), "tanh", random_state=0, n_threads=1).fit(x, y).score(x, y) > 0.9999
    assert Regressor(activation="tanh", random_state=0, n_threads=1).fit(x, y).score(x, y) > 0.9999
    assert Regressor((10,), "tanh", loss="huber", random_state=0, n_threads=1).fit(x, y).score(x, y) > 0.999


@pytest.mark.parametrize(("n", "noise"), [(15, 0.05), (60, 0.0), (60, 0.2)])
def test_few_rows_are_fitted_as_well_as_by_the_best_solver(n, noise):
    """The median of three seeds; docs/explanations/solvers.md has the whole table, from benchmarks/solver_choice.py."""
    errors: dict[str, list[float]] = {}
    for seed in range(3):
        generator = np.random.default_rng(seed)
        x = generator.uniform(-1, 1, (n, 1))
        y = np.sin(3 * x[:, 0]) + noise * generator.normal(0, 0.7, n)
        new = generator.uniform(-1, 1, (500, 1))
        for solver in ("auto", "lm-bayesian", "lbfgs"):
            fitted = Regressor((10,), "tanh", solver=solver, random_state=seed, n_threads=1).fit(x, y)
            error = float(np.sqrt(np.mean((fitted.predict(new) - np.sin(3 * new[:, 0])) ** 2)))
            errors.setdefault(solver, []).append(error)
    medians = {solver: np.median(of) for solver, of in errors.items()}
    assert medians["auto"] <= BOUND * min(medians.values())


def test_a_network_too_stiff_for_its_targets_is_begun_again():
    """Ishigami's function goes up and down in every input: a stiff network switches some of them off."""
    generator = np.random.default_rng(0)
    X = generator.uniform(-np.pi, np.pi, (200, 3))
    y = np.sin(X[:, 0]) * (1 + 0.1 * X[:, 2] ** 4) + 7 * np.sin(X[:, 1]) ** 2
    stiff, auto = (
        Regressor((10,), "tanh", solver=solver, random_state=0, n_threads=1).fit(X, y)
        for solver in ("lm-bayesian", "auto")
    )
    assert stiff.score(X, y) < 0.7
    assert auto.score(X, y) > 0.95


def test_going_on_keeps_the_hidden_layers_that_were_chosen():
    x = np.linspace(-1, 1, 80).reshape(-1, 1)
    y = np.sin(3 * x[:, 0])
    regressor = Regressor(activation="tanh", random_state=0, warm_start=True, n_threads=1).fit(x, y)
    before = regressor.model_.architecture
    assert regressor.fit(x[:12], y[:12]).model_.architecture == before
    assert regressor.partial_fit(x, y).model_.architecture == before
