"""The public door: what `import fitnet` offers, and what it costs."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fitnet

NAMES = [name for name in fitnet.__all__ if name not in ("__version__", *fitnet._ROOMS)]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_explained(name):
    documentation = getattr(fitnet, name).__doc__
    assert documentation
    assert not documentation.startswith(f"{name}(")  # what a dataclass without a docstring says


def test_names_are_listed_once_and_in_dir():
    assert len(set(fitnet.__all__)) == len(fitnet.__all__)
    assert dir(fitnet) == sorted(fitnet.__all__)


def test_version_is_a_release():
    assert all(part.isdecimal() for part in fitnet.__version__.split("."))


@pytest.mark.parametrize("name", ["Networks", "regression", "_nothing"])
def test_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError) as raised:
        getattr(fitnet, name)
    assert str(raised.value) == f"module 'fitnet' has no attribute {name!r}"


def test_a_function_that_saves_is_a_method_here():
    with pytest.raises(AttributeError, match=r"^module 'fitnet' has no attribute 'save'; see Model\.save$"):
        getattr(fitnet, "save")  # noqa: B009


def test_names_given_to_type_checkers_are_those_that_load():
    tree = ast.parse(Path(fitnet.__file__).read_text(encoding="utf-8"))
    declared = {}
    for block in tree.body:
        if isinstance(block, ast.If):
            for line in block.body:
                declared |= {alias.asname: line.module for alias in line.names}
    assert {declared.pop(room) for room in fitnet._ROOMS} == {"fitnet"}
    assert sorted(declared) == sorted(NAMES)
    for name, module in declared.items():
        assert getattr(fitnet, name) is getattr(sys.modules[module], name)


@pytest.mark.parametrize("room", fitnet._ROOMS)
def test_a_public_module_is_there_without_an_import_of_its_own(room):
    program = f"import fitnet; assert fitnet.{room}.__doc__ and fitnet.{room} is sys.modules['fitnet.{room}']"
    assert "fitnet" in loaded_by(program)


LOADED = """
import json, sys
{program}
roots = {{name.partition(".")[0] for name in sys.modules}}
print(json.dumps(sorted(roots)))
"""


def loaded_by(program, *arguments):
    """The packages in a fresh Python after this program."""
    command = [sys.executable, "-c", LOADED.format(program=program), *arguments]
    return set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout))


def test_import_loads_nothing_else():
    assert loaded_by("import fitnet") - loaded_by("import numpy") - sys.stdlib_module_names == {"fitnet"}


def test_predicting_loads_numpy_and_safetensors_alone(tmp_path):
    network = fitnet.Network.of_widths((2, 3, 1))
    fitnet.Model(network, np.zeros(network.n_parameters)).save(tmp_path / "m.fitnet")
    program = "import fitnet; fitnet.load(sys.argv[1]).predict([[1, 2]])"
    needed = loaded_by("import numpy.random, safetensors.numpy")
    assert loaded_by(program, str(tmp_path / "m.fitnet")) - needed - sys.stdlib_module_names == {"fitnet"}
