"""The space of a sweep: settings that `fitnet fit` takes, within their bounds, and fixed ones as they are."""

import numpy as np
import pytest

from fitnet.algorithm.network import Network
from fitnet.cli.tune_options import settings_maker
from fitnet.errors import ArgumentValueError
from fitnet.fitting.solver_choice import work_of_an_iteration
from fitnet.tuning.space import SEARCHED, WORTH_A_TRIAL, space_for

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)
FOR_ALL = {"loss": "squared_error", "target_transform": "none", "lower_bound": (), "scaling": "auto", "max_epochs": 9}
OTHERS = {"dtype": "auto", "n_threads": None, "missing": "refuse"}


def drawn(space, count=60):
    """Settings drawn at random."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    return [space.settings(study.ask()) for _ in range(count)]


def test_all_settings_drawn_are_taken_and_none_is_forgotten():
    settings_of = settings_maker(FOR_ALL | OTHERS, of_classes=False)
    found = drawn(space_for(200, 3, 1, {}))
    for chosen in found:
        settings_of(chosen).settled(np.zeros((200, 3)), np.zeros((200, 1)))
    assert {name for chosen in found for name in chosen} == set(SEARCHED)
    assert {chosen["solver"] for chosen in found} == {"adam", "lm-bayesian"}
    rates = [chosen["learning_rate"] for chosen in found if chosen["solver"] == "adam"]
    assert 5e-4 <= min(rates) < 1e-3 < 1e-2 < max(rates) <= 2e-2
    assert all(float(f"{rate:.3g}") == rate for rate in rates)
    assert {len(chosen["hidden_layer_sizes"]) for chosen in found} == {1, 2, 3}
    assert {chosen["batch_size"] for chosen in found if "batch_size" in chosen} == {32, 64, 128}


@pytest.mark.parametrize(
    "fixed",
    [
        {"activation": "gelu", "hidden_layer_sizes": (5, 3)},
        {"solver": "momentum", "learning_rate": 0.02, "alpha": 0.0},
        {"batch_size": 7, "early_stopping": False},
        {"solver": "lm", "alpha": 1e-3},
    ],
)
def test_what_is_given_stays(fixed):
    for chosen in drawn(space_for(200, 3, 1, fixed), 20):
        assert {name: chosen[name] for name in fixed} == fixed


@pytest.mark.parametrize(
    "lacking", [{"alpha": 1e-3}, {"activation": "relu"}, {"batch_size": 8}, {"learning_rate": 0.1}]
)
def test_levenberg_marquardt_is_not_tried_with_what_it_lacks(lacking):
    assert space_for(200, 3, 1, {}).solvers == ("adam", "lm-bayesian")
    assert space_for(200, 3, 1, lacking).solvers == ("adam",)


def test_levenberg_marquardt_is_tried_where_an_iteration_is_soon_done():
    assert space_for(10**6, 3, 1, {}).solvers == ("adam",)
    for n in (100, 1000, 10_000):
        width = space_for(n, 3, 1, {}).second_width
        work = [work_of_an_iteration(Network.of_widths((3, w, w, 1)), n) for w in (width, width + 1)]
        assert work[0] <= WORTH_A_TRIAL
        assert work[1] > WORTH_A_TRIAL or width == 32


def test_batches_hold_no_more_rows_than_there_are():
    assert space_for(70, 3, 1, {}).batches == (32, 64)
    assert "batch_size" not in drawn(space_for(20, 3, 1, {}, first_order=True), 1)[0]


def test_an_unknown_solver_is_refused():
    with pytest.raises(ArgumentValueError, match=r"^`solver` is 'sgd'; .*did you mean 'gradient-descent'"):
        space_for(200, 3, 1, {"solver": "sgd"})
