"""Training on rows that are read in chunks: the same steps as by hand, and all that training can."""

import numpy as np
import pytest
from resuming import broken_off, same, trained

from fitnet import Adam, Checkpoint, Cosine, GradientDescent, Network, Poisson, SquaredError, train
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, DivergenceError
from fitnet.rows import ArrayRows
from fitnet.rows import sources as rows
from tolerances import AS_GOOD_A_FIT, TRAJECTORY_RTOL

N, BATCH = 103, 6  # five chunks of 24 rows, the last of 7: two batches
NETWORK = Network.of_widths((2, 5, 1), activation="tanh")


@pytest.fixture
def arrays(generator):
    X = generator.uniform(-1, 1, (N, 2))
    return X, np.sin(3 * X[:, :1]) * X[:, 1:]


@pytest.fixture
def sources(arrays, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 29 * 3 * 8)
    return ArrayRows("X", arrays[0]), ArrayRows("Y", arrays[1])


def by_hand(engine, X, Y, epochs, optimizer, seed=0, alpha=0.0):
    """Parameters and losses; every step is asked for by itself."""
    generator = np.random.default_rng(seed)
    start = NETWORK.initial_parameters(generator, "he", X.dtype)
    trainer = engine.trainer(Objective(engine, NETWORK, SquaredError(), X, Y, None, alpha), optimizer, start, BATCH)
    losses, step = [], 0
    n_steps = epochs * -(-N // BATCH)
    for _ in range(epochs):
        loss = 0.0
        for chunk in generator.permutation(5):
            first = 24 * chunk
            order = first + generator.permutation(min(24, N - first))
            for batch in (order[begin : begin + BATCH] for begin in range(0, len(order), BATCH)):
                rate = optimizer.learning_rate * optimizer.schedule.factor(np.array([step / n_steps]))
                value, gradient = trainer.gradient(batch)
                trainer.apply(gradient, rate[0])
                loss += value * len(batch) / N
                step += 1
        losses.append(loss)
    return trainer.parameters(), losses


@pytest.mark.parametrize("alpha", [0.0, 1e-3])
def test_same_steps_as_by_hand(engine, arrays, sources, alpha):
    optimizer = Adam(0.02, schedule=Cosine())
    settings = {"solver": optimizer, "batch_size": BATCH, "dtype": "float64", "engine": engine.name, "alpha": alpha}
    result = trained(NETWORK, sources, epochs=3, **settings)
    parameters, losses = by_hand(engine, *arrays, 3, optimizer, alpha=alpha)
    np.testing.assert_allclose(result.parameters, parameters, rtol=TRAJECTORY_RTOL)
    np.testing.assert_allclose(result.history.loss, losses, rtol=TRAJECTORY_RTOL)
    assert result.best_epoch == 3


def test_fit_is_as_good_as_in_memory(arrays, sources):
    settings = {"epochs": 60, "batch_size": BATCH, "solver": Adam(0.02, schedule=Cosine()), "dtype": "float64"}
    chunked, whole = trained(NETWORK, sources, **settings), trained(NETWORK, arrays, **settings)
    assert chunked.history.loss[-1] < chunked.history.loss[0] / 10
    assert chunked.history.loss[-1] < AS_GOOD_A_FIT * whole.history.loss[-1]


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_same_bits_for_any_number_of_threads(sources):
    one, two = (trained(NETWORK, sources, batch_size=BATCH, dtype="float64", n_threads=n) for n in (1, 2))
    assert same(one, two)


def test_resumed_is_the_same_in_every_bit(sources, tmp_path):
    checkpoint = Checkpoint(tmp_path / "a.ckpt", every=1)
    settings = {"batch_size": BATCH, "dtype": "float64", "solver": Adam(0.02, schedule=Cosine())}
    broken_off(NETWORK, sources, 5, checkpoint=checkpoint, **settings)
    assert same(
        trained(NETWORK, sources, checkpoint=checkpoint, resume=True, **settings), trained(NETWORK, sources, **settings)
    )


def test_other_data_or_chunks_are_not_resumed(sources, tmp_path, monkeypatch):
    settings = {"batch_size": BATCH, "dtype": "float64", "checkpoint": Checkpoint(tmp_path / "a.ckpt", every=1)}
    broken_off(NETWORK, sources, 5, **settings)
    X, Y = sources
    other = X.array.copy()
    other[-1, -1] += 1
    with pytest.raises(ArgumentValueError, match="`X` is not what the training in"):
        trained(NETWORK, (ArrayRows("X", other), Y), resume=True, **settings)
    monkeypatch.setattr(rows, "CHUNK_BYTES", 40 * 3 * 8)
    with pytest.raises(ArgumentValueError, match=r"`chunk_rows` is 36; .* it must be 24"):
        trained(NETWORK, sources, resume=True, **settings)


def test_validation_and_patience(arrays, sources):
    result = trained(
        NETWORK,
        sources,
        epochs=500,
        batch_size=BATCH,
        dtype="float64",
        validation=arrays,
        patience=1,
        solver=Adam(0.3),
    )
    assert result.stopped == "early"
    assert len(result.history.validation_loss) == result.history.epochs


def test_targets_in_memory_beside_inputs_that_are_not(arrays, sources):
    settings = {"batch_size": BATCH, "dtype": "float64"}
    assert same(trained(NETWORK, (sources[0], arrays[1]), **settings), trained(NETWORK, sources, **settings))


def test_divergence_names_the_epoch(sources):
    start = np.full(NETWORK.n_parameters, 1e200)
    with pytest.raises(DivergenceError, match="in epoch 1"):
        trained(NETWORK, sources, batch_size=BATCH, dtype="float64", solver=GradientDescent(1.0), parameters=start)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": None}, "`batch_size` is None; for rows that are read in chunks it must be at most 29"),
        ({"batch_size": 30}, "`batch_size` is 30; for rows that are read in chunks it must be at most 29"),
        ({"weights": np.ones(N)}, "`weights` cannot be used with rows that are read in chunks"),
        ({"dtype": "float32"}, r"`X` is rows of float64 and shape \(103, 2\); they must be float32"),
        ({"loss": Poisson()}, r"`Y.*` holds -.*; Poisson targets must be at least 0."),
    ],
)
def test_refusals(sources, arguments, message):
    with pytest.raises(ArgumentValueError, match=message):
        trained(NETWORK, sources, **({"batch_size": BATCH, "dtype": "float64"} | arguments))


def test_different_numbers_of_rows_are_refused(sources):
    with pytest.raises(ArgumentValueError, match="`X` has 103 rows and `Y` has 100"):
        train(
            NETWORK,
            sources[0],
            ArrayRows("Y", sources[1].array[:100]),
            epochs=1,
            batch_size=BATCH,
            dtype="float64",
            generator=np.random.default_rng(0),
        )
