"""Numbers that nobody can mean, or no machine can hold: one sentence, in the shell and in Python."""

import re

import numpy as np
import pytest

from fitnet import LBFGS, LevenbergMarquardt, Network, Regressor, train
from fitnet.algorithm import memory
from fitnet.algorithm.memory import check_memory
from fitnet.errors import ArgumentValueError

FIT = ("fit", "waves.csv", "--target", "y")
QUADRATIC = ("quadratic", "train", "--triplets", "40", "--test-triplets", "20")
NINES = "9" * 5000
TOO_LARGE = r"`--hidden` asks for [\d.e+]+ parameters, which take [\d.e+]+ GB in training with float32; "


@pytest.mark.parametrize(
    "widths",
    [
        "1000000,1000000",
        "99999999999999999999",
        "9" * 400,
        "9" * 4000,
        "64,99999999999999999999,64",
        "3," * 9 + "9" * 12,
    ],
    ids=lambda widths: widths[:24],
)
@pytest.mark.parametrize("command", [FIT, QUADRATIC], ids=["fit", "quadratic"])
def test_network_larger_than_the_machine_says_what_it_takes(fitnet, waves, command, widths):
    answer = fitnet(*command, "--epochs", "2", "--hidden", widths)
    assert (answer.code, answer.out) == (2, "")
    assert re.fullmatch(rf"fitnet: {TOO_LARGE}this machine has [\d.e+]+ GB\.\n", answer.err)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--hidden", NINES), f"Invalid value for '--hidden': '{'9' * 80}...' is not a list of whole numbers"),
        (("--epochs", "1e20"), "Invalid value for '--epochs': '1e20' is not a valid integer."),
        (("--epochs", "1" + 20 * "0"), f"`--epochs` is 1{20 * '0'}; it must be at most 9223372036854775807."),
        (("--epochs", "1" + 400 * "0"), "`--epochs` is 1.000e+400; it must be at most 9223372036854775807."),
        (("--batch-size", "1" + 20 * "0"), f"`--batch-size` is 1{20 * '0'}; it must be at most 9223372036854775807."),
        (("--seed", "-1" + 400 * "0"), "`--seed` is -1.000e+400; it must be at least 0."),
    ],
    ids=lambda part: " ".join(part)[:24] if isinstance(part, tuple) else "",
)
def test_number_beyond_all_counting(fitnet, waves, options, sentence):
    answer = fitnet(*FIT, *options)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"fitnet: {sentence}")
    assert answer.err.count("\n") == 1


def test_seed_may_be_as_large_as_one_likes(fitnet, waves):
    assert fitnet(*FIT, "--seed", "1" + 30 * "0", "--hidden", "3", "--epochs", "1").code == 0


@pytest.mark.parametrize(
    ("threads", "sentence"),
    [
        (NINES, "`FITNET_NUM_THREADS` has 5000 digits; it must be at most 1024."),
        ("9" * 30, f"`FITNET_NUM_THREADS` is {'9' * 30}; it must be at most 9223372036854775807."),
        ("1025", "`FITNET_NUM_THREADS` is 1025; it must be at most 1024."),
        ("0", "`FITNET_NUM_THREADS` is 0; it must be at least 1."),
    ],
    ids=lambda text: text[:30],
)
def test_threads_beyond_all_counting(fitnet, waves, monkeypatch, threads, sentence):
    monkeypatch.setenv("FITNET_NUM_THREADS", threads)
    answer = fitnet(*FIT, "--hidden", "3", "--epochs", "1")
    assert (answer.code, answer.out, answer.err) == (2, "", f"fitnet: {sentence}\n")


def test_memory_that_gives_out_is_one_sentence(fitnet, waves, monkeypatch):
    """As where the network would fit and the solver's matrices do not."""
    from fitnet.cli import fit_rows

    def exhausted(*arguments, **options):
        raise MemoryError("Unable to allocate 8 TiB")

    monkeypatch.setattr(fit_rows, "fit", exhausted)
    answer = fitnet(*FIT, "--hidden", "3", "--epochs", "1")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "fitnet: There is not enough memory: Unable to allocate 8 TiB.\n"


X = np.linspace(-1, 1, 20)[:, None]


@pytest.mark.parametrize("width", [10**7, 10**20, 10**5000], ids=["10^7", "10^20", "10^5000"])
def test_python_says_it_too(width):
    with pytest.raises(ArgumentValueError, match=r"`hidden_layer_sizes` asks for .* GB in training") as raised:
        Regressor((width, width)).fit(X, X[:, 0])
    assert raised.value.argument == "hidden_layer_sizes"
    network = Network.of_widths((1, width, width, 1))
    for begin in (
        lambda: network.initial_parameters(np.random.default_rng(0)),
        lambda: train(network, X, X, epochs=1, generator=np.random.default_rng(0)),
    ):
        with pytest.raises(ArgumentValueError, match=r"`network` asks for .* GB in training") as raised:
            begin()
        assert raised.value.argument == "network"


@pytest.mark.parametrize("make", [Regressor, LevenbergMarquardt, LBFGS])
def test_python_counts_no_further_than_the_engines(make):
    with pytest.raises(
        ArgumentValueError, match=r"`max_epochs` is 1.000e[+]5000; it must be at most 9223372036854775807"
    ):
        made = make(max_epochs=10**5000)
        made.fit(X, X[:, 0])


def test_what_fits_is_not_refused(monkeypatch):
    check_memory("network", 10**6, np.dtype("float64"))
    monkeypatch.setattr(memory, "machine_memory", lambda: 4 * 8 * 10**6)
    check_memory("network", 10**6, np.dtype("float64"))
    with pytest.raises(
        ArgumentValueError, match=r"1.00e[+]6 parameters, which take 0.0320 GB in training with float64"
    ):
        check_memory("network", 10**6 + 1, np.dtype("float64"))
    monkeypatch.setattr(memory, "machine_memory", lambda: None)
    check_memory("network", 10**30, np.dtype("float64"))
