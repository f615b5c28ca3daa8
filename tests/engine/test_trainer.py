"""The trainer: what a training holds from epoch to epoch, the halves of its step, and the losses it measures."""

import threading

import numpy as np
import pytest

from fitnet.algorithm.losses import Huber
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, initial_state
from fitnet.algorithm.penalty import penalty
from fitnet.engine import ENGINES, Best
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError
from tolerances import LOSS_RTOL

N, BATCH = 500, 70
NETWORK = Network.of_widths((3, 20, 9, 2), "tanh")
DTYPES = ["float32", "float64"]


def trainer_of(engine, generator, dtype="float32", optimizer=None, batch_size=BATCH, weighted=True, **settings):
    """A training, its objective and its start."""
    X, Y = (generator.normal(size=(N, columns)).astype(dtype) for columns in (3, 2))
    weights = generator.uniform(0, 1, N).astype(dtype) if weighted else None
    start = NETWORK.initial_parameters(generator, "glorot", dtype)
    objective = Objective(engine, NETWORK, Huber(0.7), X, Y, weights, 1e-3)
    return engine.trainer(objective, optimizer or Adam(), start, batch_size, **settings), objective, start


def rates_of(epochs, batch_size=BATCH):
    return np.full((epochs, -(-N // batch_size)), 0.01)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("optimizer", [rule() for rule in OPTIMIZERS.values()], ids=OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [BATCH, N])
def test_an_epoch_is_gradients_and_their_application_to_the_bit(engine, generator, batch_size, optimizer, dtype):
    trainer, objective, start = trainer_of(engine, generator, dtype, optimizer, batch_size)
    by_halves = engine.trainer(objective, optimizer, start, batch_size)
    orders = np.stack([generator.permutation(N) for _ in range(3)])
    losses, _ = trainer.run(rates_of(3, batch_size), orders)
    found = []
    for order in orders:
        for first in range(0, N, batch_size):
            value, gradient = by_halves.gradient(order[first : first + batch_size])
            by_halves.apply(gradient, 0.01)
            found.append(value)
    assert by_halves.parameters().tobytes() == trainer.parameters().tobytes()
    assert by_halves.state().moments.tobytes() == trainer.state().moments.tobytes()
    assert by_halves.state().step == trainer.state().step == len(found)
    if batch_size == N:
        assert losses == pytest.approx(found, rel=LOSS_RTOL["float64"])  # their rows weigh 1, to rounding


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
@pytest.mark.parametrize("dtype", DTYPES)
def test_halves_have_the_same_bits_on_any_number_of_threads(generator, dtype):
    state = generator.bit_generator.state
    gradients = set()
    for n_threads in (1, 2, 3, 8):
        generator.bit_generator.state = state
        trainer, *_ = trainer_of(ENGINES["native"](n_threads), generator, dtype, batch_size=N)
        value, gradient = trainer.gradient()
        trainer.apply(gradient, 0.01)
        gradients.add((value, gradient.tobytes(), trainer.parameters().tobytes(), trainer.objective()))
    assert len(gradients) == 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradient_is_the_engines(engine, generator, dtype):
    trainer, objective, start = trainer_of(engine, generator, dtype, batch_size=N)
    value, gradient = trainer.gradient()
    expected = engine.loss_and_gradient(NETWORK, objective.loss, start, *objective.rows, objective.weights, l2=1e-3)
    assert value == expected[0]
    assert gradient.tobytes() == expected[1].tobytes()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_are_those_of_the_predictions(engine, generator, dtype, weighted):
    X, Y = (generator.normal(size=(77, columns)).astype(dtype) for columns in (3, 2))
    watched = X, Y, generator.uniform(0, 1, 77).astype(dtype) if weighted else None
    trainer, objective, _ = trainer_of(engine, generator, dtype, validation=watched)
    trainer.run(rates_of(2), None)
    parameters = trainer.parameters()

    def loss(X, Y, weights=None):
        prediction = engine.predict(NETWORK, parameters, X).astype(float)
        return Huber(0.7).value(prediction, Y, weights)

    assert trainer.validation_loss() == pytest.approx(loss(*watched), rel=LOSS_RTOL[dtype])
    expected = loss(*objective.rows, objective.weights) + penalty(NETWORK, parameters, 1e-3)
    assert trainer.objective() == pytest.approx(expected, rel=LOSS_RTOL[dtype])


def test_objective_is_what_the_next_step_meets_to_the_bit(engine, generator):
    trainer, *_ = trainer_of(engine, generator, batch_size=N, weighted=False)
    trainer.run(rates_of(3, N), None)
    assert trainer.objective() == pytest.approx(trainer.run(rates_of(1, N), None)[0][0], rel=LOSS_RTOL["float64"])


def test_restored_it_goes_on_with_the_same_bits(engine, generator):
    trainer, objective, start = trainer_of(engine, generator, batch_size=N, keeps_lowest=True)
    trainer.run(rates_of(4, N), None)
    point = trainer.parameters(), trainer.state(), 4, trainer.best()
    other = engine.trainer(objective, Adam(), start, N, keeps_lowest=True)
    other.restore(*point)
    assert trainer.run(rates_of(3, N), None)[0].tolist() == other.run(rates_of(3, N), None)[0].tolist()
    assert trainer.parameters().tobytes() == other.parameters().tobytes()
    assert (trainer.best().loss, trainer.best().epoch) == (other.best().loss, other.best().epoch)
    assert trainer.best().parameters.tobytes() == other.best().parameters.tobytes()


def test_best_is_the_start_until_something_is_kept(engine, generator):
    trainer, _, start = trainer_of(engine, generator)
    trainer.run(rates_of(2), None)
    assert (trainer.best().loss, trainer.best().epoch) == (np.inf, 0)
    assert trainer.best().parameters.tobytes() == start.tobytes()
    trainer.keep(0.25, 2)
    kept = trainer.parameters()
    trainer.run(rates_of(1), None)
    assert (trainer.best().loss, trainer.best().epoch) == (0.25, 2)
    assert trainer.best().parameters.tobytes() == kept.tobytes()


def test_lowest_objective_of_full_batches_is_kept(engine, generator):
    trainer, *_ = trainer_of(engine, generator, batch_size=N, optimizer=Adam(0.3), keeps_lowest=True)
    losses = [trainer.run(np.full((1, 1), 0.3), None)[0][0] for _ in range(20)]
    assert trainer.best().loss == min(losses)
    assert trainer.best().epoch == np.argmin(losses)
    assert trainer.best().epoch < 19  # so large a rate goes up and down


@pytest.mark.parametrize("batch_size", [BATCH, N])
def test_watching_measures_every_epoch_and_keeps_the_lowest(engine, generator, batch_size):
    watched = *(generator.normal(size=(77, columns)).astype("float32") for columns in (3, 2)), None
    settings = {"batch_size": batch_size, "optimizer": Adam(0.3), "validation": watched}
    trainer, objective, start = trainer_of(engine, generator, **settings)
    one_by_one = engine.trainer(objective, Adam(0.3), start, batch_size, validation=watched)
    orders = np.stack([generator.permutation(N) for _ in range(12)])
    rates = rates_of(12, batch_size) * 30
    losses, validation_losses = trainer.run(rates, orders, watches=True)
    found = []
    for epoch in range(12):
        found.append(one_by_one.run(rates[epoch : epoch + 1], orders[epoch : epoch + 1])[0][0])
        assert one_by_one.validation_loss() == validation_losses[epoch]
        if validation_losses[epoch] == validation_losses.min():
            expected = one_by_one.parameters()
    assert found == losses.tolist()
    assert trainer.best().loss == validation_losses.min()
    assert trainer.best().epoch == np.argmin(validation_losses) + 1 < 12  # so large a rate goes up and down
    assert trainer.best().parameters.tobytes() == expected.tobytes()


def test_what_it_gives_are_copies_and_the_start_stays(engine, generator):
    trainer, _, start = trainer_of(engine, generator)
    before = start.copy()
    start.flags.writeable = False
    given = trainer.parameters(), trainer.state().moments, trainer.best().parameters
    for array in given:
        array[:] = 7
    trainer.run(rates_of(1), None)
    assert np.array_equal(start, before)
    assert trainer.is_finite()
    assert not any(np.any(array == 7) for array in (trainer.parameters(), trainer.state().moments))


def test_other_rows_can_be_taken_on_the_way(engine, generator):
    trainer, objective, start = trainer_of(engine, generator, weighted=False)
    X, Y = objective.rows
    trainer.take_rows(X[:70].copy(), Y[:70].copy())
    trainer.run(np.full((1, 1), 0.01), None)
    alone = engine.trainer(Objective(engine, NETWORK, objective.loss, X[:70], Y[:70], None, 1e-3), Adam(), start, 70)
    alone.run(np.full((1, 1), 0.01), None)
    assert trainer.parameters().tobytes() == alone.parameters().tobytes()


def test_parameters_that_are_not_finite_show(engine, generator):
    trainer, _, start = trainer_of(engine, generator)
    assert trainer.is_finite()
    start[3] = np.nan
    trainer.restore(start, initial_state(Adam(), start))
    assert not trainer.is_finite()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda trainer: trainer.gradient(np.array([N])), "`rows` must hold row numbers from 0 to 499."),
        (lambda trainer: trainer.gradient(np.zeros(2, np.int32)), "`rows` must be int64."),
        (
            lambda trainer: trainer.restore(np.zeros(9), initial_state(Adam(), np.zeros(9)), 0, None),
            "`state` and `best` must hold vectors of the parameters' length and dtype.",
        ),
        (
            lambda trainer: trainer.restore(
                trainer.parameters(), trainer.state(), 0, Best(1.0, np.zeros(3, np.float32), 0)
            ),
            "`state` and `best` must hold vectors of the parameters' length and dtype.",
        ),
        (lambda trainer: trainer.run(np.ones((1, 3)), None), "`learning_rates` must be float64 of shape (epochs, 8)."),
    ],
)
def test_refusals(engine, generator, change, message):
    trainer, *_ = trainer_of(engine, generator)
    with pytest.raises(ArgumentValueError) as caught:
        change(trainer)
    assert str(caught.value) == message


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_a_second_call_at_once_is_refused(generator):
    trainer, *_ = trainer_of(ENGINES["native"](1), generator, batch_size=N)
    outcomes, under_way = [], threading.Event()

    def train():
        under_way.set()
        try:
            trainer.run(np.full((3000, 1), 1e-3), None)
        except RuntimeError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=train) for _ in range(2)]
    for thread in threads:
        thread.start()
    under_way.wait()
    for thread in threads:
        thread.join()
    assert outcomes == ["This training is at work already, in another call."]
    assert trainer.state().step == 3000
