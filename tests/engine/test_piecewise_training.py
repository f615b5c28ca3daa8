"""Training on rows of piecewise-linear features is training on the features, which the native engine never makes."""

from dataclasses import replace

import numpy as np
import pytest
from parity import assert_norms_agree
from piecewise_problems import (
    BATCH,
    COLUMNS,
    ROWS,
    epochs_of,
    network_on,
    numbers_for,
    objective_on,
    piecewise_rows,
)

from finite_differences import numerical_gradient
from fitnet.algorithm.losses import LOSSES, Poisson
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam
from fitnet.engine import ENGINES
from tolerances import GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL, LOSS_RTOL, PARITY_RTOL

DTYPES = ["float32", "float64"]
each_dtype = pytest.mark.parametrize("dtype", DTYPES)
each_columns = pytest.mark.parametrize("edges", COLUMNS.values(), ids=COLUMNS)


def on_features(objective):
    """The same objective on the features, by the reference engine in float64."""
    weights = None if objective.weights is None else objective.weights.astype(float)
    return replace(
        objective,
        engine=ENGINES["reference"](),
        X=objective.X.dense().astype(float),
        Y=objective.Y.astype(float),
        weights=weights,
    )


def assert_agree(objective, start, batch_size=BATCH, **settings):
    """Gradient, losses and parameters are those on the features."""
    dtype, expected = start.dtype.name, on_features(objective)
    trainer = objective.engine.trainer(objective, Adam(), start, batch_size)
    value, gradient = trainer.gradient()
    expected_value, expected_gradient = expected.value_and_gradient(start.astype(float))
    assert value == pytest.approx(expected_value, rel=LOSS_RTOL[dtype])
    assert trainer.objective() == pytest.approx(expected_value, rel=LOSS_RTOL[dtype])
    assert_norms_agree(gradient, expected_gradient, PARITY_RTOL[dtype])
    losses, _, parameters = epochs_of(objective, start, batch_size, **settings)
    expected_losses, _, expected_parameters = epochs_of(expected, start.astype(float), batch_size, **settings)
    assert_norms_agree(losses, expected_losses, PARITY_RTOL[dtype])
    assert_norms_agree(parameters, expected_parameters, PARITY_RTOL[dtype])


@each_columns
@each_dtype
def test_columns_with_and_without_pieces(engine, generator, edges, dtype):
    rows = piecewise_rows(generator, edges, dtype)
    assert_agree(*objective_on(engine, generator, rows))


@pytest.mark.parametrize("width", [1, 5, 64, 70, 128])
@pytest.mark.parametrize("activation", ["relu", "silu"])
def test_first_layers_of_any_width(engine, generator, activation, width):
    rows = piecewise_rows(generator, COLUMNS["several"], "float64")
    assert_agree(*objective_on(engine, generator, rows, network_on(rows, (width, 6), activation)))


@each_dtype
@pytest.mark.parametrize("outputs", [1, 3, 40])
def test_a_first_layer_that_is_the_last(engine, generator, outputs, dtype):
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    assert_agree(*objective_on(engine, generator, rows, network_on(rows, (), outputs=outputs)))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_losses_weights_and_penalty(engine, generator, loss):
    rows = piecewise_rows(generator, COLUMNS["several"], "float64")
    last = "exponential" if isinstance(loss, Poisson) else "identity"
    weights = generator.integers(0, 3, ROWS)
    assert_agree(*objective_on(engine, generator, rows, network_on(rows, last=last), loss, weights, l2=0.01))


@pytest.mark.parametrize("optimizer", [rule() for rule in OPTIMIZERS.values()], ids=OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [1, ROWS])
def test_optimizers_and_batches(engine, generator, batch_size, optimizer):
    rows = piecewise_rows(generator, COLUMNS["few"], "float64")
    assert_agree(*objective_on(engine, generator, rows, l2=0.01), batch_size, optimizer=optimizer, count=1)


def test_the_gradient_is_that_of_differences(engine, generator):
    rows = piecewise_rows(generator, COLUMNS["few"], "float64")
    objective, start = objective_on(engine, generator, rows, l2=0.01)

    def value(parameters):
        return engine.trainer(objective, Adam(), parameters, BATCH).objective()

    _, found = engine.trainer(objective, Adam(), start, BATCH).gradient()
    atol = GRADIENT_ATOL_OF_LARGEST * np.abs(found).max()
    np.testing.assert_allclose(found, numerical_gradient(value, start), rtol=GRADIENT_RTOL, atol=atol)


@each_dtype
def test_rows_that_are_watched(engine, generator, dtype):
    rows, watched = (piecewise_rows(generator, COLUMNS["several"], dtype) for _ in range(2))
    objective, start = objective_on(engine, generator, rows)
    _, Y = numbers_for(generator, objective.network, dtype)
    _, found, _ = epochs_of(objective, start, validation=(watched, Y, None))
    of_features = watched.dense().astype(float), Y.astype(float), None
    _, expected, _ = epochs_of(on_features(objective), start.astype(float), validation=of_features)
    assert_norms_agree(found, expected, PARITY_RTOL[dtype])


@each_dtype
@pytest.mark.parametrize("learned", [True, False])
def test_features_beside_rows_that_keep_none(engine, generator, learned, dtype):
    """What is learned from or watched may be features, for another reason, while the other is not."""
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    objective, start = objective_on(engine, generator, rows)
    validation = (rows if learned else rows.dense()), objective.Y, None
    objective = replace(objective, X=rows.dense()) if learned else objective
    _, found, parameters = epochs_of(objective, start, validation=validation)
    both = epochs_of(replace(objective, X=rows.dense()), start, validation=(rows.dense(), objective.Y, None))
    assert found.tobytes() == both[1].tobytes()
    assert parameters.tobytes() == both[2].tobytes()


def test_rows_of_two_encodings(engine, generator):
    rows, watched = (piecewise_rows(generator, edges, "float64") for edges in (COLUMNS["several"], (48, 2, 5, 3)))
    objective, start = objective_on(engine, generator, rows)
    _, found, _ = epochs_of(objective, start, validation=(watched, objective.Y, None))
    _, expected, _ = epochs_of(replace(objective, X=rows.dense()), start, validation=(watched, objective.Y, None))
    assert found.tobytes() == expected.tobytes()


@each_dtype
def test_a_training_that_was_restored_goes_on_with_the_same_bits(engine, generator, dtype):
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    objective, start = objective_on(engine, generator, rows)
    trainer, other = (engine.trainer(objective, Adam(), start, BATCH) for _ in range(2))
    rates = np.full((1, -(-ROWS // BATCH)), 1e-2)
    trainer.run(rates, None)
    other.restore(trainer.parameters(), trainer.state(), 1, trainer.best())
    assert trainer.run(rates, None)[0].tobytes() == other.run(rates, None)[0].tobytes()
    assert trainer.parameters().tobytes() == other.parameters().tobytes()
