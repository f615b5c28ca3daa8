"""The progress bar of an ensemble's fit: members made, what was tried last, and the best error out of fold so far."""

from types import TracebackType
from typing import Self

from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.plans import Plan
from fitnet.training.progress import ProgressBar


class EnsembleProgress:
    """A context manager; silent when `verbose` is False, or standard error is no terminal and nothing a notebook."""

    def __init__(self, plan: Plan, verbose: bool, of_classes: bool = False) -> None:
        self._in_words = log_loss_in_words if of_classes else error_in_words
        self._bar = ProgressBar(len(plan.candidates) * (plan.trained + 1), verbose, "member")
        self._made = 0

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def show(self, cross_fit: CrossFit, name: str, left: int) -> None:
        """Say that a member of this candidate is made, and how many are left; those left out early are off the bar."""
        self._made += 1
        errors = cross_fit.errors()
        best = min(errors, key=lambda each: errors[each], default=None)
        status = name if best is None else f"{name}  best: {best}, {self._in_words(errors[best])}"
        self._bar.show(self._made, status, self._made + left)


def error_in_words(error: float) -> str:
    """A root mean square in units of the targets' spread."""
    return f"{100 * error:.3g} % of the spread"


def log_loss_in_words(loss: float) -> str:
    """A log loss."""
    return f"log loss {loss:.3g}"
