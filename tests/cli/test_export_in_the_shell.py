"""fitnet export: where the file goes, what is said, that the code runs, and bad input in one sentence."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import fitnet as package
from fitnet import Dense, Model, Network
from fitnet.algorithm.activations import ACTIVATIONS, Tanh
from fitnet.cli.export import next_command
from fitnet.engine.compute import Compute
from fitnet.export.write import LANGUAGES
from fitnet.rows import Categories
from kinds_of_models import KINDS

TANH = KINDS["tanh"].model
NO_BARS = "fitnet: Intervals are left out: the model has no error bars.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where commands run, with a model in airfoil.fitnet."""
    monkeypatch.chdir(tmp_path)
    saved(TANH)
    return tmp_path


def saved(model, name="airfoil.fitnet"):
    model.save(name)
    return model


def said(name, size):
    return f"Exported: {name}, {size:,} bytes\nCheck it: python {name}\n"


def test_the_code_goes_beside_the_model_and_runs(fitnet, folder):
    (folder / "models").mkdir()
    (folder / "airfoil.fitnet").rename("models/airfoil.fitnet")
    code, out, err = fitnet("export", "models/airfoil.fitnet", "--to", "numpy")
    path = folder / "models" / "airfoil.py"
    assert (code, out, err) == (0, said("models/airfoil.py", path.stat().st_size), NO_BARS)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("airfoil: the self-test passed on 12 rows: predict within ")


def test_an_ending_tells_the_language(fitnet, folder):
    code, out, err = fitnet("export", "airfoil.fitnet", "-o", "Wing 2.py")
    size = (folder / "Wing 2.py").stat().st_size
    assert (code, err) == (0, NO_BARS)
    assert out == f"Exported: Wing 2.py, {size:,} bytes\nCheck it: python 'Wing 2.py'\n"
    assert '"""wing_2: ' in (folder / "Wing 2.py").read_text()


def test_options_reach_the_code(fitnet, folder):
    saved(KINDS["error bars"].model)
    options = ("--derivatives", "hessian", "--precision", "single", "--prefix", "wing", "--interval", "0.5")
    code, _, err = fitnet("export", "airfoil.fitnet", "--to", "numpy", *options)
    text = (folder / "airfoil.py").read_text()
    assert (code, err) == (0, "")
    assert text.startswith('"""wing: ')
    assert "def hessian(X)" in text
    assert 'DTYPE = np.dtype("float32")' in text
    assert "COVERAGE = 0.5 " in text


def test_it_is_what_python_writes(fitnet, folder):
    fitnet("export", "airfoil.fitnet", "--to", "numpy")
    (folder / "other").mkdir()
    assert package.load("airfoil.fitnet").export("other/airfoil.py") == [Path("other/airfoil.py")]
    assert (folder / "airfoil.py").read_bytes() == (folder / "other" / "airfoil.py").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_is_replaced_and_a_script_of_the_users_is_not(fitnet, folder, language):
    assert fitnet("export", "airfoil.fitnet", "--to", language).code == 0
    assert fitnet("export", "airfoil.fitnet", "--to", language).code == 0
    path = Path("airfoil").with_suffix(LANGUAGES[language].extension)
    path.write_text("# mine\n")
    code, out, err = fitnet("export", "airfoil.fitnet", "--to", language)
    assert (code, out) == (2, "")
    assert err == (
        f"fitnet: `--out` is not given, and {path}, where the code would go, is there and is no exported model; it "
        f"must be another file, such as airfoil_model{path.suffix}.\n"
    )
    assert path.read_text() == "# mine\n"
    assert fitnet("export", "airfoil.fitnet", "--to", language, "-o", path).code == 0
    path.write_text("")
    assert fitnet("export", "airfoil.fitnet", "--to", language).code == 0


def test_why_there_are_no_intervals(fitnet, folder, monkeypatch):
    saved(replace(KINDS["ensemble, encoded"].model, conformal=None))
    err = fitnet("export", "airfoil.fitnet", "--to", "numpy").err
    assert err == "fitnet: Intervals are left out: the ensemble has no errors on rows kept out.\n"
    saved(KINDS["error bars"].model)
    monkeypatch.setattr("fitnet.model.exporting.interval.MOST_OF_FACTOR", 700)
    code, _, err = fitnet("export", "airfoil.fitnet", "--to", "numpy")
    assert code == 0
    assert err.endswith("left out: the model's error bars hold more than the 700 numbers that exported code may.\n")
    assert "interval" not in (folder / "airfoil.py").read_text().partition("import")[2]


def test_of_words_alone_there_are_no_derivatives(fitnet, folder):
    network = Network.of_widths((2, 1))
    parameters = network.initial_parameters(np.random.default_rng(0))
    saved(Model(network, parameters, categories=Categories(("colour",), (("blue", "red"),))))
    said = "Derivatives are left out: the model has no column of numbers.\n"
    assert said in fitnet("export", "airfoil.fitnet", "--to", "numpy").err
    assert said not in fitnet("export", "airfoil.fitnet", "--to", "numpy", "--derivatives", "none").err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_command_names_every_file(language):
    command = next_command([Path("a b/Wing.x"), Path("a b/Wing_2.x")], language, None)
    assert "'a b" in command if language != "c" else "-I'a b'" in command and 'include "Wing.x"' in command
    assert language != "fortran" or "'a b/Wing_2.x'" in command
    assert language not in ("c", "fortran") or command.endswith(
        "-o wing_self_test -lm && ./wing_self_test && echo passed" if language == "c" else "./wing_self_test"
    )


def test_names_that_are_no_identifiers_are_no_mistake(fitnet, folder):
    model = saved(replace(TANH, input_names=("end", "Re", "re"), output_names=('a "b" \\', "µ")), "end.fitnet")
    assert fitnet("export", "end.fitnet", "--to", "numpy").code == 0
    names = {"__name__": "end"}
    exec((folder / "end.py").read_text(encoding="utf-8"), names)
    assert names["INPUTS"] == model.given_names == ("end", "Re", "re")
    assert names["OUTPUTS"] == model.output_names
    assert (folder / "end.py").read_text().startswith('r"""end_model: ')


def own_activation(monkeypatch):
    """A model with an activation of the user's own."""
    monkeypatch.setitem(ACTIVATIONS, "sine", Tanh())
    network = Network((Dense(2, 3, "sine"), Dense(3, 1, "identity")))
    return Model(network, np.ones(network.n_parameters), compute=Compute("reference"))


def beyond_single(monkeypatch):
    """One whose range float32 cannot hold."""
    return replace(TANH, input_ranges=[[-1.0, -1, 0], [1, 1, 1e39]])


def many_parameters(monkeypatch):
    """A model with more than may be, as if few might."""
    monkeypatch.setitem(LANGUAGES, "numpy", replace(LANGUAGES["numpy"], most_parameters=49))
    monkeypatch.setitem(LANGUAGES, "fortran", replace(LANGUAGES["fortran"], most_parameters=20))
    return TANH


TO = ("--to", "numpy")
BAD = {
    "no language": ((), "`--to` is not given; it must be one of numpy, c, fortran, onnx, or `--out` a file's name"),
    "unknown language": (("--to", "java"), "`--to` is 'java'; it must be "),
    "a standard's name": (("--to", "f90"), "numpy, c, fortran, onnx (did you mean 'fortran'?)"),
    "unknown ending": (("-o", "a.txt"), "`--out` is 'a.txt'; its name must end in one of .py, .h, .f90, .onnx, or"),
    "fixed form": (
        ("--to", "fortran", "-o", "a.for"),
        "`--out` is 'a.for', which compilers read as Fortran in fixed form; its name must end in .f90",
    ),
    "unknown derivatives": ((*TO, "--derivatives", "third"), "`--derivatives` is 'third'; it must be "),
    "unknown precision": ((*TO, "--precision", "half"), "`--precision` is 'half'; it must be "),
    "prefix with a dash": ((*TO, "--prefix", "my-wing"), "`--prefix` is 'my-wing'; it must be letters, digits and"),
    "prefix that is a word": ((*TO, "--prefix", "while"), "no word of a language"),
    "coverage of all": ((*TO, "--interval", "1"), "`--interval` is 1; it must be "),
    "inputs by name": ((*TO, "--inputs", "by-name"), "`--inputs` is 'by-name' and `--to` is 'numpy'; only 'onnx'"),
    "a folder": ((*TO, "-o", "folder.py"), "`--out` is 'folder.py', a folder; it must be a file"),
    "no such folder": ((*TO, "-o", "gone/a.py"), "gone/a.py: No such file or directory"),
    "the model itself": ((*TO, "-o", "airfoil.fitnet"), "`--out` is 'airfoil.fitnet', which is `MODEL` too"),
    "activation of the user's own": (TO, "the activation 'sine', for which exporters have no formula", own_activation),
    "too large for float32": (
        (*TO, "--precision", "single"),
        "`--precision` is 'single' and the range of 'x3' has 1e+39, with which float32 cannot compute",
        beyond_single,
    ),
    "too many parameters": (TO, "`--to` is 'numpy' and the model has 50 parameters; a file for", many_parameters),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence(fitnet, folder, monkeypatch, name):
    options, sentence, *made = BAD[name]
    for make in made:
        saved(make(monkeypatch))
    (folder / "folder.py").mkdir()
    before = (folder / "airfoil.fitnet").read_bytes()
    code, out, err = fitnet("export", "airfoil.fitnet", *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("fitnet: ") and sentence in err
    assert sorted(each.name for each in folder.iterdir()) == ["airfoil.fitnet", "folder.py"]
    assert (folder / "airfoil.fitnet").read_bytes() == before


def test_a_model_that_is_not_there(fitnet, folder):
    said = fitnet("export", "gone.fitnet", "--to", "numpy").err
    assert said.startswith("fitnet: gone.fitnet: No such file or directory; ")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="anybody may write anywhere as root")
def test_a_folder_that_cannot_be_written(fitnet, folder):
    (folder / "closed").mkdir(mode=0o500)
    code, out, err = fitnet("export", "airfoil.fitnet", "-o", "closed/a.py")
    assert (code, out, err) == (2, "", "fitnet: closed/a.py: Permission denied.\n")


def test_a_folder_that_cannot_be_written_whoever_tries(fitnet, folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("fitnet.cli.destinations.probe_folder", refuse)
    code, out, err = fitnet("export", "airfoil.fitnet", "-o", "a.py")
    assert (code, out, err) == (2, "", "fitnet: a.py: Permission denied.\n")
