"""The shell reads facts and prints them: no numerical package, no arithmetic, no statistics in `cli/`."""

import ast
from pathlib import Path

import pytest

from fitnet import cli

FILES = {path.stem: path for path in sorted(Path(cli.__file__).parent.glob("*.py"))}

NUMERICAL = {"numpy", "scipy", "polars", "pandas", "sklearn", "statistics", "math", "cmath", "fractions", "decimal"}
ARITHMETIC = (ast.Sub, ast.Mult, ast.Pow, ast.MatMult, ast.Mod, ast.FloorDiv)
REDUCTIONS = {"sum", "mean", "average", "median", "std", "var", "min", "max", "argmin", "argmax", "dot", "cumsum"}
BUILTINS = {"sum", "abs", "round", "pow", "divmod"}


@pytest.mark.parametrize("file", sorted(FILES))
def test_nothing_is_computed(file):
    assert computed(FILES[file].read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np",
        "def later():\n    from numpy.linalg import norm",
        "from statistics import fmean",
        "residual = prediction - target",
        "share = inside / rows",
        "total += 2 * count",
        "rows = (~kept).sum()",
        "most = by_column.argmax()",
        "total = sum(errors)",
        "percent = round(share)",
        "error = abs(miss)",
    ],
)
def test_computing_is_seen(source):
    assert len(computed(source)) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "path = folder / 'model.fitnet'",
        "path = folder / f'{name}.fitnet'",
        "message = message + '.'",
        "numbers = range(seed, seed + count)",
        "width = max((len(name) for name in names), default=0)",
        "from fitnet.evaluation import evaluate",
        "shown = facts['rows'] > 0 and f'{facts[\"share\"]:.1%}'",
    ],
)
def test_printing_is_not_computing(source):
    assert computed(source) == []


def computed(source):
    """What in `source` is arithmetic, or does it: imports, operators and calls."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in NUMERICAL]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if (node.module or "").split(".")[0] in NUMERICAL else []
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            found += [ast.unparse(node)] if is_arithmetic(node) else []
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", None)
            called = getattr(node.func, "attr", None)
            found += [ast.unparse(node)] if name in BUILTINS or called in REDUCTIONS else []
    return found


def is_arithmetic(node):
    """Whether an operator computes: a slash before a text joins paths, and a plus may join texts or lists."""
    if isinstance(node.op, ast.Div):
        right = getattr(node, "right", getattr(node, "value", None))
        return not (isinstance(right, ast.JoinedStr) or isinstance(getattr(right, "value", None), str))
    return isinstance(node.op, ARITHMETIC)
