"""Which rows an ensemble is fitted to unasked: those of the others one network is trained on.

Shapes: X (n, p), Y (n, m).
"""

import numpy as np

from fitnet.algorithm.memory import gigabytes, machine_memory
from fitnet.arguments import counted
from fitnet.engine import ENGINES
from fitnet.fitting.class_plans import class_plan
from fitnet.fitting.plans import LEAST_ROWS, plan_for
from fitnet.fitting.splits import count_kept_out
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Rows

SHARE_OF_MEMORY = 0.5  # of the machine's, for the encoded columns of all members that are trained side by side
NUMBER_BYTES = 4


def why_no_ensemble(
    X: Rows, Y: Rows, effort: str, fraction: float, n_jobs: int, *, of_classes: bool = False
) -> str | None:
    """Why none is fitted to what is left of the rows once this fraction is kept out, in words; None where one is.

    Y is numbers, or the places of classes.

    Raises
    ------
    ArgumentValueError
        If no row would be left.
    """
    if not isinstance(X, np.ndarray) or not isinstance(Y, np.ndarray):
        return "The table is so large that it is read in parts, too large for an ensemble"
    n = len(X) - count_kept_out(len(X), fraction)
    if n < LEAST_ROWS:
        return f"{counted(n, 'row')} for training {'is' if n == 1 else 'are'} too few for an ensemble"
    needed, there = n_jobs * member_bytes(TrainingRows(X[:n], Y[:n]), effort, of_classes), machine_memory()
    if there is not None and needed > SHARE_OF_MEMORY * there:
        return (
            f"An ensemble of networks for {n} rows takes {gigabytes(needed)} in training and this machine has "
            f"{gigabytes(there)}"
        )
    return None


def member_bytes(rows: TrainingRows, effort: str, of_classes: bool = False) -> int:
    """What the encoded columns of these rows take in the member that has the most pieces.

    The native engine trains on a value, a share and a piece's number for each, and makes the features of the fold alone
    that the member predicts; the reference engine those of all rows.
    """
    n, p = rows.n, int(rows.X.shape[1])
    plan = class_plan(rows, effort) if of_classes else plan_for(rows, effort, False, None)
    bins = [each.bins for each in plan.candidates if each.bins is not None]
    pieces, p = max((each.pieces for each in bins), default=0), p + max((each.projections for each in bins), default=0)
    if "native" not in ENGINES:
        return NUMBER_BYTES * n * p * (1 + pieces)
    return NUMBER_BYTES * p * (3 * n + -(-n // plan.folds) * (1 + pieces))
