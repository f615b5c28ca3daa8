"""Error bars that are asked for and not there: the sentence says why, what it would cost, and what it advises works."""

import re

import numpy as np
import pytest

from fitnet import Network, Regressor
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources

SMALL = {"hidden_layer_sizes": (6,), "activation": "tanh", "max_epochs": 2, "random_state": 0}


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (60, 2))
    return X, np.sin(3 * X[:, 0]) + 0.1 * generator.normal(size=60)


def refusal(regressor, X, name="return_std"):
    with pytest.raises(ArgumentValueError) as raised:
        regressor.predict(X, **{name: True})
    return str(raised.value)


@pytest.mark.parametrize(
    ("settings", "why", "advice"),
    [
        (
            {"loss": "huber"},
            "`loss` was Huber(delta=1.0); fit it with loss='squared_error'.",
            {"loss": "squared_error"},
        ),
        ({"error_bars": False}, "`error_bars` was False; fit it with error_bars=True.", {"error_bars": True}),
        (
            {"activation": "relu"},
            "keep them, and this has 25 and relu; fit it with error_bars=True, which adds less than 1 MB to the model "
            "and less than a second to the fit.",
            {"error_bars": True},
        ),
        (
            {"activation": "relu", "loss": "quantile"},
            "fit it with loss='squared_error' and error_bars=True, which adds less than 1 MB",
            {"loss": "squared_error", "error_bars": True},
        ),
    ],
)
@pytest.mark.parametrize("name", ["return_std", "return_cov"])
def test_what_is_advised_works(rows, settings, why, advice, name):
    said = refusal(Regressor(**SMALL | settings).fit(*rows), rows[0], name)
    assert said.startswith(f"`{name}` is True and the model has no error bars: ")
    assert why in said
    spread = Regressor(**SMALL | settings | advice).fit(*rows).predict(rows[0], **{name: True})[1]
    assert np.all(spread.reshape(60, -1) > 0)


def test_a_large_network_hears_the_cost_and_of_a_smaller_one(rows):
    said = refusal(Regressor(**SMALL | {"hidden_layer_sizes": (45, 45)}).fit(*rows), rows[0])
    assert "unasked only smooth networks of up to 1,500 parameters keep them, and this has 2,251 parameters" in said
    assert re.search("which adds 20 MB to the model and some 2 seconds to the fit, or with hidden_layer_sizes=", said)
    smaller = tuple(int(size) for size in re.findall(r"hidden_layer_sizes=\((\d+), (\d+)\)", said)[0])
    assert Network.of_widths((2, *smaller, 1)).n_parameters <= 1500


def test_a_network_through_every_target_hears_so(rows):
    X, y = rows
    regressor = Regressor(**SMALL | {"max_epochs": 100}, solver="lm").fit(X[:9], y[:9])
    assert "passes through all targets, so that their noise cannot be told; fit more rows" in refusal(regressor, X)
    assert Regressor(**SMALL, solver="lm").fit(X, y).model_.error_bars is not None


def test_partial_fit_hears_what_it_lacks(rows):
    regressor = Regressor(**SMALL).fit(*rows)
    assert "partial_fit, which sees some of the rows, keeps none; fit it with all rows at once" in refusal(
        regressor.partial_fit(*rows), rows[0]
    )
    assert np.all(regressor.fit(*rows).predict(rows[0], return_std=True)[1] > 0)


def test_rows_in_a_file_hear_that_they_must_be_in_memory(rows, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    np.save(tmp_path / "X.npy", rows[0])
    regressor = Regressor(**SMALL).fit(np.load(tmp_path / "X.npy", mmap_mode="r"), rows[1])
    assert "rows that stay in a file give none; fit it with an array in memory." in refusal(regressor, rows[0])
