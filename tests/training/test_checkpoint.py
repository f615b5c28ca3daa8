"""Checkpoints: a training that was cut short goes on to the same bits, and nothing is lost on the way."""

import numpy as np
import pytest
from resuming import BreakdownError, BreaksOff, broken_off, same, trained
from watched_engine import InterruptedEngine, WatchedEngine, install

from fitnet import Adam, Checkpoint, Cosine, GradientDescent, Momentum, SquaredError
from fitnet.algorithm.schedules import Constant
from fitnet.engine import ENGINES
from fitnet.training import checkpoint_file, first_order

SPIKES = Adam(0.2)  # climbs out of its minimum, so that the best epoch is not the last
OPTIMIZERS = [
    SPIKES,
    Adam(1e-2, schedule=Cosine(0.1)),
    Adam(1e-2, schedule=Cosine(0.1), weight_decay=0.3),
    Momentum(0.05),
    GradientDescent(0.05),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_goes_on_to_the_same_bits(engine, network, data, path, optimizer, batch_size, dtype):
    settings = {"solver": optimizer, "batch_size": batch_size, "dtype": dtype, "engine": engine.name}
    whole = trained(network, data, **settings)
    for epoch in (1, 5, 6, 11):
        checkpoint = Checkpoint(path, every=3)
        broken_off(network, data, epoch, checkpoint=checkpoint, **settings)
        assert path.exists() == (epoch > 3)
        assert same(trained(network, data, checkpoint=checkpoint, resume=True, **settings), whole)
        path.unlink()


@pytest.mark.parametrize("batch_size", [None, 7])
def test_goes_on_with_validation_and_patience(engine, network, data, validation, path, batch_size):
    settings = {
        "validation": validation,
        "patience": 6,
        "epochs": 60,
        "solver": SPIKES,
        "batch_size": batch_size,
        "engine": engine.name,
    }
    whole = trained(network, data, **settings)
    assert whole.stopped == "early"
    checkpoint = Checkpoint(path, every=1)
    ends = whole.history.epochs
    for epoch in (1, whole.best_epoch, whole.best_epoch + 2, ends - 1, ends):
        broken_off(network, data, epoch, checkpoint=checkpoint, **settings)
        assert same(trained(network, data, checkpoint=checkpoint, resume=True, **settings), whole)
        path.unlink(missing_ok=True)


def test_goes_on_with_weights_and_given_parameters(engine, network, data, path, generator):
    settings = {
        "weights": generator.uniform(0, 1, 60),
        "parameters": network.initial_parameters(generator),
        "engine": engine.name,
        "checkpoint": Checkpoint(path, every=4),
    }
    broken_off(network, data, 9, **settings)
    assert same(trained(network, data, resume=True, **settings), trained(network, data, **settings))


def test_goes_on_after_being_cut_short_again_and_again(network, data, path):
    settings = {"solver": SPIKES, "batch_size": 7, "checkpoint": Checkpoint(path, every=2)}
    for epoch in (3, 5, 7, 8, 11):
        broken_off(network, data, epoch, resume=True, **settings)
    assert same(trained(network, data, resume=True, **settings), trained(network, data, **settings))


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1)])
def test_goes_on_with_another_number_of_threads(network, data, path, before, after):
    settings = {"batch_size": 32, "checkpoint": Checkpoint(path, every=5), "engine": "native"}
    broken_off(network, data, 8, n_threads=before, **settings)
    resumed = trained(network, data, resume=True, n_threads=after, **settings)
    assert same(resumed, trained(network, data, n_threads=before, **settings))


@pytest.mark.parametrize("kind", [np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_goes_on_with_every_bit_generator(network, data, path, kind):
    def settings():
        return {"generator": np.random.Generator(kind(3)), "batch_size": 7, "checkpoint": Checkpoint(path, every=5)}

    broken_off(network, data, 8, **settings())
    assert same(trained(network, data, resume=True, **settings()), trained(network, data, **settings()))


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("in_call", [2, 3, 4])
def test_goes_on_after_ctrl_c_in_the_engine(monkeypatch, network, data, path, batch_size, in_call):
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 1e12)  # calls of 1, 2, 4, 5 epochs
    settings = {"batch_size": batch_size, "solver": SPIKES, "engine": "watched", "checkpoint": Checkpoint(path)}
    generator = np.random.default_rng(0)
    install(monkeypatch, InterruptedEngine(in_call=in_call))
    interrupted = trained(network, data, generator=generator, **settings)
    assert interrupted.stopped == "interrupted"
    install(monkeypatch, WatchedEngine())
    resumed = trained(network, data, generator=generator, resume=True, **settings)
    assert resumed.history.loss[: interrupted.history.epochs] == interrupted.history.loss
    assert same(resumed, trained(network, data, **settings))


@pytest.mark.parametrize("epoch", [1, 5, 12])
def test_goes_on_after_ctrl_c_in_a_callback(network, data, path, epoch):
    settings = {"batch_size": 7, "checkpoint": Checkpoint(path)}
    trained(network, data, callbacks=[BreaksOff(epoch, KeyboardInterrupt)], **settings)
    assert checkpoint_file.read(path).snapshot.epochs == epoch
    assert same(trained(network, data, resume=True, **settings), trained(network, data, **settings))


def test_ctrl_c_in_a_callback_does_not_outlive_the_patience(network, data, validation, path):
    settings = {"validation": validation, "patience": 6, "epochs": 60, "solver": SPIKES}
    whole = trained(network, data, **settings)
    settings |= {"checkpoint": Checkpoint(path)}
    trained(network, data, callbacks=[BreaksOff(whole.history.epochs, KeyboardInterrupt)], **settings)
    assert same(trained(network, data, resume=True, **settings), whole)


def test_training_that_is_over_gives_its_result_at_once(monkeypatch, network, data, path):
    engine = install(monkeypatch, WatchedEngine())
    for batch_size in (None, 7):
        settings = {"batch_size": batch_size, "engine": "watched", "solver": SPIKES, "checkpoint": Checkpoint(path)}
        whole = trained(network, data, **settings)
        engine.calls.clear()
        again = trained(network, data, resume=True, **settings)
        assert engine.calls == []
        assert same(again, whole)
        assert again.history.seconds == whole.history.seconds


def test_training_that_a_callback_ended_is_over(network, data, path):
    class Enough:
        every = 5

        def on_epoch_end(self, state):
            return True

    settings = {"solver": SPIKES, "checkpoint": Checkpoint(path)}
    whole = trained(network, data, callbacks=[Enough()], **settings)
    assert (whole.stopped, whole.history.epochs) == ("early", 5)
    assert same(trained(network, data, resume=True, **settings), whole)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_more_epochs_with_a_constant_rate(network, data, path, batch_size):
    settings = {"batch_size": batch_size, "solver": SPIKES, "checkpoint": Checkpoint(path)}
    trained(network, data, **settings)
    more = trained(network, data, epochs=30, resume=True, **settings)
    assert same(more, trained(network, data, epochs=30, **settings))


def test_begins_anew_without_a_file(network, data, path):
    checkpoint = Checkpoint(path)
    assert same(trained(network, data, checkpoint=checkpoint, resume=True), trained(network, data))
    assert path.exists()


def test_generator_is_advanced_as_it_would_have_been(network, data, path):
    settings = {"batch_size": 7, "checkpoint": Checkpoint(path, every=3)}
    whole, resumed = np.random.default_rng(0), np.random.default_rng(0)
    trained(network, data, generator=whole, batch_size=7)
    broken_off(network, data, 8, **settings)
    trained(network, data, generator=resumed, resume=True, **settings)
    assert resumed.bit_generator.state == whole.bit_generator.state


def test_generator_without_a_known_seed_comes_from_the_file(network, data, path):
    checkpoint = Checkpoint(path, every=3)
    broken_off(network, data, 8, batch_size=7, checkpoint=checkpoint)
    resumed = trained(network, data, generator=checkpoint.generator(), batch_size=7, checkpoint=checkpoint, resume=True)
    assert same(resumed, trained(network, data, batch_size=7))


def test_seed_is_remembered_where_the_generator_came_from_the_file(network, data, path):
    settings = {"batch_size": 7, "checkpoint": Checkpoint(path, every=3)}
    broken_off(network, data, 5, **settings)
    broken_off(network, data, 8, generator=settings["checkpoint"].generator(), resume=True, **settings)
    assert same(trained(network, data, resume=True, **settings), trained(network, data, **settings))


def test_seconds_go_on(network, data, path):
    settings = {"checkpoint": Checkpoint(path, every=3)}
    broken_off(network, data, 8, **settings)
    before = checkpoint_file.read(path).snapshot.history.seconds
    seconds = trained(network, data, resume=True, **settings).history.seconds
    assert len(before) == 6
    assert seconds[:6] == before
    assert seconds == sorted(seconds)


def test_notice_says_where_training_goes_on(capsys, network, data, path):
    settings = {"checkpoint": Checkpoint(path, every=3)}
    broken_off(network, data, 8, **settings)
    trained(network, data, resume=True, verbose=True, **settings)
    assert capsys.readouterr() == ("", "Resumed: training goes on after epoch 6 of 12.\n")


def test_resumes_with_losses_and_schedules_of_the_users_own(network, data, path):
    class Halved(Constant):  # neither is a dataclass of its own, and their reprs name places in memory
        __repr__ = object.__repr__

        def factor(self, progress):
            return np.full_like(progress, 0.5)

    class Error(SquaredError):
        __repr__ = object.__repr__

    def settings():
        optimizer = Adam(1e-2, schedule=Halved())
        return {"loss": Error(), "solver": optimizer, "engine": "reference", "checkpoint": Checkpoint(path, 3)}

    broken_off(network, data, 8, **settings())
    assert same(trained(network, data, resume=True, **settings()), trained(network, data, **settings()))


def test_error_of_a_callback_is_the_users_own(network, data, path):
    with pytest.raises(BreakdownError):
        trained(network, data, callbacks=[BreaksOff(3)], checkpoint=Checkpoint(path))
