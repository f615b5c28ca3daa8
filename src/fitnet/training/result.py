"""The result: what training gives back."""

from dataclasses import dataclass
from typing import Literal

from fitnet.arguments import Array
from fitnet.training.history import History

Stopped = Literal["finished", "early", "interrupted"]


@dataclass(frozen=True)
class TrainingResult:
    """What `train` gives back.

    Attributes
    ----------
    parameters
        (P,): with validation data those with the lowest validation loss, in full-batch training those with the
        lowest training loss (with the penalty that `l2` adds), otherwise the last ones, as with keep="last".
    best_epoch
        The epochs that led to `parameters`.
    history
        One entry an epoch.
    stopped
        "finished", "early" (patience ran out or a callback asked) or "interrupted" (Ctrl-C).
    still_fell
        Whether the loss that is watched still fell markedly when the epochs were used up: more of them would help.
    """

    parameters: Array
    best_epoch: int
    history: History
    stopped: Stopped
    still_fell: bool = False

    def __repr__(self) -> str:
        return f"<TrainingResult: {self.history!r}, {self.stopped}; the parameters of epoch {self.best_epoch}>"
