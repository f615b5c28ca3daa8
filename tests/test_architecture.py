"""The architecture: which module may import which, what stays unloaded, and what never appears."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fitnet
from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import Scaling
from fitnet.model.model import Model

PACKAGE = Path(fitnet.__file__).parent
FILES = {
    ".".join(("fitnet", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# From bottom to top: a part may import its own layer's single modules and everything below.
LAYERS = [
    {"errors", "arguments", "blas", "spellings", "rows", "version"},
    {"files", "algorithm", "uncertainty"},
    {"engine", "export"},
    {"training", "model"},
    {"fitting", "tables", "evaluation"},
    {"quadratic", "estimators", "series", "reports"},
    {"distributed", "sklearn_compat", "tuning"},
    {"cli", "__main__"},
]
HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}
STRANGERS = {("training", "model"), ("model", "training")}

FILE_LINES, BODY_LINES = 250, 40  # at most: of a file, and of a function without its signature and docstring
ROOT = Path(__file__).parents[1]
SOURCES = [
    *PACKAGE.rglob("*.py"),
    *(ROOT / "cpp").rglob("*.?pp"),
    *(ROOT / "benchmarks").glob("*.py"),
    *(ROOT / "tests").rglob("*.py"),
]
MEASURED = {
    (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.relative_to(PACKAGE.parent)).as_posix(): path
    for path in sorted(SOURCES)
}

RUNS_CODE = {"pickle", "joblib", "cloudpickle", "dill", "marshal", "shelve"}
HEAVY = ["scipy", "sklearn", "matplotlib", "polars", "rich", "click", "safetensors", "dask", "mpi4py", "optuna"]


@pytest.mark.parametrize("module", [module for module in FILES if module != "fitnet"])
def test_imports_point_down(module):
    assert upward_imports(module, FILES[module].read_text()) == []


@pytest.mark.parametrize("file", MEASURED)
def test_a_file_fits_in_a_head(file):
    assert len(MEASURED[file].read_text().splitlines()) <= FILE_LINES


@pytest.mark.parametrize("module", FILES)
def test_a_function_fits_on_a_screen(module):
    assert long_functions(FILES[module].read_text()) == []


@pytest.mark.parametrize("module", FILES)
def test_nothing_runs_code_from_data(module):
    assert code_from_data(FILES[module].read_text()) == []


@pytest.mark.parametrize("module", FILES)
def test_nobody_chooses_an_engine_for_the_user(module):
    assert bare_choices(FILES[module].read_text()) == []


def test_importing_fitnet_loads_nothing_heavy():
    assert loaded_by("import fitnet") == []


@pytest.mark.parametrize("scaling", [None, Scaling([0], [2])], ids=["plain", "scaled"])
def test_loading_a_model_and_predicting_needs_numpy_and_safetensors_alone(tmp_path, scaling):
    network = Network.of_widths((1, 3, 1))
    path = tmp_path / "tiny.fitnet"
    parameters = network.initial_parameters(np.random.default_rng(0))
    Model(network, parameters, input_scaling=scaling, target_scaling=scaling).save(path)
    program = (
        f"import fitnet; model = fitnet.load({str(path)!r}); "
        "assert model.predict([[1]]).shape == (1, 1); assert model.jacobian([[1]]).shape == (1, 1, 1)"
    )
    assert loaded_by(program) == ["safetensors"]


def test_a_model_loads_no_exporter():
    program = "import sys, fitnet.model.loading; print([name for name in sys.modules if 'fitnet.export' in name])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("fitnet.arguments", "from fitnet.algorithm.network import Network"),
        ("fitnet.algorithm.losses", "from fitnet.engine import choose"),
        ("fitnet.algorithm.losses", "from fitnet import engine as engines"),
        ("fitnet.algorithm.losses", "from fitnet import Model"),
        ("fitnet.algorithm.losses", "from ..engine.contract import Engine"),
        ("fitnet.engine", "from ..model import model"),
        ("fitnet.engine.reference", "import fitnet.training.first_order"),
        ("fitnet.engine.reference", "def later():\n    import fitnet.cli"),
        ("fitnet.engine.reference", "import fitnet"),
        ("fitnet.training.first_order", "from fitnet.model.model import Model"),
        ("fitnet.model.file", "from fitnet.training import history"),
        ("fitnet.model.file", "from fitnet.quadratic import problem"),
        ("fitnet.quadratic.problem", "from fitnet import cli"),
        ("fitnet.quadratic.problem", "from fitnet.unheard_of import something"),
    ],
)
def test_an_upward_import_is_seen(module, source):
    assert len(upward_imports(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("fitnet.arguments", "import numpy\nfrom fitnet.errors import ArgumentTypeError"),
        ("fitnet.algorithm.network", "from fitnet.algorithm.activations import ACTIVATIONS"),
        ("fitnet.training.train", "from fitnet import engine as engines\nfrom fitnet.training.history import History"),
        ("fitnet.model.file", "from fitnet import __version__"),
        ("fitnet.quadratic.problem", "import fitnet\nfrom fitnet import Model, train"),
        ("fitnet.cli.main", "from fitnet import quadratic\nfrom .style import console"),
    ],
)
def test_a_downward_import_is_allowed(module, source):
    assert upward_imports(module, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "import pickle as p",
        "eval('1')",
        "builtins.exec('1')",
        "numpy.load('x', allow_pickle=True)",
    ],
)
def test_code_from_data_is_seen(source):
    assert len(code_from_data(source)) == 1


@pytest.mark.parametrize(("lines", "long"), [(BODY_LINES, []), (BODY_LINES + 1, ["f"])])
def test_a_long_function_is_seen(lines, long):
    body = "\n".join(["    x = 1"] * lines)
    assert long_functions(f'def f(\n    a,\n    b,\n):\n    """Do it.\n\n    Slowly.\n    """\n{body}\n') == long
    assert long_functions(f"def f():\n{body}\n") == long


@pytest.mark.parametrize("call", ["choose()", "engines.choose()", "engine.choose(name)", "choose(n_threads=1)"])
def test_a_choice_without_engine_or_threads_is_seen(call):
    assert bare_choices(f"def compute():\n    return {call}.predict") == [2]
    assert bare_choices("engines.choose(engine, n_threads), choose(*both), numpy.choose(kinds, values)") == []


def bare_choices(source):
    """The lines of `source` in which an engine is chosen without being told which and how many threads."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    choices = [node for node in calls if getattr(node.func, "id", getattr(node.func, "attr", "")) == "choose"]
    return [node.lineno for node in choices if len(node.args) + len(node.keywords) < 2 and "*" not in ast.unparse(node)]


def long_functions(source):
    """The functions in `source` whose bodies, docstrings apart, have too many lines."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    codes = {each.name: each.body[ast.get_docstring(each) is not None :] for each in functions}
    return [name for name, code in codes.items() if code and code[-1].end_lineno - code[0].lineno >= BODY_LINES]


def upward_imports(module, source):
    """What `module` imports from a higher layer, from a part it must not know, or from one that LAYERS lacks."""
    part = module.split(".")[1]
    found = []
    for imported in imported_modules(module, source):
        other = imported.split(".")[1]
        if other not in HEIGHT or part not in HEIGHT:
            found.append(f"{module} imports {imported}: one of them has no place in LAYERS")
        elif HEIGHT[other] > HEIGHT[part] or (part, other) in STRANGERS:
            found.append(f"{module} imports {imported}")
    return found


def imported_modules(module, source):
    """The modules of fitnet that `source`, which is `module`, imports anywhere, within functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "fitnet":
                    yield fitnet._HOME["train"]  # the public door leads as high as that
                elif alias.name.startswith("fitnet."):
                    yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            if base == "fitnet":
                yield from filter(None, (behind_the_door(alias.name) for alias in node.names))
            elif base.startswith("fitnet."):
                yield base


def absolute(module, node):
    """The name of the module that `from ... import` in `module` names, dots resolved."""
    if node.level == 0:
        return node.module
    package = module if FILES.get(module, Path()).name == "__init__.py" else module.rpartition(".")[0]
    parents = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def behind_the_door(name):
    """The module that `from fitnet import name` loads, or None for the version."""
    return None if name == "__version__" else fitnet._HOME.get(name, f"fitnet.{name}")


def code_from_data(source):
    """Imports and calls in `source` that can run code which came as data."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in RUNS_CODE]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if (node.module or "").split(".")[0] in RUNS_CODE else []
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            found += [called] if called in {"eval", "exec"} else []
            found += [keyword.arg for keyword in node.keywords if keyword.arg == "allow_pickle"]
    return found


def loaded_by(program):
    """Which of the heavy packages a fresh interpreter has loaded after `program`."""
    report = f"import sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", f"{program}\n{report}"], capture_output=True, text=True, check=True)
    return run.stdout.split()
