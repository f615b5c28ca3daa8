"""What the tests of the command line share: a call in this process, and what it said."""

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pytest
from irises import FIT, SHORT, SPECIES, write
from series_tables import MONTHS, sine, text_of
from sklearn.linear_model import LinearRegression

import fitnet as package
from fitnet import Model, Network
from fitnet.cli import main
from fitnet.fitting.plans import EFFORTS
from fitnet.series import mean_of_networks, window_fit


class Answer(NamedTuple):
    """Exit code, standard output and standard error of one command."""

    code: int
    out: str
    err: str


@pytest.fixture
def fitnet(capsys, monkeypatch):
    """A function that runs `fitnet` with the given arguments as the console script would."""
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        code = ended.value.code
        return Answer(0 if code is None else code, *capsys.readouterr())

    return call


@pytest.fixture
def model_file(tmp_path):
    """A small sound model, saved."""
    network = Network.of_widths((2, 4, 1))
    model = Model(network, network.initial_parameters(np.random.default_rng(0)), provenance={"seed": 0})
    model.save(tmp_path / "good.fitnet")
    return tmp_path / "good.fitnet"


WAVES = "a,b,y,z\n" + "".join(f"{i / 10},{i % 7},{i % 7 + i / 10:.1f},{i * i / 100}\n" for i in range(40))


@pytest.fixture
def waves(tmp_path, monkeypatch):
    """A table of 40 rows, a, b, y = a + b and z = a^2, in the folder the commands run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "waves.csv").write_text(WAVES)
    return tmp_path


@pytest.fixture
def waves_model(fitnet, waves):
    """A model of y from a and b, trained for a moment on 32 of the rows."""
    answer = fitnet("fit", "waves.csv", "--target", "y", "--features", "a,b", "--hidden", "4", "--epochs", "3")
    assert answer.code == 0, answer.err
    return waves / "waves.fitnet"


@pytest.fixture
def series_folder(tmp_path, monkeypatch):
    """Where commands run: a monthly sine in wave.csv."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wave.csv").write_text(text_of({"month": MONTHS, "y": sine()}))
    return tmp_path


@pytest.fixture
def line(series_folder, monkeypatch):
    """The same, with least squares in the networks' place, which answers at once."""
    monkeypatch.setattr(mean_of_networks, "MeanOfNetworks", lambda effort, seed: LinearRegression())
    assert window_fit.MeanOfNetworks is not mean_of_networks.MeanOfNetworks
    return series_folder


@pytest.fixture
def irises(tmp_path, monkeypatch):
    """The irises as a table in this folder; ensembles are fitted in a moment."""
    for effort in ("fast", "standard"):
        monkeypatch.setitem(EFFORTS, effort, SHORT)
    monkeypatch.chdir(tmp_path)
    write(SPECIES)
    return tmp_path


@pytest.fixture(scope="session")
def bytes_of_irises(tmp_path_factory):
    """An ensemble of them, fitted once for all tests that only use it."""
    folder = tmp_path_factory.mktemp("irises")
    with pytest.MonkeyPatch.context() as patch, suppress(SystemExit):
        patch.setitem(EFFORTS, "fast", SHORT)
        patch.chdir(folder)
        write(SPECIES)
        main([*FIT])
    return (folder / "iris.fitnet").read_bytes()


@pytest.fixture
def iris_model(irises, bytes_of_irises):
    """The same, in iris.fitnet."""
    (irises / "iris.fitnet").write_bytes(bytes_of_irises)
    return package.load("iris.fitnet")
