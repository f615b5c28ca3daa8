"""Names in docstrings: `Model` in single backticks links to its page, whatever module the class is written in.

A docstring says `Model`, an annotation fitnet.model.model.Model, a `Raises` section ArgumentValueError; the reference
has one page for each, under the name that users import. Anything else in single backticks is code.
"""

import inspect
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref

import fitnet

ROOMS = ("distributed", "errors", "evaluation", "quadratic", "sklearn_compat", "tables")
PROPERTIES = (property, cached_property)
MEMBERS = (FunctionType, classmethod, staticmethod, *PROPERTIES)
FIRST = ("of", "of_widths", "fit", "partial_fit", "predict", "predict_proba", "predict_log_proba", "predict_interval")
# What users meet in annotations, and what they write after: under the names of their modules.
TYPES = (
    "fitnet.algorithm.encoding.PiecewiseLinear",
    "fitnet.algorithm.losses.Loss",
    "fitnet.algorithm.optimizers.Optimizer",
    "fitnet.engine.compute.Compute",
    "fitnet.fitting.ensemble_fit.Standing",
    "fitnet.model.columns.Column",
    "fitnet.model.error_bars.ErrorBars",
    "fitnet.rows.categories.Categories",
    "fitnet.rows.imputation.Imputation",
    "fitnet.training.callbacks.TrainingState",
    "fitnet.training.history.History",
    "fitnet.training.second_order.SecondOrderSolver",
)
SHOWN_OF_SCIKIT_LEARN = {"get_params", "set_params"}
# Public to the other rooms of fitnet, of no use to those who import it.
NOT_SHOWN = {"contents", "kept", "of_logits", "of_transforms", "parameter_errors", "predictor", "encoded", "minimise"}


def rooms() -> Iterator[Any]:
    """The modules that are public as a whole."""
    for room in ROOMS:
        try:
            yield import_module(f"fitnet.{room}")
        except ModuleNotFoundError:
            continue


def names_of(module: Any) -> list[str]:
    """What a public module offers, its `__all__` or the classes defined in it, but for constants."""
    classes = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    offered = [name for name in getattr(module, "__all__", classes) if not name.startswith("_")]
    return [name for name in offered if not name.isupper()]


@cache
def public_names() -> dict[str, str]:
    """The documented name of every public thing, by each name it goes by."""
    found = {name: name for name in TYPES}
    found |= {name.rpartition(".")[2]: name for name in TYPES}
    for module in [*rooms(), fitnet]:  # what fitnet itself offers wins over a room's
        for name in names_of(module):
            documented, value = f"{module.__name__}.{name}", getattr(module, name)
            found |= {name: documented, documented: documented}
            if inspect.isclass(value) or inspect.isfunction(value):
                found[f"{value.__module__}.{value.__qualname__}"] = documented
    return found


def documented_name(target: str, inside: str | None = None) -> str | None:
    """The name in the reference of `target`, which may be a method of the class `inside`; None where it has none."""
    names = public_names()
    target = target.removesuffix("()")
    if target in names:
        return names[target]
    owner, _, member = target.rpartition(".")
    for class_name in [owner] if owner else [inside or ""]:
        documented = names.get(class_name)
        if documented and member in shown_members(documented):
            return f"{documented}.{member}"
    return None


@cache
def shown_members(documented: str) -> dict[str, str]:
    """The methods and properties that the page of a class shows, each with the directive that writes it down.

    What everybody calls comes first, then what the class has by itself, then what it inherits.
    """
    module, _, name = documented.rpartition(".")
    owner = getattr(import_module(module), name)
    if not inspect.isclass(owner):
        return {}
    in_order = dict.fromkeys(member for base in owner.__mro__ for member in vars(base) if is_shown(owner, member))
    first = [member for member in FIRST if member in in_order]
    last = sorted(SHOWN_OF_SCIKIT_LEARN & set(in_order))
    members = [*first, *(member for member in in_order if member not in (*first, *last)), *last]
    data = {member: isinstance(inspect.getattr_static(owner, member), PROPERTIES) for member in members}
    return {member: "autoproperty" if data[member] else "automethod" for member in members}


def is_shown(owner: type, name: str) -> bool:
    """Whether a member of a class is for users: its own or, of scikit-learn's, one that is called by hand."""
    value = inspect.getattr_static(owner, name)
    home = next(base for base in owner.__mro__ if name in vars(base)).__module__.split(".")[0]
    if name.startswith("_") or name in NOT_SHOWN or not isinstance(value, MEMBERS) or not inspect.getdoc(value):
        return False
    return home == "fitnet" or (home == "sklearn" and name in (*FIRST, "score", *SHOWN_OF_SCIKIT_LEARN))


def name_role(role: str, raw: str, text: str, line: int, inliner: Any, options: Any = None, content: Any = ()) -> Any:
    """The default role: a link where the text is a public name, else code."""
    environment = inliner.document.settings.env
    inside = environment.ref_context.get("py:class", "")
    target = documented_name(text, inside)
    code = nodes.literal(raw, text)
    if target is None:
        return [code], []
    link = pending_xref("", code, refdomain="py", reftype="obj", reftarget=target, refexplicit=True, refwarn=True)
    link["refdoc"] = environment.docname
    return [link], []


def resolve(app: Any, environment: Any, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """What Sphinx asks where it does not know a name: the same thing's documented name."""
    target = documented_name(node.get("reftarget", ""), node.get("py:class"))
    if node.get("refdomain") != "py" or target is None or target == node["reftarget"]:
        return None
    domain = environment.get_domain("py")
    found: nodes.Element | None = domain.resolve_xref(
        environment, node["refdoc"], app.builder, "obj", target, node, content
    )
    return found


def forget(app: Any) -> None:
    """Take away the pages of names that are no more, before autosummary writes the others."""
    for path in Path(app.srcdir, "reference", "generated").glob("*.rst"):
        if path.stem not in public_names().values():
            path.unlink()


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.add_role("name", name_role)
    app.connect("builder-inited", forget, priority=100)
    app.connect("missing-reference", resolve)
    app.config.autosummary_context["shown_members"] = shown_members
    return {"parallel_read_safe": True, "parallel_write_safe": True}
