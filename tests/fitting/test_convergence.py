"""ConvergenceWarning: where training was cut off while its loss still fell, and not where it had settled."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from fitnet import LBFGS, Adam, GradientDescent, LevenbergMarquardt, Momentum, Regressor, train
from fitnet.cli import main
from fitnet.training.convergence import still_fell

x = np.linspace(-1, 1, 60).reshape(-1, 1)
y = np.sin(3 * x[:, 0])
NOISY = y + np.random.default_rng(0).normal(0, 0.2, 60)
SETTINGS = {"hidden_layer_sizes": (6,), "activation": "tanh", "random_state": 0, "n_threads": 1}
CUT_OFF = [
    ("adam", 30),
    (Momentum(1e-2), 4),
    ("gradient-descent", 4),
    ("lm", 4),
    ("lm-bayesian", 4),
    ("lbfgs", 6),
    (Adam(5e-3), 30),
    (["adam", "lm"], 4),
]
SETTLED = [
    ("adam", 4000),
    (Adam(2e-3), 5000),
    (Momentum(0.1), 5000),
    ("lm", 400),
    ("lm-bayesian", 200),
    (LBFGS(loss_tolerance=1e-4), 400),
    ([Adam(max_epochs=5), LevenbergMarquardt(max_epochs=400)], 3),
]


@pytest.mark.parametrize(("solver", "epochs"), CUT_OFF, ids=str)
def test_a_training_that_was_cut_off_warns(solver, epochs):
    with pytest.warns(ConvergenceWarning, match=f"after {epochs} epochs|after 8 epochs") as caught:
        Regressor(solver=solver, max_epochs=epochs, **SETTINGS).fit(x, y)
    assert str(caught[0].message).endswith(
        "while its training loss still fell; raise `max_epochs`, with `early_stopping`, which ends where new rows gain "
        "no more."
    )
    assert caught[0].filename == __file__


@pytest.mark.parametrize(("solver", "epochs"), SETTLED, ids=str)
def test_a_training_that_had_settled_does_not(solver, epochs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Regressor(solver=solver, max_epochs=epochs, **SETTINGS).fit(x, NOISY)


def test_a_solver_with_its_own_epochs_is_named():
    with pytest.warns(ConvergenceWarning, match="raise `max_epochs` of the solver"):
        Regressor(solver=LevenbergMarquardt(max_epochs=4), **SETTINGS).fit(x, y)


@pytest.mark.parametrize(("watched", "warned"), [(y, [ConvergenceWarning]), (-y, [])], ids=["falls", "rises"])
def test_watched_rows_decide(watched, warned):
    regressor = Regressor(solver=Momentum(1e-2), max_epochs=4, **SETTINGS)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        regressor.fit(x, y, validation_data=(x, watched))
    assert [each.category for each in caught] == warned
    assert all(str(each.message).endswith("loss on rows kept out still fell; raise `max_epochs`.") for each in caught)


def test_early_stopping_that_did_not_stop_is_told_to_go_on():
    with pytest.warns(ConvergenceWarning, match=r"its loss on rows kept out still fell; raise `max_epochs`\.$"):
        Regressor(solver="lm", max_epochs=4, early_stopping=True, **SETTINGS).fit(
            np.repeat(x, 5, axis=0), np.repeat(y, 5)
        )


def test_rows_kept_out_that_did_better_before_ask_for_no_more_epochs():
    """The loss on them turned in the first solver's epochs, and falls again from where the second one threw it."""
    turned = [1.0, 0.1, 0.3, 9.0, 7.0, 5.0, 4.0, 3.0]
    assert still_fell(turned, [1.0] * 8)
    assert not still_fell(turned, [1.0] * 8, lowest=min(turned))
    assert not still_fell(turned[3:], [1.0] * 5, lowest=min(turned))
    assert still_fell([1.0, 0.8, 0.6, 0.4, 0.2], [1.0] * 5, lowest=0.2)


class ThrownOut:
    """A schedule of hardly a step, one far out, and small ones."""

    def factor(self, progress):
        return np.where(progress == 0, 1e-9, np.where(progress < 0.1, 1, 0.02))


def test_a_way_back_to_where_training_began_is_no_reason_to_go_on(generator):
    network = Regressor(solver="lm", max_epochs=20, **SETTINGS).fit(x, y).model_.network
    common = {"network": network, "X": x, "generator": generator}
    good = train(**common, Y=y[:, None], epochs=30, solver=LevenbergMarquardt()).parameters
    solver = GradientDescent(0.3, schedule=ThrownOut())
    result = train(**common, Y=1.5 * y[:, None], epochs=12, solver=solver, parameters=good, validation=(x, y[:, None]))
    loss = result.history.validation_loss
    assert loss[0] < loss[-1] < loss[-2] < loss[1]
    assert still_fell(loss, result.history.learning_rate)
    assert not result.still_fell
    assert result.best_epoch <= 1


def test_partial_fit_is_one_epoch_of_many():
    regressor = Regressor(**SETTINGS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            regressor.partial_fit(x, y)


def test_train_says_so_in_its_result(generator):
    network = Regressor(solver="lm", max_epochs=2, **SETTINGS).fit(x, y).model_.network
    short, long = (
        train(network, x, NOISY[:, None], epochs=epochs, solver=LevenbergMarquardt(), generator=generator)
        for epochs in (3, 400)
    )
    assert (short.still_fell, long.still_fell) == (True, False)


def test_the_shell_says_it_in_its_own_terms(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.savetxt("table.csv", np.column_stack([x, y]), delimiter=",", header="x,y", comments="")
    with pytest.raises(SystemExit), warnings.catch_warnings():
        warnings.simplefilter("always")
        main(["fit", "table.csv", "--target", "y", "--epochs", "20", "--hidden", "6"])
    sentence = (
        "fitnet: Training ended after 20 epochs while its training loss still fell; raise `--epochs`, with "
        "`--early-stopping`, which ends where new rows gain no more."
    )
    assert capsys.readouterr().err.splitlines().count(sentence) == 1


def test_a_schedule_that_comes_to_rest_does_not_hide_a_fall():
    """Against the clock the loss rests in the end; against the way walked it fell all the time."""
    way = np.linspace(0, 1, 400)
    rates = 1 + np.cos(np.pi * way)
    losses = 1 - 0.9 * np.cumsum(rates) / rates.sum()
    assert losses[-20] - losses[-1] < 0.001
    assert still_fell(losses, rates)
    assert not still_fell(np.exp(-20 * np.cumsum(rates) / rates.sum()) + 0.1, rates)
    assert not still_fell([0.3], [1.0])
    assert not still_fell([0.0] * 9, [np.nan] * 9)


def test_a_score_that_is_poor_for_want_of_steps_is_not_given_without_a_word():
    with pytest.warns(ConvergenceWarning, match="after 200 epochs"):
        fitted = Regressor(solver="adam", max_epochs=200, **SETTINGS | {"hidden_layer_sizes": (10,)}).fit(x, y)
    assert fitted.score(x, y) < 0.8
