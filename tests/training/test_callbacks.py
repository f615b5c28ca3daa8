"""Callbacks: when they are called, what they see, and that they can end training."""

import numpy as np
import pytest

from fitnet import GradientDescent, train

DESCENT = GradientDescent(0.05)  # slow enough that every epoch ends lower than the one before


class Recorder:
    """Keeps what it sees; answers `answer` in the epoch `at`."""

    def __init__(self, every=1, answer=None, at=None):
        self.every, self.answer, self.at = every, answer, at
        self.epochs, self.parameters, self.losses, self.networks = [], [], [], []

    def on_epoch_end(self, state):
        self.epochs.append(state.epoch)
        self.parameters.append(state.parameters.copy())
        self.losses.append((list(state.history.loss), list(state.history.validation_loss)))
        self.networks.append(state.network)
        return self.answer if state.epoch == self.at else None


def trained(network, data, epochs=12, **arguments):
    settings = {"solver": DESCENT, "batch_size": 7, "verbose": False} | arguments
    return train(network, *data, epochs=epochs, generator=np.random.default_rng(0), **settings)


@pytest.mark.parametrize("validated", [False, True])
@pytest.mark.parametrize(
    ("every", "epochs"), [(1, list(range(1, 13))), (3, [3, 6, 9, 12]), (5, [5, 10]), (12, [12]), (13, [])]
)
def test_called_every_so_many_epochs(engine, network, data, validation, every, epochs, validated):
    recorder = Recorder(every)
    rows = validation if validated else None
    trained(network, data, callbacks=[recorder], validation=rows, engine=engine.name)
    assert recorder.epochs == epochs


def test_each_of_several_is_called_at_its_own_pace(engine, network, data):
    recorders = [Recorder(2), Recorder(3), Recorder(5)]
    trained(network, data, callbacks=recorders, engine=engine.name)
    assert [recorder.epochs for recorder in recorders] == [[2, 4, 6, 8, 10, 12], [3, 6, 9, 12], [5, 10]]


def test_sees_the_parameters_and_the_history_of_its_epoch(engine, network, data):
    recorder = Recorder(4)
    result = trained(network, data, callbacks=[recorder], engine=engine.name)
    for epoch, parameters, (loss, validation_loss) in zip(
        recorder.epochs, recorder.parameters, recorder.losses, strict=True
    ):
        alone = trained(network, data, epochs=epoch, engine=engine.name)
        assert parameters.tobytes() == alone.parameters.tobytes()
        assert loss == alone.history.loss == result.history.loss[:epoch]
        assert validation_loss == []
    assert recorder.networks == [network] * 3


def test_sees_the_validation_loss_of_its_epoch(engine, network, data, validation):
    recorder = Recorder(4)
    result = trained(network, data, callbacks=[recorder], validation=validation, engine=engine.name)
    seen = [validation_loss for _, validation_loss in recorder.losses]
    assert seen == [result.history.validation_loss[:epoch] for epoch in (4, 8, 12)]


def test_watching_changes_nothing(engine, network, data):
    watched = trained(network, data, callbacks=[Recorder(1)], engine=engine.name)
    alone = trained(network, data, engine=engine.name)
    assert watched.parameters.tobytes() == alone.parameters.tobytes()
    assert watched.history.loss == alone.history.loss


@pytest.mark.parametrize("batch_size", [None, 7])
def test_true_ends_training_after_the_epoch(engine, network, data, batch_size):
    settings = {"batch_size": batch_size, "engine": engine.name}
    result = trained(network, data, callbacks=[Recorder(2, answer=True, at=6)], **settings)
    six = trained(network, data, epochs=6, **settings)
    assert (result.stopped, result.best_epoch, result.history.epochs) == ("early", 6, 6)
    assert result.parameters.tobytes() == six.parameters.tobytes()


def test_true_with_validation_gives_the_best_epoch(engine, network, data):
    X = data[0].astype(np.float32)
    four = trained(network, data, epochs=4, engine=engine.name)
    met_in_epoch_four = X, engine.predict(network, four.parameters, X)
    stop = Recorder(3, answer=True, at=9)
    result = trained(network, data, callbacks=[stop], validation=met_in_epoch_four, engine=engine.name)
    assert (result.stopped, result.best_epoch, result.history.epochs) == ("early", 4, 9)
    assert result.parameters.tobytes() == four.parameters.tobytes()


@pytest.mark.parametrize("answer", [False, None])
def test_any_other_answer_goes_on(network, data, answer):
    result = trained(network, data, callbacks=[Recorder(1, answer=answer, at=6)])
    assert (result.stopped, result.history.epochs) == ("finished", 12)


def test_one_that_stops_does_not_silence_the_next(network, data):
    following = Recorder(2)
    trained(network, data, callbacks=[Recorder(2, answer=True, at=4), following])
    assert following.epochs == [2, 4]


def test_error_in_a_callback_is_the_users_own(network, data):
    class Broken:
        every = 2

        def on_epoch_end(self, state):
            raise RuntimeError(f"broken in epoch {state.epoch}")

    with pytest.raises(RuntimeError, match=r"^broken in epoch 2$"):
        trained(network, data, callbacks=[Broken()])


def test_one_alone_and_none_need_no_sequence(network, data):
    recorder = Recorder(4)
    trained(network, data, callbacks=recorder)
    assert recorder.epochs == [4, 8, 12]
    assert trained(network, data, callbacks=None).history.epochs == 12


@pytest.mark.parametrize("within", [False, True])
def test_a_function_is_called_after_every_epoch(network, data, within):
    epochs = []

    def note(state):
        epochs.append(state.epoch)

    trained(network, data, callbacks=[Recorder(), note] if within else note)
    assert epochs == list(range(1, 13))


@pytest.mark.parametrize(("answer", "epochs"), [(True, 3), (np.bool(True), 3), (1.0, 12), ("yes", 12), (None, 12)])
def test_only_true_from_a_function_ends_training(network, data, answer, epochs):
    result = trained(network, data, callbacks=lambda state: answer if state.epoch == 3 else None)
    assert result.history.epochs == epochs
