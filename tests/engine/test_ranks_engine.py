"""Rank 0's engine: the native engine's bits, however many ranks hold the rows."""

import gc
from functools import partial

import numpy as np
import pytest
from drawn_networks import draw

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import Huber, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective
from ranks_in_threads import AbortedError, on_ranks

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
RANKS = [1, 2, 3, 7]
N = 20000  # enough for normal equations in two slots

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_size = pytest.mark.parametrize("size", RANKS)


def led(size, arrays, work):
    """What `work(engine, *sources)` gives on rank 0, where the rows of each array are spread over `size` ranks."""
    from fitnet.engine.ranks.leading import lead
    from fitnet.engine.ranks.messages import Ranks
    from fitnet.engine.ranks.ranks_engine import RanksEngine
    from fitnet.engine.ranks.server import serve
    from fitnet.engine.ranks.spread_rows import SpreadRows

    n = len(arrays[0])
    ends = np.array([n * (rank + 1) // size for rank in range(size)])
    ends[1:-1] += 1  # not where slots end

    def run(communicator):
        ranks = Ranks(communicator)
        begin = 0 if ranks.rank == 0 else ends[ranks.rank - 1]
        own = {str(i): each[begin : ends[ranks.rank]] for i, each in enumerate(arrays)}
        engine = RanksEngine(ranks, 1)
        if ranks.rank > 0:
            return serve(ranks, own, engine)
        return lead(ranks, lambda: work(engine, *(SpreadRows(name, own[name], ends, ranks) for name in own)))

    outcomes = on_ranks(size, run)
    if isinstance(outcomes[0], BaseException):
        raise outcomes[0]
    return outcomes[0]


@each_dtype
@each_size
def test_a_loss_and_its_gradient(generator, size, dtype):
    network, parameters, X, Y = draw(generator, dtype, rows=1000)

    def work(engine, X, Y):
        value = engine.loss(network, Huber(), parameters, X, Y)
        return value, *engine.loss_and_gradient(network, Huber(), parameters, X, Y, l2=0.1)

    value, objective, gradient = led(size, (X, Y), work)
    native = ENGINES["native"](2)
    expected = native.loss_and_gradient(network, Huber(), parameters, X, Y, l2=0.1)
    assert value == native.loss(network, Huber(), parameters, X, Y)
    assert objective == expected[0]
    assert np.array_equal(gradient, expected[1])


@each_size
def test_normal_equations(generator, size):
    network, parameters, X, Y = draw(generator, "float64", rows=N)
    of = partial(Objective, network=network, loss=SquaredError(), weights=None, l2=0.0)
    step = generator.normal(size=len(parameters))

    def work(engine, X, Y):
        spread = of(engine=engine, X=X, Y=Y)
        return *spread.normal_equations(parameters), spread.misfit(parameters), spread.acceleration(parameters, step)

    found = led(size, (X, Y), work)
    here = of(engine=ENGINES["native"](1), X=X, Y=Y)
    expected = *here.normal_equations(parameters), here.misfit(parameters), here.acceleration(parameters, step)
    assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


@each_size
def test_the_curvature_of_classes(generator, size):
    network = Network.of_widths((3, 5, 1), "tanh")
    parameters, X = network.initial_parameters(generator, dtype="float64"), generator.normal(size=(N, 3))
    Y = (generator.uniform(size=(N, 1)) < 0.4).astype(float)
    of = partial(Objective, network=network, loss=CrossEntropy(), weights=None, l2=0.0)
    found = led(size, (X, Y), lambda engine, X, Y: of(engine=engine, X=X, Y=Y).normal_equations(parameters))
    for part, expected in zip(
        found, of(engine=ENGINES["native"](1), X=X, Y=Y).normal_equations(parameters), strict=True
    ):
        assert np.array_equal(part, expected)


def epochs_of(network, parameters, batch_size, orders, engine, X, Y):
    """The parameters and the losses after two epochs in batches."""
    objective = Objective(engine, network, SquaredError(), X, Y, None, 1e-3)
    trainer = engine.trainer(objective, Adam(weight_decay=0.3), parameters, batch_size, validation=(X, Y, None))
    steps = -(-X.shape[0] // batch_size)
    rows = trainer.draw(np.random.default_rng(3), 2)[0] if orders is None else orders
    losses, watched = trainer.run(np.full((2, steps), 0.01), rows, watches=True)
    return trainer.parameters(), losses, watched, trainer.best().epoch


@each_dtype
def test_epochs_in_batches_do_not_depend_on_the_ranks(generator, dtype):
    network, parameters, X, Y = draw(generator, dtype, rows=1003)
    first, *others = (led(size, (X, Y), partial(epochs_of, network, parameters, 256, None)) for size in RANKS)
    assert not np.array_equal(first[0], parameters)
    for other in others:
        assert all(np.array_equal(*pair) for pair in zip(first, other, strict=True))


@each_dtype
@each_size
def test_epochs_of_full_batches_are_those_of_one_process(generator, size, dtype):
    network, parameters, X, Y = draw(generator, dtype, rows=1003)
    found = led(size, (X, Y), partial(epochs_of, network, parameters, 1003, None))
    expected = epochs_of(network, parameters, 1003, None, ENGINES["native"](1), X, Y)
    assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


def test_every_row_is_in_one_batch_of_an_epoch(generator):
    from fitnet.engine.ranks.held_rows import Batch, HeldRows
    from fitnet.engine.ranks.messages import share_of

    n, slots, size = 1003, 4, 256
    seen = []
    for rank in range(3):
        share = share_of(rank, 3, n, slots)
        held = HeldRows(share, np.zeros((share.stop - share.start, 1)), np.zeros((share.stop - share.start, 1)))
        orders = [held._batch(Batch(11, number, size)) for number in range(4)]
        assert [rows for rows, _ in orders] == [256, 256, 256, 235]
        seen.append(share.start + np.concatenate([order for _, order in orders]))
    assert np.array_equal(np.sort(np.concatenate(seen)), np.arange(n))


def test_rows_that_nobody_has_any_longer_are_forgotten(generator):
    from fitnet.rows import PickedRows

    network, parameters, X, Y = draw(generator, "float64", rows=100)

    def work(engine, X, Y):
        counts = []
        for last in (50, 60, 70):
            part = [PickedRows(each, np.arange(last)) for each in (X, Y)]
            engine.loss(network, SquaredError(), parameters, *part)
            counts.append(len(engine._held))
            del part
            gc.collect()
        return counts

    assert led(2, (X, Y), work) == [1, 1, 1]


def test_a_rank_that_cannot_go_on_says_so_and_ends_all(generator, capfd):
    network, parameters, X, Y = draw(generator, "float64", rows=100)

    def work(engine, X, Y):
        engine.ranks.command(1, "read", "no such rows", 0, 1)
        return engine.loss(network, SquaredError(), parameters, X, Y)

    with pytest.raises(AbortedError):
        led(2, (X, Y), work)
    assert capfd.readouterr().err == "fitnet: rank 1 cannot go on (KeyError: 'no such rows'), so all ranks end.\n"


def test_a_loss_of_the_users_own_is_refused_before_anybody_waits(generator):
    from fitnet.errors import ArgumentValueError

    network, parameters, X, Y = draw(generator, "float64", rows=100)

    class OwnSquaredError(SquaredError):
        pass

    with pytest.raises(ArgumentValueError, match="`loss`"):
        led(2, (X, Y), lambda engine, X, Y: engine.loss(network, OwnSquaredError(), parameters, X, Y))
