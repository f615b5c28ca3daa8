"""Known rows: whether a table holds rows that a model was trained on, of which the model keeps a few.

Shapes: X (n, k), inputs as numbers; with their gaps filled in (n, p).
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.model import Model
from fitnet.rows import Rows, row_chunks, row_hashes

FEWEST_FOUND = 2  # rows; one may be alike by chance


def share_known(model: AnyModel, X: Rows) -> float:
    """About which share of the rows of X the model was trained on, from 0 to 1.

    A model keeps the first 8 of its training rows, an ensemble those of its members and up to about 1,300 in its
    domain. Rows count as known where their inputs are alike to the bit.
    """
    n = X.shape[0]
    references = kept_hashes(model)
    found = np.unique(np.concatenate([known_of(model, chunk, references) for _, chunk in row_chunks(X)]))
    if len(found) < min(FEWEST_FOUND, n):
        return 0.0
    training_rows = model.provenance.get("training_rows", model.provenance.get("rows"))
    of = training_rows if isinstance(training_rows, int) and training_rows > 0 else n
    return float(min(1.0, len(found) / len(references) * of / n))


def known_of(model: AnyModel, X: Array, references: Array) -> Array:
    """The hashes of rows of one chunk that are among the `references`."""
    hashes = hashes_of(model, X if model.imputation is None else model.imputation.completed("X", X))
    return hashes[np.isin(hashes, references)]


def kept_hashes(model: AnyModel) -> Array:
    """Of the training rows that the model keeps, each once."""
    if isinstance(model, Ensemble) and model.domain is not None:
        return np.unique(row_hashes(model.domain.references))
    return np.unique(np.concatenate([row_hashes(np.asarray(each.example_inputs)) for each in members_of(model)]))


def hashes_of(model: AnyModel, X: Array) -> Array:
    """Of rows as inputs (n, p), as `kept_hashes` has them."""
    if isinstance(model, Ensemble) and model.domain is not None:
        return row_hashes((X - model.domain.shift) / model.domain.scale)
    with np.errstate(over="ignore"):
        return row_hashes(X.astype(np.asarray(members_of(model)[0].example_inputs).dtype))


def members_of(model: AnyModel) -> Sequence[Model]:
    """The networks of an ensemble, or the one that the model is."""
    return model.members if isinstance(model, Ensemble) else (model,)
