"""`train` with each loss and a penalty on the weights: what it finds, records, gives back and refuses."""

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from fitnet import AbsoluteError, Adam, Cosine, GradientDescent, Huber, Network, Poisson, Quantile, SquaredError, train
from fitnet.algorithm.penalty import penalty
from fitnet.errors import ArgumentTypeError, ArgumentValueError, DivergenceError
from tolerances import CONSTANT_ATOL, FLOAT64_RTOL, LEAST_SQUARES_RTOL, LOSS_RTOL
from users_loss import OfLogarithms

COUNTING = Network.of_widths((2, 1), output_activation="exponential")


def fitted(network, X, Y, **arguments):
    settings = {"epochs": 20, "generator": np.random.default_rng(0), "dtype": "float64", "verbose": False}
    return train(network, X, Y, **settings | arguments)


def constant(engine, Y, loss):
    """The number that fits the targets best: with inputs of 0 a layer has only its bias to learn."""
    optimizer = GradientDescent(1.0, schedule=Cosine())
    settings = {"loss": loss, "solver": optimizer, "epochs": 1000, "engine": engine.name}
    return fitted(Network.of_widths((1, 1)), np.zeros_like(Y), Y, **settings).parameters[-1]


@pytest.mark.parametrize(
    ("loss", "level"),
    [(Quantile(0.9), 0.9), (Quantile(0.05), 0.05), (Quantile(), 0.5), (AbsoluteError(), 0.5)],
    ids=repr,
)
def test_a_constant_lands_at_the_quantile_of_the_targets(engine, generator, loss, level):
    Y = generator.normal(size=(101, 1))  # 101: the minimum is one of the targets, not an interval between two
    assert constant(engine, Y, loss) == pytest.approx(np.quantile(Y, level), abs=CONSTANT_ATOL)


def test_an_outlier_moves_hubers_constant_no_farther_than_delta_allows(engine):
    Y = np.zeros((10, 1))
    Y[0] = 1e6
    # Nine targets pull back by 0.1 each, one forward by 0.9.
    assert constant(engine, Y, Huber(0.9)) == pytest.approx(0.1, abs=CONSTANT_ATOL)


def test_counts_are_fitted_as_by_scikit_learns_poisson_regression(engine, generator):
    X = generator.uniform(-1, 1, (200, 2))
    Y = generator.poisson(np.exp(0.5 + X @ [[0.8], [-0.4]])).astype(float)
    expected = PoissonRegressor(alpha=0, tol=1e-12, max_iter=1000).fit(X, Y[:, 0])
    result = fitted(COUNTING, X, Y, loss=Poisson(), solver=GradientDescent(0.3), epochs=600, engine=engine.name)
    answer = [*expected.coef_, expected.intercept_]
    np.testing.assert_allclose(result.parameters, answer, rtol=LEAST_SQUARES_RTOL["float32"])  # as exact as theirs is


@pytest.mark.parametrize(
    ("network", "scale"), [(COUNTING, 1e4), (Network.of_widths((2, 1)), 1)], ids=["overflow", "below-0"]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_that_have_no_poisson_loss_are_reported_as_divergence(engine, data, network, scale, dtype):
    X, _ = data
    Y = np.ones((len(X), 1))
    with pytest.raises(DivergenceError, match="the loss is not finite in epoch 1;"):
        fitted(network, scale * X, Y, loss=Poisson(), dtype=dtype, engine=engine.name)


def test_counts_are_fitted_from_a_start_whose_rate_float32_cannot_hold(engine):
    X, Y = np.zeros((20, 2)), np.full((20, 1), 3.0)
    start = np.array([0, 0, 100.0])
    optimizer = Adam(0.3, beta1=0.5, beta2=0.8, schedule=Cosine())  # one that soon forgets the huge slopes
    settings = {"solver": optimizer, "epochs": 1000, "dtype": "float32", "engine": engine.name}
    result = fitted(COUNTING, X, Y, loss=Poisson(), parameters=start, **settings)
    assert result.history.loss[0] == pytest.approx(np.exp(100), rel=LOSS_RTOL["float32"])
    assert result.parameters[-1] == pytest.approx(np.log(3), abs=CONSTANT_ATOL)


def test_a_users_loss_is_given_z_and_refuses_networks_without_its_link(data):
    X, Y = data[0], np.exp(data[1])
    result = fitted(COUNTING, X, Y, loss=OfLogarithms(), engine="reference", validation=(X, Y))
    straight = fitted(Network.of_widths((2, 1)), X, np.log(Y), engine="reference", validation=(X, np.log(Y)))
    assert np.array_equal(result.parameters, straight.parameters)
    assert result.history.validation_loss == straight.history.validation_loss
    generator = np.random.default_rng(0)
    with pytest.raises(ArgumentValueError) as caught:
        fitted(Network.of_widths((2, 1)), X, Y, loss=OfLogarithms(), engine="reference", generator=generator)
    assert str(caught.value) == (
        "`network` ends in 'identity'; for OfLogarithms() its output_activation must be 'exponential', the loss's link."
    )
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize("loss", [Poisson(), SquaredError()], ids=repr)
def test_the_loss_is_asked_whether_targets_suit_it(data, loss):
    X, Y = data
    counts = np.abs(Y)
    below = counts.copy()
    below[3, 0] = -2
    if loss == SquaredError():
        fitted(COUNTING, X, below, loss=loss, validation=(X, below))
        return
    with pytest.raises(ArgumentValueError) as caught:
        fitted(COUNTING, X, below, loss=loss)
    assert str(caught.value) == "`Y` holds -2.0 at [3, 0]; Poisson targets must be at least 0."
    with pytest.raises(ArgumentValueError) as caught:
        fitted(COUNTING, X, counts, loss=loss, validation=(X, below))
    assert str(caught.value) == "`validation Y` holds -2.0 at [3, 0]; Poisson targets must be at least 0."


@pytest.mark.parametrize("batch_size", [None, 7])
def test_the_training_loss_has_the_penalty_and_the_validation_loss_has_not(
    engine, network, data, validation, batch_size
):
    start = network.initial_parameters(np.random.default_rng(3), dtype="float64")
    arguments = {
        "parameters": start,
        "alpha": 0.1,
        "epochs": 1,
        "engine": engine.name,
        "solver": GradientDescent(1e-15),
    }
    result = fitted(network, *data, validation=validation, batch_size=batch_size, **arguments)  # hardly a step
    bare = fitted(network, *data, validation=validation, batch_size=batch_size, **arguments | {"alpha": 0.0})
    added = result.history.loss[0] - bare.history.loss[0]
    assert added == pytest.approx(penalty(network, start, 0.1), rel=FLOAT64_RTOL)
    assert result.history.validation_loss[0] == pytest.approx(bare.history.validation_loss[0], rel=FLOAT64_RTOL)


def test_the_last_parameters_are_compared_with_their_penalty(engine, network, data):
    # One step that lowers the penalty by more than it raises the loss, and one the other way round.
    start = network.initial_parameters(np.random.default_rng(3), dtype="float64")
    optimizer = GradientDescent(0.2)
    result = fitted(network, *data, parameters=start, alpha=1.0, epochs=1, solver=optimizer, engine=engine.name)
    assert result.best_epoch == 1
    loss = SquaredError()
    value, _ = engine.loss_and_gradient(network, loss, result.parameters, *data, l2=1.0)
    assert value < result.history.loss[0]
    overshot = fitted(
        network, *data, parameters=start, alpha=1.0, epochs=1, solver=GradientDescent(1.0), engine=engine.name
    )
    assert overshot.best_epoch == 0


def test_a_stronger_penalty_gives_smaller_weights(engine, network, data):
    sizes = [
        penalty(network, fitted(network, *data, epochs=300, alpha=alpha, engine=engine.name).parameters, 1.0)
        for alpha in (0, 1e-3, 1e-1)
    ]
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize(
    ("alpha", "error", "sentence"),
    [
        (-1, ArgumentValueError, "`alpha` is -1; it must be at least 0."),
        (np.inf, ArgumentValueError, "`alpha` is inf; it must be finite and at least 0."),
        ("1", ArgumentTypeError, "`alpha` is '1'; it must be a real number."),
    ],
)
def test_alpha_that_is_no_penalty_is_refused_and_nothing_drawn(network, data, alpha, error, sentence):
    generator = np.random.default_rng(0)
    with pytest.raises(error) as caught:
        fitted(network, *data, alpha=alpha, generator=generator)
    assert str(caught.value) == sentence
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state
