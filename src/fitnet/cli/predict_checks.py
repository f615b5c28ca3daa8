"""What `fitnet predict` refuses before it reads a row: questions that the model has no answer to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel


def check_answers(model: "AnyModel", asked: Mapping[str, Any]) -> None:
    """Refuse what is `asked`, as `predict_table` takes it, and the model has no answer to."""
    from fitnet.arguments import fraction_below_one
    from fitnet.tables.answer_columns import check_derivatives

    for share in ("coverage", "set_coverage"):
        if asked[share] is not None:
            fraction_below_one(share, asked[share])
    if asked["std"] or asked["coverage"] is not None:
        check_error_bars(model, "std" if asked["std"] else "coverage")
    check_derivatives(model, asked["derivatives"])
    check_sets(model, asked["set_coverage"], asked["never_empty"])


def check_sets(model: "AnyModel", set_coverage: float | None, never_empty: bool) -> None:
    """Refuse a model that has no sets of classes to answer with."""
    from fitnet.model.new_classes import scores_of

    if set_coverage is not None:
        scores_of(model, "set_coverage")
    elif never_empty:
        raise ArgumentValueError(
            "`never_empty` is given without `set_coverage`, whose sets it is of; it must be left out.",
            "never_empty",
            "set_coverage",
        )


def check_error_bars(model: "AnyModel", asked: str) -> None:
    """Refuse a model that has no error bars to answer with."""
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.error_bars import cost_of_error_bars
    from fitnet.tables import no_error_bars_of_classes, no_error_bars_of_several

    if model.classes is not None:
        raise no_error_bars_of_classes(asked)
    if isinstance(model, Ensemble):
        if model.conformal is None:
            raise no_error_bars_of_several(asked)
    elif model.error_bars is None:
        raise ArgumentValueError(
            f"`{asked}` needs a model with error bars; fit it with `--loss squared_error --error-bars yes`, which "
            f"{cost_of_error_bars(model.network.n_parameters)}.",
            asked,
        )
