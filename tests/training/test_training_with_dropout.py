"""`train` with dropout: what it refuses, that it can be resumed, and that it is left out where nothing is dropped."""

import numpy as np
import pytest
from resuming import broken_off, same, trained

from fitnet import LBFGS, Adam, Checkpoint, GradientDescent, LevenbergMarquardt, Network, train
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointMismatchError
from fitnet.rows import ArrayRows
from fitnet.rows import sources as rows

NETWORK = Network.of_widths((2, 20, 1), "tanh")


@pytest.mark.parametrize(
    ("value", "error", "sentence"),
    [
        (-0.1, ArgumentValueError, "`dropout` is -0.1; it must be at least 0 and below 1."),
        (1, ArgumentValueError, "`dropout` is 1; it must be at least 0 and below 1."),
        (np.nan, ArgumentValueError, "`dropout` is nan; it must be at least 0 and below 1."),
        ("0.1", ArgumentTypeError, "`dropout` is '0.1'; it must be a real number."),
        (None, ArgumentTypeError, "`dropout` is None; it must be a real number."),
    ],
)
def test_wrong_values(data, value, error, sentence):
    with pytest.raises(error) as raised:
        trained(NETWORK, data, dropout=value)
    assert (str(raised.value), raised.value.argument) == (sentence, "dropout")


@pytest.mark.parametrize("solver", [LBFGS(), LevenbergMarquardt(), [Adam(), LBFGS()]], ids=repr)
def test_second_order_solvers_refuse_it(data, solver):
    with pytest.raises(ArgumentValueError, match=r"^`dropout` is 0\.2; with \w+ it must be 0: only optimizers such as"):
        trained(NETWORK, data, solver=solver, dropout=0.2)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_goes_on_to_the_same_bits(engine, data, validation, path, batch_size):
    for watched in (None, validation):
        settings = {"batch_size": batch_size, "dropout": 0.3, "engine": engine.name, "validation": watched}
        whole = trained(NETWORK, data, **settings)
        broken_off(NETWORK, data, 8, checkpoint=Checkpoint(path, every=3), **settings)
        assert same(trained(NETWORK, data, checkpoint=Checkpoint(path), resume=True, **settings), whole)
        path.unlink()


def test_another_dropout_cannot_be_resumed(data, path):
    broken_off(NETWORK, data, 8, checkpoint=Checkpoint(path, every=3), dropout=0.3)
    with pytest.raises(CheckpointMismatchError, match=r"^`dropout` is 0\.2; to resume .* must be 0\.3, as it was"):
        trained(NETWORK, data, checkpoint=Checkpoint(path), resume=True, dropout=0.2)


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_the_same_bits_on_any_number_of_threads(data, n_threads):
    settings = {"dropout": 0.3, "batch_size": 20}
    assert same(
        trained(NETWORK, data, n_threads=n_threads, **settings), trained(NETWORK, data, n_threads=4, **settings)
    )


def test_rows_in_a_file(engine, data, path, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 20 * 3 * 8)
    sources = ArrayRows("X", data[0]), ArrayRows("Y", data[1])
    settings = {"batch_size": 5, "dropout": 0.3, "engine": engine.name, "dtype": "float64"}
    whole = trained(NETWORK, sources, **settings)
    assert not np.array_equal(whole.parameters, trained(NETWORK, sources, **settings | {"dropout": 0.0}).parameters)
    broken_off(NETWORK, sources, 8, checkpoint=Checkpoint(path, every=3), **settings)
    assert same(trained(NETWORK, sources, checkpoint=Checkpoint(path), resume=True, **settings), whole)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_none_is_as_if_it_were_not_there(engine, data, batch_size):
    """A rule of NumPy's alone, step by step: the row orders are all that is drawn after the parameters."""
    settings = {"solver": GradientDescent(0.1), "dtype": "float64", "engine": engine.name, "batch_size": batch_size}
    one, other = (np.random.default_rng(4) for _ in range(2))
    plain, without = (
        train(NETWORK, *data, epochs=5, generator=drawn, verbose=False, **settings, **dropout)
        for drawn, dropout in ((one, {}), (other, {"dropout": 0.0}))
    )
    assert same(plain, without)
    expected = np.random.default_rng(4)
    NETWORK.initial_parameters(expected, "he", np.dtype(float))
    for _ in range(5 if batch_size else 0):
        expected.permutation(60)
    assert one.bit_generator.state == other.bit_generator.state == expected.bit_generator.state


def test_the_last_parameters_are_kept_where_nothing_is_watched(data):
    """The loss of a full batch is that of what was left, so its lowest says little."""
    result = trained(NETWORK, data, dropout=0.5, solver=Adam(0.1), epochs=40)
    last = trained(NETWORK, data, dropout=0.5, solver=Adam(0.1), epochs=40, keep="last")
    assert result.best_epoch == 40
    assert result.parameters.tobytes() == last.parameters.tobytes()


def test_noise_is_learned_less(generator):
    """Of 40 noisy rows a wide network without dropout learns every residual; with it, it cannot."""
    X = generator.uniform(-1, 1, (40, 3))
    Y = X[:, :1] + generator.normal(0, 1, (40, 1))
    wide = Network.of_widths((3, 100, 100, 1))
    errors = []
    for dropout in (0.0, 0.5):
        result = trained(wide, (X, Y), solver=Adam(1e-2), epochs=400, dropout=dropout, keep="last")
        tested = trained(wide, (X, Y), epochs=1, solver=GradientDescent(1e-30), parameters=result.parameters)
        errors.append(tested.history.loss[0])
    assert errors[0] < 0.02 < 0.1 < errors[1]
