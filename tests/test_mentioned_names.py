"""Every public name that a docstring or a page mentions is there, and where it is said to be."""

import ast
import builtins
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from sklearn.utils.discovery import all_estimators

import fitnet
from fitnet.engine import ENGINES

PACKAGE, ROOT = Path(fitnet.__file__).parent, Path(__file__).parents[1]
DOTTED = re.compile(r"(?<!\")\bfitnet((?:\.[A-Za-z_]\w*)+)")
CLASSES = re.compile(r"`([A-Z][a-z]\w*(?:\.\w+)*)(?:\([^`]*\))?`|(?<!\.)\b([A-Z][a-z]\w{2,})\(\w*[=)]")
OWN = re.compile(r"^(?:from (?!fitnet)[\w.]+ import (.+)|class (\w+).*:)$", re.MULTILINE)  # imported or made by a page
FILES = {"fitnet.hpp"}  # what looks like a name and is none
MODULES = {
    ".".join(("fitnet", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
}
NATIVE = re.compile(r"\bnative|engine\.ranks\b")  # modules that need what was not built
BUILT = [module for module in MODULES if "native" in ENGINES or not NATIVE.search(module)]  # to be imported
OTHERS = {  # of the standard library, NumPy, scikit-learn and the like
    "Client",
    "Differences",
    "ForecasterRecursive",
    "Generator",
    "HistGradientBoostingRegressor",
    "LogisticRegression",
    "OneHotEncoder",
    "Pipeline",
    "RandomState",
    "SimpleImputer",
    "StandardScaler",
    "TransformedTargetRegressor",
    "TruncatedSVD",
}


def docstrings(source):
    """All docstrings in a module's source, one after the other."""
    nodes = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    return "\n".join(filter(None, map(ast.get_docstring, nodes)))


TEXTS = {module: docstrings(MODULES[module].read_text(encoding="utf-8")) for module in BUILT}
TEXTS |= {
    path.name: path.read_text(encoding="utf-8")
    for path in (
        *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
        *(ROOT / "docs").rglob("*.md"),
    )
}


def attribute(start, path):
    """What stands at the end of a dotted path, methods and annotated fields too; AttributeError if nothing does."""
    for name in path:
        fields = {name for each in getattr(start, "__mro__", ()) for name in vars(each).get("__annotations__", {})}
        start = None if name in fields and not hasattr(start, name) else getattr(start, name)
    return start


def missing_names(text):
    """The names after `fitnet.` in a text that `import fitnet` alone does not lead to."""
    missing = []
    for found in DOTTED.finditer(text):
        first, *rest = found[1].split(".")[1:]
        try:
            attribute(getattr(fitnet, first), rest)
        except AttributeError:
            missing.append(found[0])
        else:
            missing += [] if first in fitnet.__all__ else [found[0]]
    return sorted(set(missing) - FILES)


@cache
def estimators_of_others():
    """The names of scikit-learn's estimators."""
    return {name for name, _ in all_estimators()}


def missing_classes(text):
    """The classes that a text mentions and no module of fitnet has; not those that it imports or makes itself."""
    missing = []
    own = {name for found in OWN.finditer(text) for name in (found[1] or found[2]).split(", ")}
    for found in CLASSES.finditer(text):
        first, *rest = (found[1] or found[2]).split(".")
        if first in OTHERS | own or hasattr(builtins, first):
            continue
        homes = [module for module in map(import_module, BUILT) if hasattr(module, first)]
        try:
            attribute(getattr(homes[0], first), rest)
        except (IndexError, AttributeError):
            missing += [] if first in estimators_of_others() else [found[0]]
    return sorted(set(missing))


@pytest.mark.parametrize("text", TEXTS)
def test_every_name_is_there(text):
    assert missing_names(TEXTS[text]) == []


@pytest.mark.parametrize("text", TEXTS)
def test_every_class_is_there(text):
    assert missing_classes(TEXTS[text]) == []


def test_what_is_missing_is_seen():
    assert missing_names("See `fitnet.Callback`, fitnet.errors.ArgumentError and fitnet.tables.read_table.") == []
    assert missing_names("See `fitnet.Callbacks`; fitnet.errors.Mistake, fitnet.training.train.") == [
        "fitnet.Callbacks",
        "fitnet.errors.Mistake",
        "fitnet.training.train",
    ]
    assert missing_classes("`Model.predict`, `Regressor.fit(X, y)`, Quantile(quantile=0.9), `History.loss`") == []
    assert missing_classes("from others import Thing\nclass Mine:\n`Thing`, `Mine()`, `Ridge`, a.Their(b=1)") == []
    assert missing_classes("`Modell`, `Model.fit`, Quantil(quantile=0.9)") == [
        "Quantil(quantile=",
        "`Model.fit`",
        "`Modell`",
    ]


def test_the_texts_are_all_there():
    assert {"README.md", "CHANGELOG.md", "decisions.md", "fitnet.estimators.regressor"} <= set(TEXTS)
    assert sum(len(DOTTED.findall(text)) for text in TEXTS.values()) > 20
