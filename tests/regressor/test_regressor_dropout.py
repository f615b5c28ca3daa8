"""`dropout` of Regressor and Classifier: it helps where rows are noisy, and predictions see every unit."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification, make_friedman1
from sklearn.utils.estimator_checks import parametrize_with_checks

from fitnet import Adam, Classifier, Regressor
from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentValueError
from ranks_in_threads import on_ranks

SMALL = {"hidden_layer_sizes": (8,), "max_epochs": 60, "random_state": 0, "n_threads": 1, "dropout": 0.05}


# What is dropped of a row follows from its place, and a row of weight 2 has one place, not two.
NOT_WITH_DROPOUT = {
    f"check_sample_weight_equivalence_on_{kind}_data": "two rows are dropped from apart" for kind in ("dense", "sparse")
}


@parametrize_with_checks(
    [Regressor(**SMALL, dtype="float64")], expected_failed_checks=lambda estimator: NOT_WITH_DROPOUT
)
def test_estimator_checks(estimator, check):
    check(estimator)


def test_a_noisy_function_is_learned_better():
    """Friedman 1 with noise of 3, a little over half of its spread; errors against the function without it."""
    X, y = make_friedman1(400, noise=3, random_state=0)
    new, function = make_friedman1(2000, noise=0, random_state=1)
    errors = {}
    for dropout in (0.0, 0.2):
        regressor = Regressor((128, 128), dropout=dropout, max_epochs=60, random_state=0)
        errors[dropout] = np.sqrt(np.mean((regressor.fit(X, y).predict(new) - function) ** 2))
    assert errors[0.2] < 0.9 * errors[0.0]


def test_predictions_see_every_unit(generator):
    X = generator.normal(size=(100, 2))
    regressor = Regressor(**SMALL).fit(X, X[:, 0])
    network, parameters = regressor.model_.network, regressor.model_.parameters
    assert network == Network.of_widths((2, 8, 1))
    assert regressor.predict(X).tobytes() == regressor.predict(X).tobytes()
    whole = Regressor(**SMALL | {"dropout": 0.0}).fit(X, X[:, 0]).model_
    assert whole.parameters.shape == parameters.shape
    assert not np.array_equal(whole.parameters, parameters)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_seed_decides(generator, engine):
    X = generator.normal(size=(100, 2))
    settings = SMALL | {"engine": engine, "dropout": 0.3, "batch_size": 30, "early_stopping": True}
    first, second = (Regressor(**settings | {"n_threads": n}).fit(X, X[:, 0]) for n in (1, 2))
    assert first.model_.parameters.tobytes() == second.model_.parameters.tobytes()
    other = clone(first).set_params(random_state=1).fit(X, X[:, 0])
    assert first.model_.parameters.tobytes() != other.model_.parameters.tobytes()


def test_auto_is_adam_also_where_it_would_be_levenberg_marquardt(generator):
    X = generator.normal(size=(60, 1))
    settings = {"hidden_layer_sizes": (4,), "activation": "tanh", "random_state": 0, "max_epochs": 20}
    assert Regressor(**settings).fit(X, np.sin(X[:, 0])).history_.damping
    assert not Regressor(**settings, dropout=0.1).fit(X, np.sin(X[:, 0])).history_.damping
    with pytest.raises(ArgumentValueError, match=r"^`dropout` is 0\.1; with LBFGS it must be 0"):
        Regressor(**settings, solver=[Adam(), "lbfgs"], dropout=0.1).fit(X, X[:, 0])


def test_part_by_part(generator):
    X = generator.normal(size=(100, 2))
    found = [Regressor(**SMALL | {"dropout": dropout}) for dropout in (0.0, 0.3)]
    for regressor in found:
        for part in (slice(50), slice(50, 100)):
            regressor.partial_fit(X[part], X[part, 0])
    assert not np.array_equal(*(regressor.model_.parameters for regressor in found))


def test_classes():
    X, y = make_classification(300, 8, n_informative=3, flip_y=0.2, random_state=0)
    settings = {"hidden_layer_sizes": (128, 128), "alpha": 0.0, "max_epochs": 60, "random_state": 0}
    plain, dropped = (Classifier(**settings, dropout=dropout).fit(X[:200], y[:200]) for dropout in (0.0, 0.3))
    losses = [-np.log(c.predict_proba(X[200:])[np.arange(100), y[200:]]).mean() for c in (plain, dropped)]
    assert losses[1] < 0.9 * losses[0]
    assert Classifier(dropout=0.3).get_params()["dropout"] == 0.3


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_ranks_refuse_it_together(generator):
    X = generator.normal(size=(60, 2))

    def fitted(communicator):
        begin = 30 * communicator.rank
        regressor = Regressor(**SMALL, communicator=communicator)
        return regressor.fit(X[begin : begin + 30], X[begin : begin + 30, 0])

    for refused in on_ranks(2, fitted):
        assert str(refused).startswith("`dropout` is 0.05; for rows that are spread over ranks it must be 0.")
