"""NumPy modules: without fitnet and SciPy they say what the model says, of every kind, in both precisions."""

import os
import subprocess
import sys

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected, most_units, units_apart
from exported_tolerances import EXPORTED_SINGLE_OF_LARGEST

PRECISIONS = {"double": "float64", "single": "float32"}
MODULES = {(kind, precision): f"{precision}_{i}" for precision in PRECISIONS for i, kind in enumerate(EXPORTED)}
FUNCTIONS = ("predict", "jacobian", "hessian", "interval", "outside")

# Runs every module on its rows, where nothing but NumPy and the standard library can be imported.
RUN = """
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

MODULES = {path.stem for path in Path().glob("*.py")}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | MODULES | {"numpy"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())
sys.path.insert(0, "")
for name in sorted(MODULES):
    module, rows = import_module(name), np.load(name + ".rows.npy")
    found = {each: getattr(module, each)(rows) for each in sys.argv[1:] if hasattr(module, each)}
    module.self_test()
    np.savez(name + ".npz", **found)
strange = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - MODULES - {"numpy", "__main__"}
print(*sorted(name for name in strange if name in ("fitnet", "scipy", "jinja2")))
"""


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """What the model says and what its module found, by kind and precision."""
    folder = tmp_path_factory.mktemp("modules")
    wanted = {}
    for (kind, precision), name in MODULES.items():
        EXPORTED[kind].export(folder / f"{name}.py", derivatives="hessian", precision=precision)
        wanted[kind, precision] = expected(EXPORTED[kind], dtype=PRECISIONS[precision])
        np.save(folder / f"{name}.rows.npy", wanted[kind, precision].rows)
    command = [sys.executable, "-W", "error", "-c", RUN, *FUNCTIONS]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
    return {key: (wanted[key], np.load(folder / f"{name}.npz")) for key, name in MODULES.items()}


@pytest.mark.parametrize("kind", EXPORTED)
def test_double_agrees_to_units_in_the_last_place(computed, kind):
    wanted, found = computed[kind, "double"]
    most = most_units(kind)
    for name, values in outputs_of(wanted).items():
        assert found[name].dtype == np.float64
        assert found[name].shape == values.shape
        assert units_apart(found[name], values) <= most[{"predict": "outputs"}.get(name, name)], name


@pytest.mark.parametrize("kind", EXPORTED)
def test_single_agrees_to_five_digits(computed, kind):
    wanted, found = computed[kind, "single"]
    for name, values in outputs_of(wanted).items():
        assert found[name].shape == values.shape
        apart = units_apart(found[name], values) * np.finfo("float64").eps
        assert apart <= EXPORTED_SINGLE_OF_LARGEST, name
        assert name in ("hessian", "jacobian") or apart > 1e-11 or kind == "words alone"  # it does compute in float32


@pytest.mark.parametrize("key", MODULES)
def test_rows_outside_are_told_and_computed(computed, key):
    wanted, found = computed[key]
    np.testing.assert_array_equal(found["outside"], wanted.outside)
    assert np.isfinite(found["predict"][wanted.outside]).all()


@pytest.mark.parametrize("key", MODULES)
def test_there_are_intervals_where_the_model_has_them(computed, key):
    wanted, found = computed[key]
    assert ("interval" in found) == (wanted.lower is not None)


def outputs_of(wanted):
    """By function, what it must say."""
    found = {"predict": wanted.outputs, "jacobian": wanted.jacobian, "hessian": wanted.hessian}
    if wanted.lower is not None:
        found["interval"] = np.stack([wanted.lower, wanted.upper], axis=-1)
    return found


def test_the_same_model_gives_the_same_bytes(tmp_path):
    model = EXPORTED["ensemble, normalised"]
    model.save(tmp_path / "a.fitnet")
    program = "import fitnet; fitnet.load('a.fitnet').export('a.py')"
    texts = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True, timeout=60)
        texts.append((tmp_path / "a.py").read_bytes())
    assert texts[0] == texts[1]
    model.export(tmp_path / "a.py")
    assert (tmp_path / "a.py").read_bytes() == texts[0]
