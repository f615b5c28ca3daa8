"""scaling="robust": inputs with long tails, through every door."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet import Model, Network, Regressor, Scaling, load, verify
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.model.description import Description
from fitnet.rows import sources
from tolerances import FITTED_SLOPE_ATOL, FLOAT64_RTOL, SAME_FIT_RTOL

sys.path.append(str(Path(__file__).parents[1] / "model"))
from forged_files import forge, stored

SETTINGS = {"hidden_layer_sizes": (12,), "activation": "tanh", "scaling": "robust", "random_state": 0}


def long_tails(generator, n=300):
    """Two inputs of which one in a hundred lies far out, and a smooth function of where they are among the others."""
    X = np.tan(np.pi * (generator.uniform(0.003, 0.997, (n, 2)) - 0.5))
    return X, np.sin(2 * np.arctan(X[:, 0])) + np.arctan(X[:, 1])


def test_tails_do_not_spoil_the_rest(generator):
    rows = long_tails(generator)
    errors = {}
    for scaling in ("robust", "standard"):
        regressor = Regressor(**SETTINGS | {"scaling": scaling, "solver": "adam"}).fit(*rows)
        X, y = long_tails(np.random.default_rng(1))
        errors[scaling] = np.sqrt(np.mean((regressor.predict(X) - y) ** 2))
    assert errors["robust"] < errors["standard"] / 2
    far = regressor.set_params(scaling="robust").fit(*rows).predict([[1e12, -1e12], [1e300, -1e300]])
    np.testing.assert_allclose(far[0], far[1], rtol=FLOAT64_RTOL)


def test_it_is_a_fit_to_clipped_inputs(generator):
    X, y = long_tails(generator)
    settings = {**SETTINGS, "solver": "lm", "max_epochs": 5, "error_bars": True}
    regressor = Regressor(**settings).fit(X, y)
    scaling = regressor.model_.input_scaling
    assert scaling.limit == 3.0
    z = (X - scaling.shift) / scaling.scale
    c = z / np.sqrt(1 + (z / 3) ** 2)
    by_hand = Regressor(**settings, scale_inputs=False).fit(c, y)
    found, expected = regressor.predict(X, return_std=True), by_hand.predict(c, return_std=True)
    np.testing.assert_allclose(found, expected, rtol=SAME_FIT_RTOL)
    slopes = numerical_jacobian(regressor.model_.predict, X, np.full(2, 1e-5))[:, 0]
    np.testing.assert_allclose(regressor.jacobian(X), slopes, atol=FITTED_SLOPE_ATOL, rtol=FITTED_SLOPE_ATOL)


def test_the_file_keeps_it(generator, tmp_path):
    X, y = long_tails(generator)
    model = Regressor(**SETTINGS, solver="lm", max_epochs=20).fit(X, y).model_
    model.save(tmp_path / "m.fitnet")
    again = load(tmp_path / "m.fitnet")
    assert stored(tmp_path / "m.fitnet").version == 6
    assert again.input_scaling.limit == 3.0
    assert verify(tmp_path / "m.fitnet").passed
    for name in ("predict", "jacobian", "hessian"):
        assert np.array_equal(getattr(again, name)(X), getattr(model, name)(X))
    assert np.array_equal(again.predict(X, return_std=True)[1], model.predict(X, return_std=True)[1])
    assert [column["limit"] for column in Description.of(model).as_dict()["inputs"]] == [3.0, 3.0]
    whole = stored(tmp_path / "m.fitnet")
    for limit in (0, -1.0, "3", True, None, 10**400):
        description = json.dumps(json.loads(whole.description) | {"input_limit": limit})
        with pytest.raises(ModelFileError, match="its description is not a fitnet model's"):
            load(forge(tmp_path / "forged.fitnet", whole, description))


def test_the_same_read_in_chunks(generator, tmp_path, monkeypatch):
    X, y = long_tails(generator)
    for name, rows in (("X", X), ("y", y)):
        np.save(tmp_path / f"{name}.npy", rows)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    maps = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("X", "y")]
    settings = {"solver": "adam", "dtype": "float64", "batch_size": 300, "max_epochs": 20}
    whole, mapped = (Regressor(**SETTINGS, **settings).fit(*rows) for rows in ((X, y), maps))
    assert mapped.model_.input_scaling.limit == 3.0
    np.testing.assert_allclose(mapped.predict(maps[0]), whole.predict(X), rtol=SAME_FIT_RTOL, atol=SAME_FIT_RTOL)


def test_a_stream_is_not_clipped(generator):
    X, y = long_tails(generator)
    regressor = Regressor(**SETTINGS).partial_fit(X[:100], y[:100])
    assert regressor.model_.input_scaling.limit is None  # from the first call on: it could not be taken away later
    for start in (100, 200):
        regressor.partial_fit(X[start : start + 100] * 100, y[start : start + 100])
    assert regressor.model_.input_scaling.limit is None
    after = Regressor(**SETTINGS, max_epochs=2).fit(X, y)
    assert after.partial_fit(X, y).model_.input_scaling.limit == 3.0


def test_other_limits_are_refused():
    with pytest.raises(ArgumentValueError, match="`limit` is 0; it must be above 0"):
        Scaling([0], [1], 0)
    network = Network.of_widths((1, 1))
    with pytest.raises(ArgumentValueError, match="`target_scaling` has the limit 3; it must have none"):
        Model(network, np.zeros(2), target_scaling=Scaling([0], [1], 3))


def test_there_and_back(generator):
    scaling = Scaling([5.0], [2.0], 3.0)
    values = generator.normal(5, 20, (50, 1))
    np.testing.assert_allclose(scaling.undo(scaling.apply(values)), values, rtol=SAME_FIT_RTOL)
    assert np.abs(scaling.apply(values)).max() < 3
    assert repr(scaling).endswith("limit=3.0)")
