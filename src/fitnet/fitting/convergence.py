"""The warning that training was cut off while it still improved."""

import warnings

from fitnet.fitting.settings import Settings
from fitnet.training.result import TrainingResult


def warn_if_cut_off(settings: Settings, result: TrainingResult) -> None:
    """Give scikit-learn's ConvergenceWarning where the epochs were used up and the loss still fell.

    The warning carries the arguments that its sentence names, as errors do.
    """
    if not result.still_fell:
        return
    from sklearn.exceptions import ConvergenceWarning  # here, so that importing fitnet loads NumPy only

    own = getattr(settings.recipe.solvers[-1], "max_epochs", None)
    what = "`max_epochs`" if own is None else "`max_epochs` of the solver"
    warning = ConvergenceWarning(
        f"Training ended after {result.history.epochs} epochs while its loss still fell; raise {what}."
    )
    warning.arguments = ("max_epochs",)
    warnings.warn(warning, stacklevel=4)
