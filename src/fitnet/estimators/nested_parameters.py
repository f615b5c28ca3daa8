"""Parameters that have parameters: those of solver, loss and target transform, as solver__learning_rate."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from fitnet.algorithm.losses import LOSSES
from fitnet.algorithm.target_transform import NAMES
from fitnet.errors import ArgumentValueError
from fitnet.fitting.solver_choice import SOLVERS
from fitnet.spellings import did_you_mean

NESTED: dict[str, dict[str, Any]] = {  # and what their names stand for
    "solver": SOLVERS,
    "loss": LOSSES,
    "target_transform": {name: value for name, value in NAMES.items() if is_dataclass(value)},
}


def parameters_below(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of solver, loss and target transform among `params`, by their paths."""
    parts = {name: resolved(params[name], known) for name, known in NESTED.items() if name in params}
    return {
        f"{name}__{field.name}": getattr(part, field.name)
        for name, part in parts.items()
        if part is not None
        for field in fields(part)
    }


def is_nested(path: str) -> bool:
    """Whether it is the path of a parameter of one of them."""
    return "__" in path and path.partition("__")[0] in NESTED


def with_parameter(holder: Any, path: str, value: Any) -> Any:
    """One of them with another value of one of its parameters; one that there is not is refused."""
    name, _, field = path.partition("__")
    part = resolved(holder, NESTED[name])
    known = [] if part is None else [each.name for each in fields(part)]
    if field not in known:
        rule = f"it must be one of {', '.join(known)}{did_you_mean(field, known)}" if known else owners(name, field)
        raise ArgumentValueError(f"`{path}` is no parameter of {holder!r}; {rule}.", path)
    return replace(part, **{field: value})


def owners(name: str, field: str) -> str:
    """Where a parameter is found that this solver, loss or transform has not: the names of those that have it."""
    parts = {other: resolved(other, NESTED[name]) for other in NESTED[name]}
    having = [other for other, part in parts.items() if part and field in [each.name for each in fields(part)]]
    return f"`{name}` must be one that has it, such as {having[0]!r}" if having else "it has none"


def resolved(value: Any, known: dict[str, Any]) -> Any:
    """The dataclass that a name stands for, or that the value is; None for anything else."""
    part = known.get(value) if isinstance(value, str) else value
    return part if is_dataclass(part) and not isinstance(part, type) else None
