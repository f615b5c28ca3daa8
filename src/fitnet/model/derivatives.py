"""Derivatives of a model with respect to the columns that rows are given with.

Shapes: X (n, p), derivatives (n, m, q) or (n, m, q, q) with respect to the q given columns of numbers.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fitnet.arguments import Array
from fitnet.model.given_rows import by_name, rows_to_predict

if TYPE_CHECKING:
    from fitnet.model.given_columns import GivenColumns
    from fitnet.model.model import Model


def derivatives(model: "GivenColumns", members: Sequence["Model"], of: Callable[[Any], Array | None], X: Any) -> Array:
    """What the predictor gives as the derivatives `of` the outputs, but for inputs that are made of other columns.

    The `members`, one or more, are the networks that the predictor is made of.
    """
    rows = given = X
    if model.imputation is not None or model.categories is not None:
        given = model.encoded(X)
        if model.imputation is not None:
            given = by_name("X", given, model.given_names, gaps=True)
        rows = model.completed(given)
    found = of(rows)
    if found is None:
        found = of(rows_to_predict(members, rows))
        assert found is not None
    if model.imputation is not None:
        found = model.imputation.derivatives_of_given(found, given)
    if model.categories is None:
        return found
    places = model.categories.number_places
    return found[:, :, places] if found.ndim == 3 else found[:, :, places][:, :, :, places]
