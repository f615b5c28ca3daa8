"""Targets with outliers: losses that bound their pull fit the others as well whatever their size."""

import numpy as np
import pytest

from fitnet import LBFGS, Huber, Quantile, Regressor, Scaling
from fitnet.rows import sources

U = np.linspace(-1, 1, 200)[:, np.newaxis]
TRUTH = np.sin(3 * U[:, 0])
AT = [50, 120, 180]
CLOSE = 0.06  # root mean square; three outliers of 200 pull by one scale each, whatever their size
LOSSES = [Huber(), "absolute_error", Quantile(0.5)]


def fitted(size, **settings):
    y = TRUTH.copy()
    y[AT] += size
    settings = {"activation": "tanh", "solver": LBFGS(), "max_epochs": 60, "random_state": 0} | settings
    return Regressor(**{"hidden_layer_sizes": (8,)} | settings).fit(U, y)


def error(regressor):
    return np.sqrt(np.mean((regressor.predict(U) - TRUTH) ** 2))


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("size", [1e3, 1e300])
def test_quasi_newton_does_not_see_their_size(engine, loss, size):
    assert error(fitted(size, loss=loss, engine=engine.name)) < CLOSE


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_nor_does_adam_in_float32(loss):
    settings = {"loss": loss, "solver": "auto", "max_epochs": 500, "hidden_layer_sizes": (20,)}
    errors = {error(fitted(size, **settings)) for size in (1e7, 1e30, 1e300)}
    assert len(errors) == 1  # beyond a million scales they say only on which side they are
    assert errors.pop() < CLOSE


def test_nor_do_rows_that_are_watched():
    y = TRUTH.copy()
    y[::20] += 1e300
    regressor = Regressor((12,), loss="huber", early_stopping=True, max_epochs=100, random_state=0).fit(U, y)
    assert np.isfinite(regressor.history_.validation_loss).all()
    assert len(set(regressor.history_.validation_loss)) > 50  # what they learn is not lost beside the outliers


def test_rows_in_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 70 * 2 * 8)
    y = TRUTH.copy()
    y[AT] += 1e300
    np.save(tmp_path / "U.npy", U)
    np.save(tmp_path / "y.npy", y)
    maps = (np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "Uy")
    regressor = Regressor((20,), loss="huber", max_epochs=300, random_state=0).fit(*maps)
    assert error(regressor) < CLOSE
    assert regressor.model_.target_scaling.scale[0] < 2


def test_a_user_may_ask_for_either_scaling():
    assert error(fitted(1e6, loss="huber", scaling="standard")) > 100  # what this spares them
    robust, standard = (fitted(1e6, solver="lm", scaling=scaling, max_epochs=2) for scaling in ("robust", "auto"))
    assert robust.model_.target_scaling.scale[0] < 2 < 1e5 < standard.model_.target_scaling.scale[0]
    inputs = Scaling(robust.model_.input_scaling.shift, robust.model_.input_scaling.scale)  # before they are clipped
    assert np.quantile(inputs.apply(U), [0.25, 0.75]) == pytest.approx([-0.67, 0.67], abs=0.02)
    assert standard.model_.input_scaling.scale == pytest.approx(U.std())


def test_derivatives_are_exact():
    regressor = fitted(1e6, loss="huber", scaling="robust")
    step = 1e-5
    slopes = (regressor.predict(U + step) - regressor.predict(U - step)) / (2 * step)
    assert regressor.jacobian(U)[:, 0] == pytest.approx(slopes, abs=1e-7)
