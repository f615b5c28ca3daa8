"""Loggers: every epoch is there once, as it was, whatever happens to the training."""

import struct
import sys

import numpy as np
import pytest
from resuming import BreakdownError, BreaksOff, trained

from fitnet import Adam, Checkpoint, CsvLogger, LevenbergMarquardt, TensorBoardLogger
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingPackageError

STAGES = [Adam(max_epochs=7), LevenbergMarquardt(max_epochs=4)]  # the second has no learning rate
COLUMNS = ["epoch", "loss", "validation_loss", "learning_rate", "seconds"]


def table(path):
    """The header, and the lines as tuples."""
    header, *lines = path.read_text().splitlines()
    return header.split(","), [tuple(float(entry) if entry else None for entry in line.split(",")) for line in lines]


def expected(history):
    """The lines that a history makes."""
    validation = history.validation_loss or [None] * history.epochs
    rates = [None if np.isnan(rate) else rate for rate in history.learning_rate]
    return list(zip(range(1, history.epochs + 1), history.loss, validation, rates, history.seconds, strict=True))


@pytest.mark.parametrize("every", [1, 5, 12, 100])
@pytest.mark.parametrize("validated", [False, True])
def test_every_epoch_has_its_line(network, data, validation, tmp_path, every, validated):
    path = tmp_path / "log.csv"
    rows = validation if validated else None
    result = trained(network, data, validation=rows, callbacks=[CsvLogger(path, every)])
    assert table(path) == (COLUMNS, expected(result.history))


def test_file_can_be_read_while_training_runs(network, data, tmp_path):
    path = tmp_path / "log.csv"
    seen = []

    class Reader:
        every = 6

        def on_epoch_end(self, state):
            seen.append(table(path)[1] == expected(state.history))

    trained(network, data, callbacks=[CsvLogger(path, 3), Reader()])
    assert seen == [True, True]


def test_new_training_replaces_the_file(network, data, tmp_path):
    path = tmp_path / "log.csv"
    logger = CsvLogger(path)
    trained(network, data, callbacks=[logger])
    for again in (logger, CsvLogger(path)):
        result = trained(network, data, epochs=5, seed=1, callbacks=[again])
        assert table(path) == (COLUMNS, expected(result.history))


@pytest.mark.parametrize("every", [1, 5])
@pytest.mark.parametrize("epoch", [2, 8, 11])
def test_resumed_training_has_every_epoch_once(network, data, tmp_path, every, epoch):
    path = tmp_path / "log.csv"
    checkpoint = Checkpoint(tmp_path / "a.ckpt", every=3)
    with pytest.raises(BreakdownError):  # at an epoch beyond the checkpoint's, whose lines are there already
        trained(network, data, callbacks=[CsvLogger(path, every), BreaksOff(epoch)], checkpoint=checkpoint)
    result = trained(network, data, checkpoint=checkpoint, resume=True, callbacks=[CsvLogger(path, every)])
    assert table(path) == (COLUMNS, expected(result.history))


def test_training_that_is_over_is_logged_too(network, data, tmp_path):
    path, checkpoint = tmp_path / "log.csv", Checkpoint(tmp_path / "a.ckpt")
    trained(network, data, checkpoint=checkpoint)
    result = trained(network, data, checkpoint=checkpoint, resume=True, callbacks=[CsvLogger(path)])
    assert table(path) == (COLUMNS, expected(result.history))


def test_ctrl_c_leaves_every_epoch(network, data, tmp_path):
    path = tmp_path / "log.csv"
    result = trained(network, data, callbacks=[CsvLogger(path, 5), BreaksOff(8, KeyboardInterrupt)])
    assert result.stopped == "interrupted"
    assert table(path) == (COLUMNS, expected(result.history))
    assert len(table(path)[1]) == 8


def test_folder_that_is_not_there_is_the_systems_own_error(network, data, tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        trained(network, data, callbacks=[CsvLogger(tmp_path / "no" / "log.csv")])
    assert raised.value.filename == str(tmp_path / "no" / "log.csv")


@pytest.mark.parametrize("every", [1, 3])
def test_two_solvers_make_one_table_with_rates_where_there_are_any(network, data, tmp_path, every):
    path = tmp_path / "log.csv"
    result = trained(network, data, solver=STAGES, callbacks=[CsvLogger(path, every)])
    assert table(path) == (COLUMNS, expected(result.history))
    assert [rate is None for *_, rate, _ in table(path)[1]] == [False] * 7 + [True] * 4


@pytest.mark.parametrize("kind", [CsvLogger, TensorBoardLogger])
def test_wrong_pace_is_refused(tmp_path, kind):
    with pytest.raises(ArgumentValueError, match=r"^`every` is 0; it must be at least 1\.$"):
        kind(tmp_path / "log", 0)
    with pytest.raises(ArgumentTypeError, match=r"^`every` is 1\.5; it must be a whole number\.$"):
        kind(tmp_path / "log", 1.5)


def events(folder):
    """Every scalar that TensorBoard would show: {tag: {epoch: value}}, later files hiding what they begin anew."""
    from tensorboardX.proto.event_pb2 import Event, SessionLog

    shown = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        data, place = path.read_bytes(), 0
        while place < len(data):
            (length,) = struct.unpack_from("<Q", data, place)
            event = Event.FromString(data[place + 12 : place + 12 + length])
            place += 12 + length + 4
            if event.session_log.status == SessionLog.START:
                shown = {tag: {k: v for k, v in points.items() if k < event.step} for tag, points in shown.items()}
            for value in event.summary.value:
                points = shown.setdefault(value.tag, {})
                assert event.step not in points, "an epoch is there twice"
                points[event.step] = value.simple_value
    return {tag: points for tag, points in shown.items() if points}


def points(series):
    return {epoch: float(np.float32(value)) for epoch, value in enumerate(series, start=1)}


@pytest.mark.parametrize("every", [1, 5])
def test_tensorboard_shows_every_epoch_once(network, data, validation, tmp_path, every):
    checkpoint = Checkpoint(tmp_path / "a.ckpt", every=3)
    settings = {"checkpoint": checkpoint, "validation": validation}
    with pytest.raises(BreakdownError):
        logger = TensorBoardLogger(tmp_path / "tb", every)
        trained(network, data, callbacks=[logger, BreaksOff(8)], **settings)
    logger.on_training_end(logger._history)  # closes the file
    (before,) = (tmp_path / "tb").iterdir()
    before.rename(f"{before}.before")  # its name is the second it was made in, which may be the next one's too
    result = trained(network, data, resume=True, callbacks=[TensorBoardLogger(tmp_path / "tb", every)], **settings)
    history = result.history
    assert events(tmp_path / "tb") == {
        "loss": points(history.loss),
        "validation_loss": points(history.validation_loss),
        "learning_rate": points(history.learning_rate),
    }


def test_tensorboard_without_validation_has_no_such_curve(network, data, tmp_path):
    trained(network, data, callbacks=[TensorBoardLogger(tmp_path / "tb")])
    assert sorted(events(tmp_path / "tb")) == ["learning_rate", "loss"]


@pytest.mark.parametrize("every", [1, 3])
def test_tensorboard_shows_two_solvers_as_one_and_no_rate_where_there_is_none(network, data, tmp_path, every):
    logger = TensorBoardLogger(tmp_path / "tb", every)
    history = trained(network, data, solver=STAGES, callbacks=[logger]).history
    rates = points(history.learning_rate[:7])
    assert events(tmp_path / "tb") == {"loss": points(history.loss), "learning_rate": rates}


def test_missing_tensorboardx_is_said_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(MissingPackageError) as raised:
        TensorBoardLogger(tmp_path / "tb")
    assert str(raised.value) == (
        "TensorBoardLogger needs the package tensorboardX; install it with: pip install 'fitnet[tensorboard]'."
    )


def test_errors_of_training_leave_what_was_logged(network, data, tmp_path):
    path = tmp_path / "log.csv"
    with pytest.raises(BreakdownError):
        trained(network, data, callbacks=[CsvLogger(path), BreaksOff(8)])
    assert [epoch for epoch, *_ in table(path)[1]] == list(range(1, 9))
