"""Training on piecewise rows in the native engine: the same bits for any number of threads and every level with FMA,
halves of steps that are whole, and rows that are refused where their numbers would lead out of memory."""

from hashlib import sha256

import numpy as np
import pytest
from piecewise_problems import BATCH, COLUMNS, ROWS, epochs_of, network_on, objective_on, piecewise_rows
from test_native_bits import python

from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES

module = pytest.importorskip("fitnet.engine.native", reason="the native engine was not built", exc_type=ImportError)

WIDTHS = [(), (5,), (70, 33), (128, 128)]
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def everything(n_threads, widths, dtype):
    """The bytes of gradients, losses and parameters of trainings on columns of every kind."""
    engine, generator, found = ENGINES["native"](n_threads), np.random.default_rng(0), []
    for edges in COLUMNS.values():
        rows = piecewise_rows(generator, edges, dtype)
        for activation in ("relu", "silu"):
            network = network_on(rows, widths, activation)
            of, start = objective_on(engine, generator, rows, network, weights=generator.uniform(0, 2, ROWS), l2=0.01)
            for batch_size in (7, BATCH, ROWS):
                found += epochs_of(of, start, batch_size, validation=(rows, of.Y, of.weights))
            value, gradient = engine.trainer(of, Adam(), start, BATCH).gradient()
            found += [np.array(value), gradient]
    return b"".join(array.tobytes() for array in found)


def digest(n_threads):
    """One line for `everything`."""
    parts = [everything(n_threads, widths, dtype) for widths in WIDTHS for dtype in ("float32", "float64")]
    return sha256(b"".join(parts)).hexdigest()


@each_dtype
@pytest.mark.parametrize("widths", WIDTHS, ids=str)
@pytest.mark.parametrize("n_threads", [2, 3])
def test_the_number_of_threads_changes_no_bit(widths, dtype, n_threads):
    assert everything(n_threads, widths, dtype) == everything(1, widths, dtype)


def test_every_instruction_set_with_fma_gives_the_same_bits():
    from fitnet.engine import _native

    available = _native.available_levels()
    levels = [level for level in available if level != "baseline"] or available
    program = "import test_piecewise_bits as bits; print(bits.digest(2))"
    assert {python(program, FITNET_LEVEL=level) for level in levels} == {digest(2)}


def test_the_lowest_level_learns_from_the_same_rows():
    program = "import test_piecewise_bits as bits; print(len(bits.everything(2, (70, 33), 'float64')))"
    assert int(python(program, FITNET_LEVEL="baseline")) == len(everything(1, (70, 33), "float64"))


@each_dtype
@pytest.mark.parametrize("batch_size", [BATCH, ROWS])
def test_an_epoch_is_gradients_and_their_application_to_the_bit(generator, dtype, batch_size):
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    of, start = objective_on(ENGINES["native"](2), generator, rows, l2=0.01)
    order = np.random.default_rng(0).permutation(ROWS) if batch_size < ROWS else np.arange(ROWS)
    by_halves = of.engine.trainer(of, Adam(), start, batch_size)
    for first in range(0, ROWS, batch_size):
        _, gradient = by_halves.gradient(order[first : first + batch_size])
        by_halves.apply(gradient, 1e-2)
    assert by_halves.parameters().tobytes() == epochs_of(of, start, batch_size, count=1)[2].tobytes()


@each_dtype
def test_the_loss_alone_is_the_steps_to_the_bit(generator, dtype):
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    of, start = objective_on(ENGINES["native"](2), generator, rows)
    trainer = of.engine.trainer(of, Adam(), start, ROWS, validation=(rows, of.Y, None))
    for _ in range(3):
        value, gradient = trainer.gradient()
        assert trainer.validation_loss() == trainer.objective() == value
        trainer.apply(gradient, 1e-2)


@each_dtype
def test_the_engine_makes_no_features(generator, dtype, monkeypatch):
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    of, start = objective_on(ENGINES["native"](), generator, rows)
    monkeypatch.setattr(type(rows), "dense", None)
    epochs_of(of, start, validation=(rows, of.Y, None))


@each_dtype
@pytest.mark.parametrize("number", [-1, 48, 50.5, 51, 53, 1e30, np.inf, np.nan])
@pytest.mark.parametrize("watched", [False, True])
def test_a_number_that_is_not_of_a_piece_of_its_column_is_refused(generator, number, dtype, watched):
    """That of the last column of (49, 2, 4, 3) edges is 51 or 52; of the one before 48 to 50."""
    rows = piecewise_rows(generator, COLUMNS["several"], dtype)
    of, start = objective_on(ENGINES["native"](), generator, rows)
    forged = rows.codes.copy()
    forged[ROWS - 1, -1 if number < 51 else -2] = number
    trainer = of.engine.trainer(of, Adam(), start, BATCH)
    take = trainer.take_validation if watched else trainer.take_rows
    with pytest.raises(ValueError, match="whose number is not that of a piece of its column"):
        take(type(rows)(forged, rows.pieces), of.Y)
    take(rows, of.Y)


@pytest.mark.parametrize("pieces", [(48, 0, 3, 1), (48, 0, 3, 3), (-1, 49, 3, 2), (55,), (2**62, 2**62, 0, 0)])
def test_pieces_that_do_not_fit_the_network_are_refused(generator, pieces):
    rows = piecewise_rows(generator, COLUMNS["several"], "float32")
    of, start = objective_on(ENGINES["native"](), generator, rows)
    arguments = module.native_loss(of.loss), 0.0, module.native_optimizer(Adam()), start, BATCH, False
    with pytest.raises(ValueError, match="`pieces` does not fit the network"):
        module._native.trainer(module.native_layers(of.network), *arguments, pieces, 0.0, 1)


def test_rows_of_another_encoding_are_refused(generator):
    rows, others = (piecewise_rows(generator, COLUMNS[name], "float32") for name in ("several", "few"))
    of, start = objective_on(ENGINES["native"](), generator, rows)
    with pytest.raises(ValueError, match="must have shape"):
        of.engine.trainer(of, Adam(), start, BATCH, validation=(others, of.Y, None))
