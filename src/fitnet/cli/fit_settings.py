"""The settings that the options of `fitnet fit` describe, for one network."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitnet.algorithm.optimizers import OPTIMIZERS
from fitnet.errors import ArgumentValueError
from fitnet.fitting.solver_choice import AUTO, SOLVER_NAMES, SOLVERS

if TYPE_CHECKING:
    from fitnet.fitting.settings import Settings

TRANSFORMS = {"none": None, "log": "log", AUTO: AUTO}
ERROR_BARS: dict[str, bool | str] = {"auto": "auto", "yes": True, "no": False}


def settings_from(
    solver: str,
    learning_rate: float | None,
    batch_size: int | None,
    checkpoint: Path | None,
    error_bars: str,
    hidden_layer_sizes: tuple[int, ...] | None,
    max_epochs: int | None,
    target_transform: str,
    lower_bound: tuple[float, ...],
    **others: Any,
) -> "Settings":
    """The settings that the options describe."""
    from fitnet.arguments import one_of
    from fitnet.fitting.settings import Settings

    chosen: Any = one_of("solver", solver, SOLVER_NAMES)
    if learning_rate is not None:
        chosen = with_rate("adam" if solver == AUTO else solver, learning_rate)
    return Settings.of(
        solver=chosen,
        batch_size=AUTO if batch_size is None else batch_size,
        hidden_layer_sizes=AUTO if hidden_layer_sizes is None else hidden_layer_sizes,
        max_epochs=AUTO if max_epochs is None else max_epochs,
        checkpoint=checkpoint,
        error_bars=ERROR_BARS[one_of("error_bars", error_bars, ERROR_BARS)],
        target_transform=transform_named(target_transform, lower_bound),
        verbose=True,
        **others,
    )


def transform_named(name: str, lower_bound: tuple[float, ...]) -> Any:
    """The target transform of that name with these lower bounds, one for all targets or one each."""
    from fitnet.algorithm.target_transform import LogTransform
    from fitnet.arguments import one_of

    one_of("target_transform", name, TRANSFORMS)
    if not lower_bound:
        return TRANSFORMS[name]
    if name != "log":
        raise ArgumentValueError(
            f"`lower_bound` is given and `target_transform` is {name!r}; it must be 'log'.",
            "lower_bound",
            "target_transform",
        )
    return LogTransform(lower_bound[0] if len(lower_bound) == 1 else lower_bound)


def with_rate(solver: str, learning_rate: float) -> Any:
    """The solver with that rate, if it has one."""
    if solver not in OPTIMIZERS:
        raise ArgumentValueError(
            f"`learning_rate` is {learning_rate:g}; the solver {solver} has none.", "learning_rate"
        )
    return replace(SOLVERS[solver], learning_rate=learning_rate)  # type: ignore[type-var]
