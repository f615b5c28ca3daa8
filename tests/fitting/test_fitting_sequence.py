"""The one sequence of a fit: what estimators and shell hand to it is all that the model depends on."""

import numpy as np
import pytest

from fitnet import Regressor
from fitnet.errors import ArgumentValueError
from fitnet.fitting.fitting import begun, fit
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import statistics
from fitnet.training import checks


@pytest.fixture
def rows(generator):
    X = generator.normal(size=(80, 2))
    return TrainingRows(X, np.sin(X[:, :1]) + X[:, 1:])


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"early_stopping": True, "patience": 3},
        {"activation": "tanh", "hidden_layer_sizes": (4,)},
        {"scale_inputs": False, "scale_targets": False, "tol": 1e-3, "patience": 2},
    ],
    ids=["adam", "early stopping", "second-order", "unscaled"],
)
def test_a_regressor_adds_names_and_provenance_only(rows, parameters):
    parameters = {"max_epochs": 12} | parameters
    fitted = fit(Settings(Recipe(**parameters)), rows, np.random.default_rng(3))
    regressor = Regressor(random_state=3, **parameters).fit(rows.X, rows.Y)
    assert np.array_equal(fitted.model.predict(rows.X), regressor.model_.predict(rows.X))
    assert fitted.result.history.loss == regressor.history_.loss
    assert fitted.result.best_epoch == regressor.best_epoch_
    assert fitted.model.provenance == {}
    assert (fitted.model.error_bars is None) == (regressor.model_.error_bars is None)


def test_early_stopping_trains_on_the_rows_that_are_not_watched(rows):
    fitted = fit(Settings(Recipe(early_stopping=True, max_epochs=2)), rows, np.random.default_rng(0))
    assert (fitted.rows.n, fitted.validation_rows) == (72, 8)
    given = fit(Settings(Recipe(max_epochs=2)), rows, np.random.default_rng(0), rows.part(np.arange(5)))
    assert (given.rows.n, given.validation_rows) == (80, 5)
    assert len(given.result.history.validation_loss) == 2


def test_going_on_keeps_the_scalings(rows):
    settings = Settings(Recipe(max_epochs=3))
    first = fit(settings, rows, np.random.default_rng(0)).model
    other = rows.part(np.arange(70))  # of so many the last step's parameters are kept, not the best
    second = fit(settings, other, np.random.default_rng(1), start=first).model
    assert second.input_scaling is first.input_scaling
    assert np.array_equal(second.input_ranges, first.input_ranges)
    assert not np.array_equal(second.parameters, first.parameters)
    with pytest.raises(ArgumentValueError, match=r"cannot go on from a network \[\(2, 64\)"):
        fit(Settings(Recipe(hidden_layer_sizes=(3,))), rows, np.random.default_rng(1), start=first)


def test_a_model_that_has_begun_predicts_what_chance_gave_it(rows):
    recipe = Settings(Recipe(activation="leaky_relu")).settled(rows.X, rows.Y).recipe  # whose units are never closed
    model = begun(recipe, rows, np.random.default_rng(0))
    drawn = recipe.network(2, 1).initial_parameters(np.random.default_rng(0), "he", np.dtype(np.float32))
    assert np.array_equal(model.parameters, drawn)
    assert model.input_scaling is not None
    assert model.error_bars is None


@pytest.mark.parametrize("watched", [False, True], ids=["all", "watched"])
def test_rows_that_were_checked_at_the_door_are_not_checked_again(rows, watched, monkeypatch):
    def unless_all(check):
        def checked(name, value, *others):
            assert len(value) < 8, f"{name} is checked again"
            return check(name, value, *others)

        return checked

    expected = fit(Settings(Recipe(max_epochs=2, early_stopping=watched)), rows, np.random.default_rng(0))
    monkeypatch.setattr(checks, "matrix", unless_all(checks.matrix))
    monkeypatch.setattr(statistics, "real_matrix", unless_all(statistics.real_matrix))
    found = fit(Settings(Recipe(max_epochs=2, early_stopping=watched)), rows, np.random.default_rng(0))
    assert np.array_equal(found.result.parameters, expected.result.parameters)


def test_what_the_dtype_cannot_hold_is_refused_by_its_name(rows):
    far = TrainingRows(rows.X * 1e300, rows.Y)
    with pytest.raises(ArgumentValueError, match=r"^`X` holds .* at \[0, 0\]; float32 cannot hold it"):
        fit(Settings(Recipe(scale_inputs=False)), far, np.random.default_rng(0))
