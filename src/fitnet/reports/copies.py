"""Copies: judged rows with the inputs of a row that the model, or the members that judge them, were trained on.

Shapes: J judged rows, inputs (n, k).
"""

import numpy as np

from fitnet.arguments import Array
from fitnet.fitting.unseen_rows import KEPT_OUT, OUT_OF_FOLD, UnseenRows
from fitnet.reports.judged_rows import JudgedRows
from fitnet.rows import Rows, row_chunks, row_hashes


def copies_of_training(X: Rows, unseen: UnseenRows, judged: JudgedRows) -> Array | None:
    """(J,) bool: which judged rows have the inputs of a training row; None where those are not in the table."""
    if unseen.judged_by not in (KEPT_OUT, OUT_OF_FOLD):
        return None
    hashes = np.concatenate([row_hashes(np.nan_to_num(chunk)) for _, chunk in row_chunks(X)])
    if unseen.folds is None:
        return np.isin(hashes[judged.places], hashes[unseen.training])
    found = np.zeros(len(judged.places), bool)
    assert judged.folds is not None
    for k in np.unique(judged.folds):
        own = judged.folds == k
        found[own] = np.isin(hashes[judged.places[own]], hashes[unseen.folds != k])
    return found
