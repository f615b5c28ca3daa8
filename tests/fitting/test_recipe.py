"""Recipes: checked when they are made, typed afterwards, and settled once the rows are known."""

from dataclasses import fields, replace

import numpy as np
import pytest

from fitnet import Adam, Checkpoint, LevenbergMarquardt, Regressor, SquaredError
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.settings import PARAMETERS, Settings
from fitnet.fitting.solver_choice import SOLVERS

X, Y = np.zeros((500, 2)), np.zeros((500, 1))


def test_names_give_way_to_what_they_stand_for():
    recipe = Recipe(
        loss="squared_error", solver=["adam", LevenbergMarquardt()], hidden_layer_sizes=[8], dtype="float64"
    )
    assert recipe.loss == SquaredError()
    assert recipe.solver == recipe.solvers == (SOLVERS["adam"], LevenbergMarquardt())
    assert recipe.hidden_layer_sizes == (8,)
    assert recipe.dtype == np.float64
    assert Recipe(solver="adam").optimizer == SOLVERS["adam"]
    assert recipe.optimizer is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("alpha", -1, "`alpha` is -1; it must be at least 0\\."),
        ("dropout", -0.1, "`dropout` is -0.1; it must be at least 0 and below 1\\."),
        ("dropout", 1, "`dropout` is 1; it must be at least 0 and below 1\\."),
        ("dropout", float("nan"), "`dropout` is nan; it must be at least 0 and below 1\\."),
        ("dropout", "0.1", "`dropout` is '0.1'; it must be a real number\\."),
        ("dropout", True, "`dropout` is True; it must be a real number\\."),
        ("activation", "rely", "it must be one of .* \\(did you mean 'relu'\\?\\)"),
        ("max_epochs", 0, "`max_epochs` is 0; it must be at least 1\\."),
        ("early_stopping", "yes", "`early_stopping` is 'yes'; it must be True or False."),
        ("validation_fraction", 1, "`validation_fraction` is 1; it must be above 0 and below 1."),
    ],
)
def test_a_field_that_cannot_be_is_refused(field, value, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError), match=sentence):
        Recipe(**{field: value})
    with pytest.raises((ArgumentValueError, ArgumentTypeError), match=sentence):
        replace(Recipe(), **{field: value})


@pytest.mark.parametrize("solver", ["lm", "lm-bayesian", "lbfgs", ["adam", "lm"]])
def test_dropout_is_for_optimizers_alone(solver):
    with pytest.raises(
        ArgumentValueError, match=r"^`dropout` is 0\.2; with L\w+ it must be 0: only optimizers"
    ) as raised:
        Recipe(solver=solver, dropout=0.2)
    assert raised.value.argument == "dropout"
    assert Recipe(solver=solver).dropout == 0


def test_every_parameter_is_in_one_place_only():
    recipe, settings = ({field.name for field in fields(each)} for each in (Recipe, Settings))
    assert not recipe & settings
    assert len(PARAMETERS) == len(set(PARAMETERS))
    assert set(Regressor().get_params(deep=False)) == set(PARAMETERS) | {"warm_start", "random_state", "communicator"}


def test_defaults_are_those_of_regressor():
    regressor = Regressor()
    given = Settings.of(**{name: getattr(regressor, name) for name in PARAMETERS})
    assert given == Settings(Recipe())


def test_nothing_is_left_to_choose_once_it_is_settled(tmp_path):
    smooth = Settings.of(activation="tanh", hidden_layer_sizes=(4,))
    settled = smooth.settled(X, Y).recipe
    assert settled.solver == LevenbergMarquardt("bayesian", starts=9)
    assert (settled.dtype, settled.max_epochs) == (np.float64, 2998)
    kept = replace(smooth, checkpoint=Checkpoint(tmp_path / "a.ckpt")).settled(X, Y).recipe
    assert (kept.solver, kept.dtype) == (SOLVERS["adam"], np.float32)
    assert replace(settled, dtype="float32").settled(X, Y, first_order=True).solver == settled.solver


def test_one_epoch_is_first_order_at_a_constant_rate():
    one = Settings.of(solver=Adam(learning_rate=0.1), tol=1.0, early_stopping=True).for_one_epoch().recipe
    assert (one.max_epochs, one.tol, one.early_stopping, one.error_bars) == (1, None, False, False)
    assert one.solver == Adam(learning_rate=0.1)
    assert Settings.of().for_one_epoch().recipe.solver == Adam(learning_rate=SOLVERS["adam"].learning_rate)
    with pytest.raises(ArgumentValueError, match="partial_fit needs a first-order one"):
        Settings.of(solver="lm").for_one_epoch()


@pytest.mark.parametrize(("n", "rows"), [(10, 10), (64, 64), (65, 32), (1000, 50), (10**6, 256)])
def test_rows_a_step(n, rows):
    assert Recipe(solver="adam").rows_a_step(n) == rows
    assert Recipe(solver="lm").rows_a_step(n) is None
    assert Recipe(batch_size=40).rows_a_step(n) == min(40, n)
