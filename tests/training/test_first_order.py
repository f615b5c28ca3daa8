"""First-order training: what it computes, what it records, and which parameters it gives back."""

from itertools import pairwise

import numpy as np
import pytest
from short_training import trained

from fitnet import Adam, GradientDescent, Network
from tolerances import FLOAT64_RTOL, LOSS_RTOL, LOWEST_LOSS_RTOL, TRAJECTORY_ATOL_OF_LARGEST

LOSS_RTOL_FLOAT64 = LOSS_RTOL["float64"]
DESCENT = GradientDescent(0.05)  # slow enough that every epoch ends lower than the one before


def close(parameters, expected):
    """Whether two float64 trainings took the same way, sums in another order apart."""
    return np.abs(parameters - expected).max() <= TRAJECTORY_ATOL_OF_LARGEST["float64"] * np.abs(expected).max()


def test_given_parameters_are_the_start_and_stay_as_they_were(engine, network, data, generator):
    start = network.initial_parameters(generator, dtype="float64")
    before = start.copy()
    result = trained(network, data, parameters=start, dtype="float64", engine=engine.name)
    assert np.array_equal(start, before)
    assert not np.shares_memory(result.parameters, start)
    assert not np.array_equal(result.parameters, start)
    assert result.history.loss[0] == pytest.approx(squared_error(network, start, *data), rel=LOSS_RTOL_FLOAT64)


def test_data_stay_as_they_were(engine, network, data):
    X, Y = data
    before = X.copy(), Y.copy()
    trained(network, data, batch_size=7, dtype="float64", engine=engine.name)
    assert np.array_equal(X, before[0])
    assert np.array_equal(Y, before[1])


@pytest.mark.parametrize("batch_size", [None, 7])
def test_history_has_one_entry_an_epoch(engine, network, data, validation, batch_size):
    result = trained(network, data, batch_size=batch_size, validation=validation, engine=engine.name)
    history = result.history
    assert history.epochs == 12
    for series in (history.loss, history.validation_loss, history.learning_rate, history.seconds):
        assert len(series) == 12
        assert all(type(entry) is float for entry in series)
    assert result.stopped == "finished"


def test_validation_loss_stays_empty_without_validation(network, data):
    assert trained(network, data).history.validation_loss == []


def test_seconds_grow(engine, network, data):
    seconds = trained(network, data, epochs=50, engine=engine.name).history.seconds
    assert seconds[0] > 0
    assert all(earlier < later for earlier, later in pairwise(seconds))


@pytest.mark.parametrize(("batch_size", "steps"), [(None, 1), (7, 9)])
def test_learning_rates_follow_the_schedule(network, data, batch_size, steps):
    rates = trained(network, data, batch_size=batch_size).history.learning_rate

    def cosine(step):
        return 1e-2 * (0.1 + 0.9 * (1 + np.cos(np.pi * step / (12 * steps))) / 2)

    assert rates[0] == pytest.approx(cosine(steps - 1), rel=FLOAT64_RTOL)
    assert rates[-1] == pytest.approx(cosine(12 * steps - 1), rel=FLOAT64_RTOL)
    assert rates == sorted(rates, reverse=True)


def squared_error(network, parameters, X, Y, weights=None):
    """The loss of the one-hidden-layer tanh network, written out."""
    p, hidden, m = network.n_inputs, network.layers[0].outputs, network.n_outputs
    W1, rest = parameters[: p * hidden].reshape(p, hidden), parameters[p * hidden :]
    b1, W2, b2 = rest[:hidden], rest[hidden:-m].reshape(hidden, m), rest[-m:]
    prediction = np.tanh(X @ W1 + b1) @ W2 + b2
    return np.average(np.mean((prediction - Y) ** 2, axis=1), weights=weights)


def test_recorded_loss_is_that_of_the_parameters_before_the_epoch(engine, network, data, generator):
    weights = generator.uniform(0, 1, 60)
    settings = {"dtype": "float64", "weights": weights, "solver": DESCENT, "engine": engine.name}
    losses = trained(network, data, epochs=4, **settings).history.loss
    for epoch in (1, 2, 3):
        result = trained(network, data, epochs=epoch, **settings)
        expected = squared_error(network, result.parameters, *data, weights)
        assert result.best_epoch == epoch
        assert losses[epoch] == pytest.approx(expected, rel=LOSS_RTOL_FLOAT64)


def test_recorded_loss_of_batches_is_the_mean_over_rows(engine, network, data, generator):
    start = generator.normal(size=network.n_parameters)
    weights = generator.uniform(0, 1, 60)
    standing_still = GradientDescent(1e-300)
    result = trained(
        network,
        data,
        batch_size=7,
        weights=weights,
        parameters=start,
        solver=standing_still,
        dtype="float64",
        engine=engine.name,
    )
    assert np.array_equal(result.parameters, start)
    assert result.history.loss == pytest.approx(
        [squared_error(network, start, *data, weights)] * 12, rel=LOSS_RTOL_FLOAT64
    )


def test_linear_network_reaches_least_squares(engine, generator):
    X = generator.uniform(-1, 1, (80, 3))
    Y = X @ [[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]] + [0.3, -0.7] + generator.normal(0, 0.1, (80, 2))
    linear = Network.of_widths((3, 2))
    descent = GradientDescent(0.5)
    result = trained(linear, (X, Y), epochs=1000, solver=descent, dtype="float64", engine=engine.name)
    expected, residual, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(80)]), Y)
    found = np.vstack([linear.weights(result.parameters)[0], linear.biases(result.parameters)[0]])
    assert found == pytest.approx(expected, rel=LOWEST_LOSS_RTOL)
    assert result.history.loss[-1] == pytest.approx(residual.sum() / Y.size, rel=LOSS_RTOL_FLOAT64)


def test_weight_zero_leaves_a_row_out(engine, network, data, generator):
    X, Y = data
    kept = generator.permutation(60)[:40]
    weights = np.zeros(60)
    weights[kept] = 1
    settings = {"dtype": "float64", "engine": engine.name}
    weighted = trained(network, data, weights=weights, **settings)
    without = trained(network, (X[np.sort(kept)], Y[np.sort(kept)]), **settings)
    assert close(weighted.parameters, without.parameters)
    assert weighted.history.loss == pytest.approx(without.history.loss, rel=LOSS_RTOL_FLOAT64)
    assert not close(weighted.parameters, trained(network, data, **settings).parameters)


def test_batches_of_weight_zero_are_passed_over(engine, network, data):
    weights = np.zeros(60)
    weights[0] = 1
    result = trained(network, data, weights=weights, batch_size=7, engine=engine.name)
    assert np.isfinite(result.history.loss).all()


def test_only_the_ratio_of_weights_matters(engine, network, data):
    settings = {"dtype": "float64", "engine": engine.name}
    weighted = trained(network, data, weights=np.full(60, 5), **settings)
    plain = trained(network, data, **settings)
    assert close(weighted.parameters, plain.parameters)


def test_one_row_is_enough(engine, network):
    result = trained(network, ([[1.0, 2.0]], [[3.0]]), epochs=200, engine=engine.name)
    assert result.history.loss[-1] < result.history.loss[0]


def test_nothing_is_shown_without_a_terminal(capsys, network, data):
    trained(network, data, verbose=True)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_full_batches_give_the_parameters_of_the_lowest_training_loss(engine, network, data, generator, rate, weighted):
    weights = generator.uniform(0, 1, 60) if weighted else None
    settings = {"weights": weights, "solver": Adam(rate), "dtype": "float64", "engine": engine.name}
    result = trained(network, data, epochs=30, **settings)
    after = [*trained(network, data, epochs=31, **settings).history.loss]  # the loss after k epochs, k = 0 to 30
    assert any(later > earlier for earlier, later in pairwise(after))
    assert result.best_epoch == np.argmin(after)
    assert squared_error(network, result.parameters, *data, weights) == pytest.approx(min(after), rel=LOSS_RTOL_FLOAT64)


def test_full_batches_that_only_make_it_worse_give_the_start(engine, network, data, generator):
    start = network.initial_parameters(generator, dtype="float64")
    settings = {"solver": GradientDescent(1.0), "dtype": "float64", "engine": engine.name}
    result = trained(network, (*data[:1], 1000 * data[1]), epochs=5, parameters=start, **settings)
    assert result.best_epoch == 0
    assert np.array_equal(result.parameters, start)


def test_last_epoch_counts_among_the_best(engine, network, data):
    result = trained(network, data, solver=DESCENT, dtype="float64", engine=engine.name)
    assert result.history.loss == sorted(result.history.loss, reverse=True)
    assert result.best_epoch == 12
    assert squared_error(network, result.parameters, *data) < result.history.loss[-1]


def test_mini_batches_give_the_last_parameters(engine, network, data):
    kept = []

    class Keeper:
        every = 12

        def on_epoch_end(self, state):
            kept.append(state.parameters.copy())

    settings = {"solver": Adam(1.0), "batch_size": 7, "engine": engine.name}
    result = trained(network, data, callbacks=[Keeper()], **settings)
    assert result.best_epoch == 12
    assert result.parameters.tobytes() == kept[0].tobytes()
    assert min(result.history.loss) < result.history.loss[-1]
