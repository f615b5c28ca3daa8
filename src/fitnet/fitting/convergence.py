"""The warning that training was cut off while it still improved."""

import warnings

from fitnet.fitting.settings import Settings
from fitnet.training.result import TrainingResult


def warn_if_cut_off(settings: Settings, result: TrainingResult) -> None:
    """Give scikit-learn's ConvergenceWarning where the epochs were used up and the loss still fell.

    More epochs are advised where rows kept out were watched, for these would gain from them. A loss on training rows
    falls for longer than new rows gain, so there the advice is to watch some. The warning carries the arguments that
    its sentence names, as errors do.
    """
    if not result.still_fell:
        return
    from sklearn.exceptions import ConvergenceWarning  # here, so that importing fitnet loads NumPy only

    own = getattr(settings.recipe.solvers[-1], "max_epochs", None)
    what = "`max_epochs`" if own is None else "`max_epochs` of the solver"
    if result.history.validation_loss:
        which, advice = "loss on rows kept out", f"raise {what}"
    else:
        which, advice = "training loss", f"raise {what}, with `early_stopping`, which ends where new rows gain no more"
    warning = ConvergenceWarning(
        f"Training ended after {result.history.epochs} epochs while its {which} still fell; {advice}."
    )
    warning.arguments = ("max_epochs", "early_stopping")
    warnings.warn(warning, stacklevel=4)
